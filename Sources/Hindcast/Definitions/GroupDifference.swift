public import HindcastCore
import HindcastStore

/// What would change in one group, for people to read before it does.
public struct GroupDifference: Sendable {
  /// What happens to the group.
  public enum Kind: String, Hashable, Sendable {
    case create, update, unchanged
  }

  /// One attribute that changes.
  public struct Change: Hashable, Sendable {
    /// The attribute, as definition files name it, like `ttl` or `features.points`.
    public let attribute: String
    /// What it was; nil if it was not there.
    public let old: String?
    /// What it becomes; nil if it goes.
    public let new: String?
  }

  /// What happens to the group.
  public let kind: Kind
  /// The group as it will be.
  public let group: FeatureGroup
  /// The attributes that change, none for a new or an unchanged group.
  public let changes: [Change]
  /// Features that the definition does not name, and that stay.
  public let kept: [String]
  /// Why the store will not do it; nil if it will.
  public let refusal: HindcastError?
  /// What makes the store's group like ``group``; nil if there is nothing to do.
  let change: GroupChange?

  /// Compares a definition with what the store has under its name.
  ///
  /// `allowsDrop` drops the features that a complete definition does not name.
  /// - Throws: ``HindcastError`` where the definition breaks a rule.
  public init(
    _ definition: GroupDefinition, from old: FeatureGroup?, allowsDrop: Bool = false
  ) throws(HindcastError) {
    guard let old else {
      kind = .create
      group = try definition.newGroup()
      (changes, kept, refusal) = ([], [], nil)
      change = .create(group)
      return
    }
    var definition = definition
    let unnamed = definition.unnamedFeatures(of: old)
    if allowsDrop { definition.drops.formUnion(unnamed) }
    kept = allowsDrop ? [] : unnamed
    let wanted = try definition.applied(to: old)
    changes = Self.changes(from: old, to: wanted)
    group = wanted
    do {
      let evolved = try GroupEvolution.evolved(
        old, to: wanted, renamed: definition.renames, dropping: definition.drops)
      kind = evolved == old ? .unchanged : .update
      change =
        evolved == old
        ? nil : .update(wanted, renamed: definition.renames, dropping: definition.drops)
      refusal = nil
    } catch {
      kind = .update
      change = .update(wanted, renamed: definition.renames, dropping: definition.drops)
      refusal = error
    }
  }

  /// The attributes that differ between two definitions of a group.
  static func changes(from old: FeatureGroup, to new: FeatureGroup) -> [Change] {
    var changes: [Change] = []
    func compare(_ attribute: String, _ a: String?, _ b: String?) {
      guard a != b else { return }
      changes.append(Change(attribute: attribute, old: a, new: b))
    }
    compare(
      "record_identifiers", signature(old.recordIdentifiers), signature(new.recordIdentifiers))
    compare("event_time", old.eventTime, new.eventTime)
    compare("time_unit", old.timeUnit.description, new.timeUnit.description)
    compare("time_zone", old.eventTimeZone, new.eventTimeZone)
    compare("created_time", old.createdTime, new.createdTime)
    compare("deleted", old.deletedFlag, new.deletedFlag)
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
      // Only what is in the store has an id.
      let before = old.features.first { $0.id == field.id }
      let value = before == nil ? YAMLText.defaultText(of: field).map { ", default \($0)" } : nil
      compare(
        "features.\(field.name)", before?.type.description,
        field.type.description + (value ?? ""))
      guard let before else { continue }
      compare("features.\(field.name).name", before.name, field.name)
      compare("features.\(field.name).description", before.description, field.description)
      compare("features.\(field.name).tags", text(before.tags), text(field.tags))
      compare(
        "features.\(field.name).default", YAMLText.defaultText(of: before),
        YAMLText.defaultText(of: field))
    }
    for field in old.features where !new.features.contains(where: { $0.id == field.id }) {
      compare("features.\(field.name)", field.type.description, nil)
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
    case .unchanged: return "  \(group.name): unchanged\n" + keptText
    case .create:
      let identifiers = group.recordIdentifiers.map(\.name).joined(separator: ", ")
      let features = group.features.map { "\($0.name) \($0.type)" }
      let shown = features.prefix(8).joined(separator: ", ") + (features.count > 8 ? ", ..." : "")
      return "+ \(group.name): new, by \(identifiers), "
        + "\(Quantities.count(group.features.count, "feature"))"
        + (features.isEmpty ? "\n" : ": \(shown)\n")
    case .update:
      let lines = changes.map { "    \($0.text)\n" }
      let verdict = refusal.map { "    REFUSED: \($0)\n" } ?? ""
      return "~ \(group.name):\n" + lines.joined() + keptText + verdict
    }
  }

  private var keptText: String {
    kept.map { "    = features.\($0): stays, though not named here (see --allow-drop)\n" }.joined()
  }

  /// The difference for programs.
  public var json: JSONValue {
    [
      "group": .string(group.name), "change": .string(kind.rawValue),
      "refusal": .optional(refusal?.description), "kept": .array(kept.map { .string($0) }),
      "attributes": .array(changes.map(\.json)),
    ]
  }
}

extension GroupDifference.Change {
  /// The change as a person reads it.
  var text: String {
    switch (old, new) {
    case (nil, let new?): "+ \(attribute): \(new)"
    case (let old?, nil): "- \(attribute): \(old)"
    default: "~ \(attribute): \(Self.shown(old)) -> \(Self.shown(new))"
    }
  }

  private static func shown(_ text: String?) -> String {
    (text ?? "").isEmpty ? "(none)" : text ?? ""
  }

  /// The change for programs.
  var json: JSONValue {
    ["attribute": .string(attribute), "old": .optional(old), "new": .optional(new)]
  }
}
