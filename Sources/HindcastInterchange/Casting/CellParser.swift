import HindcastCore

/// Parses one cell of text into a fixed-width value.
protocol CellParser {
  associatedtype Output: BitwiseCopyable
  /// The value; nil if the text is none.
  func parse(_ text: Span<UInt8>) -> Output?
  /// What is wrong with a text that ``parse(_:)`` refused, to follow the text itself.
  func reason(_ text: Span<UInt8>) -> String
  /// What fills the place of a refused or null cell.
  var filler: Output { get }
}

extension CastWork {
  /// A utf8 column through a parser.
  mutating func parsed<Parser: CellParser>(
    _ source: Column, as target: DataType, _ parser: Parser
  ) -> Column {
    guard case .bytes(let offsets, let data) = source.body else { return source }
    var values = MutableBuffer(byteCount: source.count * MemoryLayout<Parser.Output>.stride)
    var refused: [Int32] = []
    var cells = values.mutableSpan(of: Parser.Output.self)
    parseCells(
      parser, offsets.span(of: Int32.self), data.span(of: UInt8.self), source.validity,
      into: &cells, refused: &refused)
    reportText(refused, source, parser)
    let column = Column(
      type: target, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .fixed(values.freeze()))
    return column.nulling(refused)
  }

  mutating func reportText<Parser: CellParser>(
    _ rows: [Int32], _ source: Column, _ parser: Parser
  ) {
    guard case .bytes(let offsets, let data) = source.body else { return }
    let ends = offsets.span(of: Int32.self)
    let bytes = data.span(of: UInt8.self)
    report(rows, source) { row in
      parser.reason(bytes.extracting(Int(ends[row])..<Int(ends[row + 1])))
    }
  }
}

/// Parses every cell that is not null; refused rows are listed.
func parseCells<Parser: CellParser>(
  _ parser: Parser, _ offsets: Span<Int32>, _ bytes: Span<UInt8>, _ validity: Buffer?,
  into target: inout MutableSpan<Parser.Output>, refused: inout [Int32]
) {
  for row in target.indices {
    if let validity, !Bits.get(validity.span(of: UInt8.self), row) { continue }
    let text = bytes.extracting(Int(offsets[row])..<Int(offsets[row + 1]))
    if let value = parser.parse(text) {
      target[row] = value
    } else {
      refused.append(Int32(truncatingIfNeeded: row))
      target[row] = parser.filler
    }
  }
}

/// The cell as a string, for messages and slow paths.
func string(_ text: Span<UInt8>) -> String {
  String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
}

@inline(__always)
func digit(_ byte: UInt8) -> UInt64? {
  let value = byte &- UInt8(ascii: "0")
  return value <= 9 ? UInt64(value) : nil
}
