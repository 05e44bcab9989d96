import HindcastCore

/// Numbers as multiples of the greatest common divisor of their distances to the least.
struct ScaledPlan<T: NodeInteger> {
  private let base: T
  private let factor: T
  private let quotients: Buffer
  private let plan: IntegerPlan<T>
  let byteCount: Int

  /// Divides at least two values, not all equal; nil if they have no common divisor.
  init?(_ values: Span<T>, _ statistics: IntegerStatistics<T>, _ writer: NodeWriter) {
    let base = statistics.minimum
    var factor: T = 0
    // Most values without a common divisor show it within the first few.
    for index in values.indices {
      factor = greatestDivisor(factor, values[index] &- base)
      guard factor != 1 else { return nil }
    }
    var quotients = MutableBuffer(byteCount: values.count * T.byteCount)
    var target = quotients.mutableSpan(of: T.self)
    for index in target.indices { target[index] = (values[index] &- base) / factor }
    plan = IntegerPlan(target.span, kind: .unsigned, writer)
    self.base = base
    self.factor = factor
    self.quotients = quotients.freeze()
    byteCount = 8 + 2 * T.scalarByteCount + plan.byteCount
  }

  /// Adds the *scaled* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    let quotients = self.quotients.span(of: T.self)
    NodeHeader.write(.scaled, count: quotients.count, to: &out)
    base.putScalar(to: &out)
    factor.putScalar(to: &out)
    writer.deeper.write(plan, quotients, kind: .unsigned, to: &out)
  }
}

/// The greatest common divisor; the other number if one is 0 (Euclid).
private func greatestDivisor<T: NodeInteger>(_ a: T, _ b: T) -> T {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
