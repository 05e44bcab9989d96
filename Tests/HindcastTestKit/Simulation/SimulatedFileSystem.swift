public import HindcastCore
public import HindcastFormat
public import HindcastStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A disk in memory that loses what was not synchronised, and fails or dies when told to.
///
/// Every call is a step, counted from 0. A test runs a workload once to learn its number of steps,
/// and then once for each step with a crash or a failure there.
public final class SimulatedFileSystem: FileSystem {
  private let state: Mutex<State>
  let turns = SimulatedTurns()

  struct State {
    var disk = SimulatedDisk()
    var stepCount = 0
    var crashStep: Int?
    var failure: SimulatedFailure?
    /// Whether the write under way takes a part of the bytes alone.
    var isWriteShort = false
    var recorder: (@Sendable (SimulatedMoment) -> Void)?
    var random = SplitMix64(seed: 0)
    var hasCrashed = false
    var isReadOnly = false
    var ignoresLocks = false
    var clock = Instant(nanoseconds: 1_700_000_000_000_000_000)
    var holders: [Int: (shared: Int, exclusive: Bool)] = [:]
    var beforeRead: (@Sendable (String) -> Void)?
  }

  /// An empty disk, whose random names are like no other's.
  public convenience init() { self.init(seed: .random(in: .min ... .max)) }

  /// An empty disk whose random names follow from a seed.
  public init(seed: UInt64) { state = Mutex(State(random: SplitMix64(seed: seed))) }

  private init(_ moment: SimulatedMoment, disk: SimulatedDisk) {
    state = Mutex(State(disk: disk, random: moment.random, clock: moment.clock))
  }

  /// The disk of a moment after all processes died, but not the system: nothing is lost.
  public convenience init(_ moment: SimulatedMoment) { self.init(moment, disk: moment.disk) }

  /// The disk of a moment after a power cut.
  /// - Parameter sectorSize: the bytes that are lost or kept together.
  public convenience init(
    _ moment: SimulatedMoment, afterPowerCut random: inout SplitMix64, sectorSize: Int = 512
  ) {
    self.init(moment, disk: moment.disk.afterPowerCut(&random, sectorSize: sectorSize))
  }

  /// Never: the same calls come each time, so that one of them can be chosen to fail.
  public var allowsOverlap: Bool { false }
  /// How many calls were made.
  public var stepCount: Int { state.withLock(\.stepCount) }
  /// Whether the crash asked for has happened.
  public var hasCrashed: Bool { state.withLock(\.hasCrashed) }

  /// Makes call number `step` and all after it fail, as if the machine had died.
  public func crash(at step: Int) { state.withLock { $0.crashStep = step } }

  /// Goes on after a crash that took one process, with what the others hold.
  public func recover() {
    state.withLock { state in
      state.crashStep = nil
      state.hasCrashed = false
    }
  }

  /// Sets the time of day, which may step back.
  public func setClock(_ time: Instant) { state.withLock { $0.clock = time } }

  /// Makes call number `step` fail, that one alone.
  public func fail(at step: Int, with reason: String) {
    fail(at: step, SimulatedFailure(reason: reason))
  }

  /// Makes call number `step` fail, that one alone.
  public func fail(at step: Int, _ failure: SimulatedFailure) {
    state.withLock {
      $0.failure = failure
      $0.failure?.step = step
    }
  }

  /// Lets all calls succeed from now on.
  public func stopFailing() { state.withLock { $0.failure = nil } }

  /// Shows the disk to `recorder` before each call that changes something or makes it durable.
  ///
  /// In the middle of a write it is shown as well. `recorder` must not touch the disk.
  public func record(_ recorder: (@Sendable (SimulatedMoment) -> Void)?) {
    state.withLock { $0.recorder = recorder }
  }

  /// Calls `body` before each read of a file, with its path; it may use the disk.
  public func beforeReads(_ body: (@Sendable (String) -> Void)?) {
    state.withLock { $0.beforeRead = body }
  }

