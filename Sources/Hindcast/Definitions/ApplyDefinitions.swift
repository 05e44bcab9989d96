import HindcastCore
public import HindcastStore

/// What applying definitions to a store did, or would do.
public struct ApplyReport: Report {
  /// What changes, a group each, in the order of the definitions.
  public let differences: [GroupDifference]
  /// The commit that did it; nil after a dry run, or where nothing changed.
  public let commit: UInt64?
  /// Whether the store was left alone on purpose.
  public let isDryRun: Bool

  /// Whether the store will do, or did, all of it.
  public var isAllowed: Bool { differences.allSatisfy { $0.refusal == nil } }

  /// The difference, then what became of it.
  public var text: String {
    let lines = differences.map(\.text).joined()
    if isDryRun { return lines + "Dry run: the store is as it was.\n" }
    return lines + (commit.map { "Commit \($0).\n" } ?? "Nothing to change.\n")
  }

  /// The difference and the commit's number.
  public var json: JSONValue {
    [
      "dry_run": .bool(isDryRun), "commit": commit.map { .number($0) } ?? .null,
      "groups": .array(differences.map(\.json)),
    ]
  }
}

/// Creates and evolves groups so that they are as defined, in one commit.
///
/// Groups and settings that the definitions do not name stay; features do unless `allowsDrop` is
/// set and their definition is complete.
/// - Throws: ``HindcastError`` that lists every change that a group with history does not allow;
///   the store is then as it was.
public func applyDefinitions(
  _ definitions: [GroupDefinition], to store: Store, isDryRun: Bool, allowsDrop: Bool = false
) throws -> ApplyReport {
  if isDryRun {
    let planned = try differences(definitions, from: store.snapshot().groups, allowsDrop)
    return ApplyReport(differences: planned, commit: nil, isDryRun: true)
  }
  return try store.withWriter { writer in
    let differences = try differences(definitions, from: writer.groups, allowsDrop)
    let commit = try writer.apply(differences.compactMap(\.change))
    return ApplyReport(differences: differences, commit: commit?.number, isDryRun: false)
  }
}

private func differences(
  _ definitions: [GroupDefinition], from groups: [FeatureGroup], _ allowsDrop: Bool
) throws(HindcastError) -> [GroupDifference] {
  var differences: [GroupDifference] = []
  for definition in definitions {
    let old = groups.first { $0.name == definition.name }
    do throws(HindcastError) {
      differences.append(try GroupDifference(definition, from: old, allowsDrop: allowsDrop))
    } catch {
      throw definition.located(error)
    }
  }
  return differences
}

extension GroupDefinition {
  /// An error about the whole definition, with the place of it in its file.
  fileprivate func located(_ error: HindcastError) -> HindcastError {
    guard let place, error.location?.file == nil else { return error }
    var error = error
    error.location = .init(file: place.file, column: error.location?.column)
    if let line = place.line { error.message = "line \(line): \(error.message)" }
    return error
  }
}
