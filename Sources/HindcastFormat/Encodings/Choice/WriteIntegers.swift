import HindcastCore

/// Adds a node of `values` in the smallest encoding that may stand at `depth`.
///
/// `flip` is the sign bit for signed numbers, else 0: it decides which base packing takes.
func writeIntegers<T: NodeInteger>(
  _ values: Span<T>, flip: T, depth: Int, to out: inout MutableBuffer
) {
  guard values.count > 1, depth < Limits.nodeDepth else {
    return writeFlat(values, flip: flip, to: &out)
  }
  let statistics = IntegerStatistics(values, flip: flip)
  let count = values.count
  var best = flatByteCount(count, bits: statistics.bits, byteCount: T.byteCount)
  var choice = Encoding.plain
  if !T.isWide, statistics.bits > 0 {
    let delta =
      16 + flatByteCount(count - 1, bits: statistics.deltaBits, byteCount: T.byteCount)
    let runs =
      8 + flatByteCount(statistics.runCount, bits: statistics.bits, byteCount: T.byteCount)
      + flatByteCount(
        statistics.runCount, bits: bitWidth(UInt64(count)), byteCount: 4)
    if delta < best { (best, choice) = (delta, .delta) }
    if runs < best { (best, choice) = (runs, .runLength) }
  }
  if statistics.bits > 1,
    let dictionary = IntegerDictionary(
      values, bits: statistics.bits, runCount: statistics.runCount, below: best)
  {
    return dictionary.write(flip: flip, depth: depth, to: &out)
  }
  switch choice {
  case .delta: writeDelta(values, depth: depth, to: &out)
  case .runLength:
    writeRunLength(values, runCount: statistics.runCount, flip: flip, depth: depth, to: &out)
  default:
    writeFlat(values, statistics.minimum, bits: statistics.bits, to: &out)
  }
}

/// Adds a node of `values` by the best flat encoding: constant, packed or plain.
func writeFlat<T: NodeInteger>(_ values: Span<T>, flip: T, to out: inout MutableBuffer) {
  guard values.count > 0 else { return writePlain(values, to: &out) }
  let statistics = IntegerStatistics(values, flip: flip)
  writeFlat(values, statistics.minimum, bits: statistics.bits, to: &out)
}

private func writeFlat<T: NodeInteger>(
  _ values: Span<T>, _ minimum: T, bits: Int, to out: inout MutableBuffer
) {
  if bits == 0 {
    NodeHeader.write(.constant, count: values.count, to: &out)
    minimum.putScalar(to: &out)
    return
  }
  let plain = 8 + padded8(values.count * T.byteCount)
  // Unpacking costs time, and hides repeated bytes from the block codec: it has to save an eighth.
  if bits <= 64,
    8 + T.scalarByteCount + packedWordCount(values.count, bits: bits) * 8 <= plain / 8 * 7
  {
    writePacked(values, base: minimum, bits: bits, to: &out)
  } else {
    writePlain(values, to: &out)
  }
}

/// Adds a *plain* node of numbers.
func writePlain<T: NodeInteger>(_ values: Span<T>, to out: inout MutableBuffer) {
  NodeHeader.write(.plain, count: values.count, to: &out)
  out.append(contentsOf: values)
  out.pad8()
}
