import HindcastCore
import HindcastJoin
import Testing

/// Bounds in 64 bits against the rules in unbounded integers.
@Suite struct TimeBoundsTests {
  static let ticks: [Int64] = [
    .min, .min + 1, -1_000_000_007, -1_001, -1_000, -999, -1, 0, 1, 999, 1_000, 1_001,
    1_735_689_600_000_000, .max - 1, .max,
  ]
  static let delays: [Int128] = [
    0, 1, 999, 1_000, 1_001, 86_400_000_000_000, Int128(Int64.max) * 7,
  ]

  @Test(arguments: TimeUnit.allCases, TimeUnit.allCases)
  func boundsEqualUnboundedIntegers(label: TimeUnit, group: TimeUnit) throws {
    let labels = try labelVector(Self.ticks, unit: label)
    for delay in Self.delays {
      for isStrict in [false, true] {
        let rule = rule(unit: group, delay: delay, isStrict: isStrict)
        let bounds = TimeBounds(labels, rule)
        let events = bounds.events.array(of: Int64.self)
        let known = bounds.known.array(of: Int64.self)
        for (row, tick) in Self.ticks.enumerated() {
          let time = Int128(tick) * Int128(label.nanoseconds)
          for event in Self.ticks + [events[row], events[row] &+ 1, events[row] &- 1] {
            let start = Int128(event) * Int128(group.nanoseconds) + delay
            let qualifies = isStrict ? start < time : start <= time
            let isKnown = Int128(event) * Int128(group.nanoseconds) <= time
            if bounds.isImpossible(row) {
              #expect(!qualifies || !isKnown)
            } else {
              #expect((event <= events[row]) == qualifies, "\(tick) \(event) \(delay) \(isStrict)")
              #expect((event <= known[row]) == isKnown, "\(tick) \(event)")
            }
          }
        }
      }
    }
  }

  private func rule(unit: TimeUnit, delay: Int128, isStrict: Bool) -> AsOfRule {
    let group = FeatureGroup(
      name: "g", recordIdentifiers: [Field(id: 1, name: "id", type: .int64)], eventTime: "t",
      timeUnit: unit, createdTime: "c", features: [], delay: TimeSpan(nanoseconds: delay),
      isStrict: isStrict)
    return AsOfRule(FeatureView(group: "g"), group)
  }

  private func labelVector(_ ticks: [Int64], unit: TimeUnit) throws -> LabelVector {
    let keys = try KeyEncoder(
      layout: KeyLayout(components: [.int64]), sources: [.int64], names: ["id"]
    ).encode([Column(type: .int64, ticks)])
    return try LabelVector(keys: keys, times: Column(type: .timestamp(unit, zone: nil), ticks))
  }
}
