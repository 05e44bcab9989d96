import HindcastCore

/// Floats as decimals, and how to write their integers.
struct ALPPlan<T: NodeInteger> {
  private let exponent: Int
  private let integers: Buffer
  private let plan: IntegerPlan<T>
  /// A bit map of the values that are no decimals; nil if all are.
  private let places: Buffer?
  private let patches: Buffer
  let byteCount: Int

  /// Turns values, at least two, into integers; nil if too many of them are no decimals.
  init?(_ values: Span<T>, _ writer: NodeWriter) {
    guard T.isFloatSize, let exponent = Self.exponent(of: values) else { return nil }
    let count = values.count
    var integers = MutableBuffer(byteCount: count * T.byteCount)
    var target = integers.mutableSpan(of: T.self)
    var places = MutableBuffer(byteCount: Bits.byteCount(count))
    var placeSpan = places.mutableSpan(of: UInt8.self)
    var patches = MutableBuffer()
    let patchCount = encodeDecimals(
      values, exponent: exponent, into: &target, places: &placeSpan)
    guard patchCount <= count / 4 else { return nil }
    collectPatches(values, &target, placeSpan.span, into: &patches)
    let inner = patchCount > 0 ? writer.child(of: .patched) : writer
    plan = IntegerPlan(target.span, kind: .signed, inner)
    self.exponent = exponent
    self.integers = integers.freeze()
    self.places = patchCount > 0 ? places.freeze() : nil
    self.patches = patches.freeze()
    var byteCount = 8 + plan.byteCount
    if patchCount > 0 {
      byteCount +=
        8 + sparseByteCount(patchCount, of: count) + 8 + padded8(patchCount * T.byteCount)
    }
    self.byteCount = byteCount
  }

  /// The exponent with which a sample takes the fewest bits: a decimal more costs its digits, one
  /// less the values that need it.
  private static func exponent(of values: Span<T>) -> Int? {
    let size = min(64, values.count)
    var counts = InlineArray<23, Int>(repeating: 0)
    for index in 0..<size {
      let value = values[index * values.count / size]
      if let exponent = leastExponent(value) { counts[exponent] += 1 }
    }
    var missing = size
    var best: (cost: Int, exponent: Int) = (T.bitWidth * size, -1)
    for exponent in 0...PowersOfTen.greatest(T.self) {
      missing -= counts[exponent]
      let cost = missing * T.bitWidth * 5 / 4 + size * exponent * 10 / 3
      if cost < best.cost { best = (cost, exponent) }
    }
    return best.exponent < 0 ? nil : best.exponent
  }

  /// Adds the *alp* node, within a *patched* one if some values are no decimals.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let count = integers.byteCount / T.byteCount
    guard let places else { return writeDecimals(writer, to: &out) }
    NodeHeader.write(.patched, count: count, to: &out)
    writeDecimals(writer.child(of: .patched), to: &out)
    writer.child(1, of: .patched).writeBools(places.span(of: UInt8.self), count: count, to: &out)
    writer.child(2, of: .patched).writeFlat(patches.span(of: T.self), kind: .unsigned, to: &out)
  }

  private func writeDecimals(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let integers = self.integers.span(of: T.self)
    NodeHeader.write(.alp, parameter: UInt8(exponent), count: integers.count, to: &out)
    writer.child(of: .alp).write(plan, integers, kind: .signed, to: &out)
  }
}

/// The least exponent with which a float is a decimal; nil if there is none that an integer of 15
/// digits (7 for binary32) holds.
private func leastExponent<T: NodeInteger>(_ bits: T) -> Int? {
  for exponent in 0...PowersOfTen.greatest(T.self) {
    guard let integer = decimalInteger(bits, exponent: exponent) else { return nil }
    if decimalBits(integer, exponent: exponent) == bits { return exponent }
  }
  return nil
}

/// The integer nearest to a float times `10^exponent`; nil if it is too large.
private func decimalInteger<T: NodeInteger>(_ bits: T, exponent: Int) -> T? {
  let (value, limit) =
    T.byteCount == 8
    ? (Double(bitPattern: UInt64(truncatingIfNeeded: bits)), 0x1p51)
    : (Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))), 0x1p24)
  let scaled = (value * PowersOfTen.double(exponent)).rounded()
  guard scaled.magnitude < limit else { return nil }
  return T(truncatingIfNeeded: Int64(scaled))
}

/// Moves marked values to `patches`; the integer before stands in for each.
private func collectPatches<T: NodeInteger>(
  _ values: Span<T>, _ integers: inout MutableSpan<T>, _ places: Span<UInt8>,
  into patches: inout MutableBuffer
) {
  var stand: T = 0
  for byte in places.indices {
    let end = min(byte * 8 + 8, values.count)
    if places[byte] != 0 {
      for index in byte * 8..<end {
        if Bits.get(places, index) {
          patches.append(values[index])
          integers[index] = stand
        }
        stand = integers[index]
      }
    } else {
      stand = integers[end - 1]
    }
  }
}
