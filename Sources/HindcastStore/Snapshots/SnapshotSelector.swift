public import HindcastCore

/// Which snapshot is meant.
public enum SnapshotSelector: Hashable, Sendable {
  /// The last one.
  case latest
  /// The one after the commit of this number.
  case number(UInt64)
  /// The one of this name.
  case name(String)
  /// The last one whose commit is of this time or before: what the store knew then.
  case asKnown(Instant)
}

extension Store {
  /// The number of the snapshot that is meant.
  ///
  /// O(log commits) commits are read for a time.
  /// - Throws: `not_found` if there is none; `expired`, with those that are kept.
  func number(
    of selector: SnapshotSelector, _ latest: Catalogue
  ) throws(HindcastError) -> UInt64 {
    switch selector {
    case .latest: return latest.number
    case .number(let number):
      try checkKept(number, latest)
      return number
    case .name(let name):
      guard let number = latest.retention.names[name] else {
        throw Names.unknown("snapshot", name, among: latest.retention.names.keys.sorted())
      }
      return number
    case .asKnown(let time): return try number(asKnown: time, latest)
    }
  }

  /// - Throws: `not_found` or `expired` unless the snapshot can be read.
  func checkKept(_ number: UInt64, _ latest: Catalogue) throws(HindcastError) {
    let retention = latest.retention
    guard (1...latest.number).contains(number) else {
      throw HindcastError(
        .notFound,
        "there is no snapshot \(number); the store has \(retention.kept(latest.number))",
        at: .init(file: path))
    }
    guard !retention.keeps(number) else { return }
    let expiry = retention.expiry(of: number)
    let how = expiry.map { " by snapshot \($0.commitNumber) at \($0.time.iso8601)" } ?? ""
    throw HindcastError(
      .expired,
      "snapshot \(number) was expired\(how) and can't be read any more; the store has "
        + retention.kept(latest.number),
      at: .init(file: path))
  }

  private func number(
    asKnown time: Instant, _ latest: Catalogue
  ) throws(HindcastError) -> UInt64 {
    if latest.time <= time { return latest.number }
    let numbers = try keptNumbers(latest)
    let count = try countKnown(at: time, numbers)
    guard count > 0 else {
      let first = try log.commit(numbers[0])
      let what = "snapshot \(first.number), the first one, is of \(first.time.iso8601)"
      guard first.number > 1 else {
        throw HindcastError(
          .notFound, "the store knew nothing at \(time.iso8601): \(what)", at: .init(file: path))
      }
      throw expired(time, latest)
    }
    let number = numbers[count - 1]
    // The one after it may have been of that time or before, too.
    guard numbers[count] == number + 1 else { throw expired(time, latest) }
    return number
  }

  private func expired(_ time: Instant, _ latest: Catalogue) -> HindcastError {
    HindcastError(
      .expired,
      "what the store knew at \(time.iso8601) was expired; the store has "
        + latest.retention.kept(latest.number) + ": 'hindcast snapshots' shows their times",
      at: .init(file: path))
  }

  /// How many of the numbers are of commits of a time or before; times never descend.
  ///
  /// O(log numbers) commits are read.
  func countKnown(at time: Instant, _ numbers: [UInt64]) throws(HindcastError) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if try log.commit(numbers[middle]).time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The snapshots that can be read, in order.
  func keptNumbers(_ latest: Catalogue) throws(HindcastError) -> [UInt64] {
    let retention = latest.retention
    let named = Set(retention.namedBefore)
    return try log.allNumbers().filter { number in
      number <= latest.number && (number >= retention.firstKept || named.contains(number))
    }
  }
}

extension Retention {
  /// The snapshots that are kept, for messages: `snapshots 41 to 60, and 12 (v1)`.
  func kept(_ latest: UInt64) -> String {
    let all = firstKept == latest ? "snapshot \(latest)" : "snapshots \(firstKept) to \(latest)"
    let named = namedBefore.suffix(10).map { "\($0) (\(names(of: $0).joined(separator: ", ")))" }
    return named.isEmpty ? all : all + ", and " + named.joined(separator: ", ")
  }
}
