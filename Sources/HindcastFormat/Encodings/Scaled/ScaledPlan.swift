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
    guard let first = values.indices.first(where: { values[$0] != base }) else { return nil }
    var divisor = ExactDivisor(values[first] &- base)
    // Most values without a common divisor show it within the first few.
    for index in values.indices where divisor.quotient(values[index] &- base) == nil {
      divisor = ExactDivisor(greatestDivisor(divisor.value, values[index] &- base))
      guard divisor.value != 1 else { return nil }
    }
    guard divisor.value != 1 else { return nil }
    let factor = divisor.value
    var quotients = MutableBuffer(byteCount: values.count * T.byteCount)
    var target = quotients.mutableSpan(of: T.self)
    for index in target.indices {
      target[index] = divisor.quotient(values[index] &- base) ?? 0
    }
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
    writer.child(of: .scaled).write(plan, quotients, kind: .unsigned, to: &out)
  }
}

/// Divides multiples of a number by a product: a division takes ten times as long (Warren, Hacker's
/// Delight, 10-16 and 10-17).
private struct ExactDivisor<T: NodeInteger> {
  let value: T
  /// The powers of two in it.
  private let zeros: T
  /// What the rest of it takes to 1.
  private let inverse: T
  /// The greatest quotient by the rest.
  private let limit: T

  /// - Parameter value: not 0.
  init(_ value: T) {
    self.value = value
    zeros = T(truncatingIfNeeded: value.trailingZeroBitCount)
    let odd = value &>> zeros
    limit = T.max / odd
    // Each step of Newton's doubles the bits that are right, three at first.
    var inverse = odd
    var bits = 3
    while bits < T.bitWidth {
      inverse = inverse &* (2 &- odd &* inverse)
      bits *= 2
    }
    self.inverse = inverse
  }

  /// A multiple of the value divided by it; nil for other numbers.
  @inline(__always)
  func quotient(_ number: T) -> T? {
    let shifted = number &>> zeros
    let quotient = shifted &* inverse
    return shifted &<< zeros == number && quotient <= limit ? quotient : nil
  }
}

/// The greatest common divisor; the other number if one is 0 (Euclid).
private func greatestDivisor<T: NodeInteger>(_ a: T, _ b: T) -> T {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}
