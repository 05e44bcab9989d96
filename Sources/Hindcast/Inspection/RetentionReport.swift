public import HindcastStore

/// What an expiry gave up, or would give up, and what stays.
public struct RetentionReport: Report {
  /// What was asked.
  public enum Action: Hashable, Sendable {
    /// Only to look.
    case plan
    /// To give snapshots up.
    case expire
    /// To take this name away.
    case untag(String)
  }

  private let expiry: ExpiryReport
  private let action: Action

  /// Creates a report.
  public init(_ expiry: ExpiryReport, action: Action) {
    self.expiry = expiry
    self.action = action
  }

  /// What goes, what comes back, what stays.
  public var text: String {
    var lines: [String] = []
    if case .untag(let name) = action { lines.append("No snapshot is named '\(name)' any more.") }
    if expiry.expired.isEmpty {
      if lines.isEmpty { lines.append("No snapshot to expire.") }
      return lines.joined(separator: "\n") + "\n"
    }
    let (verb, gives) =
      action == .plan ? ("Would expire", "would give back") : ("Expired", "gave back")
    let count = Quantities.count(expiry.expiredCount, "snapshot")
    lines.append(
      "\(verb) \(count) (\(ranges)), which \(gives) "
        + "\(Quantities.count(expiry.segmentCount, "segment")), "
        + "\(Quantities.bytes(expiry.byteCount))."
    )
    if case .untag = action {
    } else {
      let names = named.map { ", and \($0)" } ?? ""
      lines.append("Kept: \(expiry.firstKept) and all after it\(names).")
    }
    if !expiry.pinned.isEmpty {
      let numbers = expiry.pinned.map { "\($0)" }.joined(separator: ", ")
      lines.append(
        "Pinned by readers: \(numbers). Their files stay until a writer comes after these are done."
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var ranges: String {
    expiry.expired.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }

  private var named: String? {
    guard !expiry.named.isEmpty else { return nil }
    return expiry.named.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      .map { "\($0.value) (\($0.key))" }.joined(separator: ", ")
  }

  /// The same with raw numbers.
  public var json: JSONValue {
    [
      "expired": .array(
        expiry.expired.map { ["first": .number($0.lowerBound), "last": .number($0.upperBound)] }),
      "expired_snapshots": .number(expiry.expiredCount),
      "first_kept": .number(expiry.firstKept),
      "kept_by_name": .object(
        expiry.named.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }),
      "segments": .number(expiry.segmentCount), "bytes": .number(expiry.byteCount),
      "pinned": .array(expiry.pinned.map { .number($0) }),
      "commit": expiry.commit.map { .number($0) } ?? .null,
    ]
  }
}
