import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct VerifyTests {
  private let disk = SimulatedFileSystem()

  private func makeStore() throws -> Store {
    var random = SplitMix64(seed: 1)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(accounts()), .create(accounts("dropped"))])
      for (group, count) in [("accounts", 200), ("dropped", 9), ("accounts", 50)] {
        let appender = try writer.append(to: group)
        try appender.append(Row.batch(Row.random(count, &random)))
        _ = try appender.commit()
      }
      try writer.apply([.drop("dropped")])
    }
    return store
  }

  @Test func soundStoreHasNoProblems() throws {
    let store = try makeStore()
    var steps: Set<Int> = []
    let report = try store.verify(deep: true) { steps.insert($0.segmentsDone) }
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.commitCount == 6)
    #expect(report.segmentCount == 3)
    #expect(report.rowCount == 259)
    #expect(report.pageCount > 12)
    #expect(report.leftovers.isEmpty)
    #expect(steps == [0, 1, 2, 3])
    let quick = try store.verify(deep: false)
    #expect(quick.isSound && quick.pageCount == 0)
  }

  @Test func everyDamagedByteOfASegmentIsFound() throws {
    let store = try makeStore()
    let name = try #require(try disk.list("/store/segments").first)
    let path = "/store/segments/" + name
    let good = try #require(disk.bytes(path))
    for index in stride(from: 0, to: good.count, by: 3) {
      var bad = good
      bad[index] ^= 0x40
      disk.replace(path, with: bad)
      #expect(try !store.verify(deep: true).isSound, "byte \(index)")
    }
  }

  @Test func allProblemsAreListed() throws {
    let store = try makeStore()
    let names = try disk.list("/store/segments")
    disk.replace("/store/segments/" + names[0], with: nil)
    disk.replace("/store/segments/" + names[1], with: [1, 2, 3])
    disk.replace("/store/segments/0123456789abcdef0123456789abcdef.hseg", with: [])
    disk.replace("/store/tmp/run-1", with: [])
    let report = try store.verify(deep: false)
    #expect(report.problems.count == 2)
    #expect(
      report.leftovers == [
        "/store/tmp/run-1", "/store/segments/0123456789abcdef0123456789abcdef.hseg",
      ])
    disk.replace("/store/commits/00000000000000000003", with: nil)
    let broken = try store.verify(deep: true)
    #expect(broken.problems.first?.message.contains("commit 3 is missing") == true)
    #expect(broken.commitCount == 5)
  }

  /// 101 commits: rows of one account that the sixth erases, so that segments are gone that the
  /// commits before it name, and a checkpoint of the hundredth.
  private func makeLongStore() throws -> Store {
    var random = SplitMix64(seed: 2)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      for _ in 3...5 { try RetentionStore.ingest(writer, "accounts", &random) }
    }
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [.utf8]), sources: [.utf8], names: ["account"])
    let keys = try encoder.encode([Column(type: .utf8, values: [.text("a")])]).keys
    _ = try store.erase(keys, from: "accounts")
    try store.withWriter { writer in
      for _ in 7...101 { try RetentionStore.ingest(writer, "accounts", &random) }
    }
    return store
  }

  /// Damages one file of a sound store, which must be all that is found then, with what to do.
  private func verify(_ store: Store, afterDamageTo path: String) throws -> VerifyReport {
    let sound = try store.verify(deep: true)
    #expect(sound.isSound)
    var bytes = try #require(disk.bytes(path))
    bytes[bytes.count / 2] ^= 1
    disk.replace(path, with: bytes)
    let report = try store.verify(deep: true)
    #expect(report.problems.map(\.location?.file) == [path])
    #expect(report.problems.first?.message.contains("backup") == true)
    #expect(report.segmentCount == sound.segmentCount && report.leftovers.isEmpty)
    return report
  }

  @Test func aDamagedCommitHidesNothingBehindIt() throws {
    let store = try makeLongStore()
    let path = "/store/commits/00000000000000000004"
    let report = try verify(store, afterDamageTo: path)
    #expect(report.commitCount == 100)
    let repair = try store.repair(isDryRun: false)
    #expect(repair.losses.isEmpty && repair.others.map(\.location?.file) == [path])

    // Without a checkpoint behind it no one can tell what later commits took out; they are read.
    disk.replace("/store/checkpoints/00000000000000000100", with: nil)
    disk.replace("/store/commits/00000000000000000050", with: [1, 2, 3])
    expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
    let rest = try Store.openUnread(at: "/store", on: disk).verify(deep: true)
    let paths = [path, "/store/commits/00000000000000000050"]
    #expect(rest.problems.map(\.location?.file) == paths && rest.leftovers.isEmpty)
    #expect(rest.commitCount == 99)
  }

  /// A log is kept for a named snapshot whose checkpoint is lost: no one can tell what it needs.
  @Test func aLostCheckpointStopsNoWriter() throws {
    var random = SplitMix64(seed: 4)
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    let stream = try store.stream(options: StreamOptions(tidiesInBackground: false))
    try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
    try stream.close()
    try store.withWriter { writer in
      for _ in 4...9 { try RetentionStore.ingest(writer, "accounts", &random) }
      _ = try writer.tag(5, as: "early")
      _ = try writer.rollLog()
      try writer.expire(.keepLast(2))
    }
    let path = "/store/checkpoints/00000000000000000005"
    #expect(disk.bytes(path) != nil)
    #expect(try !disk.list("/store/log").isEmpty)
    disk.replace(path, with: nil)
    let again = try Store.open(at: "/store", on: disk)
    #expect(try again.verify(deep: true).problems.map(\.location?.file) == [path])
    try again.withWriter { writer in
      try RetentionStore.ingest(writer, "accounts", &random)
      try writer.expire(.keepLast(1))
      _ = try writer.untag("early")
    }
    #expect(try again.verify(deep: true).isSound)
  }

  @Test func aDamagedCheckpointOfTheFirstKeptSnapshotHidesNothing() throws {
    let store = try makeLongStore()
    try store.withWriter { _ = try $0.expire(.keepLast(10)) }
    _ = try verify(store, afterDamageTo: "/store/checkpoints/00000000000000000092")
  }

  @Test func progressGrowsPageByPageToTheEnd() throws {
    let store = try makeStore()
    var done: [Int] = []
    var total = 0
    _ = try store.verify(deep: true) { state in
      done.append(state.bytesDone)
      total = state.byteCount
    }
    #expect(done.count > 20 && done == done.sorted() && done.last == total)
  }

  @Test func segmentInTheWrongPlaceIsRefused() throws {
    let store = try makeStore()
    let names = try disk.list("/store/segments")
    let other = try #require(disk.bytes("/store/segments/" + names[1]))
    disk.replace("/store/segments/" + names[0], with: other)
    #expect(try store.verify(deep: false).problems.count == 1)
  }
}
