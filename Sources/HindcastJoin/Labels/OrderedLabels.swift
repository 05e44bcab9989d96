import HindcastCore
import Synchronization

/// The resolvable labels of a chunk with those of each record together, and where each record's
/// start.
struct OrderedLabels: Sendable {
  let order: LabelOrder
  /// The entry at which the labels of each record start, and the number of entries.
  let recordStarts: [Int32]
  /// The key of each record.
  let recordKeys: KeyVector

  /// Sorts by record and time; without `isSorted`, records come in any order.
  ///
  /// O(labels). `skip` is asked once a row.
  init(_ labels: LabelVector, isSorted: Bool, skip: (Int) -> Bool) {
    order = isSorted ? LabelOrder(labels, skip: skip) : LabelOrder(grouping: labels, skip: skip)
    (recordStarts, recordKeys) = Self.records(order.rows, labels.keys.keys)
  }

  private static func records(
    _ rows: [Int32], _ keys: KeyVector
  ) -> (starts: [Int32], keys: KeyVector) {
    var starts: [Int32] = []
    var words = MutableBuffer()
    let isWord = keys.heap == nil
    let prefixes = keys.prefixes.span(of: UInt64.self)
    for entry in rows.indices {
      let word = prefixes[Int(rows[entry])]
      let isSame =
        entry > 0 && word == prefixes[Int(rows[entry - 1])]
        && (isWord || keys.compare(Int(rows[entry]), keys, Int(rows[entry - 1])) == 0)
      guard !isSame else { continue }
      starts.append(Int32(entry))
      words.append(word)
    }
    let heap = keys.heap.map { heap in Self.heap(heap, starts.map { rows[Int($0)] }) }
    let count = starts.count
    starts.append(Int32(rows.count))
    return (starts, KeyVector(count: count, prefixes: words.freeze(), heap: heap))
  }

  /// The keys of some rows, one after the other.
  private static func heap(_ heap: KeyVector.Heap, _ rows: [Int32]) -> KeyVector.Heap {
    let starts = heap.offsets.span(of: Int.self)
    var offsets = MutableBuffer(byteCount: 8)
    var bytes = MutableBuffer()
    for row in rows {
      let key = starts[Int(row)]..<starts[Int(row) + 1]
      bytes.append(contentsOf: heap.bytes.bytes.extracting(key))
      offsets.append(bytes.byteCount)
    }
    return KeyVector.Heap(offsets: offsets.freeze(), bytes: bytes.freeze())
  }
}

/// What views that share a chunk of labels would each make again: made when it is first asked for.
final class SharedLabelFacts: Sendable {
  private let sorted = Mutex<OrderedLabels?>(nil)
  private let grouped = Mutex<OrderedLabels?>(nil)
  private let counts = Mutex<ResolvePlan.Labels?>(nil)

  /// The order of all labels with a key and a time.
  func ordered(_ labels: LabelVector, isSorted: Bool) -> OrderedLabels {
    let make = {
      OrderedLabels(labels, isSorted: isSorted) { labels.isUnusable($0) || labels.isAbsent($0) }
    }
    return isSorted ? Self.once(sorted, make) : Self.once(grouped, make)
  }

  func estimatedCounts(_ make: () -> ResolvePlan.Labels) -> ResolvePlan.Labels {
    Self.once(counts, make)
  }

  private static func once<Value: Sendable>(
    _ place: borrowing Mutex<Value?>, _ make: () -> Value
  ) -> Value {
    place.withLock { known in
      if let known { return known }
      let made = make()
      known = made
      return made
    }
  }
}
