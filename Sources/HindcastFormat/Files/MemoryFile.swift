public import HindcastCore

/// A file's bytes in memory, for tests, fuzzing and rows that have no file yet.
public final class MemoryFile: ReadableFile {
  /// The path, for messages.
  public let path: String
  private let contents: Buffer

  /// Creates a file of the given bytes; `path` is only shown in messages.
  public init(_ contents: Buffer, path: String = "(memory)") {
    self.contents = contents
    self.path = path
  }

  /// The number of bytes.
  public var byteCount: Int { contents.byteCount }

  /// Copies bytes from `offset` over all of `target`.
  ///
  /// - Throws: ``HindcastError`` (`corrupt`) if there are not as many.
  public func read(at offset: Int, into target: inout MutableRawSpan) throws(HindcastError) {
    guard offset >= 0, offset <= byteCount, target.byteCount <= byteCount - offset else {
      throw HindcastError(
        .corrupt, "the file ends before byte \(offset) + \(target.byteCount)",
        at: .init(file: path, byteOffset: offset))
    }
    unsafe target.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe start.copyMemory(from: contents.address + offset, byteCount: bytes.count)
    }
  }
}

/// A new file that grows in memory.
public final class MemoryWritableFile: WritableFile {
  /// The path, for messages.
  public let path: String
  private var contents = MutableBuffer()

  /// Creates an empty file; `path` is only shown in messages.
  public init(path: String = "(memory)") {
    self.path = path
  }

  /// Adds all bytes at the end.
  public func append(_ bytes: RawSpan) throws(HindcastError) { contents.append(contentsOf: bytes) }

  /// Does nothing.
  public func synchronize() throws(HindcastError) {}

  /// Does nothing.
  public func close() throws(HindcastError) {}

  /// It has no name to lose.
  public var isCurrent: Bool { true }

  /// A copy of everything written so far.
  public var buffer: Buffer {
    let copy = MutableBuffer(byteCount: contents.byteCount)
    unsafe copy.address.copyMemory(from: contents.address, byteCount: contents.byteCount)
    return copy.freeze()
  }
}
