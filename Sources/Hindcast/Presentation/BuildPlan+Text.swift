import HindcastFormat
import HindcastJoin

extension BuildPlan {
  /// The plan as a tree, for people.
  public var text: String {
    views.map(Self.text).joined() + "\n"
  }

  private static func text(_ view: View) -> String {
    let history =
      "\(Quantities.count(view.rowCount, "row")) of "
      + "\(Quantities.count(view.recordCount, "record")) "
      + "in \(Quantities.count(view.segmentCount, "segment"))"
    let labels =
      "\(Quantities.count(view.labelCount, "label")) in "
      + Quantities.count(view.chunkCount, "chunk")
    let records = Quantities.count(view.labelRecordCount, "record")
    let strategies = Strategy.allCases.compactMap { strategy in
      view.strategies[strategy].map { text(strategy, $0, view.chunkCount) }
    }
    return """
      \(view.alias)  as of each label's time, from group \(view.group): \(history)
      ├─ resolve  \(labels), which name \(records): \(text(view.resolve))
      \(strategies.map { "│  └─ \($0)\n" }.joined())└─ gather   \(text(view.gather))

      """
  }

  private static func text(_ strategy: Strategy, _ work: Work, _ chunkCount: Int) -> String {
    // Every chunk counts the segments that it was looked up in.
    let chunks = chunkCount > 1 ? " over \(Quantities.count(chunkCount, "chunk"))" : ""
    let segments =
      "\(strategy.rawValue), \(Quantities.count(work.segmentCount, "segment"))\(chunks)"
    guard !work.alternatives.isEmpty else { return "\(segments), as asked" }
    let others = work.alternatives.filter { $0.key != strategy }
      .sorted { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \(shortSeconds($0.value))" }
    return "\(segments): estimated \(shortSeconds(work.estimatedSeconds)) of one core, "
      + "\(Quantities.count(work.estimatedPageCount, "page")) "
      + "(\(others.joined(separator: ", ")))"
  }

  private static func text(_ step: Step) -> String {
    let reads = step.reads
    return "\(shortSeconds(step.seconds)), \(Quantities.count(reads.pagesRead, "page")), "
      + "\(Quantities.bytes(reads.bytesRead)) read, "
      + "\(Quantities.count(reads.valuesDecoded, "value")) decoded"
  }
}

/// Milliseconds below a second.
private func shortSeconds(_ seconds: Double) -> String {
  seconds < 1 ? "\(Quantities.fixed(seconds * 1_000, digits: 1)) ms" : Quantities.seconds(seconds)
}

extension BuildPlan {
  /// The plan for programs.
  var json: JSONValue {
    .array(
      views.map { view in
        [
          "alias": .string(view.alias), "group": .string(view.group),
          "segments": .number(view.segmentCount), "rows": .number(view.rowCount),
          "records": .number(view.recordCount), "chunks": .number(view.chunkCount),
          "labels": .number(view.labelCount), "label_records": .number(view.labelRecordCount),
          "strategies": .array(
            Strategy.allCases.compactMap { strategy in
              view.strategies[strategy].map { Self.json(strategy, $0) }
            }), "resolve": Self.json(view.resolve), "gather": Self.json(view.gather),
        ]
      })
  }

  private static func json(_ strategy: Strategy, _ work: Work) -> JSONValue {
    [
      "strategy": .string(strategy.rawValue), "segments": .number(work.segmentCount),
      "estimated_pages": .number(work.estimatedPageCount),
      "estimated_core_seconds": .object(
        Strategy.allCases.compactMap { other in
          work.alternatives[other].map { JSONValue.Member(other.rawValue, .double($0)) }
        }),
    ]
  }

  private static func json(_ step: Step) -> JSONValue {
    [
      "seconds": .double(step.seconds), "pages_read": .number(step.reads.pagesRead),
      "bytes_read": .number(step.reads.bytesRead),
      "values_decoded": .number(step.reads.valuesDecoded),
      "keys_compared": .number(step.reads.keysCompared),
    ]
  }
}
