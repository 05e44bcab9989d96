import HindcastCore
public import HindcastReference

extension SmallWorlds {
  /// Every world of at most `maxVersions` versions of two records, each a store of its own.
  ///
  /// Versions are at two instants, with three created times, values or tombstone, each in a commit
  /// of its own if `commitPerVersion`. Labels ask for both records, for one that does not exist,
  /// and for null ones, at and around all instants.
  public static func tinyWorlds(
    maxVersions: Int, commitPerVersion: Bool, options: ReferenceOptions
  ) -> [World] {
    var versions: [WorldRow] = []
    for record in 0..<2 {
      for event in [1, 2] as [Int64] {
        for created in [nil, 1, 2] as [Int64?] {
          for isTombstone in [false, true] {
            versions.append(
              WorldRow(
                record: [.integer(Int128(record))], eventTicks: event, createdTicks: created,
                isTombstone: isTombstone, features: [.null, .null]))
          }
        }
      }
    }
    var sequences: [[WorldRow]] = [[]]
    var longest: [[WorldRow]] = [[]]
    for place in 0..<maxVersions {
      longest = longest.flatMap { sequence in
        versions.map { version in
          var row = version
          if !row.isTombstone { row.features[1] = .integer(Int128(place)) }
          return sequence + [row]
        }
      }
      sequences += longest
    }
    let frame = world(
      [], hasCreatedTime: true, commitCount: 1, labelTicks: [], options: options)
    return sequences.enumerated().map { index, rows in
      var world = frame
      world.name = "tiny \(index)"
      world.commits = commitPerVersion ? rows.map { [$0] } : [rows]
      world.labels = tinyLabels
      return world
    }
  }

  private static var tinyLabels: [WorldLabel] {
    var labels: [WorldLabel] = []
    for ticks in [3, 0, 2, 1] as [Int64] {
      for record in [1, 0, 2] as [Int128] {
        labels.append(.init(record: [.integer(record)], ticks: ticks))
      }
    }
    labels.append(WorldLabel(record: [.null], ticks: 2))
    labels.append(WorldLabel(record: [.integer(1)], ticks: nil))
    return labels
  }
}