  func willRead(_ path: String) { state.withLock { $0.beforeRead }?(path) }

  /// The disk as it is now.
  public var moment: SimulatedMoment { state.withLock { $0.moment() } }

  /// Refuses every change from now on.
  public func makeReadOnly() { state.withLock { $0.isReadOnly = true } }

  /// Grants every lock from now on, as a network file system without locks would.
  public func ignoreLocks() { state.withLock { $0.ignoresLocks = true } }

  /// Grants locks as a local file system does, from now on.
  public func respectLocks() { state.withLock { $0.ignoresLocks = false } }

  /// The disk after a power cut now, with nobody using it.
  public func afterPowerCut(seed: UInt64) -> SimulatedFileSystem {
    var random = SplitMix64(seed: seed)
    return SimulatedFileSystem(moment, afterPowerCut: &random)
  }

  /// The disk after all processes died now, but not the system: nothing is lost.
  public func afterProcessDeath() -> SimulatedFileSystem { SimulatedFileSystem(moment) }

  /// The bytes of a file, for tests that damage them.
  public func bytes(_ path: String) -> [UInt8]? {
    state.withLock { state in
      guard let node = state.disk.node(path), case .file(let file) = state.disk.nodes[node] else {
        return nil
      }
      return file.bytes
    }
  }

  /// Replaces the bytes of a file, or removes it, as damage does: for good, and not counted as a
  /// step.
  public func replace(_ path: String, with bytes: [UInt8]?) {
    state.withLock { state in
      guard let place = state.disk.place(path) else { return }
      let file = bytes.map { SimulatedDisk.File(bytes: $0, durableCount: $0.count) }
      let node = file.map { state.disk.add(.file($0)) }
      state.disk.setDurableEntry(place, to: node)
    }
  }
}

extension SimulatedFileSystem {
  /// Counts a step, and fails if it is its turn.
  /// - Parameters:
  ///   - changes: whether a read-only disk refuses it.
  ///   - synchronizes: what it makes durable.
  func step<Result: Sendable>(
    changes: Bool, synchronizes: Synchronized? = nil, _ path: String,
    _ body: (inout State) throws(HindcastError) -> Result
  ) throws(HindcastError) -> Result {
    turns.take()
    return try state.withLock { state throws(HindcastError) in
      if state.crashStep == state.stepCount { state.hasCrashed = true }
      if state.hasCrashed { throw HindcastError(.io, "the machine is dead", at: .init(file: path)) }
      if changes || synchronizes != nil {
        state.recorder?(state.moment(synchronizes: synchronizes))
      }
      state.stepCount += 1
      state.isWriteShort = false
      if let failure = state.failure, failure.step == state.stepCount - 1 {
        switch failure.outcome {
        case .error: throw HindcastError(.io, failure.description, at: .init(file: path))
        case .interruption: try Self.interrupt(failure, path)
        case .shortWrite: state.isWriteShort = true
        }
      }
      if changes, state.isReadOnly {
        throw HindcastError(.io, "read-only file system", at: .init(file: path))
      }
      return try body(&state)
    }
  }

  /// Lets a call be interrupted twice, as the operating system's own are.
  private static func interrupt(
    _ failure: SimulatedFailure, _ path: String
  ) throws(HindcastError) {
    var left = 2
    do {
      _ = try uninterrupted { () -> Int in
        left -= 1
        errno = EINTR
        return left < 0 ? 0 : -1
      }
    } catch {
      throw HindcastError(.io, failure.description, at: .init(file: path))
    }
  }

  static func missing(_ path: String) -> HindcastError {
    HindcastError(.notFound, "no such file or folder", at: .init(file: path))
  }

  func release(_ node: Int, _ mode: LockMode) {
    state.withLock { state in
      if mode == .exclusive {
        state.holders[node]?.exclusive = false
      } else {
        state.holders[node]?.shared -= 1
      }
    }
  }

