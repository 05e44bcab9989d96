public import HindcastCore

/// Which snapshots to give up.
public enum ExpiryPolicy: Hashable, Sendable {
  /// Those that were not the latest any more this long ago: what the store knew at any time since
  /// stays known.
  case olderThan(TimeSpan)
  /// All but the last so many.
  case keepLast(Int)
}

/// What an expiry gives up, or would give up.
public struct ExpiryReport: Hashable, Sendable {
  /// The snapshots that are given up, as ranges, in order.
  public internal(set) var expired: [ClosedRange<UInt64>] = []
  /// All snapshots from this one on are kept.
  public internal(set) var firstKept: UInt64
  /// Named snapshots before that, which are kept too: name -> number.
  public internal(set) var named: [String: UInt64] = [:]
  /// The segments that no kept snapshot names any more.
  public internal(set) var segmentCount = 0
  /// Their size; what readers still pin comes back later.
  public internal(set) var byteCount = 0
  /// Expired snapshots that readers use: their files stay until a writer comes after they are done.
  public internal(set) var pinned: [UInt64] = []
  /// The number of the commit that recorded it; nil if nothing was changed.
  public internal(set) var commit: UInt64?

  /// How many snapshots are given up.
  public var expiredCount: Int { expired.reduce(0) { $0 + $1.count } }
}

extension Store {
  /// What an expiry would give up now; changes nothing, and does not tell what readers pin.
  /// - Throws: `invalid_argument` for a policy that keeps nothing.
  public func plan(_ policy: ExpiryPolicy) throws(HindcastError) -> ExpiryReport {
    try plan(policy, try latest())
  }

  func plan(
    _ policy: ExpiryPolicy, _ catalogue: Catalogue
  ) throws(HindcastError) -> ExpiryReport {
    let numbers = try keptNumbers(catalogue)
    let first = max(
      try firstKept(policy, catalogue, numbers), catalogue.retention.firstKept)
    let retention = catalogue.retention.expiring(before: first)
    let namedBefore = retention.namedBefore
    let going = numbers.filter { $0 < first && !namedBefore.contains($0) }
    var report = ExpiryReport(firstKept: first)
    for number in going {
      if let last = report.expired.last, last.upperBound + 1 == number {
        report.expired[report.expired.count - 1] = last.lowerBound...number
      } else {
        report.expired.append(number...number)
      }
    }
    report.named = retention.names.filter { $0.value < first }
    let segments = catalogue.segments(unneededUnder: retention)
    report.segmentCount = segments.count
    report.byteCount = segments.reduce(0) { $0 + $1.byteCount }
    return report
  }

  private func firstKept(
    _ policy: ExpiryPolicy, _ catalogue: Catalogue, _ numbers: [UInt64]
  ) throws(HindcastError) -> UInt64 {
    switch policy {
    case .keepLast(let count):
      guard count >= 1 else {
        throw HindcastError(.invalidArgument, "at least the last snapshot has to be kept")
      }
      return catalogue.number > UInt64(count) ? catalogue.number - UInt64(count) + 1 : 1
    case .olderThan(let span):
      guard span >= .zero else {
        throw HindcastError(.invalidArgument, "the age '\(span)' is negative")
      }
      let now = fileSystem.now().nanoseconds
      let (time, overflow) = now.subtractingReportingOverflow(span.nanoseconds)
      guard !overflow else { return 1 }
      let known = try countKnown(at: Instant(nanoseconds: time), numbers)
      return known == 0 ? 1 : numbers[known - 1]
    }
  }
}
