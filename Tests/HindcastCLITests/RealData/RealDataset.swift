import Foundation
import Testing

/// A public dataset with a known answer: where it is, its groups, and the request that it answers.
struct RealDataset: Sendable, CustomTestStringConvertible {
  let name: String
  let groupsYAML: String
  /// Feature group -> the feature file's name without extension.
  let files: [(group: String, file: String)]
  let request: [String]

  var testDescription: String { name }

  /// The folder that holds the dataset's tables.
  var folder: URL { Self.shared.appending(path: name) }

  /// `$HINDCAST_SHARED_DATA`, else `../shared/data` beside the package.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["HINDCAST_SHARED_DATA"] {
      return URL(filePath: path)
    }
    return Sandbox.root.deletingLastPathComponent().appending(path: "shared/data")
  }()

  /// The interpreter with pyarrow, which slices and compares files.
  static let python = Sandbox.root.appending(path: ".venv/bin/python")

  /// Whether the tests can run: the data is there, and so is the interpreter.
  static var isAvailable: Bool {
    let files = FileManager.default
    return files.isExecutableFile(atPath: python.path)
      && [hflights, football].allSatisfy {
        files.fileExists(atPath: $0.folder.appending(path: "expected.parquet").path)
      }
  }

  /// Why the tests are skipped, for the log.
  static let absence: Comment =
    "needs .venv and the public data ($HINDCAST_SHARED_DATA, or ../shared/data)"

  static let hflights = RealDataset(
    name: "hflights",
    groupsYAML: """
      groups:
        - name: plane
          record_identifiers: {tail_num: utf8}
          event_time: event_time
          ttl: 1d
          features: {src_row: int64, last_airport: utf8, arr_delay: int64, air_time: int64,
            taxi_in: int64}
        - name: airport
          record_identifiers: {origin: utf8}
          event_time: event_time
          strict: true
          features: {src_row: int64, dep_delay: int64, taxi_out: float64, carrier: utf8}
        - name: route
          record_identifiers: {carrier: utf8, origin: utf8, dest: utf8}
          event_time: event_time
          ttl: 7d
          features: {src_row: int64, arr_delay: int64, elapsed: int64, flight_num: int64}

      """,
    files: [
      ("plane", "features_plane"), ("airport", "features_airport"), ("route", "features_route"),
    ],
    request: ["plane:src_row", "airport:src_row", "route:src_row"].flatMap { ["--features", $0] })

  static let football = RealDataset(
    name: "football",
    groupsYAML: """
      groups:
        - name: team
          record_identifiers: {team: utf8}
          event_time: event_time
          strict: true
          ttl: 1095d
          features: {src_row: int64, opponent: utf8, goals_for: int64, goals_against: int64,
            tournament: utf8, points: int64, played: int64, points_last5: int64,
            goal_diff_last10: int64}
        - name: pair
          record_identifiers: {team: utf8, opponent: utf8}
          event_time: event_time
          strict: true
          features: {src_row: int64, goals_for: int64, goals_against: int64}

      """,
    files: [("team", "features_team"), ("pair", "features_team")],
    request: [
      "--features", "home_form=team:src_row", "--key", "home_form:team=home_team",
      "--features", "away_form=team:src_row", "--key", "away_form:team=away_team",
      "--features", "head_to_head=pair:src_row", "--key", "head_to_head:team=home_team",
      "--key", "head_to_head:opponent=away_team",
    ])

  /// hflights as `benchmarks/oracles/harder_hflights.py` derives it.
  static let harderGroupsYAML = """
    groups:
      - name: plane
        record_identifiers: {tail_num: utf8}
        event_time: event_time
        created_time: created_time
        deleted: deleted
        delay: 30m
        ttl: 1d
        features: {src_row: int64, arr_delay: int64}
      - name: airport
        record_identifiers: {origin: utf8}
        event_time: event_time
        created_time: created_time
        deleted: deleted
        strict: true
        features: {src_row: int64, dep_delay: int64, taxi_out: float64}
      - name: route
        record_identifiers: {carrier: utf8, origin: utf8, dest: utf8}
        event_time: event_time
        created_time: created_time
        deleted: deleted
        delay: 1h
        ttl: 7d
        features: {src_row: int64, arr_delay: int64}

    """
}
