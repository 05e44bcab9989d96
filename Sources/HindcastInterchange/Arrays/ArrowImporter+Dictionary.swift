import HindcastCore

extension ArrowImporter {
  /// A dictionary-encoded column as the values that its indices point to.
  func dictionary(
    _ type: DataType, _ field: ArrowField, _ valuesField: ArrowField, _ array: ForeignArray
  ) throws(HindcastError) -> Column {
    guard let valuesArray = array.dictionary else { throw damaged("lacks its dictionary") }
    try checkShape(valuesArray)
    let limit = UInt32(clamping: valuesArray.count)
    let validity = try validity(array).bits
    let rows: Buffer
    switch field.formatString {
    case "c": rows = try self.rows(Int8.self, array, validity, below: limit)
    case "C": rows = try self.rows(UInt8.self, array, validity, below: limit)
    case "s": rows = try self.rows(Int16.self, array, validity, below: limit)
    case "S": rows = try self.rows(UInt16.self, array, validity, below: limit)
    case "i": rows = try self.rows(Int32.self, array, validity, below: limit)
    case "I": rows = try self.rows(UInt32.self, array, validity, below: limit)
    case "l": rows = try self.rows(Int64.self, array, validity, below: limit)
    default: rows = try self.rows(UInt64.self, array, validity, below: limit)
    }
    var values: Column
    do throws(HindcastError) {
      values = try column(valuesField, valuesArray)
    } catch {
      throw error.moved(from: firstRow, to: rows)
    }
    do throws(HindcastError) {
      if validity != nil {
        values = try .concatenate([values, .nulls(type: values.type, count: 1)])
      }
      return try gather(rows, of: values)
    } catch {
      throw HindcastError(error.code, error.message, at: .init(column: columnName))
    }
  }

  private func gather(_ rows: Buffer, of values: Column) throws(HindcastError) -> Column {
    try values.gather(rows.span(of: UInt32.self))
  }

  /// The indices, checked; `limit` where the row is null.
  private func rows<Index: FixedWidthInteger & BitwiseCopyable>(
    _: Index.Type, _ array: ForeignArray, _ validity: Buffer?, below limit: UInt32
  ) throws(HindcastError) -> Buffer {
    let buffer = try fixed(array, buffer: 1, width: MemoryLayout<Index>.size)
    let indices = buffer.span(of: Index.self)
    var result = MutableBuffer(byteCount: 4 * array.count)
    var rows = result.mutableSpan(of: UInt32.self)
    for row in indices.indices {
      if let validity, !Bits.get(validity.span(of: UInt8.self), row) {
        rows[row] = limit
        continue
      }
      let index = UInt32(exactly: indices[row]) ?? .max
      guard index < limit else { throw damaged("points outside of its dictionary", row: row) }
      rows[row] = index
    }
    return result.freeze()
  }
}

extension HindcastError {
  /// An error at a value of a dictionary, at the first row that has this value instead.
  fileprivate func moved(from firstRow: Int, to rows: Buffer) -> HindcastError {
    guard let number = location?.row else { return self }
    let indices = rows.span(of: UInt32.self)
    let row = indices.indices.first { Int(indices[$0]) == number - firstRow - 1 }
    var error = self
    error.location?.row = row.map { firstRow + $0 + 1 }
    return error
  }
}
