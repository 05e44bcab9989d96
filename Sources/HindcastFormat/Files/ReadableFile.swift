public import HindcastCore

/// A file open for reading at any offset.
///
/// Safe to share between threads.
public protocol ReadableFile: AnyObject, Sendable {
  /// The path, for messages.
  var path: String { get }
  /// The length when the file was opened.
  var byteCount: Int { get }
  /// Fills all of `target` from `offset`.
  /// - Throws: ``HindcastError``: `io` if the device fails, `corrupt` if the file ends too early.
  func read(at offset: Int, into target: inout MutableRawSpan) throws(HindcastError)
  /// Says that bytes are going to be read, so that a disk can fetch them meanwhile.
  ///
  /// Returns at once. Need not do anything, which is the default.
  func willRead(_ bytes: Range<Int>)
}

extension ReadableFile {
  /// Does nothing.
  public func willRead(_ bytes: Range<Int>) {}
}

/// A new file, written from front to back by one owner.
public protocol WritableFile: AnyObject {
  /// The path, for messages.
  var path: String { get }
  /// Adds all bytes at the end.
  /// - Throws: ``HindcastError`` (`io`), after which the file must be discarded.
  func append(_ bytes: RawSpan) throws(HindcastError)
  /// Makes the file longer by zeros, whose place later appends take.
  ///
  /// A disk makes bytes within a file durable sooner than those that lengthen it.
  /// - Throws: ``HindcastError`` (`io`), after which some of the zeros may be there; what was
  ///   appended is as it was.
  func reserve(_ byteCount: Int) throws(HindcastError)
  /// Lets the disk begin with what was appended, so that making it durable has less to wait for.
  ///
  /// Does not wait, and says nothing of failures: ``synchronize()`` does.
  func startWriteback()
  /// Makes everything written so far durable.
  /// - Throws: ``HindcastError`` (`io`). Do not try again: the kernel may have dropped the
  ///   pages that it could not write.
  func synchronize() throws(HindcastError)
  /// Whether the file still has its name: someone may have removed it.
  var isCurrent: Bool { get }
  /// Closes the file. Does not make it durable.
  func close() throws(HindcastError)
}

extension WritableFile {
  /// Does nothing.
  public func reserve(_ byteCount: Int) throws(HindcastError) {}
  /// Does nothing.
  public func startWriteback() {}
}
