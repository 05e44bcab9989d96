extension Column {
  /// The given rows, in the given order; a row may be given more than once.
  ///
  /// O(rows + bytes). Row numbers must lie in the column; this is checked and traps.
  /// - Throws: `limit_exceeded` if the result holds more than 2 GiB of texts or list elements.
  public func gather(_ rows: Span<UInt32>) throws(HindcastError) -> Column {
    let validity = nullCount == 0 ? nil : self.validity.map { gatherBits($0, rows) }
    let valid = validity.map { Bits.population($0.span(of: UInt8.self), count: rows.count) }
    let gathered: Body
    switch body {
    case .bits(let bits): gathered = .bits(gatherBits(bits, rows))
    case .fixed(let values):
      guard case .fixed(let width) = type.layout else { preconditionFailure() }
      gathered = .fixed(gatherFixed(values, width: width, rows))
    case .bytes(let offsets, let data):
      let target = try gatherOffsets(offsets, rows)
      gathered = .bytes(offsets: target, data: gatherBytes(offsets, data, rows, target))
    case .list(let offsets, let child):
      let target = try gatherOffsets(offsets, rows)
      let elements = elementRows(offsets, rows, target)
      gathered = .list(offsets: target, child: try child.gather(elements.span(of: UInt32.self)))
    }
    return Column(
      type: type, count: rows.count, nullCount: valid.map { rows.count - $0 } ?? 0,
      validity: validity, body: gathered)
  }

  /// The rows of a range, copied.
  ///
  /// O(rows + bytes).
  public func slice(_ rows: Range<Int>) -> Column {
    let part = ColumnAccumulator(type: type)
    part.append(self, rows: rows)
    return part.finish()
  }
}

private func gatherBits(_ bits: Buffer, _ rows: Span<UInt32>) -> Buffer {
  let source = bits.span(of: UInt8.self)
  return Bits.pack(rows.count) { index in
    UInt32(source[Int(rows[index] &>> 3)]) &>> (rows[index] & 7) & 1
  }
}

private func gatherFixed(_ values: Buffer, width: Int, _ rows: Span<UInt32>) -> Buffer {
  var result = unsafe MutableBuffer(uninitializedByteCount: width * rows.count)
  switch width {
  case 1: gatherWords(values, UInt8.self, rows, &result)
  case 2: gatherWords(values, UInt16.self, rows, &result)
  case 4: gatherWords(values, UInt32.self, rows, &result)
  case 8: gatherWords(values, UInt64.self, rows, &result)
  case 16: gatherWords(values, SIMD2<UInt64>.self, rows, &result)
  default: gatherWide(values, width: width, rows, &result)
  }
  return result.freeze()
}

private func gatherWords<Word: BitwiseCopyable>(
  _ values: Buffer, _: Word.Type, _ rows: Span<UInt32>, _ result: inout MutableBuffer
) {
  let source = values.span(of: Word.self)
  var target = result.mutableSpan(of: Word.self)
  precondition(target.count == rows.count)
  for index in rows.indices { target[index] = source[Int(rows[index])] }
}

/// Vectors: their width is a multiple of four bytes.
private func gatherWide(
  _ values: Buffer, width: Int, _ rows: Span<UInt32>, _ result: inout MutableBuffer
) {
  let words = width / 4
  let source = values.span(of: UInt32.self)
  for index in rows.indices {
    let row = Int(rows[index])
    result.copy(source.extracting((row * words)..<(row * words + words)), to: index * width)
  }
}

/// The offsets that the gathered rows have.
private func gatherOffsets(
  _ offsets: Buffer, _ rows: Span<UInt32>
) throws(HindcastError) -> Buffer {
  var result = unsafe MutableBuffer(uninitializedByteCount: 4 * (rows.count + 1))
  var target = result.mutableSpan(of: Int32.self)
  let source = offsets.span(of: Int32.self)
  target[0] = 0
  var end = 0
  for index in rows.indices {
    let row = Int(rows[index])
    end &+= Int(source[row + 1] &- source[row])
    target[index + 1] = Int32(truncatingIfNeeded: end)
  }
  guard end <= Int(Int32.max) else {
    throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
  }
  return result.freeze()
}

private func gatherBytes(
  _ offsets: Buffer, _ data: Buffer, _ rows: Span<UInt32>, _ targetOffsets: Buffer
) -> Buffer {
  let starts = offsets.span(of: Int32.self)
  let ends = targetOffsets.span(of: Int32.self)
  let count = Int(ends[rows.count])
  var result = unsafe MutableBuffer(uninitializedByteCount: count + chunk)
  // The end of the data, with something behind it to read.
  let tailStart = max(0, data.byteCount - chunk)
  var tail = MutableBuffer(byteCount: 2 * chunk)
  tail.copy(data.span(of: UInt8.self).extracting(tailStart...), to: 0)
  for index in rows.indices {
    let row = Int(rows[index])
    let start = Int(starts[row])
    let length = Int(starts[row + 1]) - start
    precondition(start >= 0 && length >= 0 && start + length <= data.byteCount)
    let target = unsafe result.address + Int(ends[index])
    guard length <= chunk else {
      unsafe target.copyMemory(from: data.address + start, byteCount: length)
      continue
    }
    // One load and one store; what they bring too much, the next text covers.
    let isInside = start + chunk <= data.byteCount
    let source =
      unsafe isInside
      ? data.address + start : UnsafeRawPointer(tail.address) + (start - tailStart)
    let bytes = unsafe source.loadUnaligned(as: SIMD16<UInt8>.self)
    unsafe target.storeBytes(of: bytes, as: SIMD16<UInt8>.self)
  }
  result.resize(byteCount: count)
  return result.freeze()
}

private let chunk = 16

/// The elements of the gathered rows, as rows of the child.
private func elementRows(
  _ offsets: Buffer, _ rows: Span<UInt32>, _ targetOffsets: Buffer
) -> Buffer {
  let starts = offsets.span(of: Int32.self)
  let ends = targetOffsets.span(of: Int32.self)
  var result = MutableBuffer(byteCount: 4 * Int(ends[rows.count]))
  var target = result.mutableSpan(of: UInt32.self)
  var end = 0
  for index in rows.indices {
    let row = Int(rows[index])
    for element in starts[row]..<starts[row + 1] {
      target[end] = UInt32(element)
      end &+= 1
    }
  }
  return result.freeze()
}
