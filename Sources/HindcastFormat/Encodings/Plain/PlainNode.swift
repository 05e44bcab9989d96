import HindcastCore

/// The body of a *plain* node of numbers: the values one after the other.
struct PlainNode<T: NodeInteger>: Sendable {
  let offset: Int

  init(_ cursor: inout NodeCursor, count: Int) throws(NodeFault) {
    offset = try cursor.take(count * T.byteCount).lowerBound
  }

  func decode(_ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>) {
    let bytes = content.extracting(
      offset + range.lowerBound * T.byteCount..<offset + range.upperBound * T.byteCount)
    precondition(target.count * T.byteCount <= bytes.byteCount)
    for index in target.indices {
      unsafe target[unchecked: index] = bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index &* T.byteCount, as: T.self)
    }
  }

  func value(_ content: RawSpan, at index: Int) -> T {
    content.load(offset + index * T.byteCount, as: T.self)
  }
}

/// Adds a *plain* node of numbers.
func writePlain<T: NodeInteger>(_ values: Span<T>, to out: inout MutableBuffer) {
  NodeHeader.write(.plain, count: values.count, to: &out)
  out.append(contentsOf: values)
  out.pad8()
}
