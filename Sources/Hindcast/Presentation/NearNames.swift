/// Finds what a misspelt name may have meant.
public enum NearNames {
  /// ` Did you mean 'a' or 'b'?`, or an empty text where nothing is near.
  public static func hint(for name: String, among candidates: [String]) -> String {
    let limit = max(1, name.count / 3)
    let near = candidates.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
      .filter { $0.distance <= limit }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map { "'\($0.name)'" }
    return near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
  }

  /// The Levenshtein distance.
  ///
  /// O(a x b).
  private static func distance(_ a: String, _ b: String) -> Int {
    let target = Array(b)
    var previous = Array(0...target.count)
    for (row, character) in a.enumerated() {
      var current = [row + 1]
      for (column, other) in target.enumerated() {
        let substitution = previous[column] + (character == other ? 0 : 1)
        current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous.last ?? 0
  }
}
