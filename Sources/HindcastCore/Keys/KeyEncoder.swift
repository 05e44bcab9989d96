/// Turns identifier columns into normalised keys, by value (rule L2).
///
/// The source columns may have other integer widths and signs, other timestamp units: a value that
/// the record's type can't hold is *absent*, it names no record. Pairs that do not compare by
/// value, such as text with integers, are refused when the encoder is made.
public struct KeyEncoder: Sendable {
  private let layout: KeyLayout
  private let sources: [DataType]

  /// Keys, and the rows that have none.
  public struct Encoded: Sendable {
    /// A key for each row; rows that are null or absent have an arbitrary one.
    public var keys: KeyVector
    /// One bit a row, set where a component is null; nil if none is.
    public var nullRows: Buffer?
    /// One bit a row, set where no record can have this value; nil if there is none.
    public var absentRows: Buffer?
  }

  /// Creates an encoder from columns of types `sources` to the keys of `layout`.
  /// - Throws: ``HindcastError`` (`type_mismatch`) that names the component that does not compare.
  public init(layout: KeyLayout, sources: [DataType], names: [String]) throws(HindcastError) {
    precondition(sources.count == layout.components.count && names.count == sources.count)
    for (index, source) in sources.enumerated() {
      let target = layout.components[index]
      guard Self.compares(source, target) else {
        let advice =
          source.isIdentifier ? "cast one of them" : FeatureGroup.identifierAdvice(source)
        throw HindcastError(
          .typeMismatch,
          "\(source) can't be compared with the record identifier's \(target): \(advice)",
          at: .init(column: names[index]))
      }
    }
    self.layout = layout
    self.sources = sources
  }

  /// Whether values of the two types compare by value.
  public static func compares(_ source: DataType, _ target: DataType) -> Bool {
    switch (source, target) {
    case (.timestamp, .timestamp): true
    case (let a, let b): a == b && a.isIdentifier || a.isInteger && b.isInteger
    }
  }

  /// The keys of the rows of `columns`, one column a component.
  ///
  /// O(rows + bytes).
  public func encode(_ columns: [Column]) throws(HindcastError) -> Encoded {
    precondition(columns.map(\.type) == sources)
    let count = columns[0].count
    var nullRows: RowSet?
    var absentRows: RowSet?
    for column in columns where column.nullCount > 0 {
      for row in 0..<count where column.isNull(row) { RowSet.insert(row, &nullRows, count) }
    }
    var words: [Buffer?] = []
    for (column, type) in zip(columns, layout.components) {
      words.append(KeyEncoder.words(of: column, as: type, absent: &absentRows))
    }
    let keys: KeyVector
    if layout.isSingleWord, let prefixes = words[0] {
      keys = KeyVector(count: count, prefixes: prefixes)
    } else {
      keys = KeyVector(count: count, heap: heap(columns, words: words, count: count))
    }
    return Encoded(keys: keys, nullRows: nullRows?.bits(), absentRows: absentRows?.bits())
  }

  private func heap(_ columns: [Column], words: [Buffer?], count: Int) -> KeyVector.Heap {
    var offsets = MutableBuffer(byteCount: 8 * (count + 1))
    var bytes = MutableBuffer(capacity: count * 12 * columns.count)
    for row in 0..<count {
      for (column, word) in zip(columns, words) {
        if let word {
          bytes.append(word.span(of: UInt64.self)[row].bigEndian)
        } else {
          Self.append(row, of: column, to: &bytes)
        }
      }
      let end = bytes.byteCount
      var ends = offsets.mutableSpan(of: Int.self)
      ends[row + 1] = end
    }
    return KeyVector.Heap(offsets: offsets.freeze(), bytes: bytes.freeze())
  }

  private static func append(_ row: Int, of column: Column, to target: inout MutableBuffer) {
    switch column.body {
    case .bits(let bits):
      target.append(UInt8(Bits.get(bits.span(of: UInt8.self), row) ? 1 : 0))
    case .bytes(let offsets, let data):
      let ends = offsets.span(of: Int32.self)
      let source = data.bytes.extracting(Int(ends[row])..<Int(ends[row + 1]))
      appendEscaped(source, to: &target)
    case .fixed, .list: preconditionFailure("words are encoded apart")
    }
  }

