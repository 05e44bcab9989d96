import HindcastCore
import HindcastFormat
import HindcastJoin

extension JoinBenchmarkReport: Report {
  /// A line a strategy: medians, their spread and what was read, the fastest at 1.00.
  public var text: String {
    var table = TextTable([
      ("strategy", .left), ("median", .right), ("least", .right), ("most", .right),
      ("of best", .right), ("resolve", .right), ("gather", .right), ("labels/s", .right),
      ("keys", .right), ("pages", .right), ("read", .right), ("values", .right), ("", .left),
    ])
    let best = results.map { median($0.seconds) }.min() ?? 0
    let slowest = results.map { median($0.seconds) }.max() ?? 0
    for result in results {
      let middle = median(result.seconds)
      let reads = result.resolveReads + result.gatherReads
      table.append([
        Self.name(result), milliseconds(middle), milliseconds(result.seconds.min() ?? 0),
        milliseconds(result.seconds.max() ?? 0),
        best > 0 ? Quantities.fixed(middle / best, digits: 2) : "-",
        milliseconds(median(result.resolveSeconds)), milliseconds(median(result.gatherSeconds)),
        middle > 0 ? Quantities.count(Int(Double(labelCount) / middle)) : "-",
        Quantities.count(reads.keysCompared),
        Quantities.count(reads.pagesRead), Quantities.bytes(reads.bytesRead),
        Quantities.count(reads.valuesDecoded), Self.bar(middle / slowest),
      ])
    }
    let verdict =
      isEqual
      ? "results equal, xxh128 \(results.first.map { String($0.xxh128.prefix(16)) } ?? "")"
      : "results DIFFER: "
        + results.map { "\($0.strategy.rawValue) \($0.xxh128.prefix(16))" }
        .joined(separator: ", ")
    return """
      \(Quantities.count(labelCount, "label")), snapshot \(snapshot), \
      \(Quantities.count(runs, "run")) each after a warm-up, \
      \(Quantities.count(threads, "thread")); milliseconds

      \(table.text)
      \(verdict)

      """
  }

  /// `auto (merge)`: what `auto` came to.
  private static func name(_ result: Result) -> String {
    guard result.strategy == .auto else { return result.strategy.rawValue }
    let chosen = result.chosen.keys.map(\.rawValue).sorted().joined(separator: ", ")
    return "auto (\(chosen))"
  }

  /// A bar of at most 20 characters.
  private static func bar(_ share: Double) -> String {
    guard share > 0 else { return "" }
    let eighths = Int((min(share, 1) * 160).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// The figures of every run.
  public var json: JSONValue {
    [
      "snapshot": .number(snapshot), "labels": .number(labelCount), "threads": .number(threads),
      "equal": .bool(isEqual), "strategies": .array(results.map(Self.json)),
    ]
  }

  private static func json(_ result: Result) -> JSONValue {
    [
      "strategy": .string(result.strategy.rawValue),
      "chosen_segments": .object(
        Strategy.allCases.compactMap { strategy in
          result.chosen[strategy].map {
            JSONValue.Member(strategy.rawValue, .number($0))
          }
        }),
      "resolve_seconds": .array(result.resolveSeconds.map { .double($0) }),
      "gather_seconds": .array(result.gatherSeconds.map { .double($0) }),
      "resolve": json(result.resolveReads), "gather": json(result.gatherReads),
      "result_xxh128": .string(result.xxh128), "matched": .number(result.counts.matched),
      "missing": .number(result.counts.missing), "expired": .number(result.counts.expired),
      "deleted": .number(result.counts.deleted), "unusable": .number(result.counts.unusable),
    ]
  }

  private static func json(_ reads: ReadCounts) -> JSONValue {
    [
      "keys_compared": .number(reads.keysCompared), "pages_read": .number(reads.pagesRead),
      "bytes_read": .number(reads.bytesRead), "values_decoded": .number(reads.valuesDecoded),
    ]
  }
}

private func milliseconds(_ seconds: Double) -> String {
  Quantities.fixed(seconds * 1_000, digits: seconds < 0.1 ? 2 : 1)
}

/// The middle value, or the mean of the two.
private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
