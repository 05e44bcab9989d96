import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct StoreTests {
  @Test func newStoreHasOneCommitAndNoGroups() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    #expect(store.identifier.count == 32)
    let snapshot = try store.snapshot()
    #expect(snapshot.number == 1)
    #expect(snapshot.groups.isEmpty)
    #expect(try store.commits().map(\.note) == ["create"])
    #expect(try Store.open(at: "/store/", on: disk).identifier == store.identifier)
  }

  @Test func definitionsSurviveReopening() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    let record = try store.withWriter { try $0.apply([.create(accounts()), .create(scores())]) }
    #expect(record?.number == 2)
    var wanted = accounts()
    wanted.recordIdentifiers[0].id = 1
    wanted.features[0].id = 2
    wanted.features[1].id = 3
    wanted.nextFieldID = 4
    let reopened = try Store.open(at: "/store", on: disk)
    #expect(try reopened.snapshot().group(named: "accounts").definition == wanted)
    #expect(try reopened.snapshot().groups.map(\.name) == ["accounts", "scores"])
    #expect(try reopened.snapshot(1).groups.isEmpty)
  }

  @Test func applyingTheSameAgainCommitsNothing() throws {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      #expect(try writer.apply([.update(accounts())]) == nil)
    }
    #expect(try store.snapshot().number == 2)
  }

  @Test func groupsEvolveAndOldSnapshotsStay() throws {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    var changed = scores()
    changed.features.insert(Field(id: 9, name: "rank", type: .int32), at: 0)
    changed.timeToLive = TimeSpan(nanoseconds: 1)
    changed.isStrict = true
    try store.withWriter { writer in
      try writer.apply([.create(scores())])
      try writer.apply([.update(changed)])
      try writer.apply([.rename(from: "scores", to: "points"), .create(scores())])
      try writer.apply([.drop("points")])
    }
    #expect(try store.snapshot(2).group(named: "scores").definition.isStrict == false)
    let third = try store.snapshot(3).group(named: "scores").definition
    #expect(third.features.map(\.name) == ["score", "rank"])
    #expect(third.features.map(\.id) == [2, 3])
    #expect(third.nextFieldID == 4)
    #expect(try store.snapshot(4).groups.map(\.name) == ["points", "scores"])
    #expect(try store.snapshot(4).group(named: "points").definition.features.count == 2)
    #expect(try store.snapshot(5).groups.map(\.name) == ["scores"])
  }

  @Test func whatWouldChangeStoredRowsIsRefused() throws {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      var wanted = accounts()
      wanted.features[0].type = .float32
      wanted.features.remove(at: 1)
      wanted.timeUnit = .second
      let error = expectError(.invalidArgument) { try writer.apply([.update(wanted)]) }
      let message = try #require(error?.message)
      #expect(message.contains("'balance' is float64 and can't become float32"))
      #expect(message.contains("'tags' is not named, and is dropped only on request"))
      #expect(message.contains("time unit is us and can't become s"))
      expectError(.alreadyExists) { try writer.apply([.create(accounts())]) }
      expectError(.invalidArgument) { try writer.apply([.create(scores("a__b"))]) }
      expectError(.notFound) { try writer.apply([.drop("nothing")]) }
      // A list of changes applies as a whole or not at all.
      expectError(.notFound) { try writer.apply([.create(scores()), .drop("nothing")]) }
      #expect(writer.groups.map(\.name) == ["accounts"])
    }
    #expect(try store.snapshot().number == 2)
  }

  @Test func unknownNamesGetAdvice() throws {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    let error = expectError(.notFound) { _ = try store.snapshot().group(named: "acounts") }
    #expect(error?.message.contains("did you mean 'accounts'?") == true)
    expectError(.notFound) { _ = try store.snapshot(3) }
    expectError(.notFound) { _ = try store.snapshot(0) }
    expectError(.notFound) { _ = try Store.open(at: "/other", on: SimulatedFileSystem()) }
  }

  @Test func manyCommitsUseCheckpoints() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(scores())])
      for index in 0..<250 {
        var group = scores()
        group.description = "version \(index)"
        try writer.apply([.update(group)])
      }
    }
    #expect(try disk.list("/store/checkpoints").count == 2)
    let before = disk.stepCount
    let reopened = try Store.open(at: "/store", on: disk)
    #expect(disk.stepCount - before < 400)
    for number in [2, 99, 100, 101, 200, 252] as [UInt64] {
      let group = try reopened.snapshot(number).group(named: "scores").definition
      #expect(group.description == (number == 2 ? "" : "version \(number - 3)"))
    }
    #expect(try reopened.commits().count == 252)
    // A damaged checkpoint is passed over.
    let path = "/store/checkpoints/00000000000000000200"
    var bytes = try #require(disk.bytes(path))
    bytes[40] ^= 1
    disk.replace(path, with: bytes)
    #expect(try Store.open(at: "/store", on: disk).snapshot().number == 252)
  }
}
