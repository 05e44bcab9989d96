import ArgumentParser
import Hindcast
import HindcastCore
import HindcastJoin

/// The request of `build` and `latest`: which features, and by which rules they answer.
struct RequestOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Features: group, group:feature, group:a,b, or alias=group:a,b.", valueName: "ref"))
  var features: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A request in a YAML file, as above; options add to it.", valueName: "file.yaml"))
  var spec: String?

  @Option(name: .long, help: "Names of outputs: short is the feature's, full is alias__feature.")
  var names: NameStyle?

  @Flag(name: .long, help: "Add alias__event_time, the event time of each answer.")
  var withEventTimes = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The label column that holds a record identifier.", valueName: "alias:record_id=label_col"))
  var key: [String] = []

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "How old an answer may be; else the group's time to live.", valueName: "alias=7d|none"))
  var maxAge: [String] = []

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "How long after its event time a version can first be used.", valueName: "alias=1h"))
  var delay: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only versions before the label's time, not at it; without an alias for all.",
      valueName: "alias"))
  var strict: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Also use versions that became known after the label's time: a LEAK, recorded as such.",
      valueName: "alias"))
  var knownLate: [String] = []

  /// The request: the file's, then what the options add.
  func request(_ file: RequestFile?) throws -> FeatureRequest {
    try Self.checkAliases(maxAge, option: "--max-age")
    try Self.checkAliases(delay, option: "--delay")
    var request: FeatureRequest
    if let file {
      request = try file.request(adding: features)
    } else {
      guard !features.isEmpty else {
        throw ValidationError("Name the features: --features group:feature, or --spec FILE")
      }
      request = try FeatureRequest(references: features)
    }
    if let names { request.names = names }
    if withEventTimes { request.withEventTimes = true }
    let texts = AsOfOptionTexts(
      keys: key, maxAges: maxAge, delays: delay,
      stricts: OptionalValues.aliases(strict), knownLates: knownLate)
    try Arguments.checking { () throws(HindcastError) in try request.apply(texts) }
    return request
  }

  /// Which view a duration is for has to be said, even where there is but one.
  private static func checkAliases(_ values: [String], option: String) throws {
    for value in values where !value.contains("=") {
      if let span = TimeSpan(value), span < .zero {
        throw ValidationError("\(option) '\(value)' is negative")
      }
      throw ValidationError(
        "\(option) '\(value)' does not say for which group or alias: write ALIAS=\(value)")
    }
  }

  /// The request file, if one is named.
  func file() throws -> RequestFile? {
    guard let spec else { return nil }
    return try RequestFile(yaml: try TextFile.read(spec), file: spec)
  }
}
