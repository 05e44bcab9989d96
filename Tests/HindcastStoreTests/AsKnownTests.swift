import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct AsKnownTests {
  private let disk = SimulatedFileSystem()

  private func second(_ number: Int64) -> Instant {
    Instant(nanoseconds: Int128(number) * 1_000_000_000)
  }

  @Test func lastCommitUpToTheTimeIsFoundByFewReads() throws {
    disk.setClock(second(1_000))
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      for index in 2...300 as ClosedRange<Int64> {
        disk.setClock(second(1_000 * index - 1))
        try writer.apply([index == 2 ? .create(scores()) : .update(described("\(index)"))])
      }
    }
    let commits = try store.commits()
    #expect(commits.map(\.number) == Array(1...300))
    for commit in commits {
      let time = commit.time.nanoseconds
      #expect(try store.snapshot(.asKnown(commit.time)).number == commit.number)
      let later = Instant(nanoseconds: time + 1)
      #expect(try store.snapshot(.asKnown(later)).number == commit.number)
    }
    let before = disk.stepCount
    _ = try store.snapshot(.asKnown(second(150_500)))
    // Opening, reading and listing; nine commits of the search, and those after a checkpoint.
    #expect(disk.stepCount - before < 150)
    #expect(try store.snapshot(.asKnown(Instant(nanoseconds: .max))).number == 300)
    let early = Instant(nanoseconds: commits[0].time.nanoseconds - 1)
    let error = expectError(.notFound) { _ = try store.snapshot(.asKnown(early)) }
    #expect(error?.message.contains("the store knew nothing at") == true)
    expectError(.notFound) { _ = try store.snapshot(.asKnown(Instant(nanoseconds: .min))) }
  }

  private func described(_ text: String) -> FeatureGroup {
    var group = scores()
    group.description = text
    return group
  }

  @Test func timesNeverDescendThoughTheClockDoes() throws {
    let store = try Store.create(at: "/store", on: disk)
    for (time, name) in [(5_000, "a"), (3_000, "b"), (4_000, "c"), (6_000, "d")]
      as [(Int64, String)]
    {
      disk.setClock(second(2_000_000_000 + time))
      try store.withWriter { _ = try $0.apply([.create(scores(name))]) }
    }
    let times = try store.commits().map(\.time)
    #expect(times == times.sorted())
    #expect(times[1] == times[2] && times[2] == times[3])
    // Of commits of one time the last one counts.
    #expect(try store.snapshot(.asKnown(times[1])).number == 4)
    #expect(try store.snapshot(.asKnown(second(2_000_004_500))).number == 1)
    #expect(try store.verify(deep: false).isSound)
  }

  @Test func gapOfExpiredSnapshotsHasNoAnswer() throws {
    let store = try RetentionStore.make(disk)
    let times = try store.commits().map(\.time)
    try store.withWriter { _ = try $0.expire(.keepLast(2)) }
    for number in [1, 2, 3, 4, 5, 6] {
      let error = expectError(.expired) { _ = try store.snapshot(.asKnown(times[number - 1])) }
      #expect(error?.message.contains("snapshots 7 to 9, and 4 (four)") == true)
    }
    #expect(try store.snapshot(.asKnown(times[6])).number == 7)
    #expect(try store.snapshot(.asKnown(times[7])).number == 8)
  }
}
