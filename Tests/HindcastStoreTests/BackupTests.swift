import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct BackupTests {
  private let disk = SimulatedFileSystem()

  private func makeStore() throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(accounts()), .create(accounts("dropped"))])
      for group in ["accounts", "dropped", "accounts"] { try append(30, to: group, writer) }
      try writer.apply([.drop("dropped")])
    }
    return store
  }

  private func append(_ count: Int, to group: String, _ writer: StoreWriter) throws {
    var random = SplitMix64(seed: UInt64(count))
    let appender = try writer.append(to: group)
    try appender.append(Row.batch(Row.random(count, &random)))
    _ = try appender.commit()
  }

  private func rows(_ store: Store, _ snapshot: UInt64?, _ group: String = "accounts") throws
    -> [[Row]]
  {
    try store.snapshot(snapshot).group(named: group).segments.map { try Row.read($0.reader()) }
  }

  @Test func theCopyOpensVerifiesAndAnswersAlike() throws {
    let store = try makeStore()
    let report = try store.backup(to: "/copy/")
    #expect(report.snapshot == 6 && report.commitCount == 6 && report.segmentCount == 3)
    #expect(report.rowCount == 90)
    let copy = try Store.open(at: "/copy", on: disk)
    let found = try copy.verify(deep: true)
    #expect(found.isSound && found.leftovers.isEmpty, "\(found)")
    #expect(copy.identifier == store.identifier)
    for snapshot in 3...5 as ClosedRange<UInt64> {
      #expect(try rows(copy, snapshot) == rows(store, snapshot))
      #expect(try rows(copy, snapshot, "dropped") == rows(store, snapshot, "dropped"))
    }
    // It is a store of its own.
    try copy.withWriter { writer in try append(5, to: "accounts", writer) }
    #expect(try copy.snapshot().number == 7 && store.snapshot().number == 6)
  }

  @Test func bytesAreThoseOfTheSegmentsAndLogsInTheCopy() async throws {
    let store = try makeStore()
    var random = SplitMix64(seed: 3)
    for isRolled in [true, false] {
      let stream = try store.stream()
      _ = try await stream.append(Row.batch(Row.random(50, &random)), to: "accounts")
      try stream.close()
      if isRolled { _ = try store.compact("accounts", options: CompactionOptions(isFull: true)) }
    }
    let report = try store.backup(to: "/copy")
    var byteCount = 0
    for folder in ["/copy/segments", "/copy/log"] {
      let names = try disk.list(folder)
      #expect(!names.isEmpty, "\(folder)")
      for name in names { byteCount += try disk.openFile("\(folder)/\(name)").byteCount }
    }
    #expect(report.byteCount == byteCount)
    #expect(try Store.open(at: "/copy", on: disk).verify(deep: true).isSound)
  }

  @Test func anEarlierSnapshotIsTheCopysLatest() throws {
    let store = try makeStore()
    let report = try store.backup(.number(4), to: "/copy")
    #expect(report.segmentCount == 2 && report.commitCount == 4)
    let copy = try Store.open(at: "/copy", on: disk)
    #expect(try copy.snapshot().number == 4)
    #expect(try copy.verify(deep: true).isSound)
    #expect(try rows(copy, nil, "dropped") == rows(store, 4, "dropped"))
    expectError(.notFound) { _ = try store.backup(.number(9), to: "/other") }
  }

  @Test func writersGoOnMeanwhile() throws {
    let store = try makeStore()
    var done = 0
    let report = try store.backup(to: "/copy") { _, _ in
      done += 1
      // Another process, between two pieces of a segment.
      try? store.withWriter { writer in try append(10 + done, to: "accounts", writer) }
    }
    #expect(done == 3 && report.snapshot == 6)
    #expect(try store.snapshot().number == 9)
    let copy = try Store.open(at: "/copy", on: disk)
    #expect(try copy.snapshot().number == 6 && copy.verify(deep: true).isSound)
    #expect(try rows(copy, 6) == rows(store, 6))
  }

  @Test func aFolderThatIsNotEmptyIsRefused() throws {
    let store = try makeStore()
    try disk.createDirectory("/full")
    disk.replace("/full/file", with: [1])
    expectError(.alreadyExists) { _ = try store.backup(to: "/full") }
    #expect(try disk.list("/full") == ["file"])
    expectError(.invalidArgument) { _ = try store.backup(to: "/store") }
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func aDamagedSegmentIsNamedAndTheCopyIsNoStore() throws {
    let store = try makeStore()
    let name = try #require(try disk.list("/store/segments").first)
    let good = try #require(disk.bytes("/store/segments/" + name))
    disk.replace("/store/segments/" + name, with: Array(good.dropLast()))
    let error = expectError(.corrupt) { _ = try store.backup(to: "/copy") }
    #expect(error?.location?.file == "/store/segments/" + name)
    expectError(.notFound) { _ = try Store.open(at: "/copy", on: disk) }
    let again = expectError(.alreadyExists) { _ = try store.backup(to: "/copy") }
    #expect(again?.message.contains("not finished") == true)
  }

  @Test(arguments: [false, true]) func snapshotsThatAreKeptCanBeCopied(streams: Bool) throws {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in _ = try writer.apply([.create(accounts())]) }
    var named: [UInt64] = []
    for round in 0..<8 as Range<Int> {
      if streams && round % 3 != 2 {
        let stream = try store.stream()
        var random = SplitMix64(seed: UInt64(round))
        for _ in 0..<2 {
          try stream.submit(Row.batch(Row.random(20, &random)), to: "accounts") { _ in }
          try stream.flush()
        }
        try stream.close()
      } else {
        try store.withWriter { writer in try append(10 + round, to: "accounts", writer) }
      }
      guard round % 2 == 0 else { continue }
      named.append(try store.snapshot().number)
      try store.withWriter { writer in
        _ = try writer.tag(named[named.count - 1], as: "round\(round)")
        // A name that later snapshots know, and that is gone now.
        if round == 6 { try writer.untag("round2") }
      }
    }
    _ = try store.compact("accounts", options: CompactionOptions(isFull: true))
    let first = try store.withWriter { writer in try writer.expire(.keepLast(4)).firstKept }
    let latest = try store.snapshot().number
    let kept = named.filter { $0 != named[1] && $0 < first } + Array(first...latest)
    #expect(kept.count == 3 + 5)
    for number in kept {
      let report = try store.backup(.number(number), to: "/copy\(number)")
      #expect(report.snapshot == number)
      #expect(report.retentionCommit == (number == latest ? nil : number + 1))
      let copy = try Store.open(at: "/copy\(number)", on: disk)
      let found = try copy.verify(deep: true)
      #expect(found.isSound && found.leftovers.isEmpty, "\(number): \(found)")
      #expect(try rows(copy, nil) == rows(store, number))
      for (index, other) in named.enumerated() where index != 1 && other <= number {
        #expect(try copy.snapshot(.name("round\(2 * index)")).number == other)
      }
      expectError(.notFound) { _ = try copy.snapshot(.name("round2")) }
      for other in 1...number {
        if kept.contains(other) {
          #expect(try rows(copy, other) == rows(store, other), "\(other) in \(number)")
        } else {
          expectError(.expired) { _ = try copy.snapshot(other) }
        }
      }
      try copy.withWriter { writer in try append(5, to: "accounts", writer) }
      #expect(try copy.verify(deep: true).isSound)
    }
  }

  @Test func checkpointsAreCopied() throws {
    let store = try makeStore()
    try store.withWriter { writer in
      for index in 0..<210 {
        var group = accounts()
        group.description = "version \(index)"
        try writer.apply([.update(group)])
      }
    }
    _ = try store.backup(.number(150), to: "/copy")
    #expect(try disk.list("/copy/checkpoints") == ["00000000000000000100"])
    let copy = try Store.open(at: "/copy", on: disk)
    #expect(try copy.verify(deep: true).isSound && copy.snapshot().number == 150)
  }

  /// Whatever call of a backup is the last: the copy is whole, or no store at all.
  ///
  /// With `expires` the copy has a last commit of its own.
  @Test(arguments: [false, true])
  func aCrashAtEveryStepLeavesAWholeCopyOrNone(expires: Bool) throws {
    let store = try makeStore()
    var selector = SnapshotSelector.latest
    if expires {
      try store.withWriter { writer in
        _ = try writer.tag(5, as: "kept")
        _ = try writer.expire(.keepLast(1))
      }
      selector = .name("kept")
    }
    let whole = disk.afterProcessDeath()
    _ = try Store.open(at: "/store", on: whole).backup(selector, to: "/copy")
    var opened = 0
    for step in 0..<whole.stepCount {
      for seed in 0..<3 as Range<UInt64> {
        let crashing = disk.afterProcessDeath()
        crashing.crash(at: step)
        _ = try? Store.open(at: "/store", on: crashing).backup(selector, to: "/copy")
        let left = seed == 0 ? crashing.afterProcessDeath() : crashing.afterPowerCut(seed: seed)
        guard let copy = try? Store.open(at: "/copy", on: left) else { continue }
        opened += 1
        #expect(try copy.verify(deep: true).isSound, "step \(step), seed \(seed)")
        #expect(try copy.snapshot().number == 6)
        if expires { #expect(try copy.snapshot(selector).number == 5) }
      }
    }
    #expect(opened > 0)
  }
}
