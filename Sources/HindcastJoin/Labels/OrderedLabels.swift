import HindcastCore
import Synchronization

/// The resolvable labels of a chunk with those of each record together, and where each record's
/// start.
struct OrderedLabels: Sendable {
  let order: LabelOrder
  /// The entry at which the labels of each record start, and the number of entries.
  let recordStarts: [Int32]

  /// Sorts by record and time; without `isSorted`, records come in any order.
  ///
  /// O(labels). `skip` is asked once a row.
  init(_ labels: LabelVector, isSorted: Bool, skip: (Int) -> Bool) {
    order = isSorted ? LabelOrder(labels, skip: skip) : LabelOrder(grouping: labels, skip: skip)
    recordStarts = Self.starts(order.rows, labels.keys.keys)
  }

  private static func starts(_ rows: [Int32], _ keys: KeyVector) -> [Int32] {
    var starts: [Int32] = []
    let isWord = keys.heap == nil
    let prefixes = keys.prefixes.span(of: UInt64.self)
    for entry in rows.indices {
      let isSame =
        entry > 0
        && prefixes[Int(rows[entry])] == prefixes[Int(rows[entry - 1])]
        && (isWord || keys.compare(Int(rows[entry]), keys, Int(rows[entry - 1])) == 0)
      if !isSame { starts.append(Int32(entry)) }
    }
    starts.append(Int32(rows.count))
    return starts
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
