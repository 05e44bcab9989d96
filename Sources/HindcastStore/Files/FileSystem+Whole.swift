import HindcastCore
import HindcastFormat

extension FileSystem {
  /// All bytes of a small file.
  ///
  /// A file that is larger than `limit` is refused before it is read.
  func readAll(_ path: String, limit: Int = 1 << 30) throws(HindcastError) -> [UInt8] {
    let file = try openFile(path)
    guard file.byteCount <= limit else {
      throw HindcastError(
        .corrupt, "the file has \(file.byteCount) bytes; no valid one is larger than \(limit)",
        at: .init(file: path))
    }
    var bytes = [UInt8](repeating: 0, count: file.byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: 0, into: &target)
    return bytes
  }

  /// Creates a file with the given bytes and makes them, not yet its name, durable.
  func writeDurably(_ bytes: [UInt8], to path: String) throws(HindcastError) {
    let file = try createFile(path)
    try file.append(Buffer(bytes).bytes)
    try file.synchronize()
    try file.close()
  }

  /// Copies a file's bytes into a new one and makes them, not yet its name, durable.
  ///
  /// Holds 1 MiB. `progress` hears of each piece.
  func copyDurably(
    _ path: String, to newPath: String, progress: (_ byteCount: Int) -> Void
  ) throws(HindcastError) {
    let source = try openFile(path)
    let target = try createFile(newPath)
    var offset = 0
    while offset < source.byteCount {
      let count = min(1 << 20, source.byteCount - offset)
      var buffer = MutableBuffer(byteCount: count)
      var span = buffer.mutableSpan(of: UInt8.self)
      var raw = unsafe span.mutableBytes
      try source.read(at: offset, into: &raw)
      try target.append(buffer.freeze().bytes)
      offset += count
      progress(count)
    }
    try target.synchronize()
    try target.close()
  }

  /// A uid that no other segment has.
  func newSegmentUID() -> SegmentUID { SegmentUID(high: randomBits(), low: randomBits()) }

  /// The names in a folder; none if it is not there.
  ///
  /// Tools that copy files, version control among them, leave empty folders out.
  func listIfThere(_ path: String) throws(HindcastError) -> [String] {
    do {
      return try list(path)
    } catch {
      guard error.code == .notFound else { throw error }
      return []
    }
  }

  /// Creates the folders of a store that are missing, durably.
  func createMissingFolders(_ layout: StoreLayout) throws(HindcastError) {
    var isMissing = false
    for folder in layout.folders {
      guard try status(folder) == nil else { continue }
      try createDirectoryIfMissing(folder)
      isMissing = true
    }
    if isMissing { try synchronizeDirectory(layout.root) }
  }

  /// Creates a directory unless it is there.
  func createDirectoryIfMissing(_ path: String) throws(HindcastError) {
    do {
      try createDirectory(path)
    } catch {
      guard error.code == .alreadyExists, try status(path)?.isDirectory == true else { throw error }
    }
  }
}
