import Foundation
import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

/// A folder that goes with the test.
private final class Scratch {
  let path = FileManager.default.temporaryDirectory.path + "/hindcast-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct LocalFileSystemTests {
  private let disk = LocalFileSystem()

  @Test func storeOnARealDisk() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/store"
    var random = SplitMix64(seed: 1)
    let rows = Row.random(20_000, &random)
    let store = try Store.create(at: path)
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      let appender = try writer.append(
        to: "accounts", options: AppendOptions(memoryBytes: 1 << 20, segmentsPerIngest: 0))
      for start in stride(from: 0, to: rows.count, by: 4_000) {
        try appender.append(Row.batch(Array(rows[start..<(start + 4_000)])))
      }
      #expect(try appender.commit().spilledRunCount > 0)
    }
    let reopened = try Store.open(at: path)
    let segments = try reopened.snapshot().group(named: "accounts").segments
    #expect(try segments.map { try Row.read($0.reader()) } == [Row.sorted(rows)])
    let report = try reopened.verify(deep: true)
    #expect(report.isSound && report.leftovers.isEmpty, "\(report)")
    expectError(.alreadyExists) { _ = try Store.create(at: path) }
    expectError(.alreadyExists) { _ = try Store.create(at: scratch.path) }
  }

  @Test func whatIsAppendedTakesThePlaceOfSpaceThatWasSetAside() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/log"
    let file = try disk.createFile(path)
    try file.append(Buffer(Array("ab".utf8)).bytes)
    try file.reserve(5)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("ab\0\0\0\0\0".utf8))
    try file.append(Buffer(Array("cd".utf8)).bytes)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("abcd\0\0\0".utf8))
    try file.append(Buffer(Array("efghij".utf8)).bytes)
    try file.synchronize()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("abcdefghij".utf8))
    #expect(file.isCurrent)
    try disk.rename(path, to: path + "2")
    #expect(!file.isCurrent)
    try file.append(Buffer(Array("k".utf8)).bytes)
    try disk.link(path + "2", to: path)
    #expect(file.isCurrent)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("abcdefghijk".utf8))
  }

  /// Tools that copy files leave empty folders out.
  @Test func missingFoldersAreEmptyOnes() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/store"
    let store = try Store.create(at: path)
    try store.withWriter { _ = try $0.apply([.create(scores())]) }
    for folder in ["checkpoints", "segments", "log", "tmp"] {
      try FileManager.default.removeItem(atPath: path + "/" + folder)
    }
    let copy = try Store.open(at: path)
    #expect(try copy.verify(deep: true).isSound)
    #expect(try copy.snapshot().group(named: "scores").segments.isEmpty)
    try copy.compact("scores")
    try copy.withWriter { _ = try $0.apply([.create(accounts())]) }
    #expect(try copy.snapshot().groups.count == 2)
    for folder in ["checkpoints", "segments", "log", "tmp"] {
      #expect(FileManager.default.fileExists(atPath: path + "/" + folder))
    }
  }

  @Test func namesAreNeverReplaced() throws {
    let scratch = try Scratch()
    let (a, b) = (scratch.path + "/a", scratch.path + "/b")
    let file = try disk.createFile(a)
    try file.append(Buffer(Array("hello".utf8)).bytes)
    try file.synchronize()
    try file.close()
    expectError(.io) { try file.append(Buffer([1 as UInt8]).bytes) }
    expectError(.alreadyExists) { _ = try disk.createFile(a) }
    try disk.link(a, to: b)
    expectError(.alreadyExists) { try disk.link(a, to: b) }
    expectError(.notFound) { try disk.link(scratch.path + "/none", to: scratch.path + "/c") }
    try disk.synchronizeDirectory(scratch.path)
    #expect(try disk.list(scratch.path).sorted() == ["a", "b"])
    try disk.removeFile(a)
    try disk.rename(b, to: a)
    #expect(try disk.list(scratch.path) == ["a"])
    #expect(try disk.status(a) == FileStatus(isDirectory: false, byteCount: 5))
    #expect(try disk.status(b) == nil)
    #expect(try disk.status(scratch.path)?.isDirectory == true)
  }

  /// A pipe would wait for who writes to it.
  @Test(.timeLimit(.minutes(1)))
  func onlyRegularFilesAreOpened() throws {
    let scratch = try Scratch()
    let store = try Store.create(at: scratch.path + "/store")
    let log = scratch.path + "/store/log/00000000000000000002"
    #expect(unsafe mkfifo(log, 0o600) == 0)
    let error = expectError(.io) { _ = try Store.open(at: store.path) }
    #expect(error?.message.contains("a file is needed, this is a pipe") == true)
    expectError(.io) { try disk.synchronizeFile(log) }
    expectError(.io) { try disk.rewriteFile(log, at: 0, Buffer([1 as UInt8]).bytes) }
    for mode in [LockMode.shared, .exclusive] {
      expectError(.io) { _ = try disk.lock(log, mode) }
    }
    expectError(.io) { try store.withWriter { _ in } }
    try disk.removeFile(log)
    try disk.createDirectory(log)
    let folder = expectError(.io) { _ = try Store.open(at: store.path) }
    #expect(folder?.message.contains("this is a folder") == true)
  }

  @Test func bytesAreWrittenOnceMore() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/a"
    let file = try disk.createFile(path)
    try file.append(Buffer(Array("hello".utf8)).bytes)
    try file.close()
    try disk.rewriteFile(path, at: 3, Buffer(Array("lo".utf8)).bytes)
    #expect(try text(disk.openFile(path), 0, 5) == "hello")
    expectError(.notFound) {
      try disk.rewriteFile(scratch.path + "/b", at: 0, Buffer([1 as UInt8]).bytes)
    }
  }

  @Test func aBackupIsNotPutIntoTheStore() throws {
    let scratch = try Scratch()
    let store = try Store.create(at: scratch.path + "/store")
    let files = FileManager.default
    try files.createDirectory(
      atPath: store.path + "/tmp/empty", withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: scratch.path + "/link", withDestinationPath: store.path + "/tmp")
    for path in [
      store.path, store.path + "/", store.path + "/copy", store.path + "/tmp/copy/",
      store.path + "/tmp/empty", scratch.path + "/link/copy", scratch.path + "/link/empty",
      scratch.path + "/link",
    ] {
      let error = expectError(.invalidArgument) { _ = try store.backup(to: path) }
      #expect(error?.message.contains("lies in the store") == true, "\(path)")
    }
    #expect(!files.fileExists(atPath: store.path + "/copy"))
    // A name that only begins as the store's does is another folder.
    #expect(try store.backup(to: scratch.path + "/store-copy").commitCount == 1)
  }

  @Test func readingIsByPosition() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/a"
    let file = try disk.createFile(path)
    try file.append(Buffer(Array("hello".utf8)).bytes)
    try file.close()
    let reader = try disk.openFile(path)
    #expect(reader.byteCount == 5)
    #expect(try text(reader, 1, 3) == "ell")
    #expect(try text(reader, 5, 0) == "")
    expectError(.corrupt) { _ = try text(reader, 3, 3) }
    expectError(.corrupt) { _ = try text(reader, -1, 1) }
    expectError(.corrupt) { _ = try text(reader, .max, 1) }
    // Who has a file open goes on reading when its name is gone.
    try disk.removeFile(path)
    #expect(try text(reader, 0, 5) == "hello")
    let error = expectError(.notFound) { _ = try disk.openFile(path) }
    #expect(error?.description.contains(path) == true)
    expectError(.io) { _ = try disk.openFile(scratch.path) }
  }

  @Test func locksShareAndExclude() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/lock"
    expectError(.notFound) { _ = try disk.lock(path, .shared) }
    var first = try disk.lock(path, .exclusive)
    #expect(first != nil)
    try first?.write("me")
    try first?.write("you")
    #expect(try text(disk.openFile(path), 0, 3) == "you")
    #expect(try disk.lock(path, .exclusive) == nil)
    #expect(try disk.lock(path, .shared) == nil)
    first = nil
    let readers = try [disk.lock(path, .shared), disk.lock(path, .shared)]
    #expect(readers.allSatisfy { $0 != nil })
    #expect(try disk.lock(path, .exclusive) == nil)
    #expect(readers[0]?.isCurrent == true)
    try disk.removeFile(path)
    #expect(readers[0]?.isCurrent == false)
  }

  @Test func messagesSayWhatToDo() throws {
    let error = expectError(.io) { _ = try disk.createFile("/dev/null/x") }
    #expect(error?.message.contains("a part of the path is a file") == true)
    let missing = expectError(.notFound) { _ = try Store.open(at: "/nowhere/store") }
    #expect(missing?.message.contains("hindcast init") == true)
  }

  @Test func processesWithALockAreNamed() throws {
    let scratch = try Scratch()
    let store = try Store.create(at: scratch.path + "/store")
    try store.withWriter { _ in
      let error = expectError(.busy) { try store.withWriter { _ in } }
      #expect(
        error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
    }
  }

  private func text(_ file: any ReadableFile, _ offset: Int, _ count: Int) throws -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: offset, into: &target)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the simulated disk interrupts goes through the same two functions.
  @Test func interruptedCallsAreRepeatedAndShortOnesContinued() throws {
    var results = [-1, -1, 3]
    let moved = try uninterrupted { () -> Int in
      errno = EINTR
      return results.removeFirst()
    }
    #expect(moved == 3 && results.isEmpty)
    var asked: [Int] = []
    try moving(7) { done throws(HindcastError) in
      asked.append(done)
      return min(3, 7 - done)
    }
    #expect(asked == [0, 3, 6])
  }
}
