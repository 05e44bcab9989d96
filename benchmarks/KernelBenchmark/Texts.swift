import HindcastCore
import HindcastFormat

func measureTexts(_ report: Report) {
  measureAlphabets(report)
  measureSymbols(report)
}

private func measureAlphabets(_ report: Report) {
  var numbers = Numbers()
  for (name, size) in [("4", 4), ("16", 16), ("26", 26)] {
    let count = 16384
    let text = Buffer((0..<count).map { _ in UInt8(65 + numbers.next() % UInt64(size)) })
    report.measure("alphabet of \(name): find", count: count, byteCount: count) {
      UInt64(Alphabet(of: text.bytes)?.characters.count ?? 0)
    }
    guard let alphabet = Alphabet(of: text.bytes) else { continue }
    var packed = MutableBuffer(byteCount: (count * alphabet.bits + 63) / 64 * 8)
    report.measure("alphabet of \(name): pack", count: count, byteCount: count) {
      var target = packed.mutableSpan(of: UInt8.self)
      alphabet.pack(text.bytes, into: &target)
      return sample(packed.span(of: UInt8.self))
    }
    let stream = packed.freeze()
    var result = MutableBuffer(byteCount: count)
    report.measure("alphabet of \(name): unpack", count: count, byteCount: count) {
      var target = result.mutableSpan(of: UInt8.self)
      _ = unpackCharacters(
        stream.bytes, bits: alphabet.bits, characters: alphabet.characters.span, into: &target)
      return sample(result.span(of: UInt8.self))
    }
  }
}

private func measureSymbols(_ report: Report) {
  var numbers = Numbers()
  let words = ["north", "south", "station", "platform", "express", "delayed", "on time", "gate"]
  let values = (0..<400).map { index in
    let parts = (0..<4).map { _ in words[Int(numbers.next() % 8)] }
    return "https://example.org/\(parts.joined(separator: "-"))/\(index * 7919)"
  }
  let data = Buffer(values.flatMap { Array($0.utf8) })
  let count = data.byteCount
  var ends: [Int32] = [0]
  for value in values { ends.append((ends.last ?? 0) + Int32(value.utf8.count)) }
  var trainer = SymbolTrainer()
  report.measure("fsst train", count: count, byteCount: count) {
    UInt64(trainer.train(data.bytes, ends: ends.span).lengths.count)
  }
  let table = trainer.train(data.bytes, ends: ends.span)
  var codes = MutableBuffer(byteCount: 2 * count)
  var codeEnds = [Int32](repeating: 0, count: ends.count)
  var size = 0
  report.measure("fsst compress", count: count, byteCount: count) {
    var target = codes.mutableSpan(of: UInt8.self)
    var endSpan = codeEnds.mutableSpan
    size = table.compress(data.bytes, ends: ends.span, into: &target, codeEnds: &endSpan)
    return UInt64(size)
  }
  measureExpansion(report, data, table, codes.span(of: UInt8.self).extracting(0..<size), codeEnds)
}

private func measureExpansion(
  _ report: Report, _ data: Buffer, _ table: borrowing SymbolTable, _ codes: Span<UInt8>,
  _ codeEnds: [Int32]
) {
  let count = data.byteCount
  let stream = Buffer(copying: codes)
  let bytes = zip(table.symbols, table.lengths).flatMap { symbol, length in
    (0..<UInt64(length)).map { UInt8(truncatingIfNeeded: symbol >> (8 * $0)) }
  }
  guard
    let decoder = SymbolDecoder(
      lengths: Buffer(table.lengths).bytes, bytes: Buffer(bytes).bytes)
  else { return }
  var found = codeEnds
  report.measure("fsst measure", count: count, byteCount: count) {
    var target = found.mutableSpan
    let size = decoder.measure(stream.bytes, ends: codeEnds.span, limit: 1 << 20, into: &target)
    return UInt64(size ?? 0)
  }
  report.measure("fsst expand", count: count, byteCount: count) {
    sample(decoder.expand(stream.bytes, byteCount: count).span(of: UInt8.self))
  }
}
