import HindcastCore
import HindcastStore
import HindcastTestKit

/// Compares a store with what was acknowledged.
struct StoreCheck {
  let store: Store
  private var reading = StoreReading()
  /// By the identity of the models, which are kept here so that it stays theirs.
  private var expected: [ObjectIdentifier: (model: Model, rows: [String: ExpectedRows])] = [:]

  /// Segments without which a snapshot may fail.
  private var damaged: Set<String>

  init(_ store: Store, damaged: Set<String> = []) {
    self.store = store
    self.damaged = damaged
  }

  /// Checks all of it, or some earlier snapshots alone.
  ///
  /// Returns the history with the commits that came through though they were not acknowledged.
  /// - Parameter sample: as many earlier snapshots are read.
  mutating func run(
    _ history: History, sample: Int, _ random: inout SplitMix64
  ) throws -> History {
    damaged = history.damaged
    reading.forget(damaged)
    let latest = try store.snapshot().number
    guard latest >= history.latest else {
      throw SimulationError("commit \(history.latest) was acknowledged; the last is \(latest)")
    }
    let kept = try store.commits().map(\.number)
    let found = try adopt(history, latest, Set(kept))
    guard kept == found.model.kept(latest: latest) else {
      throw SimulationError("kept are \(kept), not \(found.model.kept(latest: latest))")
    }
    let earlier = kept.filter { $0 < latest }.shuffled(using: &random)
    for number in earlier.prefix(sample) {
      guard let model = found.models[number] else { continue }
      if let problem = try problem(store.snapshot(number), model) {
        throw SimulationError("snapshot \(number): \(problem)")
      }
    }
    try checkExpired(found, latest)
    return found
  }

  /// Finds out which of the things under way came through.
  private mutating func adopt(
    _ history: History, _ latest: UInt64, _ kept: Set<UInt64>
  ) throws -> History {
    guard let erasure = history.pendingErasure else {
      return try adoptChanges(history, latest, kept)
    }
    // All snapshots tell whether a record was erased, and they must agree.
    var before = history
    before.pending = []
    before.pendingErasure = nil
    var problems: [String] = []
    for candidate in [before, before.erasing(erasure)] {
      do {
        let found = try adoptChanges(candidate, latest, kept)
        for number in kept.sorted() {
          guard let model = found.models[number],
            let problem = try problem(store.snapshot(number), model)
          else { continue }
          throw SimulationError("snapshot \(number): \(problem)")
        }
        return found
      } catch let error as SimulationError {
        problems.append(error.description)
      }
    }
    throw SimulationError(
      "\(erasure.record) is neither there nor erased: " + problems.joined(separator: "; or "))
  }

  private mutating func adoptChanges(
    _ history: History, _ latest: UInt64, _ kept: Set<UInt64>
  ) throws -> History {
    var history = history
    var candidates = [history.model] + history.pending
    history.pending = []
    for number in max(1, history.latest)...latest where kept.contains(number) {
      var problems: [String] = []
      while let model = candidates.first {
        var problem = try problem(store.snapshot(number), model)
        if problem == nil, number == latest { problem = try retentionProblem(model, latest, kept) }
        guard let problem else { break }
        problems.append(problem)
        // What was acknowledged is there; what follows it came later.
        if number == history.latest { candidates = [] } else { candidates.removeFirst() }
      }
      guard let model = candidates.first else {
        throw SimulationError("snapshot \(number): " + problems.joined(separator: "; or "))
      }
      history.models[number] = model
      history.latest = max(number, history.latest)
    }
    return history
  }

  private func retentionProblem(
    _ model: Model, _ latest: UInt64, _ kept: Set<UInt64>
  ) throws -> String? {
    let wanted = model.kept(latest: latest)
    guard Set(wanted) == kept else { return "kept are \(kept.sorted()), not \(wanted)" }
    var names: [String: UInt64] = [:]
    for record in try store.commits() {
      for name in record.names { names[name] = record.number }
    }
    return names == model.names ? nil : "names are \(names), not \(model.names)"
  }

