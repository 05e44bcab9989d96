import HindcastCore
import HindcastJoin
import HindcastReference
import HindcastStore

/// One view of an audit: the reference's answers beside the file's cells.
struct ViewAudit {
  let bound: BoundView
  /// The output columns' names and types.
  let outputs: [(name: String, type: DataType)]
  private let group: GroupSnapshot
  private let keyTypes: [DataType]
  private let encoder: KeyEncoder
  private let hasEventTime: Bool
  private var counts: [ReferenceOutcome: Int] = [:]
  private var certificate = ReferenceCertificate()
  /// Labels of records that were erased since the snapshot: nobody can answer them any more.
  private(set) var erasedLabelCount = 0

  init(
    _ bound: BoundView, _ group: GroupSnapshot, keyTypes: [DataType], names: [String],
    eventTimeName: String?
  ) throws(HindcastError) {
    self.bound = bound
    self.group = group
    self.keyTypes = keyTypes
    encoder = try KeyEncoder(
      layout: KeyLayout(group.definition), sources: keyTypes, names: bound.labelKeys)
    var outputs = zip(names, bound.features).map { (name: $0, type: $1.type) }
    if let eventTimeName {
      let definition = group.definition
      outputs.append(
        (eventTimeName, .timestamp(definition.timeUnit, zone: definition.eventTimeZone)))
    }
    hasEventTime = eventTimeName != nil
    self.outputs = outputs
  }

  /// A chunk's cells beside the reference's.
  /// - Parameters:
  ///   - columns: The cells. Those that are NaN get the reference's bits if the file is text, which
  ///     can't hold them.
  ///   - isText: Whether the file holds its values as text.
  mutating func compare(
    _ columns: inout [Column], isText: Bool, keys: [Column], _ chunk: LabelChunk
  ) throws(HindcastError) -> CellComparison {
    var comparison = CellComparison()
    var restored: [Int: [Int: Value]] = [:]
    let history = try GroupHistory(group, features: bound.features, keys: wanted(keys))
    let join = try ReferenceJoin(
      group: history.reference(group.definition, featureCount: bound.features.count),
      options: ReferenceOptions(
        delay: bound.rule.delay, isStrict: bound.rule.isStrict, maxAge: bound.rule.maxAge,
        allowsKnownLate: bound.view.isKnownLate),
      labelTypes: keyTypes)
    let labels = (0..<keys[0].count).map { row in
      ReferenceLabel(record: keys.map { $0[row] }, time: chunk.time.reference(row))
    }
    let erased = try erasedRows(keys)
    erasedLabelCount += erased.count
    let result = join.answers(labels)
    for (outcome, count) in result.counts { counts[outcome, default: 0] += count }
    certificate.merge(result.certificate)
    for (row, answer) in result.answers.enumerated() where !erased.contains(row) {
      var expected = answer.features
      if hasEventTime { expected.append(answer.eventTicks.map { .integer(Int128($0)) } ?? .null) }
      for (index, column) in columns.enumerated() where column[row] != expected[index] {
        if isText, column[row].isWrittenAs(expected[index]) {
          restored[index, default: [:]][row] = expected[index]
          continue
        }
        comparison.note(
          AuditReport.Mismatch(
            row: chunk.firstRow + row + 1, column: outputs[index].name, expected: expected[index],
            found: column[row]))
      }
    }
    for (index, cells) in restored {
      let column = columns[index]
      columns[index] = try Column(
        type: column.type, values: (0..<column.count).map { cells[$0] ?? column[$0] })
    }
    comparison.cellCount = columns.count * (labels.count - erased.count)
    comparison.erasedCellCount = columns.count * erased.count
    return comparison
  }

  /// The rows whose records were erased after the snapshot (rule S3).
  private func erasedRows(_ keys: [Column]) throws(HindcastError) -> Set<Int> {
    guard !group.erasedSince.isEmpty else { return [] }
    let encoded = try encoder.encode(keys).keys
    var known: [[UInt8]: Bool] = [:]
    var rows: Set<Int> = []
    for row in 0..<encoded.count {
      let key = encoded.bytes(row)
      let isErased =
        known[key] ?? group.erasedSince.contains { erasure in erasure.records.contains(key) }
      known[key] = isErased
      if isErased { rows.insert(row) }
    }
    return rows
  }