  /// A part of a write that failed, unless the machine is dead.
  func writePart(_ bytes: ArraySlice<UInt8>, to node: Int, at offset: Int) {
    state.withLock { state in
      if state.isReadOnly || state.hasCrashed { return }
      let share = state.failure?.writtenShare ?? 0.5
      let count = Int(Double(bytes.count) * share)
      state.disk.updateFile(node) { $0.write(bytes.prefix(count), at: offset) }
    }
  }

  /// What a failed synchronisation does: nothing, or the system forgets what it could not write.
  func synchronizationFailed(_ node: Int) {
    state.withLock { state in
      guard !state.hasCrashed, state.failure?.dropsData == true else { return }
      state.disk.updateFile(node) { $0.dropUnsynchronized() }
    }
  }

  func isCurrent(_ node: Int, _ path: String) -> Bool {
    state.withLock { $0.disk.node(path) == node }
  }
}

extension SimulatedFileSystem {
  /// Opens an existing file.
  public func openFile(_ path: String) throws(HindcastError) -> any ReadableFile {
    let (node, count) = try step(changes: false, path) { state throws(HindcastError) in
      guard let node = state.disk.node(path), case .file(let file) = state.disk.nodes[node] else {
        throw Self.missing(path)
      }
      return (node, file.bytes.count)
    }
    return SimulatedReadableFile(path: path, byteCount: count, node: node, fileSystem: self)
  }

  /// Creates a file that does not exist yet.
  public func createFile(_ path: String) throws(HindcastError) -> any WritableFile {
    let node = try step(changes: true, path) { state throws(HindcastError) in
      guard let place = state.disk.place(path) else { throw Self.missing(path) }
      guard state.disk.node(path) == nil else {
        throw HindcastError(.alreadyExists, "the file exists", at: .init(file: path))
      }
      let node = state.disk.add(.file(SimulatedDisk.File()))
      state.disk.setEntry(place, to: node)
      return node
    }
    return SimulatedWritableFile(path: path, node: node, fileSystem: self)
  }

  /// Makes the bytes of a file durable.
  public func synchronizeFile(_ path: String) throws(HindcastError) {
    do {
      try step(changes: false, synchronizes: .file, path) { state throws(HindcastError) in
        guard let node = state.disk.node(path) else { throw Self.missing(path) }
        state.disk.updateFile(node) { $0.synchronize() }
      }
    } catch {
      if let node = state.withLock({ $0.disk.node(path) }) { synchronizationFailed(node) }
      throw error
    }
  }

  /// Writes bytes of a file once more, and makes it durable.
  public func rewriteFile(
    _ path: String, at offset: Int, _ bytes: RawSpan
  ) throws(HindcastError) {
    let copy = bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    do {
      try step(changes: true, synchronizes: .file, path) { state throws(HindcastError) in
        guard let node = state.disk.node(path) else { throw Self.missing(path) }
        state.disk.updateFile(node) { $0.rewrite(copy, at: offset) }
      }
    } catch {
      if let node = state.withLock({ $0.disk.node(path) }) { synchronizationFailed(node) }
      throw error
    }
  }

  /// The path itself, nil if nothing is there: there are no links to folders.
  public func resolve(_ path: String) throws(HindcastError) -> String? {
    try step(changes: false, path) { state throws(HindcastError) in
      state.disk.node(path) == nil ? nil : "/" + SimulatedDisk.parts(path).joined(separator: "/")
    }
  }

  /// Makes the entries of a directory durable.
  public func synchronizeDirectory(_ path: String) throws(HindcastError) {
    try step(changes: false, synchronizes: .directory, path) { state throws(HindcastError) in
      // The folder above the disk's root is taken to be durable.
      guard let node = state.disk.node(path == "." ? "/" : path) else { throw Self.missing(path) }
      state.disk.synchronizeDirectory(node)
    }
  }

