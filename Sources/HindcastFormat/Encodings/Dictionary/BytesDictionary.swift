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
      builder.add(data, Int(ends[index])..<Int(ends[index + 1]))
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
    writer.child(of: .dictionary).writeBytes(distinct, to: &out)
    writer.child(1, of: .dictionary).writeIntegers(codeSpan, kind: .unsigned, to: &out)
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
  /// The digest of each code's value.
  private var digests = MutableBuffer()
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
  mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
    let code = code(of: bytes, range)
    if code != previousCode { runCount += 1 }
    previousCode = code
    codes.append(code)
  }

  private mutating func code(of bytes: RawSpan, _ range: Range<Int>) -> UInt32 {
    let slotMask = table.byteCount / 4 - 1
    let digest = Self.digest(bytes, range)
    let mixed = (digest ^ digest &>> 32 ^ UInt64(range.count)) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(mixed &>> shift)
    while true {
      let taken = table.span(of: UInt32.self)[slot]
      if taken == 0 { break }
      if isEqual(bytes, range, digest, toCode: Int(taken) - 1) { return taken - 1 }
      slot = (slot + 1) & slotMask
    }
    data.append(contentsOf: bytes.extracting(range))
    offsets.append(Int32(data.byteCount))
    digests.append(digest)
    distinctCount += 1
    let code = UInt32(distinctCount)
    var slots = table.mutableSpan(of: UInt32.self)
    slots[slot] = code
    return code - 1
  }

  /// The value itself where it has no more than eight bytes, else a hash.
  @inline(__always)
  private static func digest(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
    guard range.count <= 8 else { return hash64(bytes.extracting(range), seed: 0) }
    if range.lowerBound + 8 <= bytes.byteCount, !range.isEmpty {
      let unused = UInt64(64 - 8 * range.count)
      return (bytes.load(range.lowerBound, as: UInt64.self) &<< unused) &>> unused
    }
    var word: UInt64 = 0
    for index in range.reversed() { word = word << 8 | UInt64(bytes.load(index, as: UInt8.self)) }
    return word
  }

  @inline(__always)
  private borrowing func isEqual(
    _ bytes: RawSpan, _ range: Range<Int>, _ digest: UInt64, toCode code: Int
  ) -> Bool {
    guard digests.span(of: UInt64.self)[code] == digest else { return false }
    let ends = offsets.span(of: Int32.self)
    let start = Int(ends[code])
    guard Int(ends[code + 1]) - start == range.count else { return false }
    if range.count <= 8 { return true }
    let known = data.span(of: UInt8.self)
    for index in 0..<range.count
    where known[start + index] != bytes.load(range.lowerBound + index, as: UInt8.self) {
      return false
    }
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
