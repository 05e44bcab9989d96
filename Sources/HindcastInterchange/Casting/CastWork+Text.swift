import HindcastCore

extension CastWork {
  /// Text as any type.
  mutating func text(_ source: Column, to target: DataType) throws(HindcastError) -> Column {
    switch target {
    case .int8: return parsed(source, as: target, IntegerParser<Int8>(type: target))
    case .int16: return parsed(source, as: target, IntegerParser<Int16>(type: target))
    case .int32: return parsed(source, as: target, IntegerParser<Int32>(type: target))
    case .int64: return parsed(source, as: target, IntegerParser<Int64>(type: target))
    case .uint8: return parsed(source, as: target, IntegerParser<UInt8>(type: target))
    case .uint16: return parsed(source, as: target, IntegerParser<UInt16>(type: target))
    case .uint32: return parsed(source, as: target, IntegerParser<UInt32>(type: target))
    case .uint64: return parsed(source, as: target, IntegerParser<UInt64>(type: target))
    case .float32: return parsed(source, as: target, FloatParser<Float>())
    case .float64: return parsed(source, as: target, FloatParser<Double>())
    case .date: return parsed(source, as: target, DateParser())
    case .timestamp(let unit, _):
      return parsed(source, as: target, TimeParser(unit: unit, integerUnit: options.integerUnit))
    case .decimal128(let precision, let scale):
      return parsed(source, as: target, DecimalParser(precision: precision, scale: scale))
    case .bool: return flags(source)
    case .binary: return base64(source)
    case .utf8: return source
    case .list, .set, .vector:
      return try lists(jsonArrays(source), to: target)
    }
  }

  private mutating func flags(_ source: Column) -> Column {
    let parser = FlagParser()
    guard case .bytes(let offsets, let data) = source.body else { return source }
    var bytes = MutableBuffer(byteCount: source.count)
    var refused: [Int32] = []
    var cells = bytes.mutableSpan(of: UInt8.self)
    parseCells(
      parser, offsets.span(of: Int32.self), data.span(of: UInt8.self), source.validity,
      into: &cells, refused: &refused)
    reportText(refused, source, parser)
    return packed(bytes.freeze(), source).nulling(refused)
  }

  /// One bit a row from one byte a row.
  func packed(_ bytes: Buffer, _ source: Column) -> Column {
    let values = bytes.span(of: UInt8.self)
    var target = MutableBuffer(byteCount: Bits.byteCount(source.count))
    var bits = target.mutableSpan(of: UInt8.self)
    for row in 0..<source.count where values[row] != 0 { Bits.set(&bits, row) }
    return Column(
      type: .bool, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .bits(target.freeze()))
  }

  private mutating func base64(_ source: Column) -> Column {
    guard case .bytes(let offsets, let data) = source.body else { return source }
    let ends = offsets.span(of: Int32.self)
    let text = data.span(of: UInt8.self)
    var bytes = MutableBuffer(capacity: data.byteCount)
    var newEnds = MutableBuffer(capacity: (source.count + 1) * 4)
    newEnds.append(Int32(0))
    var refused: [Int32] = []
    for row in 0..<source.count {
      let cell = text.extracting(Int(ends[row])..<Int(ends[row + 1]))
      if !source.isNull(row), !appendBase64(cell, to: &bytes) { refused.append(Int32(row)) }
      newEnds.append(Int32(truncatingIfNeeded: bytes.byteCount))
    }
    report(refused, source) { _ in "is not base64" }
    let column = Column(
      type: .binary, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .bytes(offsets: newEnds.freeze(), data: bytes.freeze()))
    return column.nulling(refused)
  }

  /// JSON arrays in text as lists of text.
  private mutating func jsonArrays(_ source: Column) -> Column {
    guard case .bytes(let offsets, let data) = source.body else { return source }
    let ends = offsets.span(of: Int32.self)
    let text = data.span(of: UInt8.self)
    var elements = TextElements()
    var newEnds: [Int32] = [0]
    var refused: [Int32] = []
    for row in 0..<source.count {
      if !source.isNull(row) {
        let cell = text.extracting(Int(ends[row])..<Int(ends[row + 1]))
        if !elements.append(jsonArray: cell) { refused.append(Int32(row)) }
      }
      newEnds.append(Int32(elements.count))
    }
    report(refused, source) { _ in "is not a JSON array of plain values" }
    let column = Column(
      type: .list(.utf8), count: source.count, nullCount: source.nullCount,
      validity: source.validity, body: .list(offsets: Buffer(newEnds), child: elements.finish()))
    return column.nulling(refused)
  }
}

/// `true`, `false`, `t`, `f`, `1`, `0` in any case.
struct FlagParser: CellParser {
  var filler: UInt8 { 0 }

  func parse(_ text: Span<UInt8>) -> UInt8? {
    guard text.count == 1 else {
      guard text.count == 4 || text.count == 5 else { return nil }
      switch string(text).lowercased() {
      case "true": return 1
      case "false": return 0
      default: return nil
      }
    }
    switch text[0] {
    case UInt8(ascii: "1"), UInt8(ascii: "t"), UInt8(ascii: "T"): return 1
    case UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "F"): return 0
    default: return nil
    }
  }

  func reason(_ text: Span<UInt8>) -> String { "is neither true nor false" }
}

/// Adds what padded base64 stands for; false, with nothing added, if it is none.
private func appendBase64(_ text: Span<UInt8>, to bytes: inout MutableBuffer) -> Bool {
  guard text.count % 4 == 0 else { return false }
  let start = bytes.byteCount
  for group in stride(from: 0, to: text.count, by: 4) {
    let isLast = group + 4 == text.count
    let padding =
      !isLast || text[group + 3] != UInt8(ascii: "=")
      ? 0 : text[group + 2] == UInt8(ascii: "=") ? 2 : 1
    var word: UInt32 = 0
    for index in 0..<4 {
      let value = index < 4 - padding ? base64Value(text[group + index]) : 0
      guard let value else {
        bytes.resize(byteCount: start)
        return false
      }
      word = word << 6 | value
    }
    for index in 0..<(3 - padding) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * index)))
    }
  }
  return true
}

private func base64Value(_ byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
  case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
