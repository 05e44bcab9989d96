/// Joins rows of batches of one group into one batch.
package final class VersionAccumulator {
  /// The rows so far.
  package private(set) var count = 0
  private let hasKeyHeap: Bool
  private var prefixes = MutableBuffer()
  private var keyOffsets = MutableBuffer()
  private var keyBytes = MutableBuffer()
  private var eventTimes = MutableBuffer()
  private let createdTimes: ColumnAccumulator?
  private var tombstones: MutableBuffer?
  private let features: [ColumnAccumulator]

  /// Starts an empty batch of the form of another.
  package init(like batch: VersionBatch) {
    hasKeyHeap = batch.keys.heap != nil
    createdTimes = batch.createdTimes.map { ColumnAccumulator(type: $0.type) }
    features = batch.features.map { ColumnAccumulator(type: $0.type) }
    if hasKeyHeap { keyOffsets.append(0) }
  }

  /// The memory that the rows so far take.
  package var byteCount: Int {
    let keys = prefixes.byteCount + keyOffsets.byteCount + keyBytes.byteCount
    let flags = tombstones?.byteCount ?? 0
    let columns = features.reduce(createdTimes?.byteCount ?? 0) { $0 + $1.byteCount }
    return keys + eventTimes.byteCount + flags + columns
  }

  /// Whether the rows of `batch` can follow.
  package func hasRoom(for batch: VersionBatch) -> Bool {
    guard count + batch.count <= Int(UInt32.max) else { return false }
    return zip(features, batch.features).allSatisfy { $0.hasRoom(for: $1) }
  }

  /// Adds a range of another batch's rows.
  ///
  /// O(rows x columns + bytes).
  package func append(_ batch: VersionBatch, rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= batch.count)
    precondition(hasKeyHeap == (batch.keys.heap != nil))
    let words = (rows.lowerBound * 8)..<(rows.upperBound * 8)
    prefixes.append(contentsOf: batch.keys.prefixes.bytes.extracting(words))
    if let heap = batch.keys.heap { append(heap, rows) }
    eventTimes.append(contentsOf: batch.eventTimes.bytes.extracting(words))
    if let createdTimes, let source = batch.createdTimes { createdTimes.append(source, rows: rows) }
    appendTombstones(batch.tombstones, rows)
    for (feature, source) in zip(features, batch.features) { feature.append(source, rows: rows) }
    count += rows.count
  }

  /// The batch of all rows so far; starts anew.
  package func finish() -> VersionBatch {
    var heap: KeyVector.Heap?
    if hasKeyHeap {
      heap = KeyVector.Heap(offsets: take(&keyOffsets), bytes: take(&keyBytes))
      keyOffsets.append(0)
    }
    let batch = VersionBatch(
      keys: KeyVector(count: count, prefixes: take(&prefixes), heap: heap),
      eventTimes: take(&eventTimes), createdTimes: createdTimes?.finish(),
      tombstones: tombstones.take()?.freeze(), features: features.map { $0.finish() })
    count = 0
    return batch
  }

  private func append(_ heap: KeyVector.Heap, _ rows: Range<Int>) {
    let source = heap.offsets.span(of: Int.self)
    let (first, last) = (source[rows.lowerBound], source[rows.upperBound])
    let shift = keyBytes.byteCount - first
    appendShifted(
      source.extracting((rows.lowerBound + 1)..<(rows.upperBound + 1)), by: shift, to: &keyOffsets)
    keyBytes.append(contentsOf: heap.bytes.bytes.extracting(first..<last))
  }

  private func appendTombstones(_ source: Buffer?, _ rows: Range<Int>) {
    if tombstones == nil && source == nil { return }
    var flags = tombstones.take() ?? MutableBuffer(byteCount: Bits.byteCount(count))
    if let source {
      appendBits(source.span(of: UInt8.self), rows, at: count, to: &flags)
    } else {
      flags.resize(byteCount: Bits.byteCount(count + rows.count))
    }
    tombstones = consume flags
  }
}
