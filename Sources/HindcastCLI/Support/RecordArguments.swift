import ArgumentParser
import Hindcast
import HindcastCore

/// Records as they are named on the command line: `ID...` where one column names a record, else
/// `--id COL=VALUE` for each column.
struct RecordArguments {
  var ids: [String]
  var components: [Assignment]

  /// The records, a value a component.
  func records(of group: FeatureGroup) throws -> [[Value]] {
    let fields = group.recordIdentifiers
    guard ids.isEmpty || components.isEmpty else {
      throw ValidationError("Name the record either by ID or by --id, not by both")
    }
    if !components.isEmpty { return [try composite(fields)] }
    guard !ids.isEmpty else {
      throw ValidationError("Name a record: \(Self.example(group))")
    }
    guard fields.count == 1 else {
      throw HindcastError(
        .invalidArgument,
        "a record of group \(group.name) is named by \(fields.count) columns: "
          + Self.example(group)
      )
    }
    return try ids.map { [try Value(identifier: $0, of: fields[0])] }
  }

  private func composite(_ fields: [Field]) throws -> [Value] {
    for component in components where !fields.contains(where: { $0.name == component.name }) {
      throw HindcastError(
        .notFound,
        "'\(component.name)' is no record identifier (there are "
          + "\(fields.map(\.name).joined(separator: ", ")))")
    }
    return try fields.map { field in
      let values = components.filter { $0.name == field.name }
      guard values.count == 1 else {
        throw HindcastError(
          .invalidArgument,
          values.isEmpty
            ? "--id \(field.name)=VALUE is missing"
            : "--id \(field.name)=VALUE is there \(values.count) times: give it once")
      }
      return try Value(identifier: values[0].value, of: field)
    }
  }

  private static func example(_ group: FeatureGroup) -> String {
    group.recordIdentifiers.count == 1
      ? "\(group.name) ID"
      : group.recordIdentifiers.map { "--id \($0.name)=VALUE" }.joined(separator: " ")
  }
}
