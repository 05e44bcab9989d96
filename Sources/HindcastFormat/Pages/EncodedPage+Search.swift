import HindcastCore

extension EncodedPage {
  /// The first index of `range` whose number is over `bound`, or the range's end.
  ///
  /// For pages of 8-byte numbers that ascend within the range; `bound` has a number's bits.
  func upperBound(_ bound: UInt64, in range: Range<Int>) throws(HindcastError) -> Int {
    try fromNode { (node, content) throws(NodeFault) in
      guard case .int64(let numbers) = node.body else { return range.lowerBound }
      return try numbers.upperBound(content.bytes, range, bound, kind: node.type.numberKind)
    }
  }

  /// How many of the page's byte strings, which ascend, are at most `bound`.
  func upperBound(_ bound: RawSpan) throws(HindcastError) -> Int {
    do throws(NodeFault) {
      guard case .bytes(let strings) = node.body else { return 0 }
      return try strings.upperBound(content, count: node.count, bound)
    } catch { throw error.error(at: place) }
  }

  /// The bits of the number at `index` of a page of 8-byte numbers without nulls.
  func word(at index: Int) throws(HindcastError) -> UInt64 {
    try fromNode { (node, content) throws(NodeFault) in
      guard case .int64(let numbers) = node.body else { return 0 }
      return try numbers.value(content.bytes, at: index)
    }
  }

  /// Whether the byte string at `index` is `bytes`.
  func isEqual(at index: Int, _ bytes: RawSpan) throws(HindcastError) -> Bool {
    let found = try value(at: index)
    guard case .bytes(let stored) = found, stored.count == bytes.byteCount else { return false }
    for index in stored.indices where stored[index] != bytes.load(index, as: UInt8.self) {
      return false
    }
    return true
  }

  /// The bytes at `index` of a page of vectors.
  func block(at index: Int, byteCount: Int) throws(HindcastError) -> Buffer {
    try fromNode { (node, content) throws(NodeFault) in
      guard case .fixed(let fixed, let stride) = node.body, stride == byteCount else {
        throw .bad("a page has values of another size", at: 0)
      }
      return lend(content, fixed.range(at: index, stride: stride))
    }
  }
}
