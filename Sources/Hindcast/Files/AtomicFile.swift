import HindcastCore
import HindcastFormat
import HindcastInterchange
import HindcastStore

/// A small text file that is there whole or not at all.
struct AtomicFile: ~Copyable {
  /// The largest file that is read; a manifest of thousands of features is far below.
  private static let limit = 64 << 20

  private let file: OutputFile

  /// Writes `text` and makes it durable, not yet under its name.
  ///
  /// It vanishes unless it is published.
  init(_ text: String, for path: String) throws(HindcastError) {
    file = try Self.durable(text, path)
  }

  private static func durable(
    _ text: String, _ path: String
  ) throws(HindcastError) -> OutputFile {
    let file = try OutputFile(path: path)
    try file.write(Buffer(Array(text.utf8)).bytes)
    try file.synchronize()
    return file
  }

  /// Gives the file its name, replacing what was there.
  consuming func publish() throws(HindcastError) {
    try file.publish()
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
}
