import HindcastCore

extension NodeWriter {
  /// Adds a node of byte strings in the smallest encoding that may stand here.
  func writeBytes(_ values: ByteStrings, to out: inout MutableBuffer) {
    let count = values.count
    let lengths = values.lengths()
    let lengthSpan = lengths.span(of: UInt32.self)
    if count > 0, values.areEqual(lengthSpan) {
      NodeHeader.write(.constant, count: count, to: &out)
      out.put(count: Int(lengthSpan[0]))
      out.append(contentsOf: values.data.bytes.extracting(0..<Int(lengthSpan[0])))
      out.pad8()
      return
    }
    if count > 1, depth + 1 < Limits.nodeDepth {
      write(BytesPlan(values, lengthSpan, self), values, lengthSpan, to: &out)
    } else {
      writePlainBytes(values, lengthSpan, to: &out)
    }
  }

  private func write(
    _ plan: BytesPlan, _ values: ByteStrings, _ lengths: Span<UInt32>,
    to out: inout MutableBuffer
  ) {
    switch plan.encoding {
    case .plain: writePlainBytes(values, lengths, to: &out)
    case .dictionary(let dictionary): dictionary.write(self, to: &out)
    case .alphabet(let characters): writeAlphabet(characters, values, lengths, to: &out)
    case .fsst(let plan): plan.write(self, to: &out)
    }
  }

  func writePlainBytes(
    _ values: ByteStrings, _ lengths: Span<UInt32>, to out: inout MutableBuffer
  ) {
    NodeHeader.write(.plain, count: lengths.count, to: &out)
    child(of: .plain).writeIntegers(lengths, kind: .unsigned, to: &out)
    out.put(count: values.dataByteCount)
    out.append(contentsOf: values.data.bytes.extracting(0..<values.dataByteCount))
    out.pad8()
  }
}
