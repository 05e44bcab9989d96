import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct RetentionTests {
  private let disk = SimulatedFileSystem()

  @Test func expiryKeepsNamedSnapshotsAndGivesSpaceBack() throws {
    let store = try RetentionStore.make(disk)
    let before = try RetentionStore.allContents(store)
    let plan = try store.plan(.keepLast(2))
    #expect(plan.expired == [1...3, 5...6] && plan.firstKept == 7 && plan.named == ["four": 4])
    #expect(plan.segmentCount == 0 && plan.commit == nil)
    let report = try store.withWriter { try $0.expire(.keepLast(2)) }
    #expect(report.expired == plan.expired && report.expiredCount == 5 && report.commit == 9)
    // Snapshot 4 is the last to need the segment of the dropped group.
    #expect(report.segmentCount == 0)
    for opened in [store, try Store.open(at: "/store", on: disk)] {
      for number in 1...RetentionStore.last {
        if [4, 7, 8].contains(number) {
          let contents = try RetentionStore.contents(opened.snapshot(number))
          #expect(contents == before[number], "snapshot \(number)")
        } else {
          let error = expectError(.expired) { _ = try opened.snapshot(number) }
          let message = error?.message ?? ""
          #expect(
            message.contains("snapshot \(number) was expired by snapshot 9 at 20"), "\(message)")
          #expect(message.contains("snapshots 7 to 9, and 4 (four)"), "\(message)")
        }
      }
      #expect(try opened.commits().map(\.number) == [4, 7, 8, 9])
    }
    #expect(try RetentionStore.numbers(disk, "commits") == [4, 7, 8, 9])
    #expect(try RetentionStore.numbers(disk, "checkpoints") == [4, 7])
    #expect(try disk.list("/store/segments").count == 4)
    let verified = try store.verify(deep: true)
    #expect(verified.isSound && verified.leftovers.isEmpty, "\(verified)")
    #expect(verified.commitCount == 4 && verified.segmentCount == 4)
  }

  @Test(arguments: [1, 2, 3])
  func whoFellBehindAnExpiryGoesOn(_ kept: Int) throws {
    let store = try RetentionStore.make(disk)
    let reader = try Store.open(at: "/store", on: disk)
    #expect(try reader.snapshot().number == RetentionStore.last)
    var random = SplitMix64(seed: 5)
    try store.withWriter { writer in
      for _ in 0..<3 { try RetentionStore.ingest(writer, "accounts", &random) }
      try writer.expire(.keepLast(kept))
    }
    let snapshot = try reader.snapshot()
    #expect(
      try RetentionStore.contents(snapshot) == RetentionStore.contents(store.snapshot()))
    #expect(try reader.commits().map(\.number) == store.commits().map(\.number))
  }

  @Test func lastNameThatGoesGivesTheSnapshotUp() throws {
    let store = try RetentionStore.make(disk)
    try store.withWriter { writer in
      try writer.tag(4, as: "again")
      try writer.expire(.keepLast(1))
      #expect(try writer.untag("four").expired.isEmpty)
      let report = try writer.untag("again")
      #expect(report.expired == [4...4] && report.segmentCount == 1 && report.byteCount > 0)
    }
    let error = expectError(.expired) { _ = try store.snapshot(4) }
    #expect(error?.message.contains("by snapshot 12 at") == true)
    #expect(try disk.list("/store/segments").count == 3)
    #expect(try Store.open(at: "/store", on: disk).verify(deep: true).isSound)
  }

  @Test func pinnedSnapshotStaysUntilItsReaderIsDone() throws {
    let store = try RetentionStore.make(disk)
    let before = try RetentionStore.allContents(store)
    let other = try Store.open(at: "/store", on: disk)
    var pinned: Snapshot? = try other.snapshot(3)
    try store.withWriter { writer in
      try writer.untag("four")
      let report = try writer.expire(.keepLast(1))
      #expect(report.pinned == [3] && report.segmentCount == 0)
    }
    expectError(.expired) { _ = try other.snapshot(3) }
    // Writers come and go; the reader's files stay.
    try store.withWriter { _ = try $0.apply([.create(scores())]) }
    #expect(try RetentionStore.contents(#require(pinned)) == before[3])
    #expect(try store.verify(deep: false).leftovers.count == 3)
    pinned = nil
    try store.withWriter { _ in }
    #expect(try RetentionStore.numbers(disk, "commits") == [9, 10, 11])
    #expect(try disk.list("/store/segments").count == 3)
    #expect(try store.verify(deep: true).leftovers.isEmpty)
  }

  @Test func olderThanKeepsWhatWasKnownSince() throws {
    let start = Instant(nanoseconds: 1_700_000_000_000_000_000)
    func day(_ number: Int64) -> Instant {
      Instant(nanoseconds: start.nanoseconds + Int128(number) * 86_400_000_000_000)
    }
    let store = try Store.create(at: "/store", on: disk)
    for (index, name) in ["a", "b", "c"].enumerated() {
      disk.setClock(day(10 * Int64(index + 1)))
      try store.withWriter { _ = try $0.apply([.create(scores(name))]) }
    }
    // Snapshots 2, 3, 4 are of days 10, 20, 30. On day 45 the store of day 25 is 20 days back.
    disk.setClock(day(45))
    let days = TimeSpan(nanoseconds: 20 * 86_400_000_000_000)
    #expect(try store.plan(.olderThan(days)).firstKept == 3)
    try store.withWriter { _ = try $0.expire(.olderThan(days)) }
    #expect(try store.snapshot(.asKnown(day(25))).number == 3)
    #expect(try store.snapshot(.asKnown(day(31))).number == 4)
    expectError(.expired) { _ = try store.snapshot(.asKnown(day(15))) }
    // There is nothing more to give up, and all of time is more than there ever was.
    #expect(try store.withWriter { try $0.expire(.olderThan(days)) }.commit == nil)
    let always = TimeSpan(nanoseconds: .max)
    #expect(try store.plan(.olderThan(always)).expired.isEmpty)
    expectError(.invalidArgument) { _ = try store.plan(.keepLast(0)) }
    expectError(.invalidArgument) { _ = try store.plan(.olderThan(TimeSpan(nanoseconds: -1))) }
  }

  @Test func namesAreChecked() throws {
    let store = try RetentionStore.make(disk)
    try store.withWriter { writer in
      for name in ["", "5", "5a", "-1", "a b", "a/b", "\u{e9}", String(repeating: "a", count: 129)]
      {
        expectError(.invalidArgument) { try writer.tag(3, as: name) }
      }
      expectError(.alreadyExists) { try writer.tag(3, as: "four") }
      expectError(.notFound) { try writer.tag(0, as: "x") }
      expectError(.notFound) { try writer.tag(9, as: "x") }
      #expect(try writer.tag(4, as: "four") == nil)
      try writer.tag(5, as: "Release-2024.1_b")
      try writer.expire(.keepLast(1))
      expectError(.expired) { try writer.tag(3, as: "x") }
      let error = expectError(.notFound) { try writer.untag("fourr") }
      #expect(error?.message.contains("did you mean 'four'?") == true)
    }
    #expect(try store.snapshot(.name("Release-2024.1_b")).number == 5)
    let error = expectError(.notFound) { _ = try store.snapshot(.name("foor")) }
    #expect(error?.message.contains("did you mean 'four'?") == true)
    #expect(try store.commits().first { $0.number == 4 }?.names == ["four"])
  }

  @Test func missingCommitsAreStillNoticed() throws {
    for number in [4, 7, 8, 9] as [UInt64] {
      let disk = SimulatedFileSystem()
      let store = try RetentionStore.make(disk)
      try store.withWriter { _ = try $0.expire(.keepLast(2)) }
      try store.withWriter { _ = try $0.apply([.create(scores())]) }
      let digits = String(number)
      let name = String(repeating: "0", count: 20 - digits.count) + digits
      disk.replace("/store/commits/" + name, with: nil)
      let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
      #expect(error?.message.contains("commit \(number) is missing") == true, "\(number)")
      #expect(try !store.verify(deep: false).isSound, "\(number)")
    }
  }

  @Test func damagedBaseIsToldApart() throws {
    let store = try RetentionStore.make(disk)
    try store.withWriter { _ = try $0.expire(.keepLast(2)) }
    let path = "/store/checkpoints/00000000000000000004"
    var bytes = try #require(disk.bytes(path))
    bytes[50] ^= 1
    disk.replace(path, with: bytes)
    let opened = try Store.open(at: "/store", on: disk)
    #expect(try opened.snapshot().number == 9)
    expectError(.corrupt) { _ = try opened.snapshot(4) }
    #expect(try !opened.verify(deep: false).isSound)
  }

  @Test func expiryTwiceOverManyCommits() throws {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(scores())])
      for index in 0..<250 {
        var group = scores()
        group.description = "version \(index)"
        try writer.apply([.update(group)])
        if index == 40 { try writer.tag(30, as: "thirty") }
        if index == 150 { try writer.expire(.keepLast(20)) }
      }
      try writer.expire(.keepLast(5))
    }
    let opened = try Store.open(at: "/store", on: disk)
    #expect(try opened.commits().map(\.number) == [30, 250, 251, 252, 253, 254, 255])
    #expect(try opened.snapshot(30).group(named: "scores").definition.description == "version 27")
    for number in [130, 249] as [UInt64] {
      let error = expectError(.expired) { _ = try opened.snapshot(number) }
      #expect(error?.message.contains("by snapshot \(number == 130 ? 155 : 255) at") == true)
    }
    #expect(try RetentionStore.numbers(disk, "checkpoints") == [30, 250])
    #expect(try opened.verify(deep: true).isSound)
  }
}
