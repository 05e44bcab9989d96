import HindcastCore

/// Where a value's text goes.
enum TextStyle {
  /// A CSV cell: as it is; nulls stay null.
  case cell
  /// A JSON value: text in quotes, null as `null`.
  case json
}

extension Column {
  /// The column's values as text, one utf8 value a row.
  ///
  /// Times are ISO 8601 in UTC; binary is base64; lists, sets and vectors are JSON arrays. In JSON,
  /// NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity".
  /// - Throws: ``HindcastError`` (`limit_exceeded`) if the text is longer than 2 GiB.
  func asText(_ style: TextStyle) throws(HindcastError) -> Column {
    var data = MutableBuffer(capacity: count * 8)
    var offsets = MutableBuffer(capacity: (count + 1) * 4)
    offsets.append(Int32(0))
    let cells = try elementTexts()
    for row in 0..<count {
      if !isNull(row) {
        appendText(of: row, to: &data, style, cells)
      } else if style == .json {
        data.append(text: "null")
      }
      guard let end = Int32(exactly: data.byteCount) else {
        throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of text")
      }
      offsets.append(end)
    }
    return Column(
      type: .utf8, count: count, nullCount: style == .json ? 0 : nullCount,
      validity: style == .json ? nil : validity,
      body: .bytes(offsets: offsets.freeze(), data: data.freeze()))
  }

  /// The elements' JSON, for lists, sets and vectors.
  private func elementTexts() throws(HindcastError) -> Column? {
    switch (type, body) {
    case (_, .list(_, let child)): return try child.asText(.json)
    case (.vector(let dimension), .fixed(let values)):
      let elements = Column(
        type: .float32, count: count * dimension, nullCount: 0, validity: nil, body: .fixed(values))
      return try elements.asText(.json)
    default: return nil
    }
  }

  private func appendText(
    of row: Int, to data: inout MutableBuffer, _ style: TextStyle, _ elements: Column?
  ) {
    switch body {
    case .bits(let bits):
      data.append(text: Bits.get(bits.span(of: UInt8.self), row) ? "true" : "false")
    case .bytes(let offsets, let bytes):
      let ends = offsets.span(of: Int32.self)
      let value = bytes.span(of: UInt8.self).extracting(Int(ends[row])..<Int(ends[row + 1]))
      appendBytes(value, to: &data, style)
    case .list(let offsets, _):
      let ends = offsets.span(of: Int32.self)
      appendArray(Int(ends[row])..<Int(ends[row + 1]), elements, to: &data)
    case .fixed(let values):
      if case .vector(let dimension) = type {
        appendArray(row * dimension..<(row + 1) * dimension, elements, to: &data)
      } else {
        appendFixed(values, row, to: &data, style)
      }
    }
  }

  private func appendBytes(_ value: Span<UInt8>, to data: inout MutableBuffer, _ style: TextStyle) {
    switch (type, style) {
    case (.utf8, .cell): data.append(contentsOf: value)
    case (.utf8, .json): data.append(jsonString: value)
    case (_, .cell): data.append(base64: value)
    case (_, .json):
      data.append(ascii: "\"")
      data.append(base64: value)
      data.append(ascii: "\"")
    }
  }

  private func appendArray(_ range: Range<Int>, _ elements: Column?, to data: inout MutableBuffer) {
    guard let elements, case .bytes(let offsets, let bytes) = elements.body else { return }
    let ends = offsets.span(of: Int32.self)
    let text = bytes.span(of: UInt8.self)
    // JSON readers want one kind of value in an array: beside a "NaN", numbers are texts as well.
    let hasTexts = type.element?.isFloat == true && range.contains { text[Int(ends[$0])] == quote }
    data.append(ascii: "[")
    for index in range {
      let element = text.extracting(Int(ends[index])..<Int(ends[index + 1]))
      let isQuoted = hasTexts && element[0] != quote && element[0] != UInt8(ascii: "n")
      if index > range.lowerBound { data.append(ascii: ",") }
      if isQuoted { data.append(quote) }
      data.append(contentsOf: element)
      if isQuoted { data.append(quote) }
    }
    data.append(ascii: "]")
  }

  private func appendFixed(
    _ values: Buffer, _ row: Int, to data: inout MutableBuffer, _ style: TextStyle
  ) {
    func quoted(_ body: (inout MutableBuffer) -> Void) {
      if style == .json { data.append(ascii: "\"") }
      body(&data)
      if style == .json { data.append(ascii: "\"") }
    }
    switch type {
    case .int8: data.append(decimal: Int64(values.span(of: Int8.self)[row]))
    case .int16: data.append(decimal: Int64(values.span(of: Int16.self)[row]))
    case .int32: data.append(decimal: Int64(values.span(of: Int32.self)[row]))
    case .int64: data.append(decimal: values.span(of: Int64.self)[row])
    case .uint8: data.append(digits: UInt64(values.span(of: UInt8.self)[row]), width: 1)
    case .uint16: data.append(digits: UInt64(values.span(of: UInt16.self)[row]), width: 1)
    case .uint32: data.append(digits: UInt64(values.span(of: UInt32.self)[row]), width: 1)
    case .uint64: data.append(digits: values.span(of: UInt64.self)[row], width: 1)
    case .date:
      let days = Int(values.span(of: Int32.self)[row])
      quoted { $0.append(date: days) }
    case .timestamp(let unit, _):
      let ticks = values.span(of: Int64.self)[row]
      quoted { $0.append(timestamp: ticks, unit: unit) }
    case .decimal128(_, let scale):
      let number = values.span(of: Int128.self)[row]
      // JSON readers take numbers for binary floating point, so a decimal is text.
      quoted { $0.append(unscaled: number, scale: scale) }
    case .float32:
      let value = values.span(of: Float.self)[row]
      appendFloat(value, value.description, to: &data, style)
    case .float64:
      let value = values.span(of: Double.self)[row]
      appendFloat(value, value.description, to: &data, style)
    default: break
    }
  }

  private func appendFloat<F: BinaryFloatingPoint>(
    _ value: F, _ text: String, to data: inout MutableBuffer, _ style: TextStyle
  ) {
    if value.isFinite || style == .cell {
      data.append(text: value.isNaN ? "nan" : text)
    } else {
      data.append(
        text: value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }
}

private let quote = UInt8(ascii: "\"")

extension DataType {
  /// Whether this is one of the floating-point types.
  var isFloat: Bool { self == .float32 || self == .float64 }
}
