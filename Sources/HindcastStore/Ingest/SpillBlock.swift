import HindcastCore

/// A batch as one block of bytes, on its way to and from a temporary file.
///
/// Never read by another process, so that its form is no part of the format. Each buffer starts at
/// a multiple of 64, so that reading it back copies nothing.
///
/// ```
/// rows; key heap's flag; [key offsets, key bytes | prefixes]; event times; [created times];
/// tombstones' flag, [bits]; the features
/// column: null count, [validity], bits | values | offsets, data | offsets, element count, child
/// buffer: byte count (8 bytes at a multiple of 64), bytes at the next multiple of 64
/// ```
enum SpillBlock {
  /// The bytes of a batch.
  static func encode(_ batch: VersionBatch) -> Buffer {
    var target = MutableBuffer()
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
    target.resize(byteCount: (target.byteCount + 63) & ~63)
    target.append(contentsOf: buffer.bytes.extracting(0..<count))
    target.resize(byteCount: (target.byteCount + 63) & ~63)
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

/// Reads a ``SpillBlock`` back.
///
/// Its checksum was right, so that it holds what this process wrote; lengths are checked all the
/// same.
struct SpillBlockReader {
  private let block: Buffer
  private let path: String
  private var offset = 0

  init(_ block: Buffer, path: String) {
    self.block = block
    self.path = path
  }

  /// The batch, which shares the block's memory.
  mutating func batch(created: DataType?, features: [DataType]) throws(HindcastError)
    -> VersionBatch
  {
    let count = try number()
    let keys: KeyVector
    if try number() == 0 {
      keys = KeyVector(count: count, prefixes: try buffer(8 * count))
    } else {
      let offsets = try buffer(8 * (count + 1))
      keys = KeyVector(
        count: count, heap: KeyVector.Heap(offsets: offsets, bytes: try buffer(nil)))
    }
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

  private func damaged() -> HindcastError {
    HindcastError(
      .corrupt, "a temporary file of this ingest was damaged: run it again",
      at: .init(file: path, byteOffset: offset))
  }

  private mutating func number() throws(HindcastError) -> Int {
    guard block.byteCount - offset >= 8 else { throw damaged() }
    let number = block.bytes.extracting(offset..<(offset + 8)).wordAtStart
    guard number <= UInt64(Int32.max) << 16 else { throw damaged() }
    offset += 8
    return Int(number)
  }

  private mutating func buffer(_ expected: Int?) throws(HindcastError) -> Buffer {
    let count = try number()
    let start = (offset + 63) & ~63
    guard expected ?? count == count, start <= block.byteCount, count <= block.byteCount - start
    else { throw damaged() }
    offset = (start + count + 63) & ~63
    return unsafe Buffer(borrowing: block.address + start, byteCount: count, owner: block)
  }

  private mutating func column(_ type: DataType, _ count: Int) throws(HindcastError) -> Column {
    let nullCount = try number()
    let validity = nullCount == 0 ? nil : try buffer(Bits.byteCount(count))
    let body: Column.Body
    switch type.layout {
    case .bits: body = .bits(try buffer(Bits.byteCount(count)))
    case .fixed(let width): body = .fixed(try buffer(width * count))
    case .bytes:
      let offsets = try buffer(4 * (count + 1))
      body = .bytes(offsets: offsets, data: try buffer(nil))
    case .list:
      let offsets = try buffer(4 * (count + 1))
      let elements = try number()
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
