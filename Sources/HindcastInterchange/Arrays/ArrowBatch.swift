import CArrow
public import HindcastCore
import Synchronization

/// Some consecutive rows of a table: columns that came from another library, kept as they are, and
/// columns of our own.
///
/// The memory of an imported column is let go when the last batch or ``Column`` that refers to it
/// is.
public final class ArrowBatch: Sendable {
  /// The columns' names and types.
  public let schema: ArrowSchemaReference
  /// The number of rows.
  public let count: Int
  /// The rows of the file before this batch.
  public let firstRow: Int

  private let parts: [Part]
  private let imported: Mutex<[Int: Column]>

  private enum Part: Sendable {
    /// The rows of a child from `start` on.
    case imported(ImportedArray, child: Int, start: Int)
    /// The rows of a column from `start` on.
    case native(Column, start: Int)
  }

  /// Creates a batch of columns of our own.
  ///
  /// Every column has `count` rows; this is checked and traps.
  public convenience init(count: Int, columns: [(name: String, column: Column)]) {
    precondition(columns.allSatisfy { $0.column.count == count })
    self.init(
      schema: ArrowSchemaReference(columns.map { ($0.name, $0.column.type) }), count: count,
      firstRow: 0, parts: columns.map { .native($0.column, start: 0) })
  }

  private init(schema: ArrowSchemaReference, count: Int, firstRow: Int, parts: [Part]) {
    precondition(schema.fields.count == parts.count)
    self.schema = schema
    self.count = count
    self.firstRow = firstRow
    self.parts = parts
    imported = Mutex([:])
  }

  /// Takes over a struct array.
  convenience init(
    taking array: ImportedArray, schema: ArrowSchemaReference, firstRow: Int
  ) throws(HindcastError) {
    let top = array.array
    guard top.childCount == schema.fields.count, top.hasPossibleShape else {
      throw HindcastError(.corrupt, "a batch does not have the columns of its schema")
    }
    self.init(
      schema: schema, count: top.count, firstRow: firstRow,
      parts: schema.fields.indices.map { .imported(array, child: $0, start: 0) })
  }

  /// The column at `index`, converted to the contract's type; the same column at every call.
  ///
  /// O(rows) at the first call; memory is borrowed wherever Arrow lays it out as ``Column`` does.
  /// - Throws: ``HindcastError``: `type_mismatch` if the contract has no such type (rule D2),
  ///   `invalid_value` if a value can't be kept as it is, `corrupt` if the data contradicts itself.
  public func column(_ index: Int) throws(HindcastError) -> Column {
    switch parts[index] {
    case .native(let column, let start):
      return start == 0 && column.count == count ? column : column.slice(start..<start + count)
    case .imported(let owner, let child, let start):
      if let known = imported.withLock({ $0[index] }) { return known }
      let importer = ArrowImporter(
        owner: owner, firstRow: firstRow, columnName: schema.fields[index].name)
      let column = try importer.column(
        schema.fields[index], childArray(owner, child, start, importer))
      imported.withLock { $0[index] = column }
      return column
    }
  }

  /// The same rows with more columns at their end; what is there already is not touched.
  ///
  /// The batch has the rows of the new columns from `start` on, which are not copied. Every column
  /// has ``count`` rows from there; this is checked and traps.
  public func appending(
    _ more: [(field: ArrowField, column: Column)], from start: Int = 0
  ) -> ArrowBatch {
    precondition(more.allSatisfy { $0.column.count - start >= count })
    return ArrowBatch(
      schema: schema.appending(more.map(\.field)), count: count, firstRow: firstRow,
      parts: parts + more.map { .native($0.column, start: start) })
  }

  /// A range of the rows, which are not copied.
  public func slice(_ rows: Range<Int>) -> ArrowBatch {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count)
    if rows == 0..<count { return self }
    return ArrowBatch(
      schema: schema, count: rows.count, firstRow: firstRow + rows.lowerBound,
      parts: parts.map { part in
        switch part {
        case .imported(let owner, let child, let start):
          .imported(owner, child: child, start: start + rows.lowerBound)
        case .native(let column, let start): .native(column, start: start + rows.lowerBound)
        }
      })
  }

  /// The columns at the given indices, in that order.
  public func selecting(_ indices: [Int]) -> ArrowBatch {
    ArrowBatch(
      schema: ArrowSchemaReference(
        fields: indices.map { schema.fields[$0] }, metadata: schema.metadata),
      count: count, firstRow: firstRow, parts: indices.map { parts[$0] })
  }

  /// The given rows, with the columns that have a contract type; the others are left out.
  /// - Throws: ``HindcastError`` as ``column(_:)``.
  public func taking(rows: [Int]) throws(HindcastError) -> ArrowBatch {
    let kept = schema.fields.indices.filter { schema.fields[$0].type != nil }
    let indices = rows.map { Int32($0) }
    var columns: [(name: String, column: Column)] = []
    for index in kept {
      columns.append((schema.fields[index].name, try column(index).taking(indices)))
    }
    return ArrowBatch(count: rows.count, columns: columns)
  }

  private func childArray(
    _ owner: ImportedArray, _ child: Int, _ start: Int, _ importer: ArrowImporter
  ) throws(HindcastError) -> ForeignArray {
    let top = owner.array
    guard let array = top.child(child) else { throw importer.damaged("is not there") }
    try importer.checkShape(array)
    guard array.count - top.offset >= top.count else {
      throw importer.damaged("is shorter than its batch")
    }
    return array.slice(from: top.offset + start, count: count)
  }

  /// Lends the batch to `body` as a struct array, and takes it back if `body` did not.
  func withExported<R>(
    _ body: (UnsafeMutablePointer<ArrowArray>) throws(HindcastError) -> R
  ) throws(HindcastError) -> R {
    var children: [ArrowExporter.Filler] = unsafe []
    for (index, part) in parts.enumerated() {
      switch part {
      case .native(let column, let start):
        let rows = start..<start + count
        unsafe children.append { unsafe ArrowExporter.export(column, rows: rows, to: $0) }
      case .imported(let owner, let child, let start):
        let importer = ArrowImporter(
          owner: owner, firstRow: firstRow, columnName: schema.fields[index].name)
        let array = try childArray(owner, child, start, importer)
        unsafe children.append { unsafe ArrowExporter.export(array, owner: owner, to: $0) }
      }
    }
    let target = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
    unsafe ArrowExporter.exportStruct(length: count, children: children, to: target)
    defer {
      if let release = unsafe target.pointee.release { unsafe release(target) }
      unsafe target.deallocate()
    }
    return unsafe try body(target)
  }
}

/// The rows of `batch` with feature columns after what is there already, as rule L1 wants it.
public func appending(columns: [(Field, Column)], to batch: ArrowBatch) -> ArrowBatch {
  batch.appending(
    columns.map { (ArrowField(name: $0.0.name, type: $0.1.type), $0.1) })
}
