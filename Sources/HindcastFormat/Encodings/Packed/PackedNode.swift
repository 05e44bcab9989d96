import HindcastCore

/// Decodes the body of a *packed* node.
func decodePacked<T: NodeInteger>(
  _ header: NodeHeader, _ cursor: inout NodeCursor, into target: inout MutableSpan<T>
) throws(HindcastError) {
  let bits = Int(header.parameter)
  guard bits >= 1, bits <= min(64, 8 * T.byteCount) else {
    throw cursor.bad("a packed node has \(bits) bits a value")
  }
  let base = try cursor.scalar(T.self)
  let words = try cursor.takeWords(header.count, bits: bits)
  unpack(cursor.content.bytes.extracting(words), bits: bits, base: base, into: &target)
}
