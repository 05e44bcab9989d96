import HindcastCore
import HindcastReference
import HindcastStore
import HindcastTestKit

extension Operation {
  /// Does it, and tells the ledger what is under way and what is done.
  ///
  /// Returns the store: a new one after `create`.
  func run(
    on disk: SimulatedFileSystem, _ opened: Store?, _ ledger: Ledger
  ) throws -> Store {
    if case .create = self {
      ledger.begin(Model())
      let store = try Store.create(at: "/store", on: disk)
      ledger.acknowledge(1)
      return store
    }
    let store = try opened ?? Store.open(at: "/store", on: disk)
    if case .intrude(let first, let second) = self {
      disk.ignoreLocks()
      defer { disk.respectLocks() }
      try intrude(first, second, store, disk, ledger)
    } else {
      try run(store, disk, ledger)
    }
    // Housekeeping comes after what was acknowledged.
    ledger.settle(try store.snapshot().number)
    return store
  }

  private func run(
    _ store: Store, _ disk: SimulatedFileSystem, _ ledger: Ledger
  ) throws {
    let before = ledger.model
    switch self {
    case .create, .intrude: break
    case .createGroup(let group, let firstKey):
      try apply(.create(group), store, ledger, before.with(ModelGroup(group, firstKey: firstKey)))
    case .dropGroup(let name):
      try apply(.drop(name), store, ledger, before.without(name))
    case .evolve(let group, let renamed, let dropping):
      try apply(
        .update(group.definition, renamed: renamed, dropping: dropping), store, ledger,
        before.with(group))
    case .ingest(let load, let shape):
      try ingest(load, shape, store, ledger)
    case .cancel(let load):
      try store.withWriter { writer in
        let appender = try writer.append(to: load.group)
        try appender.append(load.batch(before))
        appender.cancel()
      }
    case .stream(let loads, let limit, let compacts, let turns):
      var options = StreamOptions(
        logCommitLimit: limit, tidiesInBackground: turns != nil, compacts: compacts)
      // Every other stream sets space aside, for about a commit each time.
      if limit.isMultiple(of: 2) { options.space = LogSpace(leastCommits: 0, leastBytes: 1_000) }
      try StreamRun(options, turns: turns, store, disk, ledger).run(loads)
    case .compact(let name, let isFull, let memoryBytes, let rowsPerSegment):
      try store.compact(
        name,
        options: CompactionOptions(
          isFull: isFull, memoryBytes: memoryBytes, rowsPerSegment: rowsPerSegment))
    case .horizon(let name, let ticks):
      try expire(name, ticks, store, ledger)
    case .tag, .untag, .expire:
      try keep(store, ledger)
    case .erase(let name, let record):
      try erase(record, from: name, store, ledger)
    case .repair(let name, let seed):
      try Damage(disk, ledger).run(name, SplitMix64(seed: seed))
    case .hold(let number, let seed, let count):
      let source = OperationSource(seed: seed, first: Int(seed >> 32), held: number)
      try hold(number, source, count, store, disk, ledger)
    }
  }

  private func apply(
    _ change: GroupChange, _ store: Store, _ ledger: Ledger, _ after: Model
  ) throws {
    ledger.begin(after)
    ledger.acknowledge(try store.withWriter { try $0.apply([change])?.number })
  }

  private func ingest(
    _ load: Load, _ shape: IngestShape, _ store: Store, _ ledger: Ledger
  ) throws {
    let isNew = load.isNew(ledger.model)
    ledger.begin(load.added(to: ledger.model))
    try store.withWriter { writer in
      let appender = try writer.append(
        to: load.group,
        options: AppendOptions(
          batchID: load.batchID, memoryBytes: shape.rowsPerPart < 100 ? 1 : 1 << 20,
          rowsPerSegment: shape.rowsPerSegment, segmentsPerIngest: shape.segmentsPerIngest))
      for part in load.parts(of: shape.rowsPerPart) {
        try appender.append(part.batch(ledger.model))
      }
      let result = try appender.commit()
      guard result.isDuplicate != isNew else {
        throw SimulationError("\(load) is new: \(isNew), but the store says otherwise")
      }
      ledger.acknowledge(isNew ? result.commitNumber : nil)
    }
  }

  private func intrude(
    _ first: Load, _ second: Load, _ store: Store, _ disk: SimulatedFileSystem, _ ledger: Ledger
  ) throws {
    try store.withWriter { writer in
      let batch = try first.batch(ledger.model)
      let other = try Store.open(at: "/store", on: disk)
      let before = try other.snapshot().number
      try ingest(second, IngestShape(), other, ledger)
      // Without a commit of the other one there is nothing to run into.
      guard try other.snapshot().number > before else { return }
      let appender = try writer.append(to: first.group)
      try appender.append(batch)
      do {
        _ = try appender.commit()
        throw SimulationError("a commit went over another writer's")
      } catch let error as HindcastError {
        guard error.code == .busy else { throw error }
      }
    }
  }

