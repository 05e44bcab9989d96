import HindcastCore

/// Reads the body of a *sparse* node: the places of the rarer value.
func readSparse(
  _ cursor: inout NodeCursor, value: Bool, count: Int, depth: Int
) throws(NodeFault) -> BoolNode {
  let placeCount = try cursor.peekCount(atMost: count, of: "places", depth: depth + 1)
  let node = try IntegerNode<UInt32>(&cursor, count: placeCount, depth: depth + 1)
  let places = try node.decoded(cursor.content, count: placeCount)
  var bits = MutableBuffer(byteCount: Bits.byteCount(count))
  var target = bits.mutableSpan(of: UInt8.self)
  if !value { setBits(0..<count, &target) }
  guard flipBits(places.span(of: UInt32.self), count: count, &target) else {
    throw cursor.bad("the places of a sparse node do not increase, or are beyond its values")
  }
  return .expanded(ExpandedBits(bits.freeze(), "sparse", node))
}

/// Flips the bits at `places`; false if they do not increase or reach `count`.
private func flipBits(
  _ places: Span<UInt32>, count: Int, _ target: inout MutableSpan<UInt8>
) -> Bool {
  var next: UInt32 = 0
  for index in places.indices {
    let place = places[index]
    guard place >= next, place < count else { return false }
    target[Int(place >> 3)] ^= 1 << UInt8(place & 7)
    next = place &+ 1
  }
  return true
}
