import HindcastCore
import HindcastInterchange

/// Hashes and writes answered chunks, one after the other, while the next is answered.
///
/// At most one chunk waits or is written: whoever brings another waits for it.
final class OutputQueue {
  /// A chunk's labels and the columns that answer them.
  struct Chunk: Sendable {
    let batches: [ArrowBatch]
    let columns: [Column]
  }

  private let lanes = Lanes(threads: 1)
  private let output: Output

  /// What the queue's thread alone touches until it is finished.
  private final class Output: @unchecked Sendable {
    let writer: TableWriter
    let fields: [ArrowField]
    let hash: ResultHash
    var labelHashes: LabelHashes

    init(
      _ writer: TableWriter, _ fields: [ArrowField], _ hash: ResultHash, _ labelHashes: LabelHashes
    ) {
      self.writer = writer
      self.fields = fields
      self.hash = hash
      self.labelHashes = labelHashes
    }

    /// Writes each batch of the chunk with its stretch of the output columns behind its own.
    func write(_ chunk: Chunk) throws(HindcastError) {
      try hash.add(chunk.columns)
      try labelHashes.add(chunk.batches)
      let more = zip(fields, chunk.columns).map { (field: $0, column: $1) }
      var start = 0
      for batch in chunk.batches {
        try Interruption.check()
        try writer.write(batch.appending(more, from: start))
        start += batch.count
      }
    }
  }

  /// A queue to `writer`, whose columns are the labels' and then `fields`.
  init(
    to writer: TableWriter, fields: [ArrowField], hash: ResultHash, labelHashes: LabelHashes
  ) {
    output = Output(writer, fields, hash, labelHashes)
  }

  /// Adds a chunk, when the one before is written.
  /// - Throws: what failed before.
  func append(_ chunk: Chunk) throws(HindcastError) {
    try lanes.wait()
    lanes.add { [output] () throws(HindcastError) in try output.write(chunk) }
  }

  /// Waits until all is written; returns the hashes of the result and of the label columns.
  ///
  /// Nothing can be added afterwards.
  /// - Throws: what failed.
  func finish() throws(HindcastError) -> (result: String, labels: [Manifest.LabelColumn]) {
    try lanes.wait()
    return (output.hash.finish(), output.labelHashes.finish())
  }

  /// Waits until nothing is written any more, whatever became of it.
  func drain() { lanes.drain() }
}
