import HindcastCore
import HindcastInterchange
import HindcastStore

/// One file of versions: the columns that are needed, found by name.
struct InputFile {
  /// Columns that are not needed, for a person to know.
  let notes: [String]
  /// How the file's values become the group's.
  let castOptions: CastOptions
  /// The rows read so far.
  var rowCount: Int { stream.rowCount }
  private let stream: ArrowStream
  private let plan: RowPlan
  private let indexes: [(name: String, index: Int)]

  /// Opens the file and finds its columns.
  /// - Parameter mayBeEmpty: whether lines of JSON may be none at all, which then lack no column.
  /// - Throws: ``HindcastError`` if a column is missing, is there twice, or has no contract type.
  init(
    _ file: String, plan: RowPlan, options: IngestOptions, mayBeEmpty: Bool = false
  ) throws(HindcastError) {
    var reading = ReadOptions(
      nullText: options.nullText, types: Self.types(plan), laterTypes: Self.laterTypes(plan),
      asDictionaries: true)
    if let memory = options.memoryBytes {
      reading.batchBytes = ReadOptions.batchBytes(memoryBytes: memory)
    }
    var wanted = plan.columns
    // What else comes in a stream is not known before it is there.
    if file == "-", options.format == .jsonl { reading.columns = wanted.map(\.name) }
    var stream = try TableReader.open(file, format: options.format, options: reading)
    do throws(HindcastError) {
      try Self.check(stream.schema, wanted, file, isJSON: stream.format == .jsonl)
    } catch {
      guard mayBeEmpty, stream.format == .jsonl, try stream.next() == nil else { throw error }
      wanted = []
    }
    let names = Set(wanted.map(\.name))
    let extra = stream.schema.fields.map(\.name).filter { !names.contains($0) }
    notes =
      extra.isEmpty || wanted.isEmpty || plan.features.isEmpty
      ? [] : ["\(file): ignored \(extra.map { "'\($0)'" }.joined(separator: ", "))"]
    // Lines of JSON may have other fields later on.
    if file != "-", !extra.isEmpty || stream.format == .jsonl {
      reading.columns = wanted.map(\.name)
      stream = try TableReader.open(file, format: options.format, options: reading)
    }
    let schema = stream.schema
    castOptions = stream.castOptions(integerUnit: options.integerTimeUnit)
    var indexes: [(String, Int)] = []
    for (name, _) in wanted {
      indexes.append((name, try schema.requireIndex(of: name, file: file)))
    }
    self.stream = stream
    self.plan = plan
    self.indexes = indexes
  }

  /// The columns of the next batch, by name; nil at the end.
  func next() throws(HindcastError) -> (columns: [String: Column], count: Int)? {
    while let batch = try stream.next() {
      guard batch.count > 0 else { continue }
      var columns: [String: Column] = [:]
      for (name, index) in indexes {
        // A writer that saw nothing but nulls may have given the column no type.
        columns[name] =
          batch.schema.fields[index].isNullType
          ? Column.nulls(type: plan.type(of: name), count: batch.count)
          : try batch.column(index)
      }
      return (columns, batch.count)
    }
    return nil
  }

  /// Refuses a folder; whatever else is wrong, the reader says.
  static func check(_ file: String) throws(HindcastError) {
    guard file != "-" else { return }
    guard let status = try LocalFileSystem().status(file) else {
      throw HindcastError(.notFound, "there is no such file", at: .init(file: file))
    }
    guard !status.isDirectory else {
      throw HindcastError(
        .invalidArgument, "is a folder: name the files in it", at: .init(file: file))
    }
    guard status.byteCount > 0 else {
      throw HindcastError(.invalidValue, "is empty: not even a header", at: .init(file: file))
    }
  }

  private static func check(
    _ schema: ArrowSchemaReference, _ wanted: [(name: String, purpose: String)], _ file: String,
    isJSON: Bool
  ) throws(HindcastError) {
    let missing = wanted.filter { column in schema.index(of: column.name) == nil }
    guard missing.isEmpty else {
      let list = missing.map { "'\($0.name)' (\($0.purpose))" }.joined(separator: ", ")
      let found = schema.fields.map(\.name).joined(separator: ", ")
      throw HindcastError(
        .missingColumn,
        "missing column\(missing.count == 1 ? "" : "s") \(list); "
          + (isJSON ? "the first lines have no such field" : "the file has \(found)"),
        at: .init(file: file, column: missing[0].name))
    }
    for (name, purpose) in wanted {
      let field = schema.fields[try schema.requireIndex(of: name, file: file)]
      guard field.type != nil || field.isNullType else {
        throw HindcastError(
          .typeMismatch,
          "type \(field.typeName) can't serve as \(purpose): it is no type of Hindcast's",
          at: .init(file: file, column: name))
      }
    }
  }

  /// The types of what a row need not have, where no line shows them.
  private static func laterTypes(_ plan: RowPlan) -> [(name: String, type: DataType)] {
    var names: [String] = []
    if case .column(let name) = plan.createdTime { names.append(name) }
    if case .column(let name) = plan.deletion { names.append(name) }
    return names.map { ($0, plan.type(of: $0)) }
  }

  /// The types to read JSON's values as; times stay as they are written.
  private static func types(_ plan: RowPlan) -> [(name: String, type: DataType)] {
    (plan.group.recordIdentifiers + plan.features).map { field in
      guard case .set(let element) = field.type else { return (field.name, field.type) }
      return (field.name, .list(element))
    }
  }
}
