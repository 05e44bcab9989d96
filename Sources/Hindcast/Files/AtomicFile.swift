import HindcastCore
import HindcastInterchange

/// A small text file that is there whole or not at all.
struct AtomicFile: ~Copyable {
  private let file: OutputFile

  /// The name it is to have.
  var path: String { file.path }

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
}
