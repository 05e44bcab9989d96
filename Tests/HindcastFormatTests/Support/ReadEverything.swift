import CAllocationMeter
import HindcastCore
import HindcastFormat

extension SegmentReader {
  /// Reads every page, zone, run, filter and fence, and keeps none.
  ///
  /// Returns the size of the largest page, decoded, in bytes. O(values).
  @discardableResult
  func readEverything() throws(HindcastError) -> Int {
    var largest = 0
    let columns =
      [eventTimes] + [createdTimes, tombstones].compactMap { $0 }
      + schema.features.compactMap { feature(id: $0.id) }
    for column in columns {
      for index in 0..<column.pageCount {
        largest = max(largest, try column.page(index).byteCount)
        _ = try column.zone(index)
      }
    }
    _ = try fences()
    for index in 0..<runPageCount {
      let page = try runPage(index)
      // Reads the page's filter.
      _ = try rows(of: page.keys, 0)
      largest = max(largest, page.keys.byteCount + page.ends.byteCount)
      // A look-up reads the filter.
      _ = try rows(of: page.keys, 0)
    }
    return largest
  }
}

/// The most memory that `body` takes at a time, in bytes; 0 where that can't be counted.
func peakByteCount(of body: () -> Void) -> Int {
  hindcast_meter_start()
  body()
  return Int(hindcast_meter_peak())
}

extension Column {
  /// The memory that the values take.
  fileprivate var byteCount: Int {
    let bits = validity?.byteCount ?? 0
    switch body {
    case .bits(let values), .fixed(let values): return bits + values.byteCount
    case .bytes(let offsets, let data): return bits + offsets.byteCount + data.byteCount
    case .list(let offsets, let child): return bits + offsets.byteCount + child.byteCount
    }
  }
}

extension KeyVector {
  fileprivate var byteCount: Int {
    prefixes.byteCount + (heap.map { $0.offsets.byteCount + $0.bytes.byteCount } ?? 0)
  }
}
