import HindcastCore
import HindcastFormat

/// Fetches the winners' values of one feature into a column in label order.
///
/// Only pages that hold a winner are read, each once: winners ascend within a segment. Of a page
/// with few winners only their values are decoded.
struct Gather {
  private let labelCount: Int
  /// The matched entries of each segment, in resolve order.
  private let parts: [Part]

  /// The winners in one segment.
  struct Part {
    let source: ColumnReader
    var labels: [Int32] = []
    var rows: [Int] = []

    /// A stretch of the entries, whose rows are counted from 0.
    func stretch(_ range: Range<Int>) -> Part {
      Part(source: source, labels: Array(labels[range]), rows: Array(0..<range.count))
    }
  }

  /// `sources` has the feature's column in each segment; nil where the segment lacks it, which
  /// reads as null.
  init(resolution: Resolution, sources: [ColumnReader?]) {
    labelCount = resolution.labelCount
    var parts = sources.map { source in source.map { Part(source: $0) } }
    for entry in resolution.labels.indices {
      let label = resolution.labels[entry]
      guard resolution.outcomes[Int(label)] == .matched else { continue }
      let segment = Int(resolution.segments[entry])
      parts[segment]?.labels.append(label)
      parts[segment]?.rows.append(resolution.rows[entry])
    }
    self.parts = parts.compactMap { $0 }
  }

  /// The column of the feature's type.
  func column(of type: DataType) throws(HindcastError) -> Column {
    switch type.layout {
    case .bits: try bits(type)
    case .fixed(let width): try fixed(type, width: width)
    case .bytes: try bytes(type)
    case .list: try lists(type)
    }
  }

  /// How many values are decoded with their page in the time in which one is read by itself.
  private static let rowsForOneTaken = 16

  /// Calls `body` for each stretch of winners in one page: the page, the row before its first, and
  /// the stretch in the part.
  private func forEachPage(
    _ body: (Part, Range<Int>, Column, Int) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    for part in parts {
      var cursor = PageCursor(part.source)
      var start = 0
      while start < part.rows.count {
        let index = cursor.pageIndex(of: part.rows[start])
        let limit = cursor.firstRow(of: index + 1)
        var end = start + 1
        while end < part.rows.count, part.rows[end] < limit { end += 1 }
        if (end - start) * Self.rowsForOneTaken <= part.source.rowsPerPage {
          let taken = try part.source.take(part.rows.span.extracting(start..<end))
          try body(part.stretch(start..<end), 0..<end - start, taken, 0)
        } else {
          try body(part, start..<end, cursor.page(index), cursor.firstRow(of: index))
        }
        start = end
      }
    }
  }

  private func fixed(_ type: DataType, width: Int) throws(HindcastError) -> Column {
    var values = MutableBuffer(byteCount: width * labelCount)
    var marks = ValidityMarks(labelCount)
    try forEachPage { (part, range, page, first) throws(HindcastError) in
      let source = page.fixed
      switch width {
      case 1: GatherKernels.take(source.span(of: UInt8.self), part, range, first, &values)
      case 2: GatherKernels.take(source.span(of: UInt16.self), part, range, first, &values)
      case 4: GatherKernels.take(source.span(of: UInt32.self), part, range, first, &values)
      case 8: GatherKernels.take(source.span(of: UInt64.self), part, range, first, &values)
      case 16: GatherKernels.take(source.span(of: UInt128.self), part, range, first, &values)
      default:
        GatherKernels.takeWords(
          source.span(of: UInt32.self), part, range, first, words: width / 4, &values)
      }
      marks.mark(part, range, page, first)
    }
    return marks.column(type, body: .fixed(values.freeze()))
  }

  private func bits(_ type: DataType) throws(HindcastError) -> Column {
    var values = MutableBuffer(byteCount: Bits.byteCount(labelCount))
    var marks = ValidityMarks(labelCount)
    try forEachPage { (part, range, page, first) throws(HindcastError) in
      guard case .bits(let source) = page.body else { return }
      let bits = source.span(of: UInt8.self)
      var target = values.mutableSpan(of: UInt8.self)
      for index in range where Bits.get(bits, part.rows[index] - first) {
        Bits.set(&target, Int(part.labels[index]))
      }
      marks.mark(part, range, page, first)
    }
    return marks.column(type, body: .bits(values.freeze()))
  }

  private func bytes(_ type: DataType) throws(HindcastError) -> Column {
    // In resolve order first, since a label's place is known only when all lengths are.
    var scratch = MutableBuffer()
    var starts = [Int](repeating: 0, count: labelCount)
    var lengths = [Int32](repeating: 0, count: labelCount)
    var marks = ValidityMarks(labelCount)
    try forEachPage { (part, range, page, first) throws(HindcastError) in
      guard case .bytes(let offsets, let data) = page.body else { return }
      let ends = offsets.span(of: Int32.self)
      for index in range {
        let row = part.rows[index] - first
        let label = Int(part.labels[index])
        let from = Int(ends[row])
        let to = Int(ends[row + 1])
        starts[label] = scratch.byteCount
        lengths[label] = Int32(to - from)
        scratch.append(contentsOf: data.bytes.extracting(from..<to))
      }
      marks.mark(part, range, page, first)
    }
    guard scratch.byteCount <= Int(Int32.max) else {
      throw HindcastError(
        .limitExceeded,
        "a chunk of \(labelCount) labels gathers over 2 GiB of one text feature: "
          + "give a smaller --memory, so that chunks are smaller")
    }
    var offsets = MutableBuffer(byteCount: 4 * (labelCount + 1))
    var data = MutableBuffer(byteCount: scratch.byteCount)
    GatherKernels.place(scratch.freeze(), starts, lengths, &offsets, &data)
    return marks.column(type, body: .bytes(offsets: offsets.freeze(), data: data.freeze()))
  }

  private func lists(_ type: DataType) throws(HindcastError) -> Column {
    var cells = [Value](repeating: .null, count: labelCount)
    try forEachPage { (part, range, page, first) throws(HindcastError) in
      for index in range { cells[Int(part.labels[index])] = page[part.rows[index] - first] }
    }
    return try Column(type: type, values: cells)
  }
}
