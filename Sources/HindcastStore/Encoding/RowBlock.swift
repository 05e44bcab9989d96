import HindcastCore

/// Versions as one block of bytes, in the log and on their way through temporary files.
///
/// Each buffer starts at a multiple of 16, so that reading it back copies nothing. The
/// specification's page on the store has the bytes.
///
/// ```
/// rows; key heap's flag; [key offsets, key bytes | prefixes]; event times; [created times];
/// tombstones' flag, [bits]; the features
/// column: null count, [validity], bits | values | offsets, data | offsets, element count, child
/// buffer: byte count (8 bytes at a multiple of 16), bytes at the next multiple of 16
/// ```
enum RowBlock {
  /// The bytes of a batch.
  static func encode(_ batch: VersionBatch) -> Buffer {
    var target = MutableBuffer(capacity: batch.byteCount + 96 * (batch.features.count + 4))
    put(batch.count, &target)
    put(batch.keys.heap == nil ? 0 : 1, &target)
    if let heap = batch.keys.heap {
      put(heap.offsets, 8 * (batch.count + 1), &target)
      put(heap.bytes, heap.bytes.byteCount, &target)
    } else {
      put(batch.keys.prefixes, 8 * batch.count, &target)
    }
    put(batch.eventTimes, 8 * batch.count, &target)
    if let created = batch.createdTimes { put(created, &target) }
    put(batch.tombstones == nil ? 0 : 1, &target)
    if let flags = batch.tombstones { put(flags, Bits.byteCount(batch.count), &target) }
    for feature in batch.features { put(feature, &target) }
    return target.freeze()
  }

  private static func put(_ number: Int, _ target: inout MutableBuffer) {
    target.append(number)
  }

  private static func put(_ buffer: Buffer, _ count: Int, _ target: inout MutableBuffer) {
    put(count, &target)
    target.resize(byteCount: (target.byteCount + 15) & ~15)
    target.append(contentsOf: buffer.bytes.extracting(0..<count))
    target.resize(byteCount: (target.byteCount + 15) & ~15)
  }

  private static func put(_ column: Column, _ target: inout MutableBuffer) {
    put(column.nullCount, &target)
    if let validity = column.validity { put(validity, Bits.byteCount(column.count), &target) }
    switch column.body {
    case .bits(let bits): put(bits, Bits.byteCount(column.count), &target)
    case .fixed(let values):
      guard case .fixed(let width) = column.type.layout else { return }
      put(values, width * column.count, &target)
    case .bytes(let offsets, let data):
      put(offsets, 4 * (column.count + 1), &target)
      put(data, data.byteCount, &target)
    case .list(let offsets, let child):
      put(offsets, 4 * (column.count + 1), &target)
      put(child.count, &target)
      put(child, &target)
    }
  }
}

/// Reads a ``RowBlock`` back.
///
/// Nothing that a block holds can trap: every length and every offset is checked.
struct RowBlockReader {
  private let block: Buffer
  private let path: String
  private let advice: String
  private var offset = 0

  /// - Parameter advice: what a person does about a damaged block.
  init(_ block: Buffer, path: String, advice: String) {
    self.block = block
    self.path = path
    self.advice = advice
  }

  /// The batch, which shares the block's memory.
  mutating func batch(created: DataType?, features: [DataType]) throws(HindcastError)
    -> VersionBatch
  {
    let keys = try keys()
    let count = keys.count
    let times = try buffer(8 * count)
    var createdTimes: Column?
    if let created { createdTimes = try column(created, count) }
    let tombstones = try number() == 0 ? nil : try buffer(Bits.byteCount(count))
    var columns: [Column] = []
    for type in features { columns.append(try column(type, count)) }
    return VersionBatch(
      keys: keys, eventTimes: times, createdTimes: createdTimes, tombstones: tombstones,
      features: columns)
  }

  /// The keys, which come first, whatever columns follow.
  mutating func keys() throws(HindcastError) -> KeyVector {
    let count = try number()
    if try number() == 0 {
      return KeyVector(count: count, prefixes: try buffer(8 * count))
    }
    let offsets = try buffer(8 * (count + 1))
    let bytes = try buffer(nil)
    try check(offsets.span(of: Int.self), end: bytes.byteCount)
    return KeyVector(count: count, heap: KeyVector.Heap(offsets: offsets, bytes: bytes))
  }

  private func damaged() -> HindcastError {
    HindcastError(
      .corrupt, "rows are damaged, \(offset) bytes into their block: \(advice)",
      at: .init(file: path))
  }

  /// Refuses offsets that do not start at 0, go down, or do not end at `end`.
  private func check<Offset: FixedWidthInteger & BitwiseCopyable>(
    _ offsets: Span<Offset>, end: Int
  ) throws(HindcastError) {
    guard !offsets.isEmpty, offsets[0] == 0, offsets[offsets.count - 1] == end else {
      throw damaged()
    }
    var isOrdered = true
    for index in 1..<offsets.count where offsets[index - 1] > offsets[index] { isOrdered = false }
    guard isOrdered else { throw damaged() }
  }

  private mutating func number() throws(HindcastError) -> Int {
    guard block.byteCount - offset >= 8 else { throw damaged() }
    let number = block.bytes.extracting(offset..<(offset + 8)).wordAtStart
    // Every row, element and byte takes at least a bit of the block.
    guard number <= UInt64(block.byteCount) * 8 else { throw damaged() }
    offset += 8
    return Int(number)
  }

  private mutating func buffer(_ expected: Int?) throws(HindcastError) -> Buffer {
    let count = try number()
    let start = (offset + 15) & ~15
    guard expected ?? count == count, start <= block.byteCount, count <= block.byteCount - start
    else { throw damaged() }
    offset = (start + count + 15) & ~15
    return unsafe Buffer(borrowing: block.address + start, byteCount: count, owner: block)
  }

  private mutating func column(_ type: DataType, _ count: Int) throws(HindcastError) -> Column {
    let nullCount = try number()
    let validity = nullCount == 0 ? nil : try buffer(Bits.byteCount(count))
    if let validity {
      let present = Bits.population(validity.span(of: UInt8.self), count: count)
      guard present == count - nullCount else { throw damaged() }
    }
    let body: Column.Body
    switch type.layout {
    case .bits: body = .bits(try buffer(Bits.byteCount(count)))
    case .fixed(let width): body = .fixed(try buffer(width * count))
    case .bytes:
      let offsets = try buffer(4 * (count + 1))
      let data = try buffer(nil)
      try check(offsets.span(of: Int32.self), end: data.byteCount)
      body = .bytes(offsets: offsets, data: data)
    case .list:
      let offsets = try buffer(4 * (count + 1))
      let elements = try number()
      try check(offsets.span(of: Int32.self), end: elements)
      body = .list(offsets: offsets, child: try column(type.element ?? .bool, elements))
    }
    return Column(
      type: type, count: count, nullCount: nullCount, validity: validity, body: body)
  }
}

extension RawSpan {
  /// The first eight bytes as a little-endian number.
  var wordAtStart: UInt64 {
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(as: UInt64.self))
  }
}