  /// What is wrong with a snapshot; nil if nothing is.
  mutating func problem(_ snapshot: Snapshot, _ model: Model) throws -> String? {
    let names = snapshot.groups.map(\.name)
    guard names == model.groups.keys.sorted() else {
      return "groups \(names), not \(model.groups.keys.sorted())"
    }
    for (name, group) in model.groups.sorted(by: { $0.key < $1.key }) {
      let found = try snapshot.group(named: name)
      let (a, b) = (found.definition.features, group.definition.features)
      guard a.map(\.name) == b.map(\.name), a.map(\.type) == b.map(\.type),
        a.map(\.defaultValue) == b.map(\.defaultValue)
      else { return "\(name) has features \(a), not \(b)" }
      guard found.horizon == group.horizon else {
        return "\(name) has the horizon \(found.horizon ?? -1), not \(group.horizon ?? -1)"
      }
      let uids = found.segments.map(\.reference.uid.description)
      let rows: [WorldRow]
      do {
        rows = try reading.rows(found)
      } catch {
        if damaged.isDisjoint(with: uids) { throw error }
        continue
      }
      if let problem = expectation(model, group).problem(with: rows) {
        return "\(name): \(problem)"
      }
    }
    return nil
  }

  private mutating func expectation(_ model: Model, _ group: ModelGroup) -> ExpectedRows {
    let (id, name) = (ObjectIdentifier(model), group.definition.name)
    if let known = expected[id]?.rows[name] { return known }
    let rows = ExpectedRows(group)
    expected[id, default: (model, [:])].rows[name] = rows
    return rows
  }

  /// A snapshot that was given up is refused.
  private func checkExpired(_ history: History, _ latest: UInt64) throws {
    let kept = Set(history.model.kept(latest: latest))
    guard let gone = (1...latest).first(where: { !kept.contains($0) }) else { return }
    do {
      _ = try store.snapshot(gone)
      throw SimulationError("snapshot \(gone) was given up and answers")
    } catch let error as HindcastError {
      guard error.code == .expired else { throw error }
    }
  }
}

extension StoreCheck {
  /// Checks that a writer has left nothing behind, that nothing is wrong inside, and that what was
  /// erased is in no file.
  func checkTidy(_ disk: SimulatedFileSystem, _ history: History) throws {
    let report = try store.verify(deep: true)
    guard report.isSound else { throw SimulationError("verify: \(report.problems)") }
    guard report.leftovers.isEmpty else {
      throw SimulationError("left behind: \(report.leftovers)")
    }
    let files = try disk.list("/store/segments").count
    guard files == report.segmentCount else {
      throw SimulationError("\(files) segment files, \(report.segmentCount) segments")
    }
    guard !history.erasures.isEmpty else { return }
    // No reader holds a segment; a log stays until its snapshots are given up.
    let pending = try store.pendingErasures()
    guard pending.allSatisfy({ $0.logged != nil }) else {
      throw SimulationError("erased and still there: \(pending)")
    }
    for erasure in history.erasures {
      try checkAbsent(erasure, history, logs: Set(pending.map(\.path)))
    }
  }

  /// Checks that no file holds a record, but for logs with snapshots that are kept.
  private func checkAbsent(
    _ erasure: RecordErasure, _ history: History, logs: Set<String>
  ) throws {
    let groups = history.models.values.flatMap(\.groups.values)
    guard let group = groups.first(where: { $0.id == erasure.groupID }) else { return }
    let namesakes = groups.filter { $0.definition.name == group.definition.name }
    // A record may have come back, into a group that was dropped then.
    let isBack = groups.contains { other in
      other.id == group.id && other.rows.contains { $0.row.record == erasure.record }
    }
    // A group of the same name may have had the record as well, and have been dropped with it.
    guard !isBack, namesakes.allSatisfy({ $0.id == group.id }) else { return }
    let report = try store.findRecord(erasure.record, in: group.definition)
    // What is in quarantine is read by nobody, and gone if it might hold the record.
    let unreadable = report.unreadable.filter { $0.file?.contains("/quarantine/") != true }
    guard unreadable.isEmpty, logs.isSuperset(of: report.holders) else {
      throw SimulationError("\(erasure.record) is erased and still in \(report)")
    }
  }
}
