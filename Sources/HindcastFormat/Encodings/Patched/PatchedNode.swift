import HindcastCore

/// The body of a *patched* node: values, and which of them are replaced by patches.
final class PatchedNode<T: NodeInteger>: Sendable {
  private let values: IntegerNode<T>
  private let places: BoolNode
  private let patches: IntegerNode<T>
  private let patchCount: Int

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    let count = header.count
    values = try IntegerNode(&cursor, count: count, depth: depth + 1)
    if case .patched = values { throw cursor.unknownEncoding("patched in patched") }
    places = try BoolNode(&cursor, count: count, depth: depth + 1)
    patchCount = places.population(cursor.content, count: count)
    guard patchCount > 0 else { throw cursor.bad("a patched node has no patches") }
    patches = try IntegerNode(&cursor, count: patchCount, depth: depth + 1)
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    try values.decode(content, range, into: &target)
    let inRange = places.population(content, range)
    guard inRange > 0 else { return }
    let before = range.lowerBound == 0 ? 0 : places.population(content, count: range.lowerBound)
    let after = before + inRange
    if inRange <= 8 {
      var rank = before
      try places.forEachOne(content, range) { (index) throws(NodeFault) in
        target[index - range.lowerBound] = try patches.value(content, at: rank)
        rank += 1
      }
      return
    }
    var buffer = MutableBuffer(byteCount: (after - before) * T.byteCount)
    var span = buffer.mutableSpan(of: T.self)
    try patches.decode(content, before..<after, into: &span)
    var rank = 0
    places.forEachOne(content, range) { index in
      target[index - range.lowerBound] = span[rank]
      rank &+= 1
    }
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    guard places.value(content, at: index) else { return try values.value(content, at: index) }
    return try patches.value(content, at: places.population(content, count: index))
  }

  var description: String {
    "patched[\(patchCount)](\(values.description), \(places.description), \(patches.description))"
  }
}
