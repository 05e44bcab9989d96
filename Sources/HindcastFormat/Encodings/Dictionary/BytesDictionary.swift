import HindcastCore

/// The distinct byte strings of a page, in the order in which they first appear, and codes.
struct BytesDictionary {
  private let distinct: ByteStrings
  private let codes: Buffer
  /// An estimate of the node's size.
  let byteCount: Int

  /// Builds the dictionary; nil as soon as it can't take less than `limit` bytes.
  init?(_ values: ByteStrings, lengthBits: Int, below limit: Int) {
    let count = values.count
    let ends = values.offsets.span(of: Int32.self)
    let data = values.data.bytes
    var builder = Builder(valueCount: count)
    var checkAt = 16
    for index in 0..<count {
      builder.add(data.extracting(Int(ends[index])..<Int(ends[index + 1])))
      guard builder.distinctCount == checkAt else { continue }
      guard builder.byteCount(lengthBits, runCount: count) < limit,
        index < 256 || builder.expectedByteCount(lengthBits, after: index + 1) < limit
      else { return nil }
      checkAt += max(16, checkAt >> 2)
    }
    byteCount = builder.byteCount(lengthBits, runCount: builder.runCount)
    guard byteCount < limit else { return nil }
    (distinct, codes) = builder.finish()
  }

  /// Adds the *dictionary* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let codeSpan = codes.span(of: UInt32.self)
    NodeHeader.write(.dictionary, count: codeSpan.count, to: &out)
    writer.deeper.writeBytes(distinct, to: &out)
    writer.deeper.writeIntegers(codeSpan, kind: .unsigned, to: &out)
  }

  /// The size of a *plain* node of byte strings whose lengths span `lengthBits` bits.
  static func plainByteCount(_ count: Int, lengthBits: Int, dataByteCount: Int) -> Int {
    16 + flatByteCount(count, bits: lengthBits, byteCount: 4) + padded8(dataByteCount)
  }
}

/// An open-addressing table from byte strings to codes.
private struct Builder: ~Copyable {
  private let valueCount: Int
  private let shift: UInt64
  private var table: MutableBuffer
  private var codes: MutableBuffer
  private var offsets = MutableBuffer()
  private var data = MutableBuffer()
  private(set) var distinctCount = 0
  private(set) var runCount = 0
  private var previousCode: UInt32 = .max

  init(valueCount: Int) {
    self.valueCount = valueCount
    let bits = bitWidth(UInt64(2 * valueCount))
    shift = UInt64(64 - bits)
    table = MutableBuffer(byteCount: 4 << bits)
    codes = MutableBuffer(capacity: 4 * valueCount)
    offsets.append(Int32(0))
  }

  /// Looks up the next value, or gives it the next code.
  mutating func add(_ value: RawSpan) {
    let code = code(of: value)
    if code != previousCode { runCount += 1 }
    previousCode = code
    codes.append(code)
  }

  private mutating func code(of value: RawSpan) -> UInt32 {
    let slotMask = table.byteCount / 4 - 1
    var slot = Int(hash64(value, seed: 0) &>> shift)
    while true {
      let taken = table.span(of: UInt32.self)[slot]
      if taken == 0 { break }
      if isEqual(value, toCode: Int(taken) - 1) { return taken - 1 }
      slot = (slot + 1) & slotMask
    }
    data.append(contentsOf: value)
    offsets.append(Int32(data.byteCount))
    distinctCount += 1
    let code = UInt32(distinctCount)
    var slots = table.mutableSpan(of: UInt32.self)
    slots[slot] = code
    return code - 1
  }

  private borrowing func isEqual(_ value: RawSpan, toCode code: Int) -> Bool {
    let ends = offsets.span(of: Int32.self)
    let start = Int(ends[code])
    guard Int(ends[code + 1]) - start == value.byteCount else { return false }
    let bytes = data.span(of: UInt8.self)
    for index in 0..<value.byteCount
    where bytes[start + index] != value.load(index, as: UInt8.self) { return false }
    return true
  }

  /// About the least size that the node will have, if values repeat as those so far did.
  borrowing func expectedByteCount(_ lengthBits: Int, after seen: Int) -> Int {
    // New values become fewer, so only half of the growth is taken for granted.
    let growth = (valueCount - seen) * distinctCount / (2 * seen)
    let values = BytesDictionary.plainByteCount(
      distinctCount + growth, lengthBits: lengthBits,
      dataByteCount: data.byteCount + growth * data.byteCount / distinctCount)
    return 8 + values + codesByteCount(distinctCount + growth, valueCount, valueCount)
  }

  /// The node's size so far, with codes packed or in `runCount` runs.
  borrowing func byteCount(_ lengthBits: Int, runCount: Int) -> Int {
    let values = BytesDictionary.plainByteCount(
      distinctCount, lengthBits: lengthBits, dataByteCount: data.byteCount)
    return 8 + values + codesByteCount(distinctCount, valueCount, runCount)
  }

  consuming func finish() -> (ByteStrings, Buffer) {
    (ByteStrings(offsets: offsets.freeze(), data: data.freeze()), codes.freeze())
  }
}
