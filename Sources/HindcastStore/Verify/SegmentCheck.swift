import HindcastCore
import HindcastFormat

/// Looks at one segment.
struct SegmentCheck {
  private let store: Store
  private let group: FeatureGroup
  private let reference: SegmentReference
  private let path: String
  private(set) var problems: [HindcastError] = []
  private(set) var pageCount = 0

  init(store: Store, group: FeatureGroup, reference: SegmentReference) {
    self.store = store
    self.group = group
    self.reference = reference
    path = store.layout.segment(reference.uid)
  }

  mutating func run(deep: Bool, progress: (_ byteCount: Int) -> Void = { _ in }) {
    do throws(HindcastError) {
      guard try store.fileSystem.status(path) != nil else {
        throw problem("the segment that commit \(reference.commitNumber) added is missing")
      }
      let reader = try StoredSegment(reference: reference, pool: store.segments).reader()
      compare(reader)
      guard deep else { return }
      let before = reader.counters.snapshot().pagesRead
      defer { pageCount = reader.counters.snapshot().pagesRead - before }
      try reader.verify(progress: progress)
    } catch {
      problems.append(error)
    }
  }

  private func problem(_ what: String) -> HindcastError {
    HindcastError(.corrupt, "\(what): restore this file from a backup", at: .init(file: path))
  }

  /// Compares what the segment says of itself with what its commit and its group say.
  private mutating func compare(_ reader: SegmentReader) {
    let summary = reader.summary
    func expect(_ what: String, _ found: some Equatable, _ wanted: some Equatable) -> HindcastError?
    {
      "\(found)" == "\(wanted)" ? nil : problem("\(what) is \(found), its commit says \(wanted)")
    }
    let differences = [
      expect("the number of rows", summary.rowCount, reference.rowCount),
      expect("the number of records", summary.runCount, reference.runCount),
      expect("the size", summary.byteCount, reference.byteCount),
      expect("the first event time", summary.minEventTime, reference.minEventTime),
      expect("the last event time", summary.maxEventTime, reference.maxEventTime),
      expect("the number of tombstones", summary.tombstoneCount, reference.tombstoneCount),
    ]
    problems += differences.compactMap { $0 }
    if reader.keyLayout != KeyLayout(group) || reader.schema.timeUnit != group.timeUnit {
      problems.append(problem("its record identifiers or time unit are not those of its group"))
    }
    let facts = Set(reference.columns.map(\.fieldID))
    if facts != Set(reader.schema.features.map(\.id)) {
      problems.append(problem("its features are not those that its commit speaks of"))
    }
    for field in reader.schema.features {
      guard isKnown(field), let column = reader.feature(id: field.id) else {
        problems.append(problem("feature \(field.name) is not one of its group, or not there"))
        continue
      }
      let fact = reference.columns.first { $0.fieldID == field.id }
      let what = "the number of nulls of \(field.name)"
      problems += [expect(what, column.nullCount, fact?.nullCount ?? 0)].compactMap { $0 }
    }
  }

  /// Whether a stored feature is one that the group has, perhaps in a wider type now, or has had.
  private func isKnown(_ field: Field) -> Bool {
    guard let known = group.features.first(where: { $0.id == field.id }) else {
      return field.id < group.nextFieldID
        && !group.recordIdentifiers.contains { $0.id == field.id }
    }
    return field.type.widens(to: known.type)
  }
}
