import HindcastCore

extension NodeWriter {
  /// Adds an *alphabet* node.
  func writeAlphabet(
    _ alphabet: Alphabet, _ values: ByteStrings, _ lengths: Span<UInt32>,
    to out: inout MutableBuffer
  ) {
    NodeHeader.write(.alphabet, parameter: UInt8(alphabet.bits), count: lengths.count, to: &out)
    out.put(count: alphabet.characters.count)
    out.append(contentsOf: alphabet.characters.span)
    out.pad8()
    child(of: .alphabet).writeIntegers(lengths, kind: .unsigned, to: &out)
    let total = values.dataByteCount
    out.put(count: total)
    let start = out.byteCount
    out.resize(byteCount: start + packedWordCount(total, bits: alphabet.bits) * 8)
    var all = out.mutableSpan(of: UInt8.self)
    var words = all._mutatingExtracting(start...)
    alphabet.pack(values.data.bytes.extracting(0..<total), into: &words)
  }
}
