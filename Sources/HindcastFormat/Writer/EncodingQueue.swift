import HindcastCore

/// Encodes batches of columns on all cores, and writes the pages of one while the next is encoded.
///
/// What is written does not depend on the number of threads.
final class EncodingQueue {
  private let sink: PieceWriter
  private let lanes = Lanes()
  /// The batches whose pages are not written: at most two.
  private var batches: [[Work]] = []

  /// One column of a batch.
  ///
  /// Its pages are set by the thread that encodes it and read when that is done.
  private final class Work: @unchecked Sendable {
    let writer: ColumnWriter
    let column: Column
    var pages: [StoredPage] = []

    init(_ writer: ColumnWriter, _ column: Column) {
      self.writer = writer
      self.column = column
    }

    func encode() throws(HindcastError) {
      try writer.append(column, 0..<column.count)
      pages = writer.takePages()
    }
  }

  init(_ sink: PieceWriter) {
    self.sink = sink
  }

  /// Begins to encode a batch, which has the same writers as those before; waits for the one before
  /// and writes its pages.
  func append(_ work: [(ColumnWriter, Column)]) throws(HindcastError) {
    // Columns that took most so far come first, so that no core is left with one at the end.
    let largestFirst = work.indices.sorted {
      work[$0].0.storedByteCount > work[$1].0.storedByteCount
    }
    var batch: [Work] = []
    var pieces: [Lanes.Piece] = []
    for index in largestFirst {
      let work = Work(work[index].0, work[index].1)
      batch.append(work)
      pieces.append(Lanes.Piece(lane: index) { () throws(HindcastError) in try work.encode() })
    }
    lanes.add(pieces)
    batches.append(batch)
    if batches.count > 1 { try writeFirst() }
  }

  /// Waits for all batches and writes their pages.
  func finish() throws(HindcastError) {
    while !batches.isEmpty { try writeFirst() }
  }

  private func writeFirst() throws(HindcastError) {
    try lanes.wait(exceptLast: batches.count - 1)
    for work in batches.removeFirst() { try work.writer.write(work.pages) }
    try sink.flush()
  }
}
