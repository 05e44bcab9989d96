/// Least-significant-digit radix sort with 11-bit digits.
///
/// Digits that all words share are skipped, so narrow key ranges cost few passes. Source: D. Knuth,
/// The Art of Computer Programming 3, 5.2.5; the digit width is P. Terdiman's and M. Herf's.
package enum RadixSort {
  private static let digitBits = 11
  private static let digits = 6
  private static let buckets = 1 << digitBits

  /// `rows` in the order of `words` (one for each), equal words in the order given.
  ///
  /// O(rows).
  package static func sorted(_ rows: [Int32], by words: [UInt64]) -> [Int32] {
    precondition(rows.count == words.count)
    var histograms = [Int](repeating: 0, count: buckets * digits)
    count(words.span, into: &histograms)
    var (fromRows, fromWords) = (rows, words)
    var toRows = [Int32](repeating: 0, count: rows.count)
    var toWords = [UInt64](repeating: 0, count: rows.count)
    for digit in 0..<digits {
      var starts = Array(histograms[digit * buckets..<(digit + 1) * buckets])
      if starts.contains(rows.count) { continue }
      var total = 0
      for bucket in starts.indices {
        let size = starts[bucket]
        starts[bucket] = total
        total += size
      }
      var rowTarget = toRows.mutableSpan
      var wordTarget = toWords.mutableSpan
      var starting = starts.mutableSpan
      scatter(
        fromRows.span, fromWords.span, shift: UInt64(digit * digitBits), &starting, &rowTarget,
        &wordTarget)
      swap(&fromRows, &toRows)
      swap(&fromWords, &toWords)
    }
    return fromRows
  }

  private static func count(_ words: Span<UInt64>, into histograms: inout [Int]) {
    var counts = histograms.mutableSpan
    for index in words.indices {
      for digit in 0..<digits {
        let value = words[index] >> UInt64(digit * digitBits) & UInt64(buckets - 1)
        counts[digit * buckets + Int(value)] += 1
      }
    }
  }

  private static func scatter(
    _ rows: Span<Int32>, _ words: Span<UInt64>, shift: UInt64, _ starts: inout MutableSpan<Int>,
    _ toRows: inout MutableSpan<Int32>, _ toWords: inout MutableSpan<UInt64>
  ) {
    for index in words.indices {
      let bucket = Int(words[index] >> shift & UInt64(buckets - 1))
      let place = starts[bucket]
      starts[bucket] = place + 1
      toRows[place] = rows[index]
      toWords[place] = words[index]
    }
  }
}
