import HindcastCore
import HindcastStore

/// Rows sorted by an identifier and a time, as a batch of new versions is.
func measureSorting(_ report: Report) {
  for count in [1 << 16, 1 << 20] {
    var numbers = Numbers()
    let identifiers = (0..<count).map { _ in numbers.next() % 1_000_000 }
    let times = (0..<count).map { _ in 1_700_000_000_000_000 + numbers.next() % (1 << 45) }
    report.measure("radix sort of \(count) rows", count: count, byteCount: count * 16) {
      var sorter = RadixSorter(count: count)
      sorter.sort(by: times.span)
      sorter.sort(by: identifiers.span)
      return sample(sorter.order().span(of: UInt32.self))
    }
  }
}
