import HindcastCore
import HindcastFormat
import HindcastStore
import Synchronization

/// The hash of a whole file, which is made on a thread of its own.
final class FileHash: Sendable {
  private let path: String
  private let result = Mutex<Result<String, HindcastError>?>(nil)
  private let thread = Mutex<OwnThread?>(nil)

  /// Begins.
  init(_ path: String) {
    self.path = path
    thread.withLock { $0 = OwnThread { [self] in make() } }
  }

  /// The SHA-256 in lower-case hexadecimal, when it is made.
  /// - Throws: ``HindcastError`` if the file could not be read.
  func finish() throws(HindcastError) -> String {
    thread.withLock { $0.take()?.join() }
    if result.withLock({ $0 }) == nil { make() }
    guard let made = result.withLock({ $0 }) else { preconditionFailure("a hash is made once") }
    return try made.get()
  }

  private func make() {
    let made: Result<String, HindcastError>
    do throws(HindcastError) {
      made = .success(try Self.sha256(path))
    } catch {
      made = .failure(error)
    }
    result.withLock { $0 = made }
  }

  private static let blockBytes = 1 << 20

  /// SHA-256 of a file's bytes in lower-case hexadecimal; a block in memory.
  static func sha256(_ path: String) throws(HindcastError) -> String {
    let file = try LocalFileSystem().openFile(path)
    let hash = SHA256()
    var offset = 0
    while offset < file.byteCount {
      let count = min(blockBytes, file.byteCount - offset)
      var block = [UInt8](repeating: 0, count: count)
      var span = block.mutableSpan
      var target = unsafe span.mutableBytes
      try file.read(at: offset, into: &target)
      hash.update(block)
      offset += count
    }
    return hexadecimal(hash.finish())
  }
}
