public import HindcastCore

extension LabelVector {
  /// A chunk in which every label has the time `instant`: what the online view asks.
  /// - Throws: ``HindcastError`` (`invalid_value`) if 64 bits of no unit hold the instant exactly.
  public init(keys: KeyEncoder.Encoded, at instant: Instant) throws(HindcastError) {
    let unit = TimeUnit.allCases.first { instant.ticks(exactly: $0) != nil }
    guard let unit, let ticks = instant.ticks(exactly: unit) else {
      throw HindcastError(
        .invalidValue, "time \(instant.iso8601) has nanoseconds, but is too far from 1970 for them")
    }
    let times = Column(
      type: .timestamp(unit, zone: nil), Array(repeating: ticks, count: keys.keys.count))
    try self.init(keys: keys, times: times)
  }
}
