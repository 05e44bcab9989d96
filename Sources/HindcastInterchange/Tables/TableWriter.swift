import CArrow
public import HindcastCore

/// Writes batches to a table file, or to standard output (`-`).
///
/// The file appears under its name only at ``close()``; a writer that failed, was cancelled or was
/// let go leaves nothing behind. CSV and JSON lines hold every type as text: times as ISO 8601 in
/// UTC, binary as base64, lists, sets and vectors as JSON arrays.
@safe
public final class TableWriter {
  /// The file, as the user named it.
  public let path: String
  /// The file's format.
  public let format: FileFormat
  /// The columns' names and types.
  public let schema: ArrowSchemaReference

  /// Whether rows go to standard output, a pipe or a device as they come.
  public let isStream: Bool

  private var file: OutputFile?
  private let ledger = ArrowLedger.current
  private var encoder: Encoder?
  private var isFinished = false

  @safe private enum Encoder {
    case library(ArrowLibrary, OpaquePointer)
    case jsonLines([String])
  }

  /// Creates the file under a temporary name.
  /// - Throws: ``HindcastError``: `io`, `invalid_argument` if the format is not known,
  ///   `type_mismatch` if it can't hold a column, which is named.
  public init(
    path: String, format: FileFormat? = nil, schema: ArrowSchemaReference,
    options: WriteOptions = WriteOptions()
  ) throws(HindcastError) {
    let format = try Self.format(of: path, stated: format)
    try options.validate(for: format, path: path)
    self.path = path
    self.format = format
    self.schema = schema
    if format == .csv || format == .jsonl { try Self.checkTextTypes(schema, format, path) }
    let file = try OutputFile(path: path)
    isStream = file.isStream
    if format == .jsonl {
      encoder = .jsonLines(schema.fields.map { Self.jsonName($0.name) })
    } else {
      encoder = try Self.libraryEncoder(file, format, schema, options)
      ledger.noteTaken()
    }
    self.file = consume file
  }

  deinit { cancel() }

  /// The format that a file of this name is written in; standard output is an Arrow stream.
  /// - Throws: `invalid_argument` if the name says none, or one that is not written.
  public static func format(
    of path: String, stated: FileFormat? = nil
  ) throws(HindcastError) -> FileFormat {
    guard let format = stated ?? (path == "-" ? .arrow : FileFormat.detect(path: path)) else {
      let names = FileFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw HindcastError(
        .invalidArgument, "the format can't be told from the name; state one of \(names)",
        at: .init(file: path))
    }
    guard FileFormat.compressionNumber(path: path) == 0 else {
      throw HindcastError(
        .invalidArgument, "compressed \(format.rawValue) files are read but not written",
        at: .init(file: path))
    }
    return format
  }

  /// Adds rows; the batch's columns are those of the writer's schema.
  /// - Throws: ``HindcastError``, after which the file is given up.
  public func write(_ batch: ArrowBatch) throws(HindcastError) {
    precondition(batch.schema.fields.map(\.name) == schema.fields.map(\.name))
    do throws(HindcastError) {
      switch encoder {
      case nil: throw HindcastError(.poisoned, "the file was closed or given up")
      case .jsonLines(let names): try writeLines(batch, names)
      case .library(let library, let writer):
        let rows = format == .csv ? try Self.textBatch(batch) : batch
        unsafe try rows.withExported { array throws(HindcastError) in
          unsafe try library.check(library.functions.writer_write?(writer, array), file: path)
        }
      }
      file?.startWriteback()
    } catch {
      cancel()
      throw error.inFile(path)
    }
  }

  /// Writes what is left and makes the file durable, not yet under its name: what can fail for
  /// want of space fails here.
  /// - Throws: ``HindcastError`` (`io`), after which nothing is left of it.
  public func finish() throws(HindcastError) {
    guard let encoder else { throw HindcastError(.poisoned, "the file was closed or given up") }
    do throws(HindcastError) {
      if case .library(let library, let writer) = encoder {
        unsafe try library.check(library.functions.writer_close?(writer), file: path)
      }
      try file?.synchronize()
    } catch {
      cancel()
      throw error
    }
    let file = self.file.take()
    cancel()
    self.file = consume file
    isFinished = true
  }

  /// Finishes the file, makes it durable and gives it its name.
  /// - Throws: ``HindcastError`` (`io`), after which nothing is left of it.
  public func close() throws(HindcastError) {
    if !isFinished { try finish() }
    isFinished = false
    let file = self.file.take()
    try file?.publish()
    ArrowMemory.release()
  }

