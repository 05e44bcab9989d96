import FoundationEssentials
public import HindcastCore
public import HindcastJoin
import HindcastStore

/// What a training set was made from and what came out: enough to build it again, and to audit it.
///
/// It holds no clock time, path or thread count, so that the same build writes the same bytes (S2).
public struct Manifest: Codable, Hashable, Sendable {
  /// The layout of this file.
  public var manifestVersion = 1
  /// The store's identifier.
  public var store: String
  /// The snapshot that was read.
  public var snapshot: UInt64
  /// The labels.
  public var labels: Labels
  /// The instant asked for, where all labels share one.
  public var asOf: String?
  /// `short` or `full`.
  public var names: String
  /// Whether the views' event times were written.
  public var withEventTimes: Bool
  /// The views, in output order, with rule, counts and certificate.
  public var views: [View]
  /// The result.
  public var result: Result

  /// The labels that were answered.
  public struct Labels: Codable, Hashable, Sendable {
    /// SHA-256 of the file's bytes; nil if they came from standard input.
    public var sha256: String?
    /// The number of labels.
    public var rows: Int
    /// Whether the labels came from a text format, so that key columns are parsed.
    public var areText: Bool
    /// The time column; nil where all labels share one instant.
    public var timeColumn: String?
    /// The unit stated for an integer time column.
    public var timeUnit: String?
    /// The label columns, in order.
    public var columns: [LabelColumn] = []
  }

  /// A label column, which the output repeats as it is.
  public struct LabelColumn: Codable, Hashable, Sendable {
    /// The name.
    public var name: String
    /// The type; Arrow's name where the engine does not know it.
    public var type: String
    /// XXH128 over its values; nil for types that are passed through unread.
    public var xxh128: String?
  }

  /// One view: the request with every default resolved, and what became of the labels.
  public struct View: Codable, Hashable, Sendable {
    /// The view's alias.
    public var alias: String
    /// The group's name.
    public var group: String
    /// Record identifier -> label column.
    public var keys: [String: String]
    /// The features, in output order.
    public var features: [String]
    /// `event time + delay` bounds, as a duration.
    public var delay: String
    /// Whether the bound is exclusive.
    public var strict: Bool
    /// The max age as a duration, or `none`.
    public var maxAge: String
    /// `checked`, `RELAXED`, or `none` where the group has no created time.
    public var createdTime: String
    /// What became of the labels.
    public var counts: Counts
    /// The proof that nothing leaked.
    public var certificate: Proof
    /// Versions that answers lack, because their segments are in quarantine; nil if none is.
    public var quarantinedVersions: Int?
  }

  /// Labels by outcome.
  public struct Counts: Codable, Hashable, Sendable {
    /// A null identifier or time.
    public var unusable: Int
    /// No candidate.
    public var missing: Int
    /// A tombstone answered.
    public var deleted: Int
    /// Too old.
    public var expired: Int
    /// An answer.
    public var matched: Int
  }

  /// The certificate of F2; spans are whole nanoseconds as text, since they can pass 64 bits.
  public struct Proof: Codable, Hashable, Sendable {
    /// min(t - event time) over matched labels.
    public var minLabelMinusEventNs: String?
    /// min(t - created time) over matched labels.
    public var minLabelMinusCreatedNs: String?
    /// Cells that were not known at their label's time; only a relaxed view has any.
    public var cellsKnownLate: Int
    /// Whether the certificate holds for the view's rule.
    public var holds: Bool
  }

  /// The output.
  public struct Result: Codable, Hashable, Sendable {
    /// The feature columns, in output order.
    public var columns: [String]
    /// The number of rows.
    public var rows: Int
    /// XXH128 over the feature columns' names, types and values; see ``ResultHash``.
    public var xxh128: String
  }
}

extension Manifest {
  /// What a manifest's name has behind that of the output that it lies beside.
  static let suffix = ".manifest.json"

  /// The manifest as text: JSON, keys sorted, one final newline.
  public func encoded() throws(HindcastError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      throw HindcastError(.invalidValue, "the manifest can't be written as JSON", cause: error)
    }
  }

  /// Reads what ``encoded()`` wrote.
  /// - Throws: ``HindcastError`` (`corrupt`) if `text` is no manifest.
  public init(decoding text: String, file: String) throws(HindcastError) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(Manifest.self, from: Data(text.utf8))
    } catch {
      throw HindcastError(
        .corrupt, "this is no manifest of a build, or it was edited", at: .init(file: file),
        cause: error)
    }
    guard manifestVersion == 1 else {
      throw HindcastError(
        .unsupportedVersion, "manifest version \(manifestVersion) is newer than this program",
        at: .init(file: file))
    }
  }

  /// Refuses a store that the manifest is not of.
  func check(_ store: Store, file: String) throws(HindcastError) {
    guard self.store == store.identifier else {
      throw HindcastError(
        .invalidArgument,
        "this was built from store \(self.store); the store asked is \(store.identifier)",
        at: .init(file: file))
    }
  }

  /// The request as it was resolved, to be asked again.
  public func request() throws(HindcastError) -> FeatureRequest {
    var resolved: [FeatureView] = []
    for entry in views {
      var view = FeatureView(alias: entry.alias, group: entry.group, features: entry.features)
      view.keys = entry.keys
      view.delay = try Self.span(entry.delay)
      view.isStrict = entry.strict
      view.maxAge = entry.maxAge == "none" ? .unlimited : .atMost(try Self.span(entry.maxAge))
      view.isKnownLate = entry.createdTime == "RELAXED"
      resolved.append(view)
    }
    guard let style = NameStyle(rawValue: names) else {
      throw HindcastError(.corrupt, "the manifest's name style '\(names)' is unknown")
    }
    return FeatureRequest(views: resolved, names: style, withEventTimes: withEventTimes)
  }

  private static func span(_ text: String) throws(HindcastError) -> TimeSpan {
    guard let span = TimeSpan(text) else {
      throw HindcastError(.corrupt, "the manifest's duration '\(text)' is none")
    }
    return span
  }
}

extension Manifest {
  /// Where the labels' times came from.
  func labelTime() throws(HindcastError) -> LabelTime {
    if let asOf { return .instant(try Instant(iso8601: asOf)) }
    guard let column = labels.timeColumn else {
      throw HindcastError(.corrupt, "the manifest names neither a time column nor an instant")
    }
    return .column(column, unit: labels.timeUnit.flatMap { TimeUnit($0) })
  }
}
