public import HindcastCore
public import HindcastJoin

/// A request in a file, written once for training and served unchanged.
///
/// ```yaml
/// label_time: application_time
/// features:
///   - balances:utilisation,limit
///   - ref: home=team:points
///     keys: {team: home_team}
///     max_age: 1095d
///     strict: true
/// names: full
/// ```
public struct RequestFile: Hashable, Sendable {
  /// The label time column; nil where the file does not say.
  public let labelTime: String?
  private let references: [String]
  private let options: [AsOfOptionTexts]
  private let names: NameStyle?
  private let withEventTimes: Bool

  /// Parses a file's text.
  /// - Throws: ``HindcastError`` that names the file, the line and what is wrong.
  public init(yaml text: String, file: String) throws(HindcastError) {
    let root = try YAMLNode(parsing: text, file: file)
    let members = try root.members(known: ["label_time", "features", "names", "with_event_times"])
    guard let features = members["features"] else { throw root.refusal("has no 'features'") }
    labelTime = try members["label_time"]?.text()
    withEventTimes = try members["with_event_times"]?.flag() ?? false
    names = try members["names"].map(Self.style)
    var references: [String] = []
    var options: [AsOfOptionTexts] = []
    for node in try features.elements() {
      let (reference, option) = try Self.view(node)
      references.append(reference)
      options.append(option)
    }
    self.references = references
    self.options = options
  }

  /// The request, with further references behind those of the file.
  /// - Throws: ``HindcastError`` as ``FeatureRequest/init(references:)`` does.
  public func request(adding more: [String]) throws(HindcastError) -> FeatureRequest {
    var request = try FeatureRequest(references: references + more)
    for option in options { try request.apply(option) }
    if let names { request.names = names }
    request.withEventTimes = withEventTimes
    return request
  }

  private static func style(_ node: YAMLNode) throws(HindcastError) -> NameStyle {
    guard let style = NameStyle(rawValue: try node.text()) else {
      throw node.refusal("must be short or full")
    }
    return style
  }

  private static func view(_ node: YAMLNode) throws(HindcastError) -> (String, AsOfOptionTexts) {
    guard node.isMapping else { return (try node.text(), AsOfOptionTexts()) }
    let members = try node.members(
      known: ["ref", "keys", "max_age", "delay", "strict", "known_late"])
    guard let reference = try members["ref"]?.text() else { throw node.refusal("has no 'ref'") }
    let alias = try FeatureView(reference: reference).alias
    var options = AsOfOptionTexts()
    let keys = try members["keys"]?.texts() ?? [:]
    options.keys = keys.sorted { $0.key < $1.key }.map { "\(alias):\($0.key)=\($0.value)" }
    if let node = members["max_age"] {
      options.maxAges = ["\(alias)=\(node.isNone ? "none" : "\(try node.span())")"]
    }
    if let delay = try members["delay"]?.span() { options.delays = ["\(alias)=\(delay)"] }
    if try members["strict"]?.flag() == true { options.stricts = [alias] }
    if try members["known_late"]?.flag() == true { options.knownLates = [alias] }
    return (reference, options)
  }
}