  /// Gives the file up; nothing is left of it.
  ///
  /// Does nothing after ``close()``.
  public func cancel() {
    if case .library(let library, let writer) = encoder {
      unsafe library.functions.writer_free?(writer)
      ledger.noteReleased()
    }
    encoder = nil
    file = nil
  }

  private static func libraryEncoder(
    _ file: borrowing OutputFile, _ format: FileFormat, _ schema: ArrowSchemaReference,
    _ options: WriteOptions
  ) throws(HindcastError) -> Encoder {
    let library = try ArrowLibrary.shared()
    let written = format == .csv ? textSchema(schema) : schema
    let codec = options.codec ?? (format == .parquet ? "zstd" : "none")
    var writer: OpaquePointer?
    unsafe try written.withExported { exported throws(HindcastError) in
      let message = unsafe codec.withCString { name in
        var plan = unsafe HindcastWriteOptions(
          descriptor: file.descriptor, format: format.shimNumber,
          as_stream: file.path == "-" ? 1 : 0, codec: name,
          level: options.level.map { Int32(clamping: $0) } ?? Int32.min,
          row_group_rows: Int64(max(1, options.rowGroupRows)),
          row_group_bytes: Int64(options.rowGroupBytes))
        return unsafe library.functions.writer_open?(&plan, exported, &writer) ?? nil
      }
      unsafe try library.check(message, file: file.path)
    }
    guard let writer = unsafe writer else {
      throw HindcastError(.io, "can't be written", at: .init(file: file.path))
    }
    return unsafe .library(library, writer)
  }
}

// MARK: Text formats

extension TableWriter {
  private static func checkTextTypes(
    _ schema: ArrowSchemaReference, _ format: FileFormat, _ path: String
  ) throws(HindcastError) {
    for field in schema.fields where field.type == nil && !field.isNullType {
      throw HindcastError(
        .typeMismatch,
        "the column is \(field.typeName), which \(format.rawValue) can't hold; "
          + "write parquet or arrow",
        at: .init(file: path, column: field.name))
    }
  }

  /// libarrow writes numbers, booleans and text itself; everything else goes to it as text.
  private static func isWrittenByLibrary(_ type: DataType?) -> Bool {
    switch type {
    case .bool, .utf8, .float32, .float64: true
    case let type?: type.isInteger
    case nil: false
    }
  }

  private static func textSchema(_ schema: ArrowSchemaReference) -> ArrowSchemaReference {
    ArrowSchemaReference(
      schema.fields.map { field in
        let type = isWrittenByLibrary(field.type) ? field.type : nil
        return (field.name, type ?? .utf8)
      })
  }

  private static func textBatch(_ batch: ArrowBatch) throws(HindcastError) -> ArrowBatch {
    var columns: [(name: String, column: Column)] = []
    for (index, field) in batch.schema.fields.enumerated() {
      let column = try textualColumn(batch, index)
      let isReady = isWrittenByLibrary(column.type)
      columns.append((field.name, isReady ? column : try column.asText(.cell)))
    }
    return ArrowBatch(count: batch.count, columns: columns)
  }

  /// A column that has a contract type; a column of the null type becomes empty text.
  private static func textualColumn(
    _ batch: ArrowBatch, _ index: Int
  ) throws(HindcastError) -> Column {
    guard batch.schema.fields[index].isNullType else { return try batch.column(index) }
    return Column.nulls(type: .utf8, count: batch.count)
  }

  private static func jsonName(_ name: String) -> String {
    var bytes = MutableBuffer()
    bytes.append(jsonString: Array(name.utf8).span)
    return String(decoding: bytes.freeze().array(of: UInt8.self), as: UTF8.self) + ":"
  }

  private func writeLines(_ batch: ArrowBatch, _ names: [String]) throws(HindcastError) {
    var cells: [Column] = []
    for index in names.indices {
      cells.append(try Self.textualColumn(batch, index).asText(.json))
    }
    var lines = MutableBuffer(capacity: 1 << 20)
    for row in 0..<batch.count {
      lines.append(ascii: "{")
      for (index, name) in names.enumerated() {
        if index > 0 { lines.append(ascii: ",") }
        lines.append(text: name)
        guard case .bytes(let offsets, let data) = cells[index].body else { continue }
        let ends = offsets.span(of: Int32.self)
        lines.append(
          contentsOf: data.span(of: UInt8.self).extracting(Int(ends[row])..<Int(ends[row + 1])))
      }
      lines.append(text: "}\n")
    }
    try file?.write(lines.freeze().bytes)
  }
}
