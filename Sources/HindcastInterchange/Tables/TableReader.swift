import CArrow
public import HindcastCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Opens table files for reading.
public enum TableReader {
  /// Opens a file of any of the formats, or `-` for standard input.
  ///
  /// Without a format, the file's name shows it, else its first bytes. CSV columns are all utf8: an
  /// unquoted empty cell is null, `""` is the empty text.
  /// - Throws: ``HindcastError``: `not_found`, `io`, `invalid_argument` if the format is not known,
  ///   `corrupt` if the file is not what its name says.
  public static func open(
    _ path: String, format: FileFormat? = nil, options: ReadOptions = ReadOptions()
  ) throws(HindcastError) -> ArrowStream {
    if path != "-" { try checkFile(path) }
    guard let format = format ?? FileFormat.detect(path: path) ?? sniff(path) else {
      let names = FileFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw HindcastError(
        .invalidArgument, "the format can't be told from the name; state one of \(names)",
        at: .init(file: path))
    }
    let compression = FileFormat.compressionNumber(path: path)
    guard compression == 0 || format == .csv || format == .jsonl else {
      throw HindcastError(
        .invalidArgument, "a compressed \(format.rawValue) file must be unpacked first",
        at: .init(file: path))
    }
    let library = try ArrowLibrary.shared()
    do throws(HindcastError) {
      return unsafe try ArrowStream(path: path, format: format) { stream throws(HindcastError) in
        unsafe try open(library, path, format, compression, options, stream)
      }
    } catch {
      throw explained(error, path, format)
    }
  }

  private static func open(
    _ library: ArrowLibrary, _ path: String, _ format: FileFormat, _ compression: Int32,
    _ options: ReadOptions, _ stream: UnsafeMutablePointer<ArrowArrayStream>
  ) throws(HindcastError) {
    let names = options.columns ?? []
    // One block of C strings: the path, the null text, the columns.
    let strings = unsafe ([path, options.nullText ?? ""] + names).map { unsafe strdup($0) }
    defer { for index in unsafe strings.indices { unsafe free(strings[index]) } }
    let columns = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(
      capacity: max(1, names.count))
    defer { unsafe columns.deallocate() }
    for index in names.indices { unsafe columns[index] = unsafe UnsafePointer(strings[index + 2]) }
    var plan = unsafe HindcastReadOptions(
      path: strings[0], format: format.shimNumber, compression: compression,
      batch_rows: Int64(options.batchRows), batch_bytes: Int64(options.batchBytes),
      columns: columns,
      column_count: options.columns == nil ? -1 : Int64(names.count),
      as_dictionaries: options.asDictionaries ? 1 : 0,
      null_text: options.nullText == nil ? nil : UnsafePointer(strings[1]),
      types: nil, later_types: nil)
    let (types, later) = (
      ArrowSchemaReference(options.types), ArrowSchemaReference(options.laterTypes)
    )
    unsafe try types.withExported { types throws(HindcastError) in
      unsafe try later.withExported { later throws(HindcastError) in
        if !options.types.isEmpty { unsafe plan.types = types }
        if !options.laterTypes.isEmpty { unsafe plan.later_types = later }
        unsafe try library.check(library.functions.open?(&plan, stream), file: path)
      }
    }
  }

  private static func checkFile(_ path: String) throws(HindcastError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      guard errno != ENOENT else {
        throw HindcastError(.notFound, "there is no such file", at: .init(file: path))
      }
      throw HindcastError(.io, systemMessage(), at: .init(file: path))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw HindcastError(
        .invalidArgument, "this is a directory; name the files in it", at: .init(file: path))
    }
    guard unsafe access(path, R_OK) == 0 else {
      throw HindcastError(.io, "can't be read: \(systemMessage())", at: .init(file: path))
    }
  }

  /// The format that the first bytes show.
  private static func sniff(_ path: String) -> FileFormat? {
    guard path != "-", let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var start = [UInt8](repeating: 0, count: 6)
    let count = unsafe fread(&start, 1, 6, file)
    if count >= 4, Array(start[..<4]) == Array("PAR1".utf8) { return .parquet }
    return count == 6 && start == Array("ARROW1".utf8) ? .arrow : nil
  }

  /// What libarrow says of the commonest mistakes, in words of the user's.
  private static func explained(
    _ error: HindcastError, _ path: String, _ format: FileFormat
  ) -> HindcastError {
    var error = error
    if format == .csv, error.message.contains("Empty CSV") {
      error.message = "the file is empty: a CSV file starts with a line of column names"
    } else if error.code == .corrupt {
      error.message = "this is not a readable \(format.rawValue) file: \(error.message)"
    }
    return error
  }
}

/// What the operating system says of the last failure.
func systemMessage(_ code: Int32 = errno) -> String {
  unsafe String(cString: strerror(code))
}
