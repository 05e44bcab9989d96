import HindcastCore
import HindcastJoin

/// How many labels are answered at a time.
enum ChunkSize {
  /// A key, a time, a sort entry and a winner.
  private static let resolvingBytes = 120
  /// What is left of that while features are gathered.
  private static let resolvedBytes = 48
  /// What a text or list is taken for before any was seen.
  private static let expectedBytes = 64

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

  /// What outputs of such types take for one label.
  /// - Parameter variableBytes: what the values of variable width take of that; nil if that is not
  ///   known.
  static func outputBytes(_ types: [DataType], variableBytes: Int? = nil) -> Int {
    var (total, variableCount) = (0, 0)
    for type in types {
      switch type.layout {
      case .bits: total += 1
      case .fixed(let width): total += width + 1
      // A place and a length each while they are gathered.
      case .bytes, .list:
        total += 16
        variableCount += 1
      }
    }
    // While texts are gathered they are there twice.
    return total + 2 * (variableBytes ?? variableCount * expectedBytes)
  }
}