  /// Gives a file a second name.
  public func link(_ path: String, to newPath: String) throws(HindcastError) {
    try step(changes: true, newPath) { state throws(HindcastError) in
      guard let node = state.disk.node(path), let place = state.disk.place(newPath) else {
        throw Self.missing(path)
      }
      guard state.disk.node(newPath) == nil else {
        throw HindcastError(.alreadyExists, "the file exists", at: .init(file: newPath))
      }
      state.disk.setEntry(place, to: node)
    }
  }

  /// Renames a file.
  public func rename(_ path: String, to newPath: String) throws(HindcastError) {
    try step(changes: true, newPath) { state throws(HindcastError) in
      guard let node = state.disk.node(path), let old = state.disk.place(path),
        let new = state.disk.place(newPath)
      else { throw Self.missing(path) }
      state.disk.setEntry(old, to: nil)
      state.disk.setEntry(new, to: node)
    }
  }

  /// Removes a file's name.
  public func removeFile(_ path: String) throws(HindcastError) {
    try step(changes: true, path) { state throws(HindcastError) in
      guard state.disk.node(path) != nil, let place = state.disk.place(path) else {
        throw Self.missing(path)
      }
      state.disk.setEntry(place, to: nil)
    }
  }

  /// Creates a directory.
  public func createDirectory(_ path: String) throws(HindcastError) {
    try step(changes: true, path) { state throws(HindcastError) in
      guard let place = state.disk.place(path) else { throw Self.missing(path) }
      guard state.disk.node(path) == nil else {
        throw HindcastError(.alreadyExists, "the folder exists", at: .init(file: path))
      }
      let node = state.disk.add(.directory(SimulatedDisk.Directory()))
      state.disk.setEntry(place, to: node)
    }
  }

  /// The names in a directory, sorted.
  public func list(_ path: String) throws(HindcastError) -> [String] {
    try step(changes: false, path) { state throws(HindcastError) in
      guard let node = state.disk.node(path),
        case .directory(let directory) = state.disk.nodes[node]
      else { throw Self.missing(path) }
      return directory.entries.keys.sorted()
    }
  }

  /// What is at a path.
  public func status(_ path: String) throws(HindcastError) -> FileStatus? {
    try step(changes: false, path) { state throws(HindcastError) in
      switch state.disk.node(path).flatMap({ state.disk.nodes[$0] }) {
      case nil: return nil
      case .file(let file): return FileStatus(isDirectory: false, byteCount: file.bytes.count)
      case .directory: return FileStatus(isDirectory: true, byteCount: 0)
      }
    }
  }

  /// Takes a lock without waiting.
  public func lock(_ path: String, _ mode: LockMode) throws(HindcastError) -> (any FileLock)? {
    let node: Int? = try step(changes: mode == .exclusive, path) { state throws(HindcastError) in
      if mode == .exclusive, state.disk.node(path) == nil {
        guard let place = state.disk.place(path) else { throw Self.missing(path) }
        state.disk.setEntry(place, to: state.disk.add(.file(SimulatedDisk.File())))
      }
      guard let node = state.disk.node(path) else { throw Self.missing(path) }
      var holders = state.holders[node] ?? (shared: 0, exclusive: false)
      let isFree = !holders.exclusive && (mode == .shared || holders.shared == 0)
      guard isFree || state.ignoresLocks else { return nil }
      if mode == .exclusive { holders.exclusive = true } else { holders.shared += 1 }
      state.holders[node] = holders
      return node
    }
    return node.map { SimulatedLock(path: path, node: $0, mode: mode, fileSystem: self) }
  }

  /// A clock that goes on by a second each time it is read.
  public func now() -> Instant {
    state.withLock { state in
      state.clock.nanoseconds += 1_000_000_000
      return state.clock
    }
  }

  /// The next of a fixed sequence, so that a run can be repeated to the byte.
  public func randomBits() -> UInt64 { state.withLock { $0.random.next() } }

  /// The same for everyone.
  public var holderName: String { "process 1 on simulation" }
}
