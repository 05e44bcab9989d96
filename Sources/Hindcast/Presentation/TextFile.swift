public import HindcastCore
import HindcastStore

/// Small text files: definitions and requests.
public enum TextFile {
  private static let byteLimit = 16 << 20

  /// The text of a file of at most 16 MiB.
  /// - Throws: ``HindcastError`` if it can't be read, is a folder, is too large, or no UTF-8.
  public static func read(_ path: String) throws(HindcastError) -> String {
    let files = LocalFileSystem()
    if try files.status(path)?.isDirectory == true {
      throw HindcastError(.invalidArgument, "is a folder, not a file", at: .init(file: path))
    }
    let file = try files.openFile(path)
    guard file.byteCount <= byteLimit else {
      throw HindcastError(.limitExceeded, "is over 16 MiB", at: .init(file: path))
    }
    var bytes = [UInt8](repeating: 0, count: file.byteCount)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: 0, into: &target)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HindcastError(.invalidValue, "is no UTF-8 text", at: .init(file: path))
    }
    return text
  }

  /// Writes a file, at once or not at all, replacing what has the name.
  /// - Throws: ``HindcastError`` (`io`).
  public static func write(_ text: String, to path: String) throws(HindcastError) {
    try AtomicFile(text, for: path).publish()
  }
}
