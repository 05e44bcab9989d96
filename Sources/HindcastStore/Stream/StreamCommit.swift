import HindcastCore

/// The rows of one commit, put together by group.
struct StreamCommit {
  private var batches: [(groupID: UInt32, batches: [VersionBatch])] = []
  private var batchIDs: [(groupID: UInt32, id: BatchID)] = []
  /// For each entry the commit that took its batch in before; nil if it is new.
  private(set) var earlierCommits: [UInt64?] = []

  /// Whether nothing is new.
  var isEmpty: Bool { batches.isEmpty && batchIDs.isEmpty }

  /// - Parameter catalogue: as it is before the commit.
  mutating func add(_ entry: StreamQueue.Entry, to catalogue: Catalogue) {
    if let id = entry.batchID.map(BatchID.init) {
      if let earlier = catalogue.group(id: entry.groupID)?.batches[id] {
        return earlierCommits.append(earlier)
      }
      if batchIDs.contains(where: { $0.groupID == entry.groupID && $0.id == id }) {
        return earlierCommits.append(catalogue.number + 1)
      }
      batchIDs.append((entry.groupID, id))
    }
    earlierCommits.append(nil)
    guard entry.batch.count > 0 else { return }
    if let index = batches.firstIndex(where: { $0.groupID == entry.groupID }) {
      batches[index].batches.append(entry.batch)
    } else {
      batches.append((entry.groupID, [entry.batch]))
    }
  }

  /// The rows of each group in order of arrival, and the ids of the batches.
  func edits() -> [Edit] {
    batches.map { .addRows(groupID: $0.groupID, RowsPayload(Self.joined($0.batches))) }
      + batchIDs.map { .batch(groupID: $0.groupID, id: $0.id.text) }
  }

  private static func joined(_ batches: [VersionBatch]) -> VersionBatch {
    guard batches.count > 1 else { return batches[0] }
    let rows = VersionAccumulator(like: batches[0])
    for batch in batches { rows.append(batch, rows: 0..<batch.count) }
    return rows.finish()
  }
}
