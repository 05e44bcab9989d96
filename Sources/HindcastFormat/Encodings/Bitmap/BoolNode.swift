import HindcastCore

/// A node of bools, as one value for all or as a bit map that is there or was made when the node
/// was read.
enum BoolNode: Sendable {
  case constant(Bool)
  /// Words in the page's content.
  case bitmap(offset: Int)
  /// A bit map of its own; bits beyond the node's values are 0.
  case expanded(ExpandedBits)
}

/// A bit map that was made of runs or places, and what it was made of.
final class ExpandedBits: Sendable {
  let bits: Buffer
  private let name: String
  private let node: IntegerNode<UInt32>

  init(_ bits: Buffer, _ name: String, _ node: IntegerNode<UInt32>) {
    self.bits = bits
    self.name = name
    self.node = node
  }

  func value(at index: Int) -> Bool {
    let bits = self.bits
    return Bits.get(bits.span(of: UInt8.self), index)
  }

  func population(count: Int) -> Int {
    let bits = self.bits
    return onesBefore(count, bits.bytes, 0)
  }

  var description: String { "\(name)(\(node.description))" }
}

extension BoolNode {
  /// Reads the next node, which must have `count` values.
  init(_ cursor: inout NodeCursor, count: Int, depth: Int) throws(NodeFault) {
    let header = try cursor.header(count: count, depth: depth)
    let parameter = header.parameter == 1
    switch header.encoding {
    case .constant, .bitmap: try cursor.expectNoParameter(header)
    case .runLength, .sparse:
      guard header.parameter <= 1 else {
        throw cursor.bad("a \(header.encoding.name) node has a wrong parameter")
      }
    default: throw cursor.unknownEncoding(header.encoding.name)
    }
    switch header.encoding {
    case .constant:
      let value = try cursor.scalar(UInt64.self)
      guard count >= 1, value <= 1 else { throw cursor.bad("a constant is neither 0 nor 1") }
      self = .constant(value == 1)
    case .bitmap: self = .bitmap(offset: try cursor.takeWords(count, bits: 1).lowerBound)
    case .runLength:
      let runCount = try cursor.peekCount(atMost: count, of: "runs", depth: depth + 1)
      let ends = try RunEnds(&cursor, runCount: runCount, count: count, depth: depth + 1)
      self = .expanded(
        ExpandedBits(
          boolRuns(ends.ends.span(of: UInt32.self), first: parameter, count: count),
          "run-length[\(runCount)]", ends.node))
    case .sparse:
      self = try readSparse(&cursor, value: parameter, count: count, depth: depth)
    default: throw cursor.unknownEncoding(header.encoding.name)
    }
  }

  /// The values as a bit map; bits beyond `count` are 0.
  func decode(_ content: RawSpan, count: Int) -> Buffer {
    if case .expanded(let expanded) = self { return expanded.bits }
    var bits = MutableBuffer(byteCount: Bits.byteCount(count))
    var target = bits.mutableSpan(of: UInt8.self)
    switch self {
    case .constant(let value): if value { setBits(0..<count, &target) }
    case .bitmap(let offset):
      for index in target.indices { target[index] = content.load(offset + index, as: UInt8.self) }
      if count & 7 != 0 { target[target.count - 1] &= 1 << UInt8(count & 7) - 1 }
    case .expanded: break
    }
    return bits.freeze()
  }

