public import HindcastCore

/// The as-of options as they are typed, each naming an alias, or a group for all of its aliases.
public struct AsOfOptionTexts: Hashable, Sendable {
  /// `ALIAS:RECORD_ID=LABEL_COL`.
  public var keys: [String]
  /// `ALIAS=7d` or `ALIAS=none`.
  public var maxAges: [String]
  /// `ALIAS=1h`.
  public var delays: [String]
  /// `ALIAS`; an empty text means every alias.
  public var stricts: [String]
  /// `ALIAS`.
  public var knownLates: [String]

  /// Creates the options; all empty by default.
  public init(
    keys: [String] = [], maxAges: [String] = [], delays: [String] = [], stricts: [String] = [],
    knownLates: [String] = []
  ) {
    self.keys = keys
    self.maxAges = maxAges
    self.delays = delays
    self.stricts = stricts
    self.knownLates = knownLates
  }
}

extension FeatureRequest {
  /// Applies options to the views that they name.
  /// - Throws: ``HindcastError`` (`invalid_argument`) that quotes the option and says what it wants.
  public mutating func apply(_ options: AsOfOptionTexts) throws(HindcastError) {
    for text in options.keys { try applyKey(text) }
    for text in options.maxAges {
      let (name, value) = try Self.assignment(text, option: "--max-age", example: "7d or none")
      let maxAge: MaxAge =
        value == "none" ? .unlimited : .atMost(try Self.span(value, option: "--max-age"))
      try update(name, option: "--max-age") { $0.maxAge = maxAge }
    }
    for text in options.delays {
      let (name, value) = try Self.assignment(text, option: "--delay", example: "1h")
      let delay = try Self.span(value, option: "--delay")
      try update(name, option: "--delay") { $0.delay = delay }
    }
    for name in options.stricts { try update(name, option: "--strict") { $0.isStrict = true } }
    for name in options.knownLates {
      try update(name, option: "--known-late") { $0.isKnownLate = true }
    }
  }

  private mutating func applyKey(_ text: String) throws(HindcastError) {
    let (target, column) = FeatureView.split(text, at: "=")
    let (name, identifier) = FeatureView.split(target ?? "", at: ":")
    guard let name, !identifier.isEmpty, !column.isEmpty else {
      throw HindcastError(
        .invalidArgument, "--key '\(text)' is not like ALIAS:RECORD_ID=LABEL_COLUMN")
    }
    try update(name, option: "--key") { $0.keys[identifier] = column }
  }

  private mutating func update(
    _ name: String, option: String, _ change: (inout FeatureView) -> Void
  ) throws(HindcastError) {
    let named = views.indices.filter { name.isEmpty || views[$0].alias == name }
    let targets = named.isEmpty ? views.indices.filter { views[$0].group == name } : named
    guard !targets.isEmpty else {
      let known = views.map(\.alias).joined(separator: ", ")
      throw HindcastError(
        .invalidArgument, "\(option) names '\(name)', which is not in the request (it has \(known))"
      )
    }
    for index in targets { change(&views[index]) }
  }

  private static func assignment(
    _ text: String, option: String, example: String
  ) throws(HindcastError) -> (String, String) {
    let (name, value) = FeatureView.split(text, at: "=")
    guard let name, !name.isEmpty else {
      throw HindcastError(.invalidArgument, "\(option) '\(text)' is not like ALIAS=\(example)")
    }
    return (name, value)
  }

  private static func span(_ text: String, option: String) throws(HindcastError) -> TimeSpan {
    guard let span = TimeSpan(text) else {
      throw HindcastError(
        .invalidArgument,
        "\(option) '\(text)' is no duration: a whole number with ns, us, ms, s, m, h, d or w")
    }
    guard span >= .zero else {
      throw HindcastError(.invalidArgument, "\(option) '\(text)' is negative")
    }
    return span
  }
}
