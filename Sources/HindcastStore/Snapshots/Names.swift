import HindcastCore

/// Helps a person who mistyped a name.
package enum Names {
  /// The error for an unknown name, with the nearest ones that exist.
  static func unknown(_ kind: String, _ name: String, among known: [String]) -> HindcastError {
    let near = nearest(name, among: known)
    let advice: String =
      if !near.isEmpty {
        "did you mean " + near.map { "'\($0)'" }.joined(separator: " or ") + "?"
      } else if known.isEmpty {
        "there are no \(kind)s yet"
      } else {
        "there are: " + known.sorted().prefix(20).joined(separator: ", ")
      }
    return HindcastError(.notFound, "there is no \(kind) '\(name)'; \(advice)")
  }

  /// Up to three names that differ in few letters, the nearest first.
  package static func nearest(_ name: String, among known: [String]) -> [String] {
    let limit = max(1, name.count / 3)
    return known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
      .filter { $0.distance <= limit }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map(\.name)
  }

  /// How many letters must be added, removed or replaced (Levenshtein's distance).
  ///
  /// O(a x b).
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
