import HindcastCore
import HindcastInterchange
import HindcastJoin

/// The label file as a stream of chunks, with the columns that the views need.
struct LabelSource {
  /// A label column that names a record of some view.
  struct KeyColumn {
    let name: String
    let identifier: String
    let type: DataType
  }

  /// The label columns that keys are made of, and what they become.
  struct Keys: Hashable {
    let columns: [String]
    let layout: KeyLayout
  }

  let schema: ArrowSchemaReference
  /// The instant that all labels share, if they do.
  let instant: Instant?
  private(set) var rowCount = 0
  private let options: BuildOptions
  private let stream: ArrowStream
  private let castOptions: CastOptions
  /// Whether the file holds its values as text.
  let isTextFile: Bool
  private var time: LabelTimes?
  private var keyTypes: [String: DataType] = [:]
  private var keyIndexes: [String: Int] = [:]
  private let hash: FileHash?

  /// Opens the labels.
  ///
  /// - Parameters:
  ///   - batchRows: the most labels of a batch, of which a chunk is a whole number.
  ///   - isText: whether texts are values that were not parsed yet, whatever the file's format.
  ///   - types: those of other columns, where they are known.
  /// - Throws: ``HindcastError`` if the file, the time column or a key column is not there or has a
  ///   type that can't serve.
  init(
    _ options: BuildOptions, keyColumns: [KeyColumn], batchRows: Int = 32_768,
    isText: Bool = false, types: [(name: String, type: DataType)] = []
  ) throws(HindcastError) {
    self.options = options
    stream = try TableReader.open(
      options.labels, format: options.labelsFormat,
      options: ReadOptions(
        types: types, batchRows: batchRows,
        batchBytes: ReadOptions.batchBytes(memoryBytes: options.memoryBytes)))
    hash = options.labels == "-" ? nil : FileHash(options.labels)
    var castOptions = stream.castOptions()
    isTextFile = castOptions.isTextSource
    if isText { castOptions.isTextSource = true }
    self.castOptions = castOptions
    schema = stream.schema
    switch options.time {
    case .instant(let instant):
      self.instant = instant
      time = nil
    case .column(let name, let unit):
      instant = nil
      let index = try Self.index(of: name, in: stream.schema, "label time", options.labels)
      time = try LabelTimes(index: index, unit: unit, stream: stream)
    }
    for column in keyColumns {
      let what = "record identifier \(column.identifier)"
      let index = try Self.index(of: column.name, in: schema, what, options.labels)
      keyIndexes[column.name] = index
      keyTypes[column.name] = try keyType(column, at: index)
    }
  }

  private static func index(
    of name: String, in schema: ArrowSchemaReference, _ what: String, _ file: String
  ) throws(HindcastError) -> Int {
    do throws(HindcastError) {
      return try schema.requireIndex(of: name, file: file)
    } catch {
      var explained = error
      explained.message = "the \(what) is to be read from here: \(error.message)"
      throw explained
    }
  }

  /// The type that a key column is read as.
  ///
  /// Texts of a file that knows only texts, and columns of nothing but nulls, have the identifier's
  /// type; others their own, and are compared by value.
  private func keyType(_ column: KeyColumn, at index: Int) throws(HindcastError) -> DataType {
    let field = schema.fields[index]
    let isUntyped = field.isNullType || castOptions.isTextSource && field.type == .utf8
    guard isUntyped else {
      guard let type = field.type else {
        throw HindcastError(
          .typeMismatch,
          "\(field.typeName) can't be compared with the record identifier \(column.identifier), "
            + "which is \(column.type)", at: .init(file: options.labels, column: column.name))
      }
      return type
    }
    if let other = keyTypes[column.name], other != column.type {
      throw HindcastError(
        .typeMismatch,
        "the text column is compared with \(other) in one group and \(column.type) in another",
        at: .init(file: options.labels, column: column.name))
    }
    return column.type
  }

  /// The label columns' names, in order.
  var columnNames: [String] { schema.fields.map(\.name) }

  /// The types that key columns are read as.
  func types(of columns: [String]) -> [DataType] { columns.compactMap { keyTypes[$0] } }

  /// The next chunk of labels; nil at the end.
  ///
  /// It ends with the batch that reaches `rows` labels, or a quarter of `memoryBytes` that libarrow
  /// holds. Labels that come in the order of records meet other pages in each chunk, so these
  /// chunks are small: the sooner the first is written.
  mutating func next(rows: Int, memoryBytes: Int) throws(HindcastError) -> LabelChunk? {
    var batches: [ArrowBatch] = []
    var count = 0
    while count < rows, let batch = try stream.next() {
      try Interruption.check()
      batches.append(batch)
      count += batch.count
      if try ArrowMemory.allocatedByteCount() >= memoryBytes / 4 { break }
      if count >= sortedRows, try isSorted(batches) { break }
    }
    guard count > 0 else { return nil }
    let firstRow = rowCount
    rowCount += count
    if let instant {
      return LabelChunk(batches: batches, firstRow: firstRow, time: .instant(instant))
    }
    guard let column = try time?.column(of: batches, file: options.labels) else {
      preconditionFailure("labels have a time column or share an instant")
    }
    return LabelChunk(batches: batches, firstRow: firstRow, time: .column(column))
  }