  private func expire(
    _ name: String, _ ticks: Int64, _ store: Store, _ ledger: Ledger
  ) throws {
    guard var group = ledger.model.groups[name] else { return }
    group.horizon = ticks
    ledger.begin(ledger.model.with(group))
    let unit = group.definition.timeUnit
    let result = try store.expire(
      name, before: Instant(ticks: ticks, unit: unit),
      options: CompactionOptions(memoryBytes: 1, rowsPerSegment: 7))
    ledger.acknowledge(result.commit)
  }

  private func erase(
    _ record: [Value], from name: String, _ store: Store, _ ledger: Ledger
  ) throws {
    guard let group = ledger.model.groups[name] else { return }
    ledger.begin(RecordErasure(groupID: group.id, record: record))
    let identifiers = group.definition.recordIdentifiers
    let encoder = try KeyEncoder(
      layout: KeyLayout(group.definition), sources: identifiers.map(\.type),
      names: identifiers.map(\.name))
    let columns = try zip(identifiers, record).map { field, value in
      try Column(type: field.type, values: [value])
    }
    let result = try store.erase(
      try encoder.encode(columns).keys, from: name, options: CompactionOptions(memoryBytes: 1))
    ledger.acknowledge(result.commit)
  }

  private func hold(
    _ number: UInt64, _ source: OperationSource, _ count: Int, _ store: Store,
    _ disk: SimulatedFileSystem, _ ledger: Ledger
  ) throws {
    guard let model = ledger.history.models[number] else { return }
    var source = source
    let reader = try Store.open(at: "/store", on: disk)
    let snapshot = try reader.snapshot(number)
    defer { withExtendedLifetime(snapshot) {} }
    var done: [Operation] = []
    for _ in 0..<count {
      let operation = source.next(ledger.model, latest: ledger.history.latest)
      done.append(operation)
      var failure: (any Error)?
      do {
        _ = try operation.run(on: disk, store, ledger)
      } catch {
        failure = error
      }
      if let problem = try Self.problem(of: reader, snapshot, model, ledger.history) {
        let all = done.map(\.description).joined(separator: "; ")
        throw SimulationError("the reader of \(number), after \(all): \(problem)")
      }
      if let failure { throw failure }
      do {
        var check = StoreCheck(store)
        _ = try check.run(ledger.history, sample: 1, &source.random)
      } catch let error as SimulationError {
        throw SimulationError("\(done), while a reader holds \(number): \(error)")
      }
    }
    do {
      // It has not looked at the latest snapshot since.
      var check = StoreCheck(reader, damaged: ledger.history.damaged)
      _ = try check.run(ledger.history, sample: 1, &source.random)
    } catch let error where (error as? HindcastError)?.code != .io {
      throw SimulationError("the reader of \(number), which fell behind: \(error)")
    }
  }

  /// What is wrong with what a reader sees, all files of which it opens anew; nil if nothing is.
  private static func problem(
    of reader: Store, _ snapshot: Snapshot, _ model: Model, _ history: History
  ) throws -> String? {
    var check = StoreCheck(reader, damaged: history.damaged)
    do {
      return try check.problem(snapshot, model)
    } catch let error as HindcastError where error.code != .io {
      return error.description
    }
  }

  private func keep(_ store: Store, _ ledger: Ledger) throws {
    let before = ledger.model
    try store.withWriter { writer in
      switch self {
      case .tag(let number, let name):
        var names = before.names
        names[name] = number
        ledger.begin(Model(groups: before.groups, firstKept: before.firstKept, names: names))
        ledger.acknowledge(try writer.tag(number, as: name)?.number)
      case .untag(let name):
        let names = before.names.filter { $0.key != name }
        ledger.begin(Model(groups: before.groups, firstKept: before.firstKept, names: names))
        ledger.acknowledge(try writer.untag(name).commit)
      case .expire(let count):
        let latest = try store.snapshot().number
        let first = max(before.firstKept, latest > count ? latest - UInt64(count) + 1 : 1)
        ledger.begin(Model(groups: before.groups, firstKept: first, names: before.names))
        ledger.acknowledge(try writer.expire(.keepLast(count)).commit)
      default: break
      }
    }
  }
}

extension Load {
  func isNew(_ model: Model) -> Bool {
    guard let batchID else { return true }
    return !(model.groups[group]?.batches.contains(batchID) ?? false)
  }

  func added(to model: Model) -> Model {
    guard isNew(model), let target = model.groups[group] else { return model }
    return model.with(target.adding(rows, batchID: batchID))
  }

  /// Some of the rows after the other.
  func parts(of rowCount: Int) -> [Load] {
    stride(from: 0, to: rows.count, by: rowCount).map {
      Load(group: group, rows: Array(rows[$0..<min(rows.count, $0 + rowCount)]))
    }
  }

  func batch(_ model: Model) throws -> VersionBatch {
    guard let target = model.groups[group] else { throw SimulationError("no group \(group)") }
    return try World(
      name: "", group: target.definition, commits: [], labelTypes: [], labelUnit: .second,
      labels: [], options: ReferenceOptions(target.definition)
    ).batch(rows)
  }
}

/// Something that must not be.
struct SimulationError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
