import HindcastCore

/// Where each value of a node of byte strings or lists starts and ends: the sums of its lengths.
struct ValueOffsets: Sendable {
  /// `Int32`, one more than values.
  let offsets: Buffer
  private let node: IntegerNode<UInt32>

  /// Reads a node of lengths, whose sum must be at most `limit`.
  init(
    _ cursor: inout NodeCursor, count: Int, depth: Int, limit: Int
  ) throws(NodeFault) {
    node = try IntegerNode(&cursor, count: count, depth: depth)
    var buffer = MutableBuffer(byteCount: 4 * (count + 1))
    var all = buffer.mutableSpan(of: UInt32.self)
    var lengths = all._mutatingExtracting(1...)
    try node.decode(cursor.content, 0..<count, into: &lengths)
    var end: UInt64 = 0
    for index in lengths.indices {
      end &+= UInt64(lengths[index])
      lengths[index] = UInt32(truncatingIfNeeded: end)
    }
    // Fewer than 2^32 lengths below 2^32 do not overflow 64 bits.
    guard end <= UInt64(limit) else {
      throw cursor.limit("a page's values take \(end) bytes; the limit is \(limit)")
    }
    offsets = buffer.freeze()
  }

  var description: String { node.description }

  var count: Int { offsets.byteCount / 4 - 1 }

  var total: Int { Int(offsets.span(of: Int32.self)[count]) }

  /// Where value `index` lies.
  func range(at index: Int) -> Range<Int> {
    let ends = offsets.span(of: Int32.self)
    return Int(ends[index])..<Int(ends[index + 1])
  }
}
