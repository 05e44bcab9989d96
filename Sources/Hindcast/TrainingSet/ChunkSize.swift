import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastStore

/// How many labels are answered at a time.
enum ChunkSize {
  /// A key, a time, a sort entry and a winner.
  private static let resolvingBytes = 120
  /// What is left of that while features are gathered.
  private static let resolvedBytes = 48

  /// As many labels as fit half of `memoryBytes`, with `outputBytes` of output each, of which the
  /// chunk before has as much while it is written, and while the next is resolved;
  /// 16...8,388,608.
  ///
  /// The other half is for pages, libraries and what a file's rows take beside that.
  static func rows(outputBytes: Int, memoryBytes: Int) -> Int {
    let bytes = resolvingBytes + resolvedBytes + 2 * outputBytes
    return min(max(memoryBytes / 2 / bytes, 16), 1 << 23)
  }

  /// The labels of a batch, of which a chunk is a whole number.
  static func batchRows(outputBytes: Int, memoryBytes: Int) -> Int {
    min(max(rows(outputBytes: outputBytes, memoryBytes: memoryBytes) / 2, 16), 32_768)
  }

  /// How many labels are answered at a time where they come in the order of records: 65,536 to
  /// 262,144, the more the more segments each chunk is looked up in.
  static func sortedRows(segmentCount: Int) -> Int {
    min(max(segmentCount << 13, 1 << 16), 1 << 18)
  }

  /// What a view's outputs take for one label, about.
  static func outputBytes(
    _ view: BoundView, _ group: GroupSnapshot, withEventTime: Bool
  ) throws(HindcastError) -> Int {
    var total = withEventTime ? 9 : 0
    for feature in view.features {
      switch feature.type.layout {
      case .bits: total += 1
      case .fixed(let width): total += width + 1
      // While texts are gathered they are there twice, with a place and a length each.
      case .bytes: total += 2 * (try group.sampledBytesPerValue(feature)) + 16
      case .list: total += 2 * (try group.sampledBytesPerValue(feature)) + 64
      }
    }
    return total
  }
}

extension GroupSnapshot {
  /// How many bytes a value of variable width takes in memory, about: the most of some pages of the
  /// segment in which values take most space, or its default's.
  fileprivate func sampledBytesPerValue(_ feature: Field) throws(HindcastError) -> Int {
    var largest: ColumnReader?
    for segment in segments {
      guard let column = try segment.reader().feature(id: feature.id), column.rowCount > 0 else {
        continue
      }
      guard let other = largest else {
        largest = column
        continue
      }
      if column.storedByteCount / column.rowCount > other.storedByteCount / other.rowCount {
        largest = column
      }
    }
    var most = feature.defaultValue?.byteCount ?? 0
    guard let column = largest else { return most }
    for index in Set([0, column.pageCount / 2, column.pageCount - 1]) {
      let page = try column.page(index)
      most = max(most, page.byteCount / page.count)
    }
    return most
  }
}
