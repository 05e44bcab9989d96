public import HindcastCore

/// A view with its group's definition at a snapshot and everything that names resolve to.
public struct BoundView: Sendable {
  /// The view as asked for.
  public let view: FeatureView
  /// The group's definition.
  public let group: FeatureGroup
  /// The features, in output order.
  public let features: [Field]
  /// The label columns that hold the record identifiers, in key order.
  public let labelKeys: [String]
  /// The rule, defaults resolved.
  public let rule: AsOfRule

  /// Binds a view to its group.
  /// - Throws: ``HindcastError`` (`not_found`) for a feature or record identifier that the group
  ///   does not have, `invalid_argument` for a negative span.
  public init(_ view: FeatureView, to group: FeatureGroup) throws(HindcastError) {
    var features: [Field] = []
    for name in view.features {
      guard let field = group.feature(named: name) else {
        let known = group.features.map(\.name).joined(separator: ", ")
        throw HindcastError(
          .notFound, "group \(group.name) has no feature '\(name)' (it has \(known))")
      }
      guard !features.contains(field) else {
        throw HindcastError(.duplicateName, "feature \(name) of \(view.alias) is asked for twice")
      }
      features.append(field)
    }
    let identifiers = group.recordIdentifiers.map(\.name)
    for name in view.keys.keys.sorted() where !identifiers.contains(name) {
      throw HindcastError(
        .notFound,
        "--key names '\(name)', which is no record identifier of group \(group.name) "
          + "(it has \(identifiers.joined(separator: ", ")))")
    }
    self.view = view
    self.group = group
    self.features = view.features.isEmpty ? group.features : features
    labelKeys = identifiers.map { view.keys[$0] ?? $0 }
    rule = AsOfRule(view, group)
    try rule.validate(alias: view.alias)
  }
}

/// The names of a request's output columns (rule L3).
public struct OutputNames: Hashable, Sendable {
  /// For each view, its features' output names.
  public let features: [[String]]
  /// For each view, its event time's output name; empty if event times are not asked for.
  public let eventTimes: [String]

  /// Names the outputs of `views` beside the given label columns.
  /// - Throws: ``HindcastError`` (`duplicate_name`) that lists every collision and the way out.
  public init(
    _ request: FeatureRequest, _ views: [BoundView], labelColumns: [String]
  ) throws(HindcastError) {
    features = views.map { bound in
      bound.features.map { field in
        request.names == .short ? field.name : "\(bound.view.alias)__\(field.name)"
      }
    }
    eventTimes = request.withEventTimes ? views.map { "\($0.view.alias)__event_time" } : []
    try Self.check(features.joined() + eventTimes, labelColumns, request.names)
  }

  private static func check(
    _ outputs: [String], _ labelColumns: [String], _ style: NameStyle
  ) throws(HindcastError) {
    var uses: [String: Int] = [:]
    for name in outputs { uses[name, default: 0] += 1 }
    let labels = Set(labelColumns)
    let collisions = uses.filter { $0.value > 1 || labels.contains($0.key) }.keys.sorted()
    guard !collisions.isEmpty else { return }
    let list = collisions.map { name in
      labels.contains(name) ? "\(name) (also a label column)" : name
    }
    let advice =
      style == .short
      ? "use --names full, which writes alias__feature" : "rename the label columns"
    throw HindcastError(
      .duplicateName,
      "\(list.count) output name\(list.count == 1 ? "" : "s") would stand for two columns: "
        + "\(list.joined(separator: ", ")); \(advice)")
  }
}
