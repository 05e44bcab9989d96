public import HindcastCore

/// What would change in one group, for people to read before it does.
public struct GroupDifference: Hashable, Sendable {
  /// What happens to the group.
  public enum Kind: String, Hashable, Sendable {
    case create, update, unchanged
  }

  /// One attribute that changes.
  public struct Change: Hashable, Sendable {
    /// The attribute, as definition files name it, e.g. `ttl` or `features.points`.
    public let attribute: String
    /// What it was; nil if it was not there.
    public let old: String?
    /// What it becomes; nil if it goes.
    public let new: String?
    /// Why the store will not do it; nil if it will.
    public let refusal: String?
  }

  /// What happens to the group.
  public let kind: Kind
  /// The group as it will be.
  public let group: FeatureGroup
  /// The attributes that change, none for a new or an unchanged group.
  public let changes: [Change]

  /// Compares a definition with what the store has under its name.
  /// - Throws: ``HindcastError`` where the definition breaks a rule.
  public init(_ definition: GroupDefinition, from old: FeatureGroup?) throws(HindcastError) {
    guard let old else {
      kind = .create
      group = try definition.newGroup()
      changes = []
      return
    }
    group = try definition.applied(to: old)
    changes = Self.changes(from: old, to: group)
    kind = changes.isEmpty ? .unchanged : .update
  }

  /// Refuses changes that would make the history that is there mean something else.
  /// - Throws: ``HindcastError`` that lists them all.
  public func checkAllowed() throws(HindcastError) {
    let refused = changes.compactMap { change in
      change.refusal.map { "\(change.attribute): \($0)" }
    }
    guard !refused.isEmpty else { return }
    throw HindcastError(
      .invalidArgument,
      "group \(group.name) can't change like this: \(refused.joined(separator: "; "))")
  }

  private static func changes(from old: FeatureGroup, to new: FeatureGroup) -> [Change] {
    var changes: [Change] = []
    func compare(_ attribute: String, _ a: String?, _ b: String?, refusal: String? = nil) {
      guard a != b else { return }
      changes.append(Change(attribute: attribute, old: a, new: b, refusal: refusal))
    }
    let fixed = "the history that is there was written with it; make a new group"
    compare(
      "record_identifiers", signature(old.recordIdentifiers), signature(new.recordIdentifiers),
      refusal: fixed)
    compare("event_time", old.eventTime, new.eventTime, refusal: fixed)
    compare("time_unit", old.timeUnit.description, new.timeUnit.description, refusal: fixed)
    compare("time_zone", old.eventTimeZone, new.eventTimeZone, refusal: fixed)
    compare("created_time", old.createdTime, new.createdTime, refusal: fixed)
    compare("deleted", old.deletedFlag, new.deletedFlag, refusal: fixed)
    compare("ttl", old.timeToLive?.description, new.timeToLive?.description)
    compare("delay", old.delay.description, new.delay.description)
    compare("strict", "\(old.isStrict)", "\(new.isStrict)")
    compare("description", old.description, new.description)
    compare("owner", old.owner, new.owner)
    compare("tags", text(old.tags), text(new.tags))
    for (a, b) in zip(old.recordIdentifiers, new.recordIdentifiers) where a.name == b.name {
      compare("record_identifiers.\(b.name).description", a.description, b.description)
      compare("record_identifiers.\(b.name).tags", text(a.tags), text(b.tags))
    }
    for field in new.features {
      let before = old.feature(named: field.name)
      let refusal = before == nil ? nil : "its values are \(before?.type.description ?? ""); add a feature of another name"
      compare("features.\(field.name)", before?.type.description, field.type.description, refusal: refusal)
      guard let before else { continue }
      compare("features.\(field.name).description", before.description, field.description)
      compare("features.\(field.name).tags", text(before.tags), text(field.tags))
    }
    return changes
  }

  private static func signature(_ fields: [Field]) -> String {
    fields.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
  }

  private static func text(_ tags: [String: String]) -> String {
    tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

extension GroupDifference {
  /// The difference as a person reads it, one line a change.
  public var text: String {
    switch kind {
    case .unchanged: return "  \(group.name): unchanged\n"
    case .create:
      let identifiers = group.recordIdentifiers.map(\.name).joined(separator: ", ")
      return "+ \(group.name): new, by \(identifiers), "
        + "\(Quantities.count(group.features.count, "feature"))\n"
    case .update:
      let lines = changes.map { change in
        let line =
          switch (change.old, change.new) {
          case (nil, let new?): "    + \(change.attribute): \(new)"
          case (let old?, nil): "    - \(change.attribute): \(old)"
          default: "    ~ \(change.attribute): \(Self.shown(change.old)) -> \(Self.shown(change.new))"
          }
        return line + (change.refusal.map { "  REFUSED: \($0)" } ?? "") + "\n"
      }
      return "~ \(group.name):\n" + lines.joined()
    }
  }

  private static func shown(_ text: String?) -> String {
    (text ?? "").isEmpty ? "(none)" : text ?? ""
  }

  /// The difference for programs.
  public var json: JSONValue {
    [
      "group": .string(group.name), "change": .string(kind.rawValue),
      "attributes": .array(
        changes.map { change in
          [
            "attribute": .string(change.attribute), "old": .optional(change.old),
            "new": .optional(change.new), "refusal": .optional(change.refusal),
          ]
        }),
    ]
  }
}
