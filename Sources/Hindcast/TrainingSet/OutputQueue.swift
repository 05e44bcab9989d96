import HindcastCore
import HindcastInterchange
import Synchronization

/// Hashes and writes answered chunks, one after the other, while the next is answered.
///
/// At most one chunk waits or is written: whoever brings another waits for it.
final class OutputQueue: Sendable {
  /// A chunk's labels and the columns that answer them.
  struct Chunk: Sendable {
    let batches: [ArrowBatch]
    let columns: [Column]
  }

  private let fields: [ArrowField]
  /// The thread that writes the last chunk, until it is joined.
  private let writing = Mutex<OwnThread?>(nil)
  private let failure = Mutex<HindcastError?>(nil)
  private let output: Output

  /// What the queue's thread alone touches until it is finished.
  private final class Output: @unchecked Sendable {
    let writer: TableWriter
    let hash: ResultHash
    var labelHashes: LabelHashes

    init(_ writer: TableWriter, _ hash: ResultHash, _ labelHashes: LabelHashes) {
      self.writer = writer
      self.hash = hash
      self.labelHashes = labelHashes
    }
  }

  /// A queue to `writer`, whose columns are the labels' and then `fields`.
  init(
    to writer: TableWriter, fields: [ArrowField], hash: ResultHash, labelHashes: LabelHashes
  ) {
    self.fields = fields
    output = Output(writer, hash, labelHashes)
  }

  /// Adds a chunk, when the one before is written.
  /// - Throws: what failed before.
  func append(_ chunk: Chunk) throws(HindcastError) {
    try settle()
    let work: @Sendable () -> Void = { [self] in
      do throws(HindcastError) {
        try write(chunk)
      } catch {
        failure.withLock { $0 = error }
      }
    }
    // Without a thread to be had, the chunk is written here and now.
    let isStarted = writing.withLock { writing in
      writing = OwnThread(work)
      return writing != nil
    }
    if !isStarted { work() }
  }

  /// Waits until all is written; returns the hashes of the result and of the label columns.
  ///
  /// Nothing can be added afterwards.
  /// - Throws: what failed.
  func finish() throws(HindcastError) -> (result: String, labels: [Manifest.LabelColumn]) {
    try settle()
    return (output.hash.finish(), output.labelHashes.finish())
  }

  /// Waits until nothing is written any more, whatever became of it.
  func drain() { writing.withLock { $0.take()?.join() } }

  private func settle() throws(HindcastError) {
    drain()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Writes each batch of the chunk with its stretch of the output columns behind its own.
  private func write(_ chunk: Chunk) throws(HindcastError) {
    try output.hash.add(chunk.columns)
    try output.labelHashes.add(chunk.batches)
    let more = zip(fields, chunk.columns).map { (field: $0, column: $1) }
    var start = 0
    for batch in chunk.batches {
      try Interruption.check()
      try output.writer.write(batch.appending(more, from: start))
      start += batch.count
    }
  }
}
