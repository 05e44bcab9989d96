public import HindcastCore

/// How output columns are named (rule L3).
public enum NameStyle: String, Hashable, Sendable, CaseIterable {
  /// The feature's own name.
  case short
  /// `alias__feature`.
  case full
}

/// The features of a training set or of a scoring run, and the rule by which each group answers.
public struct FeatureRequest: Hashable, Sendable {
  /// The groups in their roles, in output order.
  public var views: [FeatureView]
  /// How output columns are named.
  public var names: NameStyle
  /// Whether each view also gives its answer's event time, as `alias__event_time`.
  public var withEventTimes: Bool

  /// Creates a request.
  public init(views: [FeatureView], names: NameStyle = .short, withEventTimes: Bool = false) {
    self.views = views
    self.names = names
    self.withEventTimes = withEventTimes
  }

  /// Parses references `[alias=]group`, `[alias=]group:feature` and `[alias=]group:a,b`.
  ///
  /// References of one alias add up in the order given.
  /// - Throws: ``HindcastError`` for a malformed reference, an alias that names two groups, or a
  ///   feature asked for twice.
  public init(references: [String]) throws(HindcastError) {
    self.init(views: [])
    for reference in references { try add(reference) }
    guard !views.isEmpty else {
      throw HindcastError(
        .invalidArgument, "no features asked for: name them like group:feature or group")
    }
  }

  private mutating func add(_ reference: String) throws(HindcastError) {
    let view = try FeatureView(reference: reference)
    guard let index = views.firstIndex(where: { $0.alias == view.alias }) else {
      views.append(view)
      return
    }
    guard views[index].group == view.group else {
      throw HindcastError(
        .duplicateName,
        "alias \(view.alias) names both group \(views[index].group) and group \(view.group)")
    }
    let whole = views[index].features.isEmpty ? views[index] : view
    let repeated = view.features.filter(views[index].features.contains)
    guard !whole.features.isEmpty, repeated.isEmpty else {
      let what = repeated.first.map { "feature \($0)" } ?? "all of it"
      throw HindcastError(
        .duplicateName,
        "\(what) is asked for twice from \(view.alias): give the second an alias of its own, "
          + "like again=\(view.group):\(repeated.first ?? "...")")
    }
    views[index].features += view.features
  }
}

extension FeatureView {
  /// Parses one reference; see ``FeatureRequest/init(references:)``.
  public init(reference: String) throws(HindcastError) {
    let (alias, rest) = Self.split(reference, at: "=")
    let (group, list) = Self.split(alias == nil ? reference : rest, at: ":")
    let groupName = group ?? list
    let names = group == nil ? [] : list.split(separator: ",", omittingEmptySubsequences: false)
    try FeatureGroup.checkName(groupName, of: "group")
    if let alias { try FeatureGroup.checkName(alias, of: "alias") }
    var features: [String] = []
    for name in names.map(String.init) {
      try FeatureGroup.checkName(name, of: "feature", allowsDoubleUnderscore: true)
      guard !features.contains(name) else {
        throw HindcastError(.duplicateName, "feature \(name) is asked for twice in '\(reference)'")
      }
      features.append(name)
    }
    self.init(alias: alias, group: groupName, features: features)
  }

  /// The parts before and after the first `separator`; nil and the whole text if there is none.
  static func split(_ text: String, at separator: Character) -> (String?, String) {
    guard let index = text.firstIndex(of: separator) else { return (nil, text) }
    return (String(text[..<index]), String(text[text.index(after: index)...]))
  }
}
