import HindcastCore

/// The rows of one commit, put together by group.
struct StreamCommit {
  private var rows: [JoinedRows] = []
  private var batchIDs: [(groupID: UInt32, id: BatchID)] = []
  /// For each entry the commit that took its batch in before; nil if it is new.
  private(set) var earlierCommits: [UInt64?] = []

  /// Whether nothing is new.
  var isEmpty: Bool { rows.isEmpty && batchIDs.isEmpty }

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
    if let joined = rows.first(where: { $0.groupID == entry.groupID }) {
      joined.append(entry.batch)
    } else {
      rows.append(JoinedRows(entry))
    }
  }

  /// The rows of each group in order of arrival, and the ids of the batches.
  func edits() -> [Edit] {
    rows.map { .addRows(groupID: $0.groupID, RowsPayload($0.finish())) }
      + batchIDs.map { .batch(groupID: $0.groupID, id: $0.id.text) }
  }

  /// The rows of one group.
  private final class JoinedRows {
    let groupID: UInt32
    private let first: VersionBatch
    /// All rows, once there is a second batch.
    private var joined: VersionAccumulator?

    init(_ entry: StreamQueue.Entry) {
      groupID = entry.groupID
      first = entry.batch
    }

    func append(_ batch: VersionBatch) {
      if joined == nil {
        joined = VersionAccumulator(like: first)
        joined?.append(first, rows: 0..<first.count)
      }
      joined?.append(batch, rows: 0..<batch.count)
    }

    func finish() -> VersionBatch { joined?.finish() ?? first }
  }
}
