import HindcastCore

extension ArrowImporter {
  /// utf8 and binary with 32- or 64-bit offsets.
  func text(
    _ type: DataType, _ array: ForeignArray, offsetBytes: Int
  ) throws(HindcastError) -> Column {
    let count = array.count
    let validity = try validity(array)
    let ranges = try offsets(array, buffer: 1, offsetBytes: offsetBytes)
    let data = try textData(array, ranges)
    var column = Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .bytes(offsets: ranges.offsets, data: data))
    if let bits = validity.bits, hasBytesUnderNulls(ranges.offsets, bits, count: count) {
      column = column.taking((0..<count).map { column.isNull($0) ? -1 : Int32($0) })
    }
    if type == .utf8 { try checkText(column) }
    return column
  }

  /// Offsets that start at 0, and where they started and ended before.
  struct Ranges {
    var offsets: Buffer
    var start: Int
    var end: Int
  }

  /// Reads and checks count + 1 offsets; they are borrowed if they are 32 bits wide and start at 0.
  func offsets(
    _ array: ForeignArray, buffer: Int, offsetBytes: Int
  ) throws(HindcastError) -> Ranges {
    let count = array.count
    guard let base = unsafe try address(array, buffer: buffer) else {
      return Ranges(offsets: Buffer([Int32](repeating: 0, count: count + 1)), start: 0, end: 0)
    }
    let start = unsafe base + array.offset * offsetBytes
    let byteCount = (count + 1) * offsetBytes
    let source = unsafe lend(start, byteCount: byteCount, alignment: offsetBytes)
    if offsetBytes == 8 { return try rebased(source.span(of: Int64.self)) }
    let span = source.span(of: Int32.self)
    guard isNeverDecreasing(span), span[0] >= 0 else { throw damaged("has offsets that decrease") }
    guard span[0] != 0 else {
      return Ranges(offsets: source, start: 0, end: Int(span[count]))
    }
    return try rebased(span)
  }

  private func rebased<Offset: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ span: Span<Offset>
  ) throws(HindcastError) -> Ranges {
    guard isNeverDecreasing(span), span[0] >= 0 else { throw damaged("has offsets that decrease") }
    let first = span[0]
    guard Int32(exactly: span[span.count - 1] - first) != nil else {
      throw HindcastError(
        .limitExceeded, "a batch holds more than 2 GiB of one column",
        at: .init(column: columnName))
    }
    var target = MutableBuffer(byteCount: span.count * 4)
    var offsets = target.mutableSpan(of: Int32.self)
    for index in span.indices { offsets[index] = Int32(truncatingIfNeeded: span[index] - first) }
    return Ranges(offsets: target.freeze(), start: Int(first), end: Int(span[span.count - 1]))
  }

  private func textData(_ array: ForeignArray, _ ranges: Ranges) throws(HindcastError) -> Buffer {
    guard ranges.end > ranges.start else { return Buffer([UInt8]()) }
    guard let base = unsafe try address(array, buffer: 2) else { throw damaged("lacks a buffer") }
    return unsafe lend(
      base + ranges.start, byteCount: ranges.end - ranges.start, alignment: 1)
  }

  /// utf8_view and binary_view: 16 bytes a row, short values inside them.
  func views(_ type: DataType, _ array: ForeignArray) throws(HindcastError) -> Column {
    let count = array.count
    let validity = try validity(array)
    let views = try fixed(array, buffer: 1, width: 16)
    let buffers = try viewBuffers(array)
    var data = MutableBuffer()
    var offsets = MutableBuffer(byteCount: (count + 1) * 4)
    let words = views.span(of: Int32.self)
    let bytes = views.span(of: UInt8.self)
    for row in 0..<count {
      let isNull = validity.bits.map { !Bits.get($0.span(of: UInt8.self), row) } ?? false
      let length = isNull ? 0 : Int(words[row * 4])
      guard length >= 0 else { throw damaged("has a negative length", row: row) }
      if length <= 12 {
        data.append(contentsOf: bytes.extracting(row * 16 + 4..<row * 16 + 4 + length))
      } else {
        let index = Int(words[row * 4 + 2])
        let start = Int(words[row * 4 + 3])
        guard buffers.indices.contains(index), start >= 0,
          start + length <= buffers[index].byteCount
        else { throw damaged("refers to bytes that are not there", row: row) }
        let source = buffers[index]
        data.append(contentsOf: source.span(of: UInt8.self).extracting(start..<start + length))
      }
      guard let end = Int32(exactly: data.byteCount) else {
        throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
      }
      var ends = offsets.mutableSpan(of: Int32.self)
      ends[row + 1] = end
    }
    let column = Column(
      type: type, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .bytes(offsets: offsets.freeze(), data: data.freeze()))
    if type == .utf8 { try checkText(column) }
    return column
  }

  /// The data buffers of a view array; the last buffer holds their lengths.
  private func viewBuffers(_ array: ForeignArray) throws(HindcastError) -> [Buffer] {
    let extra = array.bufferCount - 3
    guard extra > 0 else { return [] }
    guard let raw = unsafe try address(array, buffer: extra + 2, mayLack: true) else {
      throw damaged("lacks a buffer")
    }
    let lengths = unsafe lend(raw, byteCount: extra * 8, alignment: 8).array(of: Int64.self)
    var buffers: [Buffer] = []
    for (index, length) in lengths.enumerated() {
      guard length >= 0, length < 1 << 40 else { throw damaged("has an impossible length") }
      guard let base = unsafe try address(array, buffer: index + 2, mayLack: length == 0) else {
        buffers.append(Buffer([UInt8]()))
        continue
      }
      unsafe buffers.append(lend(base, byteCount: Int(length), alignment: 1))
    }
    return buffers
  }

  /// fixed_size_binary as binary.
  func fixedSizeBinary(_ format: String, _ array: ForeignArray) throws(HindcastError) -> Column {
    guard let width = Int(format.dropFirst(2)), width >= 0, width < 1 << 20 else {
      throw damaged("has an impossible width")
    }
    let count = array.count
    guard count * width <= Int(Int32.max) else {
      throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
    }
    let validity = try validity(array)
    let data = try fixed(array, buffer: 1, width: width)
    let offsets = (0...count).map { Int32($0 * width) }
    let column = Column(
      type: .binary, count: count, nullCount: validity.nullCount, validity: validity.bits,
      body: .bytes(offsets: Buffer(offsets), data: Buffer(copying: data.span(of: UInt8.self))))
    guard column.nullCount > 0 else { return column }
    return column.taking((0..<count).map { column.isNull($0) ? -1 : Int32($0) })
  }

  /// Checks that every text is UTF-8: the bytes as a whole, and that no text starts inside a
  /// character.
  func checkText(_ column: Column) throws(HindcastError) {
    guard case .bytes(let offsets, let data) = column.body else { return }
    let ends = offsets.span(of: Int32.self)
    let bytes = data.span(of: UInt8.self)
    let used = bytes.extracting(0..<Int(ends[column.count]))
    if let bad = firstInvalidUTF8(used) {
      let row = (0..<column.count).first { Int(ends[$0 + 1]) > bad } ?? 0
      throw refused("the text is not valid UTF-8; convert the file to UTF-8", row: row)
    }
    for row in 0..<column.count where ends[row + 1] > ends[row] {
      if bytes[Int(ends[row])] & 0xC0 == 0x80 {
        throw refused("the text is not valid UTF-8; convert the file to UTF-8", row: row)
      }
    }
  }
}

/// Where the first byte is that is not UTF-8; nil if all are.
func firstInvalidUTF8(_ bytes: Span<UInt8>) -> Int? {
  var isASCII: UInt8 = 0
  for index in bytes.indices { isASCII |= bytes[index] }
  guard isASCII & 0x80 != 0 else { return nil }
  do throws(Unicode.UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes)
    return nil
  } catch {
    return error.byteOffsets.lowerBound
  }
}

/// Whether no element is smaller than the one before it.
func isNeverDecreasing<Element: FixedWidthInteger & BitwiseCopyable>(
  _ span: Span<Element>
) -> Bool {
  var decreases = false
  for index in 1..<max(1, span.count) { decreases = decreases || span[index] < span[index - 1] }
  return !decreases
}

/// Whether a null row has bytes or elements, which a column must not have.
func hasBytesUnderNulls(_ offsets: Buffer, _ validity: Buffer, count: Int) -> Bool {
  let ends = offsets.span(of: Int32.self)
  let bits = validity.span(of: UInt8.self)
  for row in 0..<count where !Bits.get(bits, row) && ends[row] != ends[row + 1] { return true }
  return false
}
