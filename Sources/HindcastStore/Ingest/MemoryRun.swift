import HindcastCore

/// Rows in memory, in order, cut into pieces that can be made in any order and by any thread.
final class MemoryRun: BatchSource, @unchecked Sendable {
  private let batches: [VersionBatch]
  /// Where the rows are, in order; nil if they are in order as they are.
  private let places: Buffer?
  private let pieces: [Piece]
  private var nextPiece = 0

  /// Rows of a batch as they are, or of the places.
  private struct Piece {
    let batch: Int
    let rows: Range<Int>
  }

  /// Sorts rows of batches that are in order of arrival.
  ///
  /// O(rows x digits that differ).
  /// - Parameter isSorted: whether they are in segment order as they are.
  init(_ batches: [VersionBatch], isSorted: Bool, rowsPerPiece: Int) {
    self.batches = batches
    places = isSorted ? nil : VersionOrder.places(batches)
    let counts = isSorted ? batches.map(\.count) : [batches.reduce(0) { $0 + $1.count }]
    var pieces: [Piece] = []
    for (batch, count) in counts.enumerated() {
      for start in stride(from: 0, to: count, by: rowsPerPiece) {
        pieces.append(Piece(batch: batch, rows: start..<min(count, start + rowsPerPiece)))
      }
    }
    self.pieces = pieces
  }

  var pieceCount: Int { pieces.count }

  /// One piece of the rows.
  func piece(_ index: Int) throws(HindcastError) -> VersionBatch {
    let piece = pieces[index]
    guard let places else { return batches[piece.batch].slice(piece.rows) }
    return try .gather(places.span(of: RowPlace.self).extracting(piece.rows), from: batches)
  }

  /// The pieces one after the other.
  func next() throws(HindcastError) -> VersionBatch? {
    guard nextPiece < pieces.count else { return nil }
    nextPiece += 1
    return try piece(nextPiece - 1)
  }
}