  /// The commits that erased records of the snapshot.
  var erasingCommits: [UInt64] { group.erasedSince.map(\.commit) }

  private func wanted(_ keys: [Column]) throws(HindcastError) -> Set<[UInt8]> {
    let encoded = try encoder.encode(keys).keys
    return Set((0..<encoded.count).map { encoded.bytes($0) })
  }

  /// Cells that were not known at their label's time.
  var lateCellCount: Int { certificate.lateCellCount }

  /// What the manifest says otherwise.
  func disagreements(with entry: Manifest.View) -> [String] {
    let ours = Manifest.Counts(
      unusable: counts[.unusable] ?? 0, missing: counts[.missing] ?? 0,
      deleted: counts[.deleted] ?? 0, expired: counts[.expired] ?? 0,
      matched: counts[.matched] ?? 0)
    // Counts and certificate are of all labels, and some can't be answered any more.
    guard erasedLabelCount == 0 else { return [] }
    var found: [String] = []
    if ours != entry.counts {
      found.append(
        "\(entry.alias): the manifest counts \(entry.counts.text), the reference \(ours.text)")
    }
    let leastAge = certificate.minimumEventMargin.map { "\($0)" }
    let leastKnownAge = certificate.minimumCreatedMargin.map { "\($0)" }
    if leastAge != entry.certificate.minLabelMinusEventNs
      || leastKnownAge != entry.certificate.minLabelMinusCreatedNs
      || certificate.lateCellCount != entry.certificate.cellsKnownLate
    {
      found.append(
        "\(entry.alias): the certificate is not the reference's (label - event at least "
          + "\(leastAge ?? "-") ns, label - created at least \(leastKnownAge ?? "-") ns, "
          + "\(certificate.lateCellCount) cells known late)")
    }
    return found
  }
}

extension ReferenceCertificate {
  fileprivate mutating func merge(_ other: ReferenceCertificate) {
    minimumEventMargin = Self.least(minimumEventMargin, other.minimumEventMargin)
    minimumCreatedMargin = Self.least(minimumCreatedMargin, other.minimumCreatedMargin)
    lateLabelCount += other.lateLabelCount
    lateCellCount += other.lateCellCount
  }

  private static func least(_ a: Int128?, _ b: Int128?) -> Int128? {
    guard let a else { return b }
    return b.map { min(a, $0) } ?? a
  }
}

extension Value {
  /// Whether two values are the same text: texts have one NaN.
  fileprivate func isWrittenAs(_ other: Value) -> Bool {
    switch (self, other) {
    case (.float32(let a), .float32(let b)):
      a == b || Float(bitPattern: a).isNaN && Float(bitPattern: b).isNaN
    case (.float64(let a), .float64(let b)):
      a == b || Double(bitPattern: a).isNaN && Double(bitPattern: b).isNaN
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isWrittenAs($1) }
    default: self == other
    }
  }
}

extension ChunkTime {
  /// The time of row `row` of the chunk, for the reference.
  func reference(_ row: Int) -> ReferenceTime? {
    switch self {
    case .instant(let instant):
      for unit in TimeUnit.allCases {
        if let ticks = instant.ticks(exactly: unit) {
          return ReferenceTime(ticks: ticks, unit: unit)
        }
      }
      return nil
    case .column(let column):
      guard case .integer(let ticks) = column[row], let ticks = Int64(exactly: ticks) else {
        return nil
      }
      if case .timestamp(let unit, _) = column.type {
        return ReferenceTime(ticks: ticks, unit: unit)
      }
      return ReferenceTime(ticks: ticks * 86_400, unit: .second)
    }
  }
}

extension Manifest.Counts {
  /// The five numbers, for a person.
  fileprivate var text: String {
    "\(matched) matched, \(missing) missing, \(expired) expired, \(deleted) deleted, "
      + "\(unusable) unusable"
  }
}
