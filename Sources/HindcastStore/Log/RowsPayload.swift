import HindcastCore
import HindcastFormat

/// The rows of one group in a commit of the log: a ``RowBlock``, compressed where that helps.
struct RowsPayload: Sendable {
  /// Versions in the block.
  let rowCount: Int
  /// The size of the block before it was compressed.
  let blockByteCount: Int
  /// The block; compressed with lz4 if it is shorter than ``blockByteCount``.
  let stored: ArraySlice<UInt8>

  /// Packs a batch.
  init(_ batch: VersionBatch) {
    let block = RowBlock.encode(batch)
    let compressed = BlockCodec.compress(block) ?? block
    rowCount = batch.count
    blockByteCount = block.byteCount
    stored = compressed.array(of: UInt8.self)[...]
  }

  /// The rows, in order of arrival.
  /// - Throws: `corrupt` if they are no rows of the group.
  func batch(of group: FeatureGroup, file: String) throws(HindcastError) -> VersionBatch {
    let created = group.createdTime.map { _ in DataType.timestamp(group.timeUnit, zone: nil) }
    var reader = try reader(file)
    let batch = try reader.batch(created: created, features: group.features.map(\.type))
    guard batch.count == rowCount,
      (batch.keys.heap == nil) == KeyLayout(group).isSingleWord
    else {
      throw HindcastError(
        .corrupt, "rows of the log are not of group '\(group.name)': \(Self.advice)",
        at: .init(file: file))
    }
    return batch
  }

  /// The records' keys, for which the group's definition need not be known.
  /// - Throws: `corrupt` if there are none.
  func keys(file: String) throws(HindcastError) -> KeyVector {
    var reader = try reader(file)
    return try reader.keys()
  }

  private static let advice = "restore the log from a backup"

  private func reader(_ file: String) throws(HindcastError) -> RowBlockReader {
    let bytes = Buffer(copying: stored.span)
    let block =
      stored.count == blockByteCount ? bytes : BlockCodec.decompress(bytes, to: blockByteCount)
    guard let block else {
      throw HindcastError(
        .corrupt, "rows of the log can't be unpacked: \(Self.advice)", at: .init(file: file))
    }
    return RowBlockReader(block, path: file, advice: Self.advice)
  }
}

/// The tags of rows in a commit, after the group's id.
private enum Tag {
  static let rowCount: UInt16 = 2
  static let blockByteCount: UInt16 = 3
  static let block: UInt16 = 4
}

extension RowsPayload {
  func encode(to target: inout TaggedEncoder) {
    target.integer(Tag.rowCount, rowCount)
    target.integer(Tag.blockByteCount, blockByteCount)
    target.bytes(Tag.block, Array(stored))
  }

  init(_ source: TaggedFields) throws(HindcastError) {
    rowCount = try source.count(Tag.rowCount)
    blockByteCount = try source.count(Tag.blockByteCount)
    guard let stored = source.fields.first(where: { $0.tag == Tag.block })?.bytes,
      rowCount > 0, blockByteCount <= Self.blockByteLimit, stored.count <= blockByteCount
    else { throw source.damaged(Tag.block) }
    self.stored = stored
  }

  /// No block is larger, so that a damaged count does not take all memory.
  static let blockByteLimit = 1 << 30
}
