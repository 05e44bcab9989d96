import HindcastCore

/// A hash of a result's feature columns: the same values give the same hash, whatever the file
/// format, the chunks or the number of threads.
///
/// The result hash is the XXH128 over every column's name, type and digests; see ``ColumnHash``.
struct ResultHash {
  private let header: [String]
  private let columns: [ColumnHash]

  init(names: [String], types: [DataType]) {
    header = zip(names, types).map { "\($0) \(Self.typeName($1))\n" }
    columns = types.map(ColumnHash.init)
  }

  /// A zone's name is for people; the instants are what is hashed.
  private static func typeName(_ type: DataType) -> String {
    if case .timestamp(let unit, _) = type { return "timestamp[\(unit)]" }
    return "\(type)"
  }

  /// Takes the next rows of all columns in, on all cores.
  func add(_ columns: [Column]) throws(HindcastError) {
    let shared = SharedHash(hash: self)
    _ = try Parallel.map(columns.count) { index in shared.hash.add(columns[index], to: index) }
  }

  /// Takes the next rows of column `index` in.
  func add(_ column: Column, to index: Int) { columns[index].add(column) }

  /// The hash of everything taken in, in hexadecimal.
  ///
  /// Nothing can be taken in afterwards.
  func finish() -> String {
    let whole = XXH128()
    for index in header.indices { addDigests(of: index, to: whole) }
    return hexadecimal(whole.finish())
  }

  /// The hash of each column by itself, in hexadecimal.
  ///
  /// Nothing can be taken in afterwards.
  func finishColumns() -> [String] {
    header.indices.map { index in
      let column = XXH128()
      addDigests(of: index, to: column)
      return hexadecimal(column.finish())
    }
  }

  private func addDigests(of index: Int, to whole: XXH128) {
    whole.update(Array(header[index].utf8))
    for digest in columns[index].finish() { whole.update(digest) }
  }
}

/// The hashes of one column, side by side: over presence (one byte a row), over the values (zeros
/// under nulls; for texts and lists their lengths as 32-bit numbers) and over the texts' bytes; for
/// lists then those of the elements, as of a column.
private final class ColumnHash {
  private let presence = XXH128()
  private let values = XXH128()
  private let bytes = XXH128()
  private let elements: ColumnHash?

  init(_ type: DataType) {
    elements = type.layout == .list ? type.element.map(ColumnHash.init) : nil
  }

  /// Takes the next rows in.
  func add(_ column: Column) {
    var marks = MutableBuffer(byteCount: column.count)
    HashKernels.spread(column.nullCount > 0 ? column.validity : nil, column.count, into: &marks)
    let present = marks.freeze()
    presence.update(present.bytes)
    switch column.body {
    case .bits(let bits):
      var ones = MutableBuffer(byteCount: column.count)
      HashKernels.spread(bits, column.count, into: &ones)
      HashKernels.mask(&ones, present)
      values.update(ones.freeze().bytes)
    case .fixed(let buffer): addFixed(buffer, column, present)
    case .bytes(let offsets, let data):
      values.update(Buffer(Self.lengths(offsets, column.count)).bytes)
      bytes.update(data.bytes.extracting(0..<Self.end(offsets, column.count)))
    case .list(let offsets, let child):
      values.update(Buffer(Self.lengths(offsets, column.count)).bytes)
      elements?.add(child)
    }
  }

  private func addFixed(_ buffer: Buffer, _ column: Column, _ present: Buffer) {
    guard case .fixed(let width) = column.type.layout else { return }
    if column.nullCount == 0 {
      values.update(buffer.bytes.extracting(0..<column.count * width))
      return
    }
    // A stretch at a time, which stays in the processor's cache.
    let step = max(8, Self.maskedBytes / width)
    var masked = MutableBuffer(byteCount: step * width)
    for start in stride(from: 0, to: column.count, by: step) {
      let rows = start..<min(start + step, column.count)
      masked.resize(byteCount: rows.count * width)
      HashKernels.copyPresent(buffer, present, rows, width: width, into: &masked)
      let part = masked.freeze()
      values.update(part.bytes)
      masked = MutableBuffer(byteCount: step * width)
    }
  }

  private static let maskedBytes = 1 << 15

  private static func lengths(_ offsets: Buffer, _ count: Int) -> [Int32] {
    let ends = offsets.span(of: Int32.self)
    return (0..<count).map { ends[$0 + 1] - ends[$0] }
  }

  private static func end(_ offsets: Buffer, _ count: Int) -> Int {
    Int(offsets.span(of: Int32.self)[count])
  }

  /// The digests of all that was taken in.
  func finish() -> [[UInt8]] {
    [presence, values, bytes].map { $0.finish() } + (elements?.finish() ?? [])
  }
}

/// A hash of which each thread feeds columns of its own.
private struct SharedHash: @unchecked Sendable {
  let hash: ResultHash
}