  private static func appendEscaped(_ source: RawSpan, to target: inout MutableBuffer) {
    let hasZero = source.byteOffsets.contains { source.unsafeLoadByte($0) == 0 }
    if hasZero {
      for offset in source.byteOffsets {
        let byte = source.unsafeLoadByte(offset)
        target.append(byte)
        if byte == 0 { target.append(UInt8(0xFF)) }
      }
    } else {
      target.append(contentsOf: source)
    }
    target.append(UInt16(0))
  }
}

extension RawSpan {
  fileprivate func unsafeLoadByte(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}

/// Rows marked one by one, made only when the first is.
private struct RowSet {
  private var bytes: [UInt8]

  static func insert(_ row: Int, _ set: inout RowSet?, _ count: Int) {
    if set == nil { set = RowSet(bytes: Array(repeating: 0, count: Bits.byteCount(count))) }
    set?.bytes[row >> 3] |= 1 << UInt8(row & 7)
  }

  func bits() -> Buffer { Buffer(bytes) }
}

extension KeyEncoder {
  /// The 8-byte components of a column in the domain of `type`; nil if its keys are not words.
  private static func words(
    of column: Column, as type: DataType, absent: inout RowSet?
  ) -> Buffer? {
    guard KeyLayout.Component(type) == .word else { return nil }
    switch column.type {
    case .int8: return words(column, Int8.self, type, &absent)
    case .int16: return words(column, Int16.self, type, &absent)
    case .int32, .date: return words(column, Int32.self, type, &absent)
    case .int64: return words(column, Int64.self, type, &absent)
    case .uint8: return words(column, UInt8.self, type, &absent)
    case .uint16: return words(column, UInt16.self, type, &absent)
    case .uint32: return words(column, UInt32.self, type, &absent)
    case .uint64: return words(column, UInt64.self, type, &absent)
    case .timestamp(let unit, _):
      return timestampWords(column, from: unit, to: type, &absent)
    default: preconditionFailure("\(column.type) is no word")
    }
  }

  private static func words<Source: FixedWidthInteger & BitwiseCopyable>(
    _ column: Column, _: Source.Type, _ type: DataType, _ absent: inout RowSet?
  ) -> Buffer {
    let range = valueRange(type)
    let coversSource =
      range.contains(Int128(Source.min)) && range.contains(Int128(Source.max))
    let isUnsigned = type == .uint64
    var result = MutableBuffer(byteCount: 8 * column.count)
    var target = result.mutableSpan(of: UInt64.self)
    let source = column.fixed.span(of: Source.self)
    for row in 0..<column.count {
      let value = source[row]
      if !coversSource, !range.contains(Int128(value)) { RowSet.insert(row, &absent, column.count) }
      let word = UInt64(truncatingIfNeeded: value)
      target[row] = isUnsigned ? word : word ^ 1 << 63
    }
    return result.freeze()
  }

  private static func timestampWords(
    _ column: Column, from unit: TimeUnit, to type: DataType, _ absent: inout RowSet?
  ) -> Buffer {
    guard case .timestamp(let targetUnit, _) = type else { preconditionFailure() }
    var result = MutableBuffer(byteCount: 8 * column.count)
    var target = result.mutableSpan(of: UInt64.self)
    let source = column.fixed.span(of: Int64.self)
    for row in 0..<column.count {
      let exact =
        unit == targetUnit
        ? source[row] : Instant(ticks: source[row], unit: unit).ticks(exactly: targetUnit)
      if exact == nil { RowSet.insert(row, &absent, column.count) }
      target[row] = UInt64(bitPattern: exact ?? 0) ^ 1 << 63
    }
    return result.freeze()
  }

  /// The values that a component of an 8-byte type can have.
  static func valueRange(_ type: DataType) -> ClosedRange<Int128> {
    func range<T: FixedWidthInteger>(_: T.Type) -> ClosedRange<Int128> {
      Int128(T.min)...Int128(T.max)
    }
    return switch type {
    case .int8: range(Int8.self)
    case .int16: range(Int16.self)
    case .int32, .date: range(Int32.self)
    case .uint8: range(UInt8.self)
    case .uint16: range(UInt16.self)
    case .uint32: range(UInt32.self)
    case .uint64: range(UInt64.self)
    default: range(Int64.self)
    }
  }
}