  /// The labels of a chunk where they come in the order of records: few, so that the stages of a
  /// build overlap, but enough for each of the segments that a chunk is looked up in.
  var sortedRows = 1 << 16

  /// Whether the labels seem to come in the order of records, by the first and last of each batch.
  private func isSorted(_ batches: [ArrowBatch]) throws(HindcastError) -> Bool {
    guard let first = keyIndexes.min(by: { $0.value < $1.value })?.value else { return false }
    var last = Int128.min
    for batch in batches {
      guard schema.fields[first].type != nil else { return false }
      let column = try batch.column(first)
      for row in [0, column.count - 1] {
        guard case .integer(let number) = column[row], number >= last else { return false }
        last = number
      }
    }
    return true
  }

  /// The key columns of a chunk.
  func keys(_ names: [String], of chunk: LabelChunk) throws(HindcastError) -> [Column] {
    var columns: [Column] = []
    for name in names {
      guard let index = keyIndexes[name], let type = keyTypes[name] else { continue }
      columns.append(try column(index, as: type, of: chunk))
    }
    return columns
  }

  /// The column of the given name as `type`; cells of a text file are cast.
  func column(
    named name: String, as type: DataType, of chunk: LabelChunk
  ) throws(HindcastError) -> Column {
    let index = try Self.index(of: name, in: schema, "output", options.labels)
    return try column(index, as: type, of: chunk)
  }

  private func column(
    _ index: Int, as type: DataType, of chunk: LabelChunk
  ) throws(HindcastError) -> Column {
    try chunk.batches.column(index, as: type, castOptions, file: options.labels)
  }

  /// The label columns that a view's record identifiers are compared with.
  static func keyColumns(of view: BoundView) -> [KeyColumn] {
    zip(view.labelKeys, view.group.recordIdentifiers).map { column, field in
      KeyColumn(name: column, identifier: field.name, type: field.type)
    }
  }

  /// The manifest's account of the labels.
  /// - Throws: ``HindcastError`` if the file could not be read for its hash.
  func account() throws(HindcastError) -> Manifest.Labels {
    var account = Manifest.Labels(
      sha256: try hash?.finish(), rows: rowCount, areText: castOptions.isTextSource)
    if case .column(let name, let unit) = options.time {
      account.timeColumn = name
      account.timeUnit = unit.map { "\($0)" }
    }
    return account
  }
}

/// Labels that are answered together.
struct LabelChunk: Sendable {
  /// The label rows, as read.
  let batches: [ArrowBatch]
  /// The number of labels before these.
  let firstRow: Int
  let time: ChunkTime

  /// How many they are.
  var count: Int { batches.reduce(0) { $0 + $1.count } }

  /// Some of the labels, as read; their times are still those of the whole chunk.
  func part(_ labels: Range<Int>) -> LabelChunk {
    var start = 0
    let part = batches.compactMap { batch -> ArrowBatch? in
      defer { start += batch.count }
      let rows = labels.clamped(to: start..<start + batch.count)
      return rows.isEmpty ? nil : batch.slice(rows.lowerBound - start..<rows.upperBound - start)
    }
    return LabelChunk(batches: part, firstRow: firstRow + labels.lowerBound, time: time)
  }
}

extension [ArrowBatch] {
  /// One column of all batches, as a declared type.
  /// - Throws: ``HindcastError`` that lists the first cells that can't be taken.
  func column(
    _ index: Int, as type: DataType, _ options: CastOptions, file: String
  ) throws(HindcastError) -> Column {
    var problems = CellProblems(file: file)
    guard let column = try column(index, as: type, options, &problems) else {
      throw problems.error ?? HindcastError(.typeMismatch, "a column can't be read as \(type)")
    }
    return column
  }

  /// One column of all batches, as a declared type; nil if `problems` has cells that can't be read.
  /// - Throws: ``HindcastError`` if no cell of its type can.
  func column(
    _ index: Int, as type: DataType, _ options: CastOptions, _ problems: inout CellProblems
  ) throws(HindcastError) -> Column? {
    var parts: [Column] = []
    for batch in self {
      problems.startBatch(firstRow: batch.firstRow)
      do throws(HindcastError) {
        parts.append(try batch.column(index, as: type, options: options, problems: &problems))
      } catch {
        throw problems.file.map(error.inFile) ?? error
      }
    }
    return problems.isEmpty ? try Column.concatenate(parts) : nil
  }
}
