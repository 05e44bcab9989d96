import HindcastFormat

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
    return """
      \(view.alias)  as of each label's time, from group \(view.group): \(history)
      ├─ resolve  \(view.strategy.rawValue), \(labels): \(text(view.resolve))
      └─ gather   \(text(view.gather))

      """
  }

  private static func text(_ step: Step) -> String {
    let reads = step.reads
    return "\(Quantities.seconds(step.seconds)), \(Quantities.count(reads.pagesRead, "page")), "
      + "\(Quantities.bytes(reads.bytesRead)) read, "
      + "\(Quantities.count(reads.valuesDecoded, "value")) decoded"
  }
}
