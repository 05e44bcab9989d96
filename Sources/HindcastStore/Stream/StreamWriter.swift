import HindcastCore
import HindcastFormat
import Synchronization

/// The stream's own thread: makes commits of what waits, one durable write for all of it.
///
/// While a commit is being made durable the next rows gather, so that the slower the disk, the more
/// rows share a write (group commit).
final class StreamWriter: @unchecked Sendable {
  private let writer: StoreWriter
  private let queue: StreamQueue
  private let options: StreamOptions
  /// The thread that writes segments, until it is joined.
  ///
  /// Touched by the stream's thread alone.
  private var roller: OwnThread?

  /// The writer belongs to the stream from here on.
  init(_ writer: StoreWriter, queue: StreamQueue, options: StreamOptions) {
    self.writer = writer
    self.queue = queue
    self.options = options
  }

  /// Works until the queue is closed.
  func run() {
    while let work = queue.next() {
      do throws(HindcastError) {
        switch work {
        case .commit(let entries): try commit(entries)
        case .roll(let edits): try publish(edits)
        }
        try rollIfFull()
      } catch {
        queue.fail(error)
      }
    }
    roller.take()?.join()
    writer.close()
  }

  private func commit(_ entries: [StreamQueue.Entry]) throws(HindcastError) {
    defer { queue.finish(entries.count) }
    do throws(HindcastError) {
      if let error = queue.error { throw error }
      var plan = StreamCommit(writer.catalogue)
      for entry in entries { plan.add(entry) }
      let number = plan.isEmpty ? 0 : try writer.publish(plan.edits(), note: "stream").number
      for (entry, earlier) in zip(entries, plan.earlierCommits) {
        entry.completion(
          .success(
            StreamReceipt(
              commitNumber: earlier ?? number, rowCount: earlier == nil ? entry.batch.count : 0,
              isDuplicate: earlier != nil)))
      }
    } catch {
      for entry in entries { entry.completion(.failure(error)) }
      throw error
    }
  }

  private func rollIfFull() throws(HindcastError) {
    let size = writer.logSize
    guard size.bytes >= options.logByteLimit || size.commits >= options.logCommitLimit,
      !queue.isRolling
    else { return }
    roller.take()?.join()
    // What comes meanwhile goes to the next log.
    try writer.openLog()
    queue.startRolling()
    let catalogue = writer.catalogue
    let work: @Sendable () -> Void = { [store = writer.store, queue] in
      do throws(HindcastError) {
        let roll = LogRoll(store: store) { queue.fail($0) }
        queue.publish(try roll.write(catalogue))
      } catch {
        queue.fail(error)
        queue.endRolling()
      }
    }
    roll(work)
  }

  private func roll(_ work: @escaping @Sendable () -> Void) {
    roller = options.rollsInBackground ? OwnThread(work) : nil
    if roller == nil { work() }
  }

  /// Publishes a roll, and has a checkpoint written, so that readers need not read what was rolled.
  private func publish(_ edits: [Edit]) throws(HindcastError) {
    defer { queue.endRolling() }
    if let error = queue.error { throw error }
    try writer.publish(edits, note: "roll")
    roller.take()?.join()
    let catalogue = writer.catalogue
    let work: @Sendable () -> Void = { [log = writer.store.log, queue] in
      do throws(HindcastError) {
        try log.writeCheckpoint(catalogue)
      } catch {
        queue.fail(error)
      }
    }
    roll(work)
  }
}

/// The rows of one commit, put together by group.
struct StreamCommit {
  private let catalogue: Catalogue
  private var batches: [(groupID: UInt32, batches: [VersionBatch])] = []
  private var batchIDs: [(groupID: UInt32, id: String)] = []
  /// For each entry the commit that took its batch in before; nil if it is new.
  private(set) var earlierCommits: [UInt64?] = []

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// Whether nothing is new.
  var isEmpty: Bool { batches.isEmpty && batchIDs.isEmpty }

  mutating func add(_ entry: StreamQueue.Entry) {
    if let id = entry.batchID {
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
      + batchIDs.map { .batch(groupID: $0.groupID, id: $0.id) }
  }

  private static func joined(_ batches: [VersionBatch]) -> VersionBatch {
    guard batches.count > 1 else { return batches[0] }
    let rows = VersionAccumulator(like: batches[0])
    for batch in batches { rows.append(batch, rows: 0..<batch.count) }
    return rows.finish()
  }
}
