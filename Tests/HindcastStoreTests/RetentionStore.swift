import HindcastCore
import HindcastStore
import HindcastTestKit

/// A store whose snapshots differ in every way that expiry has to tell apart.
enum RetentionStore {
  /// What each snapshot holds: group -> its rows, segment by segment.
  typealias Contents = [String: [[Row]]]

  /// The last snapshot of ``make(_:)``.
  static let last: UInt64 = 8

  /// 2: groups `accounts`, `old`; 3: rows of `old`; 4, 5: rows of `accounts`; 6: `old` dropped; 7:
  /// snapshot 4 named `four`; 8: rows of `accounts`.
  static func make(_ disk: SimulatedFileSystem) throws -> Store {
    var random = SplitMix64(seed: 3)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(accounts()), .create(accounts("old"))])
      for group in ["old", "accounts", "accounts"] { try ingest(writer, group, &random) }
      try writer.apply([.drop("old")])
      try writer.tag(4, as: "four")
      try ingest(writer, "accounts", &random)
    }
    return store
  }

  static func ingest(
    _ writer: StoreWriter, _ group: String, _ random: inout SplitMix64
  ) throws {
    let appender = try writer.append(to: group)
    try appender.append(Row.batch(Row.random(20, &random)))
    _ = try appender.commit()
  }

  static func contents(_ snapshot: Snapshot) throws -> Contents {
    var contents: Contents = [:]
    for group in snapshot.groups {
      contents[group.name] = try snapshot.group(named: group.name).segments.map {
        try Row.read($0.reader())
      }
    }
    return contents
  }

  /// What snapshots 1 to ``last`` hold.
  static func allContents(_ store: Store) throws -> [UInt64: Contents] {
    var all: [UInt64: Contents] = [:]
    for number in 1...last { all[number] = try contents(store.snapshot(number)) }
    return all
  }

  /// The numbers of the files in a folder of the store.
  static func numbers(_ disk: SimulatedFileSystem, _ folder: String) throws -> [UInt64] {
    try disk.list("/store/" + folder).compactMap { UInt64($0) }
  }
}
