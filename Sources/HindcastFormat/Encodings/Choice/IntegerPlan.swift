import HindcastCore

/// The encoding of a node of numbers, chosen by size.
struct IntegerPlan<T: NodeInteger> {
  indirect enum Encoding {
    case flat
    case patched(PatchedPlan<T>)
    case delta(DeltaPlan<T>)
    case runLength
    case dictionary(IntegerDictionary<T>)
    case alp(ALPPlan<T>)
    case alpRD(ALPRDPlan<T>)
    case scaled(ScaledPlan<T>)

    /// Its number, where it is one that takes time to weigh.
    fileprivate var weighed: HindcastFormat.Encoding? {
      switch self {
      case .patched: .patched
      case .delta: .delta
      case .dictionary: .dictionary
      case .alpRD: .alpRD
      case .flat, .runLength, .alp, .scaled: nil
      }
    }
  }

  private(set) var encoding = Encoding.flat
  let statistics: IntegerStatistics<T>
  /// All that was weighed.
  private(set) var candidates: [EncodingCandidate] = []
  private(set) var byteCount: Int

  /// Weighs the encodings for `values`, not empty.
  init(_ values: Span<T>, kind: NumberKind, _ writer: NodeWriter) {
    statistics = IntegerStatistics(values, kind: kind)
    byteCount = flatByteCount(values.count, bits: statistics.bits, byteCount: T.byteCount)
    addCandidate(flatName(values.count), byteCount)
    guard values.count > 1, statistics.bits > 0 else { return }
    if writer.allows(.runLength) { weighRuns(values.count) }
    defer { writer.settle(encoding.weighed, among: [.patched, .delta, .dictionary, .alpRD]) }
    if kind == .float {
      weighFloats(values, writer)
    } else if writer.allows(.scaled), statistics.bits > 1,
      let plan = ScaledPlan(values, statistics, writer.child(of: .scaled))
    {
      // Whatever is good for the values is weighed for their quotients.
      consider(.scaled(plan), "scaled", plan.byteCount)
    } else {
      weighPatched(values, kind, writer)
      weighDelta(values, kind, writer)
      weighDictionary(values, writer)
    }
  }

  /// Floats are weighed as decimals first: their bits are only looked at if they are none.
  private mutating func weighFloats(_ values: Span<T>, _ writer: NodeWriter) {
    if writer.allows(.alp), let plan = ALPPlan(values, writer.child(of: .alp)) {
      consider(.alp(plan), "alp", plan.byteCount)
      return
    }
    weighPatched(values, .float, writer)
    weighDictionary(values, writer)
    if writer.weighs(.alpRD), let plan = ALPRDPlan(values, writer.child(of: .alpRD)) {
      consider(.alpRD(plan), "alp-rd", plan.byteCount)
    }
  }

  private mutating func weighRuns(_ count: Int) {
    let runs =
      8 + flatByteCount(statistics.runCount, bits: statistics.bits, byteCount: T.byteCount)
      + flatByteCount(statistics.runCount, bits: bitWidth(UInt64(count)), byteCount: 4)
    consider(.runLength, "run-length", runs)
  }

  private mutating func weighPatched(
    _ values: Span<T>, _ kind: NumberKind, _ writer: NodeWriter
  ) {
    guard values.count >= 16, writer.weighs(.patched),
      let plan = PatchedPlan(values, statistics, kind: kind)
    else { return }
    consider(.patched(plan), "patched", plan.byteCount)
  }

  private mutating func weighDelta(
    _ values: Span<T>, _ kind: NumberKind, _ writer: NodeWriter
  ) {
    guard writer.weighs(.delta),
      let plan = DeltaPlan(values, statistics, below: byteCount, writer.child(of: .delta))
    else { return }
    consider(.delta(plan), "delta", plan.byteCount)
  }

  private mutating func weighDictionary(_ values: Span<T>, _ writer: NodeWriter) {
    guard statistics.bits > 1, writer.weighs(.dictionary),
      let plan = IntegerDictionary(
        values, bits: statistics.bits, runCount: statistics.runCount, below: byteCount)
    else { return }
    consider(.dictionary(plan), "dictionary", plan.byteCount)
  }

