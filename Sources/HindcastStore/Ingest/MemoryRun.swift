import HindcastCore

/// Rows in memory, in order, cut into pieces that can be made in any order and by any thread.
///
/// The rows are batches in order of arrival, each of them in order by itself. Fences among a sample
/// of the rows cut all batches alike; so a piece is small enough to be sorted within the
/// processor's caches, and reads each batch front to back.
final class MemoryRun: BatchSource, @unchecked Sendable {
  private let batches: [VersionBatch]
  /// Where each piece begins in each batch, and where the last one ends.
  private let fences: [[Int]]
  /// Whether all times of a batch are before those of the next, as where rows come in as they
  /// happen.
  private let timesAscend: Bool
  private var nextPiece = 0

  /// So many rows are sampled of a piece, if it has as many.
  private static let samplesPerPiece = 128

  /// - Parameters:
  ///   - batches: in order of arrival, each sorted.
  ///   - rowsPerPiece: about the rows of a piece.
  ///
  /// O(sample x log(sample) + pieces x batches x log(rows)).
  init(_ batches: [VersionBatch], rowsPerPiece: Int) {
    self.batches = batches
    let samplesPerPiece = max(1, min(rowsPerPiece, Self.samplesPerPiece))
    let sample = Self.sample(batches, every: max(1, rowsPerPiece / samplesPerPiece))
    var fences = [batches.map { _ in 0 }]
    for index in stride(from: samplesPerPiece, to: sample.count, by: samplesPerPiece) {
      fences.append(batches.indices.map { Self.count(of: $0, before: sample[index], batches) })
    }
    fences.append(batches.map(\.count))
    self.fences = fences
    timesAscend = Self.timesAscend(batches)
  }

  var pieceCount: Int { fences.count - 1 }

  /// One piece of the rows; it may be empty.
  func piece(_ index: Int) throws(HindcastError) -> VersionBatch {
    var parts: [VersionOrder.Part] = []
    for batch in batches.indices where fences[index][batch] < fences[index + 1][batch] {
      let rows = fences[index][batch]..<fences[index + 1][batch]
      parts.append(VersionOrder.Part(batch: batch, rows: rows))
    }
    if parts.count == 1 { return batches[parts[0].batch].slice(parts[0].rows) }
    if areInOrder(parts) {
      let rows = VersionAccumulator(like: batches[0])
      for part in parts { rows.append(batches[part.batch], rows: part.rows) }
      return rows.finish()
    }
    let places = VersionOrder.places(parts, of: batches, timesAscend: timesAscend)
    return try .gather(places.span(of: RowPlace.self), from: batches)
  }

  /// The pieces one after the other.
  func next() throws(HindcastError) -> VersionBatch? {
    while nextPiece < pieceCount {
      nextPiece += 1
      let piece = try piece(nextPiece - 1)
      if piece.count > 0 { return piece }
    }
    return nil
  }

  /// Whether each part comes after the one before.
  private func areInOrder(_ parts: [VersionOrder.Part]) -> Bool {
    zip(parts, parts.dropFirst()).allSatisfy { part, next in
      VersionOrder.compare(
        batches[part.batch], part.rows.upperBound - 1, batches[next.batch], next.rows.lowerBound)
        <= 0
    }
  }

  private static func timesAscend(_ batches: [VersionBatch]) -> Bool {
    var last = Int64.min
    for (index, batch) in batches.enumerated() {
      let times = batch.eventTimes.span(of: Int64.self)
      var (least, greatest) = (Int64.max, Int64.min)
      for row in 0..<batch.count {
        least = min(least, times[row])
        greatest = max(greatest, times[row])
      }
      guard index == 0 || last < least else { return false }
      last = greatest
    }
    return true
  }

  /// Every so manieth row of each batch, in order.
  private static func sample(_ batches: [VersionBatch], every step: Int) -> [RowPlace] {
    var sample: [RowPlace] = []
    for (index, batch) in batches.enumerated() {
      for row in stride(from: 0, to: batch.count, by: step) {
        sample.append(RowPlace(batch: index, row: row))
      }
    }
    return sample.sorted {
      let order = VersionOrder.compare(
        batches[Int($0.batch)], Int($0.row), batches[Int($1.batch)], Int($1.row))
      return order != 0 ? order < 0 : ($0.batch, $0.row) < ($1.batch, $1.row)
    }
  }

  /// How many rows of a batch come before a row of a batch.
  private static func count(
    of batch: Int, before place: RowPlace, _ batches: [VersionBatch]
  ) -> Int {
    let fence = Int(place.batch)
    if batch == fence { return Int(place.row) }
    var (low, high) = (0, batches[batch].count)
    while low < high {
      let middle = (low + high) / 2
      let order = VersionOrder.compare(batches[batch], middle, batches[fence], Int(place.row))
      // What is equal comes in order of arrival.
      if order < 0 || order == 0 && batch < fence { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
