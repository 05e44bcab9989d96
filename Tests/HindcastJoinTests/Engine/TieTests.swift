import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastTestKit
import Testing

/// Labels whose bounds tie in the group's ticks although they are not at one time.
@Suite("Engine: labels finer than the history")
struct TieTests {
  /// One record, a version a second over many pages, known a little late, asked in milliseconds.
  ///
  /// So several labels have one event bound and different known bounds. Later labels come first.
  private static func world(_ random: inout SplitMix64, options: ReferenceOptions) -> World {
    // Fat values, so that pages hold few rows.
    let fat = String(repeating: "x", count: 3_000)
    let rows = (0..<300).map { event in
      version("\(event)\(fat)", at: Int64(event), created: Int64(event + random.int(0...3)))
    }
    var world = Story(rows, hasCreatedTime: true, labelUnit: .millisecond, options: options).world
    world.labels = stride(from: 302_000, to: 0, by: -250).map {
      WorldLabel(record: [1], ticks: $0)
    }
    return world
  }

  @Test(
    "strict or delayed by less than a tick",
    arguments: [0, 1, 500_000_000, 999_999_999] as [Int128])
  func fineDelays(delay: Int128) throws {
    for isStrict in [false, true] {
      var random = SplitMix64(seed: 7)
      let world = Self.world(
        &random,
        options: ReferenceOptions(delay: TimeSpan(nanoseconds: delay), isStrict: isStrict))
      let difference = try world.difference(from: Engine(world, batchRows: 6_000).answers(world))
      #expect(difference == nil, "\(difference?.suffix(600) ?? "")")
    }
  }
}
