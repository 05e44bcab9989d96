import HindcastCore

/// Turns arrays of the C data interface into columns: offsets taken away, encodings flattened,
/// every length and offset checked.
///
/// Borrows the array's memory where it lies as a column's does.
@safe
struct ArrowImporter {
  let owner: ImportedArray
  /// The rows of the file before this batch, for messages.
  let firstRow: Int
  /// The column's name, for messages.
  let columnName: String

  /// The column that `array` holds.
  ///
  /// O(rows); copies only what Arrow lays out differently.
  func column(_ field: ArrowField, _ array: ForeignArray) throws(HindcastError) -> Column {
    guard let type = field.type else { throw unsupported(field) }
    try checkShape(array)
    if let values = field.dictionary.first { return try dictionary(type, field, values, array) }
    switch field.formatString {
    case "u", "z": return try text(type, array, offsetBytes: 4)
    case "U", "Z": return try text(type, array, offsetBytes: 8)
    case "vu", "vz": return try views(type, array)
    case "tdm": return try wholeDays(array)
    case "+l", "+L", "+vl", "+vL": return try list(type, field, array)
    case let format where format.hasPrefix("+w:"): return try fixedSizeList(type, field, array)
    case let format where format.hasPrefix("w:"): return try fixedSizeBinary(format, array)
    case let format where format.hasSuffix(",32"): return try widened(Int32.self, type, array)
    case let format where format.hasSuffix(",64"): return try widened(Int64.self, type, array)
    default: return try plain(type, array)
    }
  }

  private func plain(_ type: DataType, _ array: ForeignArray) throws(HindcastError) -> Column {
    let validity = try validity(array)
    let count = array.count
    let body: Column.Body
    switch type.layout {
    case .bits:
      body = .bits(try bits(array, buffer: 1))
    case .fixed(let width):
      body = .fixed(try fixed(array, buffer: 1, width: width))
    case .bytes, .list:
      throw damaged("has a layout that does not go with its type")
    }
    return Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits, body: body)
  }

  // MARK: Errors

  func unsupported(_ field: ArrowField) -> HindcastError {
    HindcastError(
      .typeMismatch,
      "the column is \(field.typeName), which is no type of features; convert it before",
      at: .init(column: columnName))
  }

  func damaged(_ what: String, row: Int? = nil) -> HindcastError {
    HindcastError(
      .corrupt, "the column's Arrow data \(what)",
      at: .init(row: row.map { firstRow + $0 + 1 }, column: columnName))
  }

  func refused(_ what: String, row: Int) -> HindcastError {
    HindcastError(.invalidValue, what, at: .init(row: firstRow + row + 1, column: columnName))
  }
}

extension ArrowImporter {
  /// Checks that length and offset are numbers of rows at all.
  func checkShape(_ array: ForeignArray) throws(HindcastError) {
    guard array.hasPossibleShape else {
      throw damaged("has an impossible length or offset")
    }
  }

  /// A buffer's address; nil only where there is nothing to read.
  func address(
    _ array: ForeignArray, buffer: Int, mayLack: Bool = false
  ) throws(HindcastError) -> UnsafeRawPointer? {
    guard buffer < array.bufferCount else { throw damaged("lacks a buffer") }
    if let address = unsafe array.buffer(buffer) { return unsafe address }
    guard mayLack || array.count == 0 else { throw damaged("lacks a buffer") }
    return nil
  }

  /// The validity from bit 0, and the number of nulls, counted: the array's own number may be
  /// absent.
  func validity(_ array: ForeignArray) throws(HindcastError) -> (bits: Buffer?, nullCount: Int) {
    guard !array.hasNoNulls, unsafe try address(array, buffer: 0, mayLack: true) != nil else {
      return (nil, 0)
    }
    let bits = try bits(array, buffer: 0)
    let count = array.count
    let nullCount = count - Bits.population(bits.span(of: UInt8.self), count: count)
    return nullCount == 0 ? (nil, 0) : (bits, nullCount)
  }

  /// Bits from the array's offset on, copied so that they start at bit 0.
  func bits(_ array: ForeignArray, buffer: Int) throws(HindcastError) -> Buffer {
    guard let start = unsafe try address(array, buffer: buffer) else { return Buffer([UInt8]()) }
    let offset = array.offset
    let count = array.count
    let source = unsafe Buffer(
      borrowing: start, byteCount: Bits.byteCount(offset + count), owner: owner)
    return Bits.slice(source.span(of: UInt8.self), from: offset, count: count)
  }

  /// Fixed-width values from the array's offset on; copied only if they are not aligned.
  func fixed(_ array: ForeignArray, buffer: Int, width: Int) throws(HindcastError) -> Buffer {
    guard let start = unsafe try address(array, buffer: buffer) else { return Buffer([UInt8]()) }
    return unsafe lend(
      start + array.offset * width, byteCount: array.count * width, alignment: width)
  }

  /// Elements as vectors of `type`, copied where they are not aligned as those must be: Arrow's
  /// buffers begin at multiples of 8, and 16 bytes are read as one value.
  func aligned(_ elements: Buffer, for type: DataType) -> Buffer {
    let isAligned = unsafe Int(bitPattern: elements.address) % 16 == 0
    guard case .fixed(16) = type.layout, !isAligned else { return elements }
    return Buffer(copying: elements.span(of: UInt8.self))
  }

  /// Borrowed memory, or a copy of it where it is not aligned as its elements must be.
  func lend(_ start: UnsafeRawPointer, byteCount: Int, alignment: Int) -> Buffer {
    let needed = alignment.nonzeroBitCount == 1 ? min(alignment, 16) : 4
    guard Int(bitPattern: start) % needed == 0 else {
      let raw = unsafe Buffer(borrowing: start, byteCount: byteCount, owner: owner)
      return Buffer(copying: raw.span(of: UInt8.self))
    }
    return unsafe Buffer(borrowing: start, byteCount: byteCount, owner: owner)
  }
}
