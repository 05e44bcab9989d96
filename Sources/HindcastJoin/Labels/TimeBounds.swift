package import HindcastCore

/// What a label's time means in ticks of the group, so that resolving compares `Int64` alone.
///
/// For a label at `t` a version qualifies if `event <= event bound` and `created <= known bound`.
/// Both equal what unbounded integers would give: bounds beyond 64 bits are clamped where that
/// keeps every comparison, and a bound below every tick is reported as "nothing qualifies".
package struct TimeBounds {
  /// The last qualifying event tick of each label, `Int64` a row.
  package let events: Buffer
  /// The last qualifying created tick of each label; the same as `events` where it does not matter.
  package let known: Buffer
  /// Labels before every possible event or created tick.
  private let impossible: [Bool]?

  /// Whether no version can qualify for some rows.
  package var hasImpossible: Bool { impossible != nil }

  /// Whether no version can qualify for row `row`.
  package func isImpossible(_ row: Int) -> Bool { impossible?[row] ?? false }

  /// O(labels).
  package init(_ labels: LabelVector, _ rule: AsOfRule) {
    let margin = rule.delay.nanoseconds + (rule.isStrict ? 1 : 0)
    var impossible: [Bool]?
    events = Self.bounds(labels, rule.timeUnit, margin: margin, &impossible)
    known =
      rule.checksCreatedTime
      ? Self.bounds(labels, rule.timeUnit, margin: 0, &impossible) : events
    self.impossible = impossible
  }

  /// floor((t - margin) / unit) for each label; `t - margin` counts in nanoseconds, so that a
  /// margin of one more makes `<=` into `<`.
  private static func bounds(
    _ labels: LabelVector, _ unit: TimeUnit, margin: Int128, _ impossible: inout [Bool]?
  ) -> Buffer {
    if labels.unit == unit, margin == 0 { return labels.times }
    var result = MutableBuffer(byteCount: 8 * labels.count)
    var bounds = result.mutableSpan(of: Int64.self)
    let times = labels.times.span(of: Int64.self)
    let tick = Int128(unit.nanoseconds)
    // In whole ticks the margin rounds up; the rest is 64-bit arithmetic, checked.
    let marginTicks = Int64(exactly: (margin + tick - 1) / tick)
    for row in 0..<labels.count {
      if labels.unit == unit, let marginTicks {
        let (bound, overflows) = times[row].subtractingReportingOverflow(marginTicks)
        bounds[row] = bound
        if !overflows { continue }
      }
      let instant = Instant(
        nanoseconds: Instant(ticks: times[row], unit: labels.unit).nanoseconds - margin)
      let bound = instant.floorTicks(unit)
      bounds[row] = Int64(clamping: bound)
      guard bound < Int128(Int64.min), !labels.isUnusable(row) else { continue }
      if impossible == nil { impossible = Array(repeating: false, count: labels.count) }
      impossible?[row] = true
    }
    return result.freeze()
  }
}
