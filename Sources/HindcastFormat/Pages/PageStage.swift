import HindcastCore

/// The rows of one column that wait until they fill a page.
final class PageStage {
  let type: DataType
  private(set) var count = 0
  private var nullCount = 0
  private var validity = MutableBuffer()
  private var hasValidity = false
  /// Bits, fixed-width values, or the data of byte strings.
  private var values = MutableBuffer()
  private var offsets = MutableBuffer()
  private let child: PageStage?

  init(type: DataType) {
    self.type = type
    child = type.layout == .list ? PageStage(type: type.element ?? .bool) : nil
    reset()
  }

  private func reset() {
    count = 0
    nullCount = 0
    hasValidity = false
    validity = MutableBuffer()
    values = MutableBuffer()
    offsets = MutableBuffer()
    if type.layout == .bytes || type.layout == .list { offsets.append(Int32(0)) }
  }

  /// The bytes of byte strings that wait.
  var dataByteCount: Int { values.byteCount }

  /// Adds rows of a column of this type.
  /// - Throws: ``HindcastError`` (`limit_exceeded`) if the page would hold too much.
  func append(_ column: Column, _ rows: Range<Int>) throws(HindcastError) {
    appendValidity(column, rows)
    switch column.body {
    case .bits(let bits):
      appendBits(
        bits.span(of: UInt8.self), from: rows.lowerBound, count: rows.count, to: &values, at: count)
    case .fixed(let source):
      guard case .fixed(let width) = type.layout else { return }
      values.append(
        contentsOf: source.bytes.extracting(rows.lowerBound * width..<rows.upperBound * width))
    case .bytes(let ends, let data):
      let range = try appendOffsets(ends, rows, base: values.byteCount, width: 1)
      values.append(contentsOf: data.bytes.extracting(range))
    case .list(let ends, let elements):
      let width = type.element?.leastByteCount ?? 1
      let range = try appendOffsets(ends, rows, base: child?.count ?? 0, width: width)
      try child?.append(elements, range)
    }
    count += rows.count
  }

  /// Adds one byte string.
  func append(bytes: RawSpan) throws(HindcastError) {
    try checkLimit(values.byteCount + bytes.byteCount)
    values.append(contentsOf: bytes)
    offsets.append(Int32(values.byteCount))
    count += 1
  }

  /// Adds one number.
  func append<T: NodeInteger>(_ value: T) {
    values.append(value)
    count += 1
  }

  /// Adds `count` rows of bits that are all 0.
  func appendFalse(_ added: Int) {
    count += added
    values.resize(byteCount: Bits.byteCount(count))
  }

  /// The rows as a column; the stage is empty afterwards.
  func take() -> Column {
    let body: Column.Body =
      switch type.layout {
      case .bits: .bits(exchange(&values))
      case .fixed: .fixed(exchange(&values))
      case .bytes: .bytes(offsets: exchange(&offsets), data: exchange(&values))
      case .list:
        .list(
          offsets: exchange(&offsets),
          child: child?.take() ?? Column.allNull(type: .bool, count: 0))
      }
    let column = Column(
      type: type, count: count, nullCount: nullCount,
      validity: hasValidity ? exchange(&validity) : nil, body: body)
    reset()
    return column
  }

  private func appendValidity(_ column: Column, _ rows: Range<Int>) {
    guard hasValidity || column.nullCount > 0 else { return }
    if !hasValidity {
      appendOnes(count, to: &validity, at: 0)
      hasValidity = true
    }
    guard let bits = column.validity else {
      return appendOnes(rows.count, to: &validity, at: count)
    }
    let added = appendBits(
      bits.span(of: UInt8.self), from: rows.lowerBound, count: rows.count, to: &validity, at: count)
    nullCount += rows.count - added
  }

  /// Adds the offsets of rows, moved to `base`; returns where their data is.
  private func appendOffsets(
    _ source: Buffer, _ rows: Range<Int>, base: Int, width: Int
  ) throws(HindcastError) -> Range<Int> {
    let ends = source.span(of: Int32.self)
    let start = Int(ends[rows.lowerBound])
    let end = Int(ends[rows.upperBound])
    try checkLimit((base + end - start) * width)
    if (end - start) * width > Limits.valueByteCount {
      for row in rows where Int(ends[row + 1] - ends[row]) * width > Limits.valueByteCount {
        throw HindcastError(.limitExceeded, "a value takes more than 64 MiB")
      }
    }
    appendShifted(
      ends.extracting((rows.lowerBound + 1)..<(rows.upperBound + 1)), by: Int32(base - start),
      to: &offsets)
    return start..<end
  }

  private func checkLimit(_ byteCount: Int) throws(HindcastError) {
    guard byteCount <= Limits.pageValueByteCount else {
      throw HindcastError(
        .limitExceeded,
        "the values of one page take more than 256 MiB: give the writer sizes of all of the data")
    }
  }
}

/// Moves the bytes out of a buffer.
private func exchange(_ buffer: inout MutableBuffer) -> Buffer {
  var taken = MutableBuffer()
  swap(&taken, &buffer)
  return taken.freeze()
}

/// Adds `count` bits of `source` that start at `start` to a bit map of `end` bits; returns how many
/// of them are set.
@discardableResult
func appendBits(
  _ source: Span<UInt8>, from start: Int, count: Int, to target: inout MutableBuffer, at end: Int
) -> Int {
  target.resize(byteCount: Bits.byteCount(end + count))
  var bytes = target.mutableSpan(of: UInt8.self)
  var ones = 0
  var done = 0
  while done < count {
    let from = start + done
    let to = end + done
    let step = min(count - done, 8 - to & 7, 8 - from & 7)
    let piece = source[from >> 3] >> UInt8(from & 7) & (UInt8.max >> UInt8(8 - step))
    bytes[to >> 3] |= piece << UInt8(to & 7)
    ones += piece.nonzeroBitCount
    done += step
  }
  return ones
}

/// Adds `count` bits that are all 1 to a bit map of `end` bits.
private func appendOnes(_ count: Int, to target: inout MutableBuffer, at end: Int) {
  target.resize(byteCount: Bits.byteCount(end + count))
  var bytes = target.mutableSpan(of: UInt8.self)
  var index = end
  while index < end + count {
    if index & 7 == 0, end + count - index >= 8 {
      bytes[index >> 3] = 0xFF
      index += 8
    } else {
      Bits.set(&bytes, index)
      index += 1
    }
  }
}
