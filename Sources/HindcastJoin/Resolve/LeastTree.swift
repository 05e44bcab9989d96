/// Finds the last of many numbers that is at most a bound, without looking at all before it.
///
/// Each level holds the least of 16 numbers of the level below. O(log n) for a search.
package struct LeastTree: Sendable {
  private var levels: [[Int64]]
  private static let shift = 4

  /// The tree over `leaves`.
  ///
  /// O(leaves).
  package init(_ leaves: [Int64]) {
    levels = [leaves]
    while let last = levels.last, last.count > 1 << Self.shift {
      levels.append(Self.blockLeasts(last.span))
    }
  }

  /// The last index of `range` whose number is at most `bound`; nil if there is none.
  package func last(in range: Range<Int>, atMost bound: Int64) -> Int? {
    last(in: range, atMost: bound, level: 0)
  }

  private func last(in range: Range<Int>, atMost bound: Int64, level: Int) -> Int? {
    var end = range.upperBound
    let block = 1 << Self.shift
    while end > range.lowerBound {
      if end & (block - 1) == 0, end - block >= range.lowerBound, level + 1 < levels.count {
        let first = (range.lowerBound + block - 1) >> Self.shift
        if let found = last(in: first..<end >> Self.shift, atMost: bound, level: level + 1) {
          return lastOfBlock(found, atMost: bound, level: level)
        }
        end = first << Self.shift
      } else {
        end -= 1
        if levels[level][end] <= bound { return end }
      }
    }
    return nil
  }

  /// The last index under block `index` of the level above, whose least is at most `bound`.
  private func lastOfBlock(_ index: Int, atMost bound: Int64, level: Int) -> Int? {
    let start = index << Self.shift
    let end = min(start + 1 << Self.shift, levels[level].count)
    return (start..<end).last { levels[level][$0] <= bound }
  }

  private static func blockLeasts(_ values: Span<Int64>) -> [Int64] {
    let blockCount = (values.count + 1 << shift - 1) >> shift
    return (0..<blockCount).map { block in
      let start = block << shift
      var least = Int64.max
      for index in start..<min(start + 1 << shift, values.count) {
        least = min(least, values[index])
      }
      return least
    }
  }
}
