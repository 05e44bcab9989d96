import HindcastCore
import HindcastReference

/// The transformations under which answers must not change (rules F1 and F3).
extension World {
  /// The labels in another order: label `i` of the result is label `permutation[i]` of this world.
  public func permutingLabels(
    _ random: inout SplitMix64
  ) -> (world: World, permutation: [Int]) {
    let permutation = Array(labels.indices).shuffled(using: &random)
    var world = self
    world.labels = permutation.map { labels[$0] }
    return (world, permutation)
  }

  /// The same input split into `count` consecutive parts, a commit each; some may be empty.
  public func splitIntoCommits(_ count: Int, _ random: inout SplitMix64) -> World {
    let rows = self.rows
    let cuts = (1..<max(count, 1)).map { _ in random.int(0...rows.count) }.sorted()
    var world = self
    world.commits = zip([0] + cuts, cuts + [rows.count]).map { Array(rows[$0..<$1]) }
    return world
  }

  /// The input shuffled, rows that tie in record, event time and created time in relative order.
  public func shufflingRows(_ random: inout SplitMix64) -> World {
    struct Tie: Hashable {
      var record: [Value]
      var eventTicks: Int64
      var createdTicks: Int64?
    }
    func tie(_ row: WorldRow) -> Tie {
      Tie(record: row.record, eventTicks: row.eventTicks, createdTicks: row.createdTicks)
    }
    let rows = self.rows
    var waiting = Dictionary(grouping: rows, by: tie).mapValues { Array($0.reversed()) }
    let shuffled = rows.shuffled(using: &random).compactMap { waiting[tie($0)]?.popLast() }
    var world = self
    var rest = shuffled[...]
    world.commits = commits.map { rows in
      defer { rest = rest.dropFirst(rows.count) }
      return Array(rest.prefix(rows.count))
    }
    return world
  }

  /// Rows of records that no label names, put in at random places.
  public func addingOtherRecords(_ count: Int, _ random: inout SplitMix64) -> World {
    guard let times = rows.first else { return self }
    let types = group.recordIdentifiers.map(\.type)
    let asked = Set(labels.compactMap { ReferenceKey($0.record, types: labelTypes) })
    var world = self
    for _ in 0..<count {
      let record = types.map { random.value($0) }
      guard let key = ReferenceKey(record, types: types), !asked.contains(key) else { continue }
      let row = randomRow(record, event: times.eventTicks, &random)
      let commit = random.int(0...world.commits.count - 1)
      world.commits[commit].insert(row, at: random.int(0...world.commits[commit].count))
    }
    return world
  }

  /// Versions of this world's records with event time after `last`, in the labels' unit; and, if
  /// created times are heeded, versions of any event time that became known after it (rule F1).
  public func addingLaterVersions(
    _ count: Int, after last: Int64, _ random: inout SplitMix64
  ) -> World {
    let lastInstant = Instant(ticks: last, unit: labelUnit).floorTicks(group.timeUnit)
    let records = rows.map(\.record)
    guard let after = Int64(exactly: lastInstant + 1), after < Int64.max - 100_000,
      after > Int64.min + 100_000, !records.isEmpty
    else { return self }
    let mayAddKnownLater = group.createdTime != nil && !options.allowsKnownLate
    var world = self
    for _ in 0..<count {
      var row = randomRow(random.pick(records), event: after, &random)
      if mayAddKnownLater, random.oneIn(2) {
        row.createdTicks = after + Int64(random.int(0...3))
        row.eventTicks = random.pick(rows).eventTicks
      } else {
        row.eventTicks = after + Int64(random.int(0...3))
      }
      let commit = random.int(0...world.commits.count - 1)
      world.commits[commit].insert(row, at: random.int(0...world.commits[commit].count))
    }
    return world
  }

  /// The records renamed one to one, to texts; labels likewise, nulls left.
  public func renamingIdentifiers(_ random: inout SplitMix64) -> World {
    var names: [ReferenceKey: String] = [:]
    func name(_ record: [Value], _ types: [DataType]) -> [Value] {
      guard let key = ReferenceKey(record, types: types) else { return [.null] }
      let name = names[key] ?? "\(random.int(0...999))-\(names.count)"
      names[key] = name
      return [.text(name)]
    }
    let types = group.recordIdentifiers.map(\.type)
    var world = self
    world.group.recordIdentifiers = [Field(id: 1, name: "id0", type: .utf8)]
    world.labelTypes = [.utf8]
    for commit in commits.indices {
      for row in commits[commit].indices {
        world.commits[commit][row].record = name(commits[commit][row].record, types)
      }
    }
    for label in labels.indices {
      world.labels[label].record = name(labels[label].record, labelTypes)
    }
    return world
  }

  private func randomRow(
    _ record: [Value], event: Int64, _ random: inout SplitMix64
  ) -> WorldRow {
    let isTombstone = random.oneIn(5)
    return WorldRow(
      record: record, eventTicks: event,
      createdTicks: group.createdTime == nil || random.oneIn(5) ? nil : event,
      isTombstone: isTombstone,
      features: group.features.map { isTombstone ? .null : random.value($0.type, nullOneIn: 5) })
  }
}