  private mutating func consider(_ encoding: Encoding, _ name: String, _ byteCount: Int) {
    addCandidate(name, byteCount)
    guard byteCount < self.byteCount else { return }
    self.encoding = encoding
    self.byteCount = byteCount
  }

  private mutating func addCandidate(_ name: String, _ byteCount: Int) {
    candidates.append(EncodingCandidate(name: name, byteCount: byteCount))
  }

  private func flatName(_ count: Int) -> String {
    if statistics.bits == 0 { return "constant" }
    return isWorthPacking(count, bits: statistics.bits, T.self) ? "packed" : "plain"
  }
}

extension NodeWriter {
  /// Adds a node of `values` in the smallest encoding that may stand here.
  func writeIntegers<T: NodeInteger>(
    _ values: Span<T>, kind: NumberKind, to out: inout MutableBuffer
  ) {
    guard values.count > 1 else { return writeFlat(values, kind: kind, to: &out) }
    write(IntegerPlan(values, kind: kind, self), values, kind: kind, to: &out)
  }

  /// Adds a node of `values` as planned.
  func write<T: NodeInteger>(
    _ plan: IntegerPlan<T>, _ values: Span<T>, kind: NumberKind, to out: inout MutableBuffer
  ) {
    switch plan.encoding {
    case .flat:
      writeFlat(values, plan.statistics.minimum, bits: plan.statistics.bits, to: &out)
    case .patched(let patched): writePatched(patched, values, kind: kind, to: &out)
    case .delta(let delta): delta.write(self, to: &out)
    case .runLength:
      writeRunLength(values, runCount: plan.statistics.runCount, kind: kind, self, to: &out)
    case .dictionary(let dictionary): dictionary.write(kind: kind, self, to: &out)
    case .alp(let alp): alp.write(self, to: &out)
    case .alpRD(let alp): alp.write(self, to: &out)
    case .scaled(let scaled): scaled.write(self, to: &out)
    }
  }

  /// Adds a node of `values` by the best flat encoding: constant, packed or plain.
  func writeFlat<T: NodeInteger>(
    _ values: Span<T>, kind: NumberKind, to out: inout MutableBuffer
  ) {
    guard values.count > 0 else { return writePlain(values, to: &out) }
    let statistics = IntegerStatistics(values, kind: kind)
    writeFlat(values, statistics.minimum, bits: statistics.bits, to: &out)
  }

  func writeFlat<T: NodeInteger>(
    _ values: Span<T>, _ minimum: T, bits: Int, to out: inout MutableBuffer
  ) {
    if bits == 0 {
      writeConstant(minimum, count: values.count, to: &out)
    } else if isWorthPacking(values.count, bits: bits, T.self), !options.isLeftOut(.packed) {
      let width = options.hasWholeBytes ? wholeByteBits(bits) : bits
      if width < T.bitWidth {
        writePacked(values, base: minimum, bits: width, to: &out)
      } else {
        writePlain(values, to: &out)
      }
    } else {
      writePlain(values, to: &out)
    }
  }

  /// Adds a *constant* node of numbers.
  func writeConstant<T: NodeInteger>(_ value: T, count: Int, to out: inout MutableBuffer) {
    NodeHeader.write(.constant, count: count, to: &out)
    value.putScalar(to: &out)
  }
}

/// The least of 8, 16, 32 and 64 that is not below `bits`.
private func wholeByteBits(_ bits: Int) -> Int {
  bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64
}

/// Whether packing saves enough of the plain bytes to be worth its time: a sixteenth.
private func isWorthPacking<T: NodeInteger>(_ count: Int, bits: Int, _: T.Type) -> Bool {
  guard bits <= 64 else { return false }
  let plain = 8 + padded8(count * T.byteCount)
  return 8 + T.scalarByteCount + packedWordCount(count, bits: bits) * 8 <= plain / 16 * 15
}
