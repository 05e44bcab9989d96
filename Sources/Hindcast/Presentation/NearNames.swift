import HindcastStore

/// Finds what a misspelt name may have meant.
enum NearNames {
  /// ` Did you mean 'a' or 'b'?`, or an empty text where nothing is near.
  static func hint(for name: String, among candidates: [String]) -> String {
    let near = Names.nearest(name, among: candidates).map { "'\($0)'" }
    return near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
  }
}
