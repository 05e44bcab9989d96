import CArrow
public import HindcastCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A table file being read, batch by batch; no more of it is in memory than a batch and what the
/// reader decodes ahead.
///
/// The reader is let go at the end, at the first error, and at the latest when this object is.
@safe
public final class ArrowStream {
  /// The columns' names and types.
  public let schema: ArrowSchemaReference
  /// The file, as the user named it; `-` is standard input.
  public let path: String
  /// The file's format.
  public let format: FileFormat
  /// The rows read so far.
  public private(set) var rowCount = 0

  private let stream: UnsafeMutablePointer<ArrowArrayStream>
  private let ledger = ArrowLedger.current

  /// Takes over what `open` puts into the struct that it is given.
  init(
    path: String, format: FileFormat,
    open: (UnsafeMutablePointer<ArrowArrayStream>) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    self.path = path
    self.format = format
    let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    unsafe stream.initialize(to: ArrowArrayStream())
    do throws(HindcastError) {
      unsafe try open(stream)
      if unsafe stream.pointee.release != nil { ledger.noteTaken() }
      schema = unsafe try Self.readSchema(stream, path)
    } catch {
      unsafe Self.release(stream, ledger)
      unsafe stream.deallocate()
      throw error
    }
    unsafe self.stream = unsafe stream
  }

  deinit {
    unsafe Self.release(stream, ledger)
    unsafe stream.deallocate()
  }

  /// The next rows; nil at the end, and after an error.
  /// - Throws: ``HindcastError`` that names the file, and the row where it is known.
  public func next() throws(HindcastError) -> ArrowBatch? {
    while unsafe stream.pointee.release != nil {
      var code: Int32 = 0
      let array = unsafe ImportedArray { target in
        code = unsafe stream.pointee.get_next?(stream, target) ?? EINVAL
      }
      guard code == 0 else {
        let error = unsafe Self.lastError(stream, path)
        unsafe Self.release(stream, ledger)
        throw error
      }
      guard !array.isReleased else {
        unsafe Self.release(stream, ledger)
        ArrowMemory.release()
        return nil
      }
      do throws(HindcastError) {
        let batch = try ArrowBatch(taking: array, schema: schema, firstRow: rowCount)
        rowCount += batch.count
        if format == .csv { try checkText(batch) }
        if batch.count > 0 { return batch }
      } catch {
        unsafe Self.release(stream, ledger)
        throw error.inFile(path)
      }
    }
    return nil
  }

  /// CSV text is not checked by the reader, which could not name the row.
  private func checkText(_ batch: ArrowBatch) throws(HindcastError) {
    for index in schema.fields.indices { _ = try batch.column(index) }
  }

  private static func readSchema(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, _ path: String
  ) throws(HindcastError) -> ArrowSchemaReference {
    let target = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
    unsafe target.initialize(to: ArrowSchema())
    defer {
      if let release = unsafe target.pointee.release { unsafe release(target) }
      unsafe target.deallocate()
    }
    guard unsafe stream.pointee.get_schema?(stream, target) == 0 else {
      throw unsafe lastError(stream, path)
    }
    let top = unsafe try ArrowField(copying: target)
    guard top.formatString == "+s" else {
      throw HindcastError(.corrupt, "the file does not hold a table", at: .init(file: path))
    }
    return ArrowSchemaReference(fields: top.children, metadata: top.metadata)
  }

  private static func lastError(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, _ path: String
  ) -> HindcastError {
    let text = unsafe stream.pointee.get_last_error?(stream).map { unsafe String(cString: $0) }
    return ArrowLibrary.error(text ?? "the file can't be read", file: path)
  }

  private static func release(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, _ ledger: ArrowLedger
  ) {
    guard let release = unsafe stream.pointee.release else { return }
    unsafe release(stream)
    unsafe stream.pointee.release = nil
    ledger.noteReleased()
  }
}

extension HindcastError {
  /// The same error with the file's name, if it has none yet.
  package func inFile(_ path: String) -> HindcastError {
    var error = self
    var location = error.location ?? Location()
    if location.file == nil { location.file = path }
    error.location = location
    return error
  }
}
