import HindcastCore
import HindcastStore
import HindcastTestKit
import Synchronization

extension Simulation {
  /// A fault at one call.
  enum Event {
    /// Before a call, by the place in ``Simulation/moments``.
    case crash(Int)
    /// A call of an operation, counted from its start.
    case failure(act: Int, step: Int)
  }

  /// A crash at every call, and a failure of each; of a run that is too long, of some.
  /// - Parameter limit: no more than so many; four in five are crashes.
  func events(limit: Int) throws -> [Event] {
    var random = SplitMix64(seed: seed ^ 0xFA17)
    var crashes: [CallKind: [[Event]]] = [:]
    var failures: [CallKind: [[Event]]] = [:]
    for act in operations.indices {
      let places = moments.indices.filter { moments[$0].act == act }
      let kinds = Dictionary(grouping: places) { CallKind(moments[$0].disk) }
      for kind in CallKind.allCases {
        let events = (kinds[kind] ?? []).map { Event.crash($0) }
        crashes[kind, default: []].append(events.shuffled(using: &random))
      }
      let calls = try self.calls(of: act)
      for kind in CallKind.allCases {
        let events = (calls[kind] ?? []).map { Event.failure(act: act, step: $0) }
        // The first calls open the store, as those of every operation do.
        let (opening, last) = (events.prefix(events.count / 2), events.dropFirst(events.count / 2))
        failures[kind, default: []].append(
          last.shuffled(using: &random) + opening.shuffled(using: &random))
      }
    }
    return Self.some(limit - limit / 5, of: crashes, &random)
      + Self.some(limit / 5, of: failures, &random)
  }

  /// As many of each kind, and of those as many of each operation, as far as there are: its first.
  ///
  /// Long operations would have most of them else, and most calls of those are alike.
  private static func some(
    _ count: Int, of events: [CallKind: [[Event]]], _ random: inout SplitMix64
  ) -> [Event] {
    var queues: [[Event]] = []
    for kind in CallKind.allCases {
      let acts = events[kind] ?? []
      let most = acts.map(\.count).max() ?? 0
      queues.append(
        (0..<most).reversed().flatMap { turn in
          acts.filter { turn < $0.count }.shuffled(using: &random).map { $0[turn] }
        })
    }
    var chosen: [Event] = []
    while queues.contains(where: { !$0.isEmpty }) {
      for kind in queues.indices {
        guard chosen.count < count else { return chosen }
        if let event = queues[kind].popLast() { chosen.append(event) }
      }
    }
    return chosen
  }

  private enum CallKind: CaseIterable {
    case synchronizesFile, synchronizesDirectory, changes, other

    /// The kind of a call before which the disk was looked at.
    init(_ moment: SimulatedMoment) {
      self =
        switch moment.synchronizes {
        case .file: .synchronizesFile
        case .directory: .synchronizesDirectory
        case nil: .changes
        }
    }
  }

  /// The calls of an operation, which it repeats to see them, counted from its start.
  private func calls(of index: Int) throws -> [CallKind: [Int]] {
    let act = operations[index]
    let disk = SimulatedFileSystem(act.start)
    let store = try act.opened(on: disk)
    let first = disk.stepCount
    let seen = Mutex<[Int: CallKind]>([:])
    disk.record { moment in
      seen.withLock { $0[moment.step] = CallKind(moment) }
    }
    _ = try act.operation.run(on: disk, store, Ledger(act.history))
    let kinds = seen.withLock(\.self)
    return Dictionary(grouping: 0..<(disk.stepCount - first)) { kinds[first + $0] ?? .other }
  }

  /// Lets it happen, and checks what is left.
  ///
  /// What follows depends on the run's seed and the event alone.
  /// - Throws: ``SimulationError`` with all that is needed to repeat it.
  func run(_ event: Event) throws {
    switch event {
    case .crash(let index):
      let moment = moments[index]
      var random = SplitMix64(seed: seed &* 0x9E37_79B9 ^ UInt64(index) << 20)
      let fault = Fault.crash(&random)
      try reporting(moment.act, moment.disk.step, fault) {
        try recover(after(fault, moment.disk), moment.history, &random)
      }
    case .failure(let act, let step):
      var random = SplitMix64(seed: seed &* 0x9E37_79B9 ^ UInt64(act) << 40 ^ UInt64(step))
      try fail(act, at: step, &random)
    }
  }

  private func after(_ fault: Fault, _ moment: SimulatedMoment) -> SimulatedFileSystem {
    guard case .powerCut(let sectorSize, let seed) = fault else {
      return SimulatedFileSystem(moment)
    }
    var random = SplitMix64(seed: seed)
    return SimulatedFileSystem(moment, afterPowerCut: &random, sectorSize: sectorSize)
  }

