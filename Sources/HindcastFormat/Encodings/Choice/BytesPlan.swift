import HindcastCore

/// The encoding of a node of byte strings, chosen by size.
struct BytesPlan {
  enum Encoding {
    case plain
    case dictionary(BytesDictionary)
    case alphabet(Alphabet)
    case fsst(FSSTPlan)

    fileprivate var weighed: HindcastFormat.Encoding? {
      switch self {
      case .plain: nil
      case .dictionary: .dictionary
      case .alphabet: .alphabet
      case .fsst: .fsst
      }
    }
  }

  private(set) var encoding = Encoding.plain
  /// All that was weighed.
  private(set) var candidates: [EncodingCandidate] = []
  private(set) var byteCount: Int

  /// Weighs the encodings for `values`, at least two.
  init(_ values: ByteStrings, _ lengths: Span<UInt32>, _ writer: NodeWriter) {
    let lengthBits = IntegerStatistics(lengths, kind: .unsigned).bits
    let dataByteCount = values.dataByteCount
    byteCount = BytesDictionary.plainByteCount(
      values.count, lengthBits: lengthBits, dataByteCount: dataByteCount)
    let overhead = byteCount - padded8(dataByteCount)
    addCandidate("plain", byteCount)
    if writer.weighs(.alphabet),
      let alphabet = Alphabet(of: values.data.bytes.extracting(0..<dataByteCount))
    {
      let byteCount =
        overhead + 8 + padded8(alphabet.characters.count)
        + packedWordCount(dataByteCount, bits: alphabet.bits) * 8
      consider(.alphabet(alphabet), "alphabet", byteCount)
    }
    if writer.weighs(.dictionary),
      let dictionary = BytesDictionary(values, lengthBits: lengthBits, below: byteCount)
    {
      consider(.dictionary(dictionary), "dictionary", dictionary.byteCount)
    }
    weighFSST(values, overhead: overhead, writer)
    writer.settle(encoding.weighed, among: [.alphabet, .dictionary, .fsst])
  }

  /// Symbols cost much to find, so they are only looked for in text that nothing else makes small.
  private mutating func weighFSST(
    _ values: ByteStrings, overhead: Int, _ writer: NodeWriter
  ) {
    switch encoding {
    case .alphabet(let alphabet) where alphabet.bits < 5: return
    case .dictionary where byteCount < (overhead + values.dataByteCount) / 2: return
    default: break
    }
    guard values.dataByteCount >= FSSTPlan.leastByteCount, writer.weighs(.fsst) else { return }
    let plan = FSSTPlan(values, overhead: overhead)
    consider(.fsst(plan), "fsst", plan.byteCount)
  }

  private mutating func consider(_ encoding: Encoding, _ name: String, _ byteCount: Int) {
    addCandidate(name, byteCount)
    guard byteCount < self.byteCount - self.byteCount / 32 else { return }
    self.encoding = encoding
    self.byteCount = byteCount
  }

  private mutating func addCandidate(_ name: String, _ byteCount: Int) {
    candidates.append(EncodingCandidate(name: name, byteCount: byteCount))
  }
}
