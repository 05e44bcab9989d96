public import HindcastCore
public import HindcastReference

/// What an implementation answered to one label, in the form in which all are compared.
public struct WorldAnswer: Hashable, Sendable {
  /// What became of the label.
  public var outcome: ReferenceOutcome
  /// The features' values; all null unless matched.
  public var features: [Value]
  /// The winner's event time in the group's unit if matched.
  public var eventTicks: Int64?

  /// Creates an answer.
  public init(outcome: ReferenceOutcome, features: [Value], eventTicks: Int64?) {
    self.outcome = outcome
    self.features = features
    self.eventTicks = eventTicks
  }
}

extension WorldAnswer: CustomStringConvertible {
  /// The outcome, the event time and the values.
  public var description: String {
    let time = eventTicks.map { " at \($0)" } ?? ""
    return "\(outcome)\(time) (\(features.map(\.short).joined(separator: ", ")))"
  }
}

extension World {
  /// The reference's answers.
  public func referenceAnswers() throws(HindcastError) -> [WorldAnswer] {
    try expected().answers.map {
      WorldAnswer(outcome: $0.outcome, features: $0.features, eventTicks: $0.eventTicks)
    }
  }

  /// Where `answers` differ from the reference: a readable report of the first label that does.
  public func difference(from answers: [WorldAnswer]) throws(HindcastError) -> String? {
    let expected = try expected().answers
    guard answers.count == expected.count else {
      return "\(self)\n  \(answers.count) answers to \(expected.count) labels"
    }
    for (index, (answer, right)) in zip(answers, expected).enumerated() {
      let wanted = WorldAnswer(
        outcome: right.outcome, features: right.features, eventTicks: right.eventTicks)
      if answer != wanted { return failure(label: index, expected: right, got: "\(answer)") }
    }
    return nil
  }
}