  /// Repeats an operation in which one call fails.
  private func fail(_ index: Int, at step: Int, _ random: inout SplitMix64) throws {
    let act = operations[index]
    let fault = Fault.failure(&random)
    guard case .failure(let failure, let cut) = fault else { return }
    let disk = SimulatedFileSystem(act.start)
    try reporting(index, act.start.step + step, fault) {
      let store = try act.opened(on: disk)
      disk.fail(at: disk.moment.step + step, failure)
      let ledger = Ledger(act.history)
      // It may go unnoticed, in tidying up for one.
      var seen: (any Error)?
      do { _ = try act.operation.run(on: disk, store, ledger) } catch { seen = error }
      disk.stopFailing()
      if let error = seen as? SimulationError { throw error }
      if let error = seen, failure.outcome != .error {
        throw SimulationError("it was noticed: \(error)")
      }
      if let cut {
        var random = SplitMix64(seed: cut)
        let size = random.pick([512, 4_096])
        let after = SimulatedFileSystem(disk.moment, afterPowerCut: &random, sectorSize: size)
        try recover(after, ledger.history, &random)
      } else {
        try recover(disk.afterProcessDeath(), ledger.history, &random)
        // The same process goes on, too.
        try recover(disk, ledger.history, opened: store, &random)
      }
    }
  }

  private func reporting(
    _ act: Int, _ step: Int, _ fault: Fault, _ body: () throws -> Void
  ) throws {
    do {
      try body()
    } catch {
      throw SimulationError(
        "seed \(seed), operation \(act), step \(step), \(fault): \(error)\n"
          + Self.list(operations[...act].map(\.operation)))
    }
  }
}

extension Simulation {
  /// Opens what is left, compares it with the model, writes, and compares again; then the power
  /// fails once more.
  private func recover(
    _ disk: SimulatedFileSystem, _ history: History, opened: Store? = nil,
    _ random: inout SplitMix64
  ) throws {
    var history = history
    var disk = disk
    if opened == nil, history.latest > 0, random.oneIn(4) {
      disk = try Self.writtenUnread(disk, &random)
    }
    let store = try opened ?? Self.open(disk, &history)
    var check = StoreCheck(store)
    let ledger = Ledger(try check.run(history, sample: 3, &random))
    if !ledger.history.damaged.isEmpty {
      try Damage(disk, ledger).repair()
      _ = try check.run(ledger.history, sample: 1, &random)
    }
    var source = OperationSource(seed: random.next(), first: 1_000_000)
    var done: [Operation] = []
    for _ in 0..<random.int(1...2) {
      let found = ledger.history
      let operation = source.next(found.model, latest: found.latest)
      done.append(operation)
      do {
        _ = try operation.run(on: disk, store, ledger)
        _ = try check.run(ledger.history, sample: 1, &random)
      } catch {
        throw SimulationError("then, \(operation): \(error)")
      }
    }
    do {
      try store.withWriter { _ in }
      try check.checkTidy(disk, ledger.history)
    } catch {
      throw SimulationError("after \(done): \(error)")
    }
    guard random.oneIn(3) else { return }
    let after = SimulatedFileSystem(disk.moment, afterPowerCut: &random)
    do {
      var check = StoreCheck(try Store.open(at: "/store", on: after))
      _ = try check.run(ledger.history, sample: 3, &random)
    } catch {
      throw SimulationError("after another power cut: \(error)")
    }
  }

  /// The disk after a writer has built on what it found, which nobody read before, and another
  /// power cut.
  private static func writtenUnread(
    _ disk: SimulatedFileSystem, _ random: inout SplitMix64
  ) throws -> SimulatedFileSystem {
    // A roll changes nothing that a model knows of.
    try Store.open(at: "/store", on: disk).withWriter { _ = try $0.rollLog() }
    return SimulatedFileSystem(disk.moment, afterPowerCut: &random)
  }

  /// Opens the store, or creates it if it was not acknowledged yet.
  private static func open(
    _ disk: SimulatedFileSystem, _ history: inout History
  ) throws -> Store {
    guard history.latest == 0 else { return try Store.open(at: "/store", on: disk) }
    history.models[1] = Model()
    history.latest = 1
    history.pending = []
    do throws(HindcastError) {
      return try Store.open(at: "/store", on: disk)
    } catch {
      guard error.code == .notFound else { throw error }
      return try Store.create(at: "/store", on: disk)
    }
  }
}

extension Simulation.Act {
  /// The store as the operation finds it, if there is one.
  fileprivate func opened(on disk: SimulatedFileSystem) throws -> Store? {
    history.latest == 0 ? nil : try Store.open(at: "/store", on: disk)
  }
}
