/// Searches for a place that is mostly close to where they begin: O(log distance).
extension Range<Int> {
  /// The first place where `holds`, which turns true once; the end if it nowhere does.
  ///
  /// Gallops from the start.
  @inline(__always)
  func firstFromStart(where holds: (Int) -> Bool) -> Int {
    var (low, high, step) = (lowerBound, upperBound, 1)
    while high - low >= step {
      if holds(low + step - 1) {
        high = low + step - 1
        break
      }
      low += step
      step *= 2
    }
    return Self.first(low, high, holds)
  }

  /// The same place; gallops from the end.
  @inline(__always)
  func firstFromEnd(where holds: (Int) -> Bool) -> Int {
    var (low, high, step) = (lowerBound, upperBound, 1)
    while high - low >= step {
      if !holds(high - step) {
        low = high - step + 1
        break
      }
      high -= step
      step *= 2
    }
    return Self.first(low, high, holds)
  }

  @inline(__always)
  private static func first(_ start: Int, _ end: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (start, end)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
