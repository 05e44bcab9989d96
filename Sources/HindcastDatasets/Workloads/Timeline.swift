import HindcastCore

/// When the rows of an entity happen: the span cut into slices, the rows of each (entity, slice)
/// cell drawn on their own.
struct Timeline: Sendable {
  /// 2025-01-01T00:00:00Z in microseconds.
  static let start: Int64 = 1_735_689_600_000_000
  static let day: Int64 = 86_400_000_000
  static let days = 90

  /// How the rows of an entity lie in time.
  enum Pattern: Sendable {
    /// Anywhere, alike.
    case uniform
    /// So many nights, spread evenly, at midnight.
    case nightly(nights: Int)
    /// Half an hour on each of five days of the entity's own.
    case bursts
    /// At full hours, later ones more often.
    case recentHours
  }

  var seed: UInt64
  var rows: Int
  var popularity: Popularity
  var pattern: Pattern
  /// How many slices the 90 days are cut into; a divisor of 90.
  var slices: Int

  var sliceLength: Int64 { Int64(Self.days / slices) * Self.day }

  /// Ticks of a slice's start.
  func sliceStart(_ slice: Int) -> Int64 { Self.start + Int64(slice) * sliceLength }

  /// Puts a cell's distinct times, in order, into `times`, and returns the cell's stream.
  func draw(entity: Int, slice: Int, into times: inout [Int64]) -> Random {
    times.removeAll(keepingCapacity: true)
    var random = Random(seed, entity, slice)
    switch pattern {
    case .uniform:
      let mean = Double(rows) * popularity.share(entity) / Double(slices)
      for _ in 0..<count(mean, &random) { times.append(Int64(random.below(Int(sliceLength)))) }
    case .nightly(let nights):
      let first = slice * (Self.days / slices)
      for night in 0..<nights {
        let day = night * Self.days / nights
        if day >= first, day < first + Self.days / slices {
          times.append(Int64(day - first) * Self.day)
        }
      }
    case .bursts: drawBursts(entity, slice, into: &times, &random)
    case .recentHours: drawRecentHours(entity, slice, into: &times, &random)
    }
    settle(&times, from: sliceStart(slice))
    return random
  }

  private func count(_ mean: Double, _ random: inout Random) -> Int {
    mean > 0 ? random.poisson(mean: mean) : 0
  }

  private func drawBursts(
    _ entity: Int, _ slice: Int, into times: inout [Int64], _ random: inout Random
  ) {
    var dayRandom = Random(seed ^ 0xB0, entity)
    let mean = Double(rows) * popularity.share(entity) / 5
    let length = Self.days / slices
    for _ in 0..<5 {
      let day = dayRandom.below(Self.days)
      guard day / length == slice else { continue }
      for _ in 0..<count(mean, &random) {
        times.append(Int64(day % length) * Self.day + Int64(random.below(1_800_000_000)))
      }
    }
  }

  private func drawRecentHours(
    _ entity: Int, _ slice: Int, into times: inout [Int64], _ random: inout Random
  ) {
    // Hours are distributed as 2,160 x sqrt(uniform); this is its part between two hours.
    let hours = 24 * (Self.days / slices)
    let low = Double(slice * hours)
    let high = Double((slice + 1) * hours)
    let width = high * high - low * low
    let all = Double(24 * Self.days)
    let mean = Double(rows) * popularity.share(entity) * width / (all * all)
    for _ in 0..<count(mean, &random) {
      let hour = (low * low + random.uniform() * width).squareRoot()
      times.append((min(Int64(hour), Int64(high) - 1) - Int64(low)) * 3_600_000_000)
    }
  }

  /// Sorts, moves equal times apart by a microsecond, and makes them ticks.
  private func settle(_ times: inout [Int64], from start: Int64) {
    times.sort()
    var last: Int64 = -1
    for index in times.indices {
      last = max(times[index], last + 1)
      times[index] = start + last
    }
  }
}
