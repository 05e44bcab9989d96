/// What a piece of work reports: for people as text, for programs as JSON.
public protocol Report {
  /// The report for people, ending in a line break where it is not empty.
  var text: String { get }
  /// The report for programs: raw numbers, the unit in the key.
  var json: JSONValue { get }
}
