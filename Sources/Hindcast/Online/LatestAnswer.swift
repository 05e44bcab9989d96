public import HindcastCore
public import HindcastJoin
import HindcastOnline
public import HindcastStore

/// What `get` answers for one record.
public struct LatestAnswer: Sendable {
  /// The answer as one JSON object: the record, what became of the question, the features.
  public let json: JSONValue
}

/// The latest features of records at an instant, in the order asked (rule N1).
/// - Throws: ``HindcastError`` if the view names what the group does not have or a segment is
///   damaged.
public func latestAnswers(
  of records: [[Value]], in group: GroupSnapshot, view: FeatureView, at instant: Instant
) throws(HindcastError) -> [LatestAnswer] {
  let online = try OnlineView(view, group: group)
  let identifiers = group.definition.recordIdentifiers
  let unit = group.definition.timeUnit
  return try online.answers(for: records, at: instant).map { answer in
    var members = zip(identifiers, answer.record).map { field, value in
      JSONValue.Member(field.name, JSONValue(value, as: field.type))
    }
    members.append(.init("outcome", .string("\(answer.outcome)")))
    let eventTime = JSONValue(answer.eventTime, as: .timestamp(unit, zone: nil))
    members.append(.init("event_time", eventTime))
    let features = zip(online.features, answer.features).map { field, value in
      JSONValue.Member(field.name, JSONValue(value, as: field.type))
    }
    members.append(.init("features", .object(features)))
    return LatestAnswer(json: .object(members))
  }
}
