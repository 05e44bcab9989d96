/// The answers to many labels, their counts (L1) and the certificate (F2).
public struct ReferenceResult: Hashable, Sendable {
  /// One answer a label, in the labels' order.
  public var answers: [ReferenceAnswer]
  /// How many labels came to each outcome; they add up to the number of labels.
  public var counts: [ReferenceOutcome: Int]
  /// The proof that nothing leaked, or by how much it did.
  public var certificate: ReferenceCertificate
}

/// Rule F2: how close the matched answers came to their labels' times.
///
/// All spans are in nanoseconds.
public struct ReferenceCertificate: Hashable, Sendable {
  /// min(t - event time) over matched labels; nil if nothing matched.
  public var minimumEventMargin: Int128?
  /// min(t - created time) over matched labels whose winner has a created time; nil if none has.
  ///
  /// Never negative unless the request allowed versions known late.
  public var minimumCreatedMargin: Int128?
  /// Matched labels whose winner became known only after the label's time, or nobody knows when.
  public var lateLabelCount = 0
  /// The same in cells, labels x features, null features too.
  public var lateCellCount = 0

  /// An empty certificate.
  public init() {}
}

extension ReferenceJoin {
  /// The answers to all labels, with counts and certificate.
  public func answers(_ labels: [ReferenceLabel]) -> ReferenceResult {
    let answers = labels.map { answer($0) }
    var counts: [ReferenceOutcome: Int] = [:]
    for outcome in ReferenceOutcome.allCases { counts[outcome] = 0 }
    var certificate = ReferenceCertificate()
    for (label, answer) in zip(labels, answers) {
      counts[answer.outcome, default: 0] += 1
      certify(label, answer, &certificate)
    }
    return ReferenceResult(answers: answers, counts: counts, certificate: certificate)
  }

  private func certify(
    _ label: ReferenceLabel, _ answer: ReferenceAnswer, _ certificate: inout ReferenceCertificate
  ) {
    guard answer.outcome == .matched, let winner = answer.winner, let time = label.time else {
      return
    }
    let version = group.versions[winner]
    let eventMargin = time.nanoseconds - group.nanoseconds(version.eventTicks)
    certificate.minimumEventMargin = min(
      certificate.minimumEventMargin ?? eventMargin, eventMargin)
    guard group.hasCreatedTime else { return }
    guard let createdTicks = version.createdTicks else {
      certificate.lateLabelCount += 1
      certificate.lateCellCount += group.featureCount
      return
    }
    let createdMargin = time.nanoseconds - group.nanoseconds(createdTicks)
    certificate.minimumCreatedMargin = min(
      certificate.minimumCreatedMargin ?? createdMargin, createdMargin)
    guard createdMargin < 0 else { return }
    certificate.lateLabelCount += 1
    certificate.lateCellCount += group.featureCount
  }
}
