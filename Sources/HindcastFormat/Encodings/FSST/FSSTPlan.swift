import HindcastCore

/// Byte strings as codes of the symbols of a table that was made for them.
struct FSSTPlan {
  /// The bytes below which a table takes more than it saves.
  static let leastByteCount = 512

  private let symbolLengths: [UInt8]
  private let symbols: Buffer
  private let codes: ByteStrings
  /// An estimate of the node's size.
  let byteCount: Int

  /// Makes a table and compresses the values; `overhead` is what a *plain* node takes beside data.
  init(_ values: ByteStrings, overhead: Int) {
    let dataByteCount = values.dataByteCount
    let data = values.data.bytes.extracting(0..<dataByteCount)
    var trainer = SymbolTrainer()
    let table = trainer.train(data, ends: values.offsets.span(of: Int32.self))
    var target = MutableBuffer(byteCount: 2 * dataByteCount)
    var ends = MutableBuffer(byteCount: 4 * (values.count + 1))
    var targetSpan = target.mutableSpan(of: UInt8.self)
    var endSpan = ends.mutableSpan(of: Int32.self)
    let codeCount = table.compress(
      data, ends: values.offsets.span(of: Int32.self), into: &targetSpan, codeEnds: &endSpan)
    target.resize(byteCount: codeCount)
    codes = ByteStrings(offsets: ends.freeze(), data: target.freeze())
    symbolLengths = table.lengths
    var symbols = MutableBuffer(capacity: 8 * table.symbols.count)
    for (symbol, length) in zip(table.symbols, table.lengths) {
      for byte in 0..<UInt64(length) {
        symbols.append(UInt8(truncatingIfNeeded: symbol >> (8 * byte)))
      }
    }
    self.symbols = symbols.freeze()
    byteCount =
      8 + padded8(symbolLengths.count) + padded8(self.symbols.byteCount) + overhead
      + padded8(codeCount)
  }

  /// Adds the *fsst* node.
  func write(_ writer: NodeWriter, to out: inout MutableBuffer) {
    NodeHeader.write(.fsst, parameter: UInt8(symbolLengths.count), count: codes.count, to: &out)
    out.append(contentsOf: symbolLengths.span)
    out.pad8()
    out.append(contentsOf: symbols.bytes)
    out.pad8()
    let lengths = codes.lengths()
    writer.child(of: .fsst).writePlainBytes(codes, lengths.span(of: UInt32.self), to: &out)
  }
}
