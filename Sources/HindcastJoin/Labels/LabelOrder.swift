import HindcastCore

/// The resolvable labels of a chunk, sorted by (key, time), so that every strategy meets history in
/// its own order.
///
/// Event and known bounds ascend with the time. Neither alone would do: where labels are finer than
/// the group's ticks, labels that tie in one can differ in the other, and their winners' rows would
/// not ascend.
package struct LabelOrder {
  /// Label rows in sorted order.
  package let rows: [Int32]

  /// How many 8-byte words of a key are sorted by radix; keys that agree in all are compared.
  private static let mostWords = 16

  /// Sorts all labels that are usable and can have an answer.
  ///
  /// Nothing is left to do where they come in that order. Else a radix sort over the word (key -
  /// smallest key, time - earliest time) where that fits 64 bits, else by time and then by the
  /// keys' words behind the prefix that all share, last word first: O(labels x words). `skip` is
  /// asked once a row.
  package init(_ labels: LabelVector, skip: (Int) -> Bool) {
    var rows: [Int32] = []
    rows.reserveCapacity(labels.count)
    for row in 0..<labels.count where !skip(row) { rows.append(Int32(row)) }
    let keys = labels.keys.keys
    let times = labels.times.span(of: Int64.self)
    if Self.isSorted(rows, keys, times) {
      self.rows = rows
      return
    }
    if keys.heap == nil {
      let prefixes = keys.prefixes.span(of: UInt64.self)
      if let composite = Self.composite(rows.map { prefixes[Int($0)] }, times, rows) {
        self.rows = RadixSort.sorted(rows, by: composite)
        return
      }
    }
    rows = RadixSort.sorted(rows, by: rows.map { UInt64(bitPattern: times[Int($0)]) ^ 1 << 63 })
    // Stable: equal keys keep their order by time.
    if let heap = keys.heap {
      let (shared, longest) = Self.extent(heap, rows)
      let words = (longest - shared + 7) / 8
      for word in (0..<min(words, Self.mostWords)).reversed() {
        rows = RadixSort.sorted(rows, by: Self.words(heap, rows, at: shared + 8 * word))
      }
      if words > Self.mostWords { Self.sortWithinEqualWords(&rows, keys, labels.times) }
    } else {
      let prefixes = keys.prefixes.span(of: UInt64.self)
      rows = RadixSort.sorted(rows, by: rows.map { prefixes[Int($0)] })
    }
    self.rows = rows
  }

  /// Whether rows are in the order of key and time as they come: label files often are.
  ///
  /// O(rows up to the first that is not).
  private static func isSorted(_ rows: [Int32], _ keys: KeyVector, _ times: Span<Int64>) -> Bool {
    guard var last = rows.first.map(Int.init) else { return true }
    for next in rows.dropFirst() {
      let row = Int(next)
      let order = keys.compare(last, keys, row)
      guard order < 0 || order == 0 && times[last] <= times[row] else { return false }
      last = row
    }
    return true
  }

  /// Brings the labels of each record together, in the order of time, without sorting records.
  ///
  /// O(labels) by a hash table, and a sort within each record.
  package init(grouping labels: LabelVector, skip: (Int) -> Bool) {
    var rows: [Int32] = []
    rows.reserveCapacity(labels.count)
    for row in 0..<labels.count where !skip(row) { rows.append(Int32(row)) }
    let (numbers, recordCount) = RecordTable.numbers(of: rows, in: labels.keys.keys)
    var ends = [Int](repeating: 0, count: recordCount + 1)
    for number in numbers { ends[Int(number) + 1] += 1 }
    for record in 0..<recordCount { ends[record + 1] += ends[record] }
    let starts = ends
    var grouped = [Int32](repeating: 0, count: rows.count)
    for (index, number) in numbers.enumerated() {
      grouped[ends[Int(number)]] = rows[index]
      ends[Int(number)] += 1
    }
    for record in 0..<recordCount {
      let range = starts[record]..<starts[record + 1]
      if range.count > 1 { Self.sortByTime(&grouped, range, labels.times) }
    }
    self.rows = grouped
  }

  private static func sortByTime(_ rows: inout [Int32], _ range: Range<Int>, _ labelTimes: Buffer) {
    let times = labelTimes.span(of: Int64.self)
    if range.count > radixRows {
      let part = Array(rows[range])
      let words = part.map { UInt64(bitPattern: times[Int($0)]) ^ 1 << 63 }
      rows.replaceSubrange(range, with: RadixSort.sorted(part, by: words))
    } else if range.count > insertionRows {
      rows[range].sort {
        labelTimes.span(of: Int64.self)[Int($0)] < labelTimes.span(of: Int64.self)[Int($1)]
      }
    } else {
      for index in range.dropFirst() {
        let row = rows[index]
        var place = index
        while place > range.lowerBound, times[Int(rows[place - 1])] > times[Int(row)] {
          rows[place] = rows[place - 1]
          place -= 1
        }
        rows[place] = row
      }
    }
  }

  /// The most labels of a record that are sorted by insertion, and the fewest by radix.
  private static let insertionRows = 32
  private static let radixRows = 4_096

  /// The length of the prefix that all keys share, and of the longest key.
  private static func extent(_ heap: KeyVector.Heap, _ rows: [Int32]) -> (shared: Int, longest: Int)
  {
    guard let first = rows.first else { return (0, 0) }
    let offsets = heap.offsets.span(of: Int.self)
    let bytes = heap.bytes.span(of: UInt8.self)
    let start = offsets[Int(first)]
    var shared = offsets[Int(first) + 1] - start
    var longest = 0
    for row in rows {
      let other = offsets[Int(row)]
      let length = offsets[Int(row) + 1] - other
      longest = max(longest, length)
      shared = min(shared, length)
      var same = 0
      while same < shared, bytes[start + same] == bytes[other + same] { same += 1 }
      shared = same
    }
    return (shared, longest)
  }

  /// Eight bytes of each row's key from `position` as a big-endian number, zeros after its end.
  ///
  /// No key is the start of another, so that the zeros never make two keys equal.
  private static func words(
    _ heap: KeyVector.Heap, _ rows: [Int32], at position: Int
  ) -> [UInt64] {
    let offsets = heap.offsets.span(of: Int.self)
    let bytes = heap.bytes.span(of: UInt8.self)
    return rows.map { row in
      let from = offsets[Int(row)] + position
      let to = min(offsets[Int(row) + 1], from + 8)
      var word: UInt64 = 0
      for index in from..<max(from, to) {
        word |= UInt64(bytes[index]) << UInt64(56 - 8 * (index - from))
      }
      return word
    }
  }

  private static func composite(
    _ words: [UInt64], _ times: Span<Int64>, _ rows: [Int32]
  ) -> [UInt64]? {
    guard let least = words.min(), let most = words.max() else { return nil }
    var earliest = Int64.max
    var latest = Int64.min
    for row in rows {
      earliest = min(earliest, times[Int(row)])
      latest = max(latest, times[Int(row)])
    }
    let timeRange = UInt64(bitPattern: latest) &- UInt64(bitPattern: earliest)
    let timeBits = 64 - timeRange.leadingZeroBitCount
    let keyBits = 64 - (most - least).leadingZeroBitCount
    guard keyBits + timeBits <= 64 else { return nil }
    let base = UInt64(bitPattern: earliest)
    return rows.indices.map { index in
      let time = UInt64(bitPattern: times[Int(rows[index])]) &- base
      return timeBits == 64 ? time : (words[index] - least) << UInt64(timeBits) | time
    }
  }

  /// Puts rows whose words agree in the order of their whole keys, then of time.
  private static func sortWithinEqualWords(
    _ rows: inout [Int32], _ keys: KeyVector, _ labelTimes: Buffer
  ) {
    let precedes = { (a: Int32, b: Int32) -> Bool in
      let order = keys.compare(Int(a), keys, Int(b))
      if order != 0 { return order < 0 }
      let times = labelTimes.span(of: Int64.self)
      return times[Int(a)] < times[Int(b)]
    }
    let isSorted = zip(rows, rows.dropFirst()).allSatisfy { !precedes($1, $0) }
    if !isSorted { rows.sort(by: precedes) }
  }
}
