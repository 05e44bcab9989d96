import HindcastCore
import HindcastJoin
import HindcastStore

/// Offers `--key` where the labels have no column named as a record identifier.
enum KeyAdvice {
  /// Runs `body`; an error about a missing key column says how to name the one that is meant.
  static func offering<Result>(
    _ request: FeatureRequest, _ snapshot: Snapshot, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch var error as HindcastError {
      if error.code == .missingColumn, let column = error.location?.column {
        let keys = options(for: column, request, snapshot)
        if !keys.isEmpty {
          error.message += "; say which one it is by \(keys.joined(separator: " and "))"
        }
      }
      throw error
    }
  }

  /// The options that would give the views another column than `column`.
  private static func options(
    for column: String, _ request: FeatureRequest, _ snapshot: Snapshot
  ) -> [String] {
    request.views.flatMap { view -> [String] in
      guard let group = try? snapshot.group(named: view.group).definition else { return [] }
      return group.recordIdentifiers.map(\.name)
        .filter { (view.keys[$0] ?? $0) == column }
        .map { "--key \(view.alias):\($0)=COL" }
    }
  }
}