  /// The value at `index`, which must be one of the node's.
  func value(_ content: RawSpan, at index: Int) -> Bool {
    switch self {
    case .constant(let value): value
    case .bitmap(let offset):
      content.load(offset + index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1 != 0
    case .expanded(let expanded): expanded.value(at: index)
    }
  }

  /// How many of the first `count` values are 1.
  ///
  /// O(count / 64).
  func population(_ content: RawSpan, count: Int) -> Int {
    switch self {
    case .constant(let value): value ? count : 0
    case .bitmap(let offset): onesBefore(count, content, offset)
    case .expanded(let expanded): expanded.population(count: count)
    }
  }

  /// How many of the values of `range` are 1.
  func population(_ content: RawSpan, _ range: Range<Int>) -> Int {
    if range.lowerBound == 0 { return population(content, count: range.upperBound) }
    var count = 0
    forEachOne(content, range) { _ in count &+= 1 }
    return count
  }

  /// Calls `body` with each index of `range` whose value is 1, ascending.
  @inline(__always)
  func forEachOne<Failure: Error>(
    _ content: RawSpan, _ range: Range<Int>, _ body: (Int) throws(Failure) -> Void
  ) throws(Failure) {
    switch self {
    case .constant(let value): if value { for index in range { try body(index) } }
    case .bitmap(let offset): try forEachBit(content, offset, range, body)
    case .expanded(let expanded):
      let bits = expanded.bits
      try forEachBit(bits.bytes, 0, range, body)
    }
  }

  var description: String {
    switch self {
    case .constant: "constant"
    case .bitmap: "bitmap"
    case .expanded(let expanded): expanded.description
    }
  }
}

/// The 64 bits from bit `word * 64` on; zeros where the bytes end.
@inline(__always)
private func loadWord(_ bytes: RawSpan, _ offset: Int, _ word: Int) -> UInt64 {
  let start = offset &+ word &* 8
  if start &+ 8 <= bytes.byteCount { return bytes.load(start, as: UInt64.self) }
  var value: UInt64 = 0
  for index in start..<max(start, bytes.byteCount) {
    value |= UInt64(bytes.load(index, as: UInt8.self)) &<< UInt64((index &- start) &* 8)
  }
  return value
}

private func onesBefore(_ count: Int, _ bytes: RawSpan, _ offset: Int) -> Int {
  var total = 0
  let whole = bytes.extracting(offset..<offset + (count >> 6) * 8)
  for word in 0..<count >> 6 {
    let bits = unsafe whole.unsafeLoadUnaligned(fromUncheckedByteOffset: word &* 8, as: UInt64.self)
    total &+= bits.nonzeroBitCount
  }
  let rest = count & 63
  if rest > 0 {
    total &+= (loadWord(bytes, offset, count >> 6) & (1 &<< UInt64(rest) &- 1)).nonzeroBitCount
  }
  return total
}

@inline(__always)
private func forEachBit<Failure: Error>(
  _ bytes: RawSpan, _ offset: Int, _ range: Range<Int>, _ body: (Int) throws(Failure) -> Void
) throws(Failure) {
  guard !range.isEmpty else { return }
  for word in range.lowerBound >> 6...(range.upperBound - 1) >> 6 {
    var bits = loadWord(bytes, offset, word)
    let start = word &* 64
    if start < range.lowerBound { bits &= .max &<< UInt64(range.lowerBound &- start) }
    if start &+ 64 > range.upperBound { bits &= 1 &<< UInt64(range.upperBound &- start) &- 1 }
    while bits != 0 {
      try body(start &+ bits.trailingZeroBitCount)
      bits &= bits &- 1
    }
  }
}

/// A bit map of runs that alternate; `ends` must be checked.
private func boolRuns(_ ends: Span<UInt32>, first: Bool, count: Int) -> Buffer {
  var bits = MutableBuffer(byteCount: Bits.byteCount(count))
  var target = bits.mutableSpan(of: UInt8.self)
  var start = 0
  var value = first
  for run in ends.indices {
    let end = Int(ends[run])
    if value { setBits(start..<end, &target) }
    value.toggle()
    start = end
  }
  return bits.freeze()
}

/// Sets a range of bits, whole bytes at once where it can.
func setBits(_ range: Range<Int>, _ target: inout MutableSpan<UInt8>) {
  var index = range.lowerBound
  while index < range.upperBound {
    if index & 7 == 0, range.upperBound - index >= 8 {
      target[index >> 3] = 0xFF
      index += 8
    } else {
      Bits.set(&target, index)
      index += 1
    }
  }
}
