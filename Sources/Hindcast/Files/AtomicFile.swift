import HindcastCore
import HindcastFormat
import HindcastStore

/// Small text files that are there whole or not at all.
enum AtomicFile {
  /// The largest file that is read; a manifest of thousands of features is far below.
  private static let limit = 64 << 20

  /// Writes `text` under a temporary name, makes it durable and renames it, replacing what was
  /// there.
  static func write(_ text: String, to path: String) throws(HindcastError) {
    let files = LocalFileSystem()
    let temporary = path + ".partial"
    if try files.status(temporary) != nil { try files.removeFile(temporary) }
    do {
      let file = try files.createFile(temporary)
      try file.append(Buffer(Array(text.utf8)).bytes)
      try file.synchronize()
      try file.close()
      try files.rename(temporary, to: path)
      try files.synchronizeDirectory(folder(of: path))
    } catch {
      remove(temporary)
      throw error
    }
  }

  /// The whole text of a file.
  static func read(_ path: String) throws(HindcastError) -> String {
    let file = try LocalFileSystem().openFile(path)
    guard file.byteCount <= limit else {
      throw HindcastError(
        .limitExceeded, "the file has \(file.byteCount) bytes; the limit is \(limit)",
        at: .init(file: path))
    }
    var bytes = [UInt8](repeating: 0, count: file.byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: 0, into: &target)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HindcastError(.corrupt, "the file is no UTF-8 text", at: .init(file: path))
    }
    return text
  }

  /// Removes a file if it is there; what went wrong before is the error worth telling.
  static func remove(_ path: String) {
    try? LocalFileSystem().removeFile(path)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
