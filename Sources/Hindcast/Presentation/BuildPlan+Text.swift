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
      view.strategies[strategy].map { text(strategy, $0) }
    }
    return """
      \(view.alias)  as of each label's time, from group \(view.group): \(history)
      ├─ resolve  \(labels), which name \(records): \(text(view.resolve))
      \(strategies.map { "│  └─ \($0)\n" }.joined())└─ gather   \(text(view.gather))

      """
  }

  private static func text(_ strategy: Strategy, _ work: Work) -> String {
    let segments = "\(strategy.rawValue), \(Quantities.count(work.segmentCount, "segment"))"
    guard !work.alternatives.isEmpty else { return "\(segments), as asked" }
    let others = work.alternatives.filter { $0.key != strategy }
      .sorted { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }
      .map { "\($0.key.rawValue) \(Quantities.seconds($0.value))" }
    return "\(segments): estimated \(Quantities.seconds(work.estimatedSeconds)) of one core, "
      + "\(Quantities.count(work.estimatedPageCount, "page")) "
      + "(\(others.joined(separator: ", ")))"
  }

  private static func text(_ step: Step) -> String {
    let reads = step.reads
    return "\(Quantities.seconds(step.seconds)), \(Quantities.count(reads.pagesRead, "page")), "
      + "\(Quantities.bytes(reads.bytesRead)) read, "
      + "\(Quantities.count(reads.valuesDecoded, "value")) decoded"
  }
}
