import HindcastCore
import HindcastFormat

/// A sorted run on its way into a temporary file: a header of 32 bytes a block, then the block.
///
/// ```
/// 0  8  bytes of the block        8  8  bytes stored (equal: not compressed)
/// 16 8  XXH64 of what is stored, seeded with the file offset          24 8  zero
/// ```
struct SpillWriter {
  private let file: any WritableFile
  private var offset = 0

  init(file: any WritableFile) {
    self.file = file
  }

  mutating func append(_ block: SpillBlock) throws(HindcastError) {
    var header = MutableBuffer(capacity: SpillFile.headerCount)
    header.append(block.byteCount)
    header.append(block.stored.byteCount)
    header.append(BlockCodec.checksum(block.stored, seed: UInt64(offset)))
    header.append(0)
    try file.append(header.freeze().bytes)
    try file.append(block.stored.bytes)
    offset += SpillFile.headerCount + block.stored.byteCount
  }

  /// Closes the file.
  ///
  /// It need not survive a crash, so that nothing is synchronised.
  func finish() throws(HindcastError) {
    try file.close()
  }
}

/// Rows as they go into a temporary file.
struct SpillBlock {
  /// The bytes of the block, compressed if that makes them fewer.
  let stored: Buffer
  /// The bytes of the block as it is read back.
  let byteCount: Int

  init(_ batch: VersionBatch) {
    let block = RowBlock.encode(batch)
    stored = BlockCodec.compress(block) ?? block
    byteCount = block.byteCount
  }
}

enum SpillFile {
  static let headerCount = 32
}

/// A sorted run in a temporary file.
final class SpillReader: BatchSource {
  private let file: any ReadableFile
  private let created: DataType?
  private let features: [DataType]
  private var offset = 0

  init(file: any ReadableFile, created: DataType?, features: [DataType]) {
    self.file = file
    self.created = created
    self.features = features
  }

  func next() throws(HindcastError) -> VersionBatch? {
    guard offset < file.byteCount else { return nil }
    let header = try read(SpillFile.headerCount)
    let words = header.span(of: UInt64.self)
    guard let count = Int(exactly: words[0]), let stored = Int(exactly: words[1]),
      stored <= file.byteCount - offset
    else { throw damaged() }
    let seed = UInt64(offset - SpillFile.headerCount)
    let bytes = try read(stored)
    guard BlockCodec.checksum(bytes, seed: seed) == words[2] else { throw damaged() }
    guard let block = stored == count ? bytes : BlockCodec.decompress(bytes, to: count) else {
      throw damaged()
    }
    var reader = RowBlockReader(block, path: file.path, advice: "run the ingest again")
    return try reader.batch(created: created, features: features)
  }

  private func read(_ count: Int) throws(HindcastError) -> Buffer {
    var buffer = MutableBuffer(byteCount: count)
    try readAll(file, at: offset, into: &buffer)
    offset += count
    return buffer.freeze()
  }

  private func damaged() -> HindcastError {
    HindcastError(
      .corrupt, "a temporary file of this ingest was damaged: run it again",
      at: .init(file: file.path, byteOffset: offset))
  }
}

/// Fills a buffer from a file.
func readAll(
  _ file: any ReadableFile, at offset: Int, into buffer: inout MutableBuffer
) throws(HindcastError) {
  guard buffer.byteCount > 0 else { return }
  var span = buffer.mutableSpan(of: UInt8.self)
  var bytes = unsafe span.mutableBytes
  try file.read(at: offset, into: &bytes)
}
