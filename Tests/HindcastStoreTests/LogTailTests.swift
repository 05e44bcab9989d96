import Foundation
import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Synchronization
import Testing

extension Bool {
  /// Takes a new value; returns the one before.
  fileprivate mutating func exchange(_ new: Bool) -> Bool {
    defer { self = new }
    return self
  }
}

/// Ends of logs: commits that were not made durable, and bytes that are no commit.
@Suite struct LogTailTests {
  private let log = "/store/log/00000000000000000003"

  private func open(_ disk: SimulatedFileSystem) throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    return store
  }

  private func stream(_ store: Store, _ count: Int) throws {
    var random = SplitMix64(seed: 4)
    let stream = try store.stream()
    for _ in 0..<count {
      try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
      try stream.flush()
    }
    try stream.close()
  }

  private func rows(_ store: Store) throws -> [Row] {
    try Row.readAll(store.snapshot().group(named: "accounts"))
  }

  /// What a writer does after another one failed.
  private enum Next: CaseIterable {
    case stream, tag, nothing

    func run(_ store: Store, _ stream: () throws -> Void) throws {
      switch self {
      case .stream: try stream()
      case .tag: try store.withWriter { _ = try $0.tag(2, as: "second") }
      case .nothing: try store.withWriter { _ in }
      }
    }
  }

  /// A failed synchronisation may lose the commit, which the system goes on showing, or keep it on
  /// the disk in a log that is given up; the writer dies.
  @Test(arguments: [true, false])
  func whatAWriterBuildsOnStaysSoAfterAPowerCut(dropsData: Bool) throws {
    let disk = SimulatedFileSystem(seed: 1)
    _ = try open(disk)
    let whole = SimulatedFileSystem(disk.moment)
    try stream(Store.open(at: "/store", on: whole), 3)
    var shownCount = 0
    for step in 0..<whole.stepCount {
      let first = SimulatedFileSystem(disk.moment)
      first.fail(
        at: step,
        SimulatedFailure(reason: "input/output error", writtenShare: 1, dropsData: dropsData))
      if let store = try? Store.open(at: "/store", on: first) { try? stream(store, 3) }
      for next in Next.allCases {
        let second = SimulatedFileSystem(first.moment)
        let store = try Store.open(at: "/store", on: second)
        let before = try store.snapshot().number
        try next.run(store) { try stream(store, 1) }
        let (number, shown) = (try store.snapshot().number, try rows(store))
        #expect(next == .nothing ? number == before : number > before)
        if before > 2 { shownCount += 1 }
        for seed in 0..<6 as Range<UInt64> {
          let cut = try Store.open(at: "/store", on: second.afterPowerCut(seed: seed))
          #expect(try cut.snapshot().number == number, "step \(step), \(next), seed \(seed)")
          #expect(try rows(cut) == shown, "step \(step), \(next), seed \(seed)")
          #expect(try cut.verify(deep: true).isSound)
        }
      }
    }
    #expect(shownCount > 0)
  }

  @Test func verifyTellsBytesBehindTheLastCommit() throws {
    let disk = SimulatedFileSystem()
    try stream(open(disk), 3)
    let bytes = try #require(disk.bytes(log))
    let store = { try Store.open(at: "/store", on: disk) }
    #expect(try store().verify(deep: false).logTails == [])
    let last = try #require(
      bytes.indices.last { bytes[$0...].starts(with: Array("HCCOMMIT".utf8)) })
    // The last commit is damaged, or was under way: it looks alike.
    var damaged = bytes
    damaged[bytes.count - 9] ^= 1
    for content in [damaged, Array(bytes.dropLast(1)), Array(bytes[...last])] {
      disk.replace(log, with: content)
      let report = try store().verify(deep: true)
      #expect(report.isSound)
      let tail = try #require(report.logTails.first)
      #expect(report.logTails.count == 1 && tail.path == log && tail.commit == 4)
      #expect(tail.byteOffset == last && tail.byteCount == content.count - last)
    }
    disk.replace(log, with: [1, 2, 3])
    let tail = try #require(try store().verify(deep: false).logTails.first)
    #expect(tail.commit == nil && tail.byteOffset == 0 && tail.byteCount == 3)
  }

  @Test func commitsInSpaceThatWasSetAsideAreSeenThoughTheLogDoesNotGrow() throws {
    let disk = SimulatedFileSystem()
    let store = try open(disk)
    let reader = try Store.open(at: "/store", on: disk)
    var options = StreamOptions()
    options.space = LogSpace(leastCommits: 1, leastBytes: 1 << 16)
    let stream = try store.stream(options: options)
    var random = SplitMix64(seed: 5)
    var sizes: [Int] = []
    for count in 1...6 {
      try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
      try stream.flush()
      #expect(try rows(reader).count == 5 * count)
      sizes.append(try #require(disk.bytes(log)).count)
    }
    // Set aside with the second commit; the others lie in it.
    #expect(sizes[0] < 1 << 16 && sizes[1] > 1 << 16 && Set(sizes[1...]).count == 1)
    try stream.close()
    for disk in [disk, disk.afterProcessDeath(), disk.afterPowerCut(seed: 1)] {
      let store = try Store.open(at: "/store", on: disk)
      let before = try rows(store)
      #expect(before.count == 30)
      let report = try store.verify(deep: true)
      #expect(report.isSound && report.logTails == [])
      try store.withWriter { _ = try $0.rollLog() }
      #expect(try Row.last(rows(store)) == Row.last(before))
    }
  }

  /// Commits come between any two reads of a reader, in space that it has seen empty.
  @Test func commitsThatComeWhileALogIsReadAreNoDamage() throws {
    for turn in 0..<8 {
      let disk = SimulatedFileSystem()
      var options = StreamOptions()
      options.space = LogSpace(leastCommits: 0, leastBytes: 1 << 16)
      let stream = try open(disk).stream(options: options)
      let add = { @Sendable in
        var random = SplitMix64(seed: 6)
        try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
        try stream.flush()
      }
      try add()
      let left = Mutex(turn)
      let path = log
      disk.beforeReads { read in
        guard read == path else { return }
        let isTurn = left.withLock {
          $0 -= 1
          return $0 == -1
        }
        if isTurn { for _ in 0..<4 { try? add() } }
      }
      let reader = try Store.open(at: "/store", on: disk)
      _ = try reader.snapshot()
      #expect(try reader.verify(deep: true).logTails == [])
      disk.beforeReads(nil)
      #expect(try reader.snapshot().number == (left.withLock { $0 } < 0 ? 7 : 3))
      try stream.close()
    }
  }

  /// A writer goes on while `verify` finds out which commit is the last.
  @Test func aCheckpointThatComesMeanwhileIsNoProblem() throws {
    let disk = SimulatedFileSystem()
    let options = StreamOptions(logCommitLimit: 4, tidiesInBackground: false)
    let stream = try open(disk).stream(options: options)
    let add = { @Sendable in
      var random = SplitMix64(seed: 6)
      try stream.submit(Row.batch(Row.random(5, &random)), to: "accounts") { _ in }
      try stream.flush()
      _ = stream.waitUntilIdle()
    }
    try add()
    let reader = try Store.open(at: "/store", on: disk)
    try add()
    let isDone = Mutex(false)
    let path = log
    disk.beforeReads { read in
      guard read == path, isDone.withLock({ $0.exchange(true) }) == false else { return }
      for _ in 0..<3 { try? add() }
    }
    let report = try reader.verify(deep: true)
    disk.beforeReads(nil)
    #expect(isDone.withLock { $0 } && report.isSound, "\(report.problems)")
    #expect(try !disk.list("/store/checkpoints").isEmpty)
    try stream.close()
  }

  /// A commit behind zeros is found wherever it starts.
  @Test func aCommitBehindDamageIsFoundAcrossTheBytesThatAreReadAtOnce() throws {
    let disk = SimulatedFileSystem()
    try stream(open(disk), 3)
    let bytes = try #require(disk.bytes(log))
    let starts = bytes.indices.filter { bytes[$0...].starts(with: Array("HCCOMMIT".utf8)) }
    let chunk = 4 << 20
    for gap in [1, 40, chunk - 40, chunk - 8, chunk - 7, chunk - 1, chunk, chunk + 1] {
      // The gap begins where the damaged second commit did; the search one byte later.
      let content =
        Array(bytes[..<starts[1]]) + Array(repeating: 0, count: gap) + Array(bytes[starts[2]...])
      disk.replace(log, with: content)
      let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
      #expect(error?.message.contains("though commit 5 follows") == true, "gap \(gap)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func aLongTailOfZerosIsReadOnce() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/hindcast-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store.create(at: folder)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    try stream(store, 2)
    let path = folder + "/log/00000000000000000003"
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 700 << 20)
    try file.close()
    let opened = try Store.open(at: folder)
    for _ in 0..<50 { #expect(try opened.snapshot().number == 4) }
    #expect(try opened.verify(deep: false).logTails == [])
  }

  @Test func aLinkThatLeadsNowhereIsNoLog() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/hindcast-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store.create(at: folder)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    try stream(store, 2)
    let path = folder + "/log/00000000000000000003"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: folder + "/nowhere")
    let error = expectError(.corrupt) { _ = try Store.open(at: folder).snapshot() }
    #expect(error?.location?.file == path, "\(String(describing: error))")
  }
}
