/// Joins rows of columns of one type into one column.
///
/// A class, so that a batch can hold one for each of its columns. Not thread-safe.
public final class ColumnAccumulator {
  /// The type of all columns.
  public let type: DataType
  /// The rows so far.
  public private(set) var count = 0
  private var nullCount = 0
  private var validity: MutableBuffer?
  private var values = MutableBuffer()
  private var offsets = MutableBuffer()
  private let child: ColumnAccumulator?

  /// Starts an empty column.
  public init(type: DataType) {
    self.type = type
    child = type.layout == .list ? ColumnAccumulator(type: type.element ?? .bool) : nil
    startOffsets()
  }

  /// The memory that the rows so far take.
  public var byteCount: Int {
    (validity?.byteCount ?? 0) + values.byteCount + offsets.byteCount + (child?.byteCount ?? 0)
  }

  /// Whether the rows of `column` can follow: offsets must stay within 31 bits.
  public func hasRoom(for column: Column) -> Bool {
    switch column.body {
    case .bits, .fixed: true
    case .bytes(_, let data): values.byteCount + data.byteCount <= Int(Int32.max)
    case .list(_, let elements):
      (child?.count ?? 0) + elements.count <= Int(Int32.max)
        && (child?.hasRoom(for: elements) ?? true)
    }
  }

  /// Adds a range of another column's rows.
  ///
  /// O(rows + bytes).
  ///
  /// The range must lie in the column, and there must be room; both are checked and trap.
  public func append(_ column: Column, rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= column.count)
    appendValidity(column, rows)
    switch column.body {
    case .bits(let bits):
      appendBits(bits.span(of: UInt8.self), rows, at: count, to: &values)
    case .fixed(let source):
      guard case .fixed(let width) = type.layout else { preconditionFailure() }
      values.append(
        contentsOf: source.bytes.extracting((rows.lowerBound * width)..<(rows.upperBound * width)))
    case .bytes(let ends, let data):
      let part = appendOffsets(ends, rows, start: values.byteCount)
      values.append(contentsOf: data.bytes.extracting(part))
    case .list(let ends, let elements):
      let part = appendOffsets(ends, rows, start: child?.count ?? 0)
      child?.append(elements, rows: part)
    }
    count += rows.count
  }

  /// The column of all rows so far; starts anew.
  public func finish() -> Column {
    let validity = take(&self.validity)
    let values = take(&self.values)
    let offsets = take(&self.offsets)
    let body: Column.Body =
      switch type.layout {
      case .bits: .bits(values)
      case .fixed: .fixed(values)
      case .bytes: .bytes(offsets: offsets, data: values)
      case .list: .list(offsets: offsets, child: child?.finish() ?? Column(type: .int8, [Int8]()))
      }
    let column = Column(
      type: type, count: count, nullCount: nullCount, validity: validity, body: body)
    count = 0
    nullCount = 0
    startOffsets()
    return column
  }

  private func startOffsets() {
    if type.layout == .bytes || type.layout == .list { offsets.append(Int32(0)) }
  }

  private func appendValidity(_ column: Column, _ rows: Range<Int>) {
    guard let source = column.validity else {
      if var validity = self.validity.take() {
        appendOnes(rows.count, at: count, to: &validity)
        self.validity = consume validity
      }
      return
    }
    var target = MutableBuffer()
    if let validity = self.validity.take() {
      target = validity
    } else {
      appendOnes(count, at: 0, to: &target)
    }
    let part = Bits.slice(source.span(of: UInt8.self), from: rows.lowerBound, count: rows.count)
    nullCount += rows.count - Bits.population(part.span(of: UInt8.self), count: rows.count)
    appendBits(part.span(of: UInt8.self), 0..<rows.count, at: count, to: &target)
    validity = consume target
  }

  /// Adds the rows' offsets and returns the range of data or elements that they span.
  private func appendOffsets(_ ends: Buffer, _ rows: Range<Int>, start: Int) -> Range<Int> {
    let source = ends.span(of: Int32.self)
    let (first, last) = (source[rows.lowerBound], source[rows.upperBound])
    precondition(start + Int(last - first) <= Int(Int32.max), "no room; see hasRoom(for:)")
    let shift = Int32(start) &- first
    appendShifted(
      source.extracting((rows.lowerBound + 1)..<(rows.upperBound + 1)), by: shift, to: &offsets)
    return Int(first)..<Int(last)
  }
}

extension Column {
  /// The rows of all columns, one after the other; there must be at least one, all of one type.
  /// - Throws: `limit_exceeded` if the result holds more than 2 GiB of texts or list elements.
  public static func concatenate(_ columns: [Column]) throws(HindcastError) -> Column {
    guard let first = columns.first else { preconditionFailure("there is nothing to join") }
    if columns.count == 1 { return first }
    let result = ColumnAccumulator(type: first.type)
    for column in columns {
      guard result.hasRoom(for: column) else {
        throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
      }
      result.append(column, rows: 0..<column.count)
    }
    return result.finish()
  }
}

/// Takes over what a buffer holds and leaves an empty one.
package func take(_ buffer: inout MutableBuffer) -> Buffer {
  var taken = MutableBuffer()
  swap(&taken, &buffer)
  return taken.freeze()
}

private func take(_ buffer: inout MutableBuffer?) -> Buffer? {
  buffer.take()?.freeze()
}

/// Adds numbers with something added to each.
@inlinable
package func appendShifted<Number: FixedWidthInteger & BitwiseCopyable>(
  _ source: Span<Number>, by shift: Number, to buffer: inout MutableBuffer
) {
  let end = buffer.byteCount / MemoryLayout<Number>.stride
  buffer.resize(byteCount: buffer.byteCount + source.count * MemoryLayout<Number>.stride)
  var target = buffer.mutableSpan(of: Number.self)
  for index in source.indices { target[end + index] = source[index] &+ shift }
}

private func appendOnes(_ count: Int, at bitCount: Int, to buffer: inout MutableBuffer) {
  buffer.resize(byteCount: Bits.byteCount(bitCount + count))
  var bytes = buffer.mutableSpan(of: UInt8.self)
  var bit = bitCount
  while bit < bitCount + count {
    if bit & 7 == 0, bitCount + count - bit >= 8 {
      bytes[bit >> 3] = 0xFF
      bit += 8
    } else {
      Bits.set(&bytes, bit)
      bit += 1
    }
  }
}

/// Adds a range of bits behind the first `bitCount` bits of a buffer.
package func appendBits(
  _ source: Span<UInt8>, _ range: Range<Int>, at bitCount: Int, to buffer: inout MutableBuffer
) {
  let part = Bits.slice(source, from: range.lowerBound, count: range.count)
  buffer.resize(byteCount: Bits.byteCount(bitCount))
  let shift = UInt8(bitCount & 7)
  guard shift != 0 else { return buffer.append(contentsOf: part.bytes) }
  let start = buffer.byteCount - 1
  buffer.resize(byteCount: start + part.byteCount + 1)
  var target = buffer.mutableSpan(of: UInt8.self)
  let bytes = part.span(of: UInt8.self)
  for index in bytes.indices {
    target[start + index] |= bytes[index] << shift
    target[start + index + 1] = bytes[index] >> (8 - shift)
  }
  buffer.resize(byteCount: Bits.byteCount(bitCount + range.count))
}
