import HindcastCore
import HindcastFormat

/// Fetches the winners' values of one feature into a column in label order.
///
/// Only pages that hold a winner are read, each once. Of a page with few winners only their values
/// are decoded.
struct Gather {
  private let matched: MatchedRows
  /// The feature's column in each segment.
  private let sources: [FeatureColumn]

  init(_ matched: MatchedRows, sources: [FeatureColumn]) {
    self.matched = matched
    self.sources = sources
  }

  private var labelCount: Int { matched.labelCount }

  static func tooMuch(_ labelCount: Int) -> HindcastError {
    HindcastError(
      .limitExceeded,
      "a chunk of \(labelCount) labels gathers over 2 GiB of one feature: give a smaller --memory, "
        + "so that chunks are smaller")
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
  static let rowsForOneTaken = 48

  /// Calls `body` for each stretch of winners in one page: their labels, and the places of their
  /// values in a column.
  private func forEachPage(
    _ body: (Span<Int32>, Span<Int32>, Column) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    var places = MutableBuffer()
    var counting = MutableBuffer()
    for (part, source) in zip(matched.parts, sources) where source.hasValues {
      let shift = source.rowShift
      let (pages, ends) = Self.stretches(part.rows.span, shift)
      try source.fetch(pages) { (index, page) throws(HindcastError) in
        let (rows, labels) = (part.rows.span, part.labels.span)
        let start = index == 0 ? 0 : ends[index - 1]
        let end = ends[index]
        Self.fill(&places, rows, start..<end, from: pages[index] << shift)
        let stretch = labels.extracting(start..<end)
        if (end - start) * Self.rowsForOneTaken <= source.rowsPerPage {
          let taken = try page.take(places.span(of: Int32.self))
          Self.count(&counting, to: end - start)
          try body(stretch, counting.span(of: Int32.self).extracting(0..<end - start), taken)
        } else {
          try body(stretch, places.span(of: Int32.self), page.column())
        }
      }
    }
  }

  /// The pages that hold rows, which ascend, and where each page's rows end among them.
  private static func stretches(_ rows: Span<Int>, _ shift: Int) -> (pages: [Int], ends: [Int]) {
    var pages: [Int] = []
    var ends: [Int] = []
    var start = 0
    while start < rows.count {
      let page = rows[start] >> shift
      let limit = (page + 1) << shift
      start = (start + 1..<rows.count).firstFromStart { rows[$0] >= limit }
      pages.append(page)
      ends.append(start)
    }
    return (pages, ends)
  }

  /// The places of rows in the page that starts at row `first`.
  private static func fill(
    _ places: inout MutableBuffer, _ rows: Span<Int>, _ range: Range<Int>, from first: Int
  ) {
    places.resize(byteCount: 4 * range.count)
    var target = places.mutableSpan(of: Int32.self)
    for index in target.indices {
      target[index] = Int32(truncatingIfNeeded: rows[range.lowerBound &+ index] &- first)
    }
  }

  /// The numbers from 0 on, at least `count` of them.
  private static func count(_ counting: inout MutableBuffer, to count: Int) {
    for next in counting.byteCount / 4..<max(count, counting.byteCount / 4) {
      counting.append(Int32(next))
    }
  }

  private func fixed(_ type: DataType, width: Int) throws(HindcastError) -> Column {
    var values = MutableBuffer(byteCount: width * labelCount)
    var marks = ValidityMarks(matched, sources)
    try forEachPage { (labels, places, page) throws(HindcastError) in
      let source = page.fixed
      switch width {
      case 1: GatherKernels.take(source.span(of: UInt8.self), labels, places, &values)
      case 2: GatherKernels.take(source.span(of: UInt16.self), labels, places, &values)
      case 4: GatherKernels.take(source.span(of: UInt32.self), labels, places, &values)
      case 8: GatherKernels.take(source.span(of: UInt64.self), labels, places, &values)
      case 16: GatherKernels.take(source.span(of: UInt128.self), labels, places, &values)
      default:
        GatherKernels.takeWords(
          source.span(of: UInt32.self), labels, places, words: width / 4, &values)
      }
      marks.mark(labels, places, page)
    }
    return marks.column(type, body: .fixed(values.freeze()))
  }

  private func bits(_ type: DataType) throws(HindcastError) -> Column {
    var values = MutableBuffer(byteCount: Bits.byteCount(labelCount))
    var marks = ValidityMarks(matched, sources)
    try forEachPage { (labels, places, page) throws(HindcastError) in
      guard case .bits(let source) = page.body else { return }
      let bits = source.span(of: UInt8.self)
      var target = values.mutableSpan(of: UInt8.self)
      for index in labels.indices where Bits.get(bits, Int(places[index])) {
        Bits.set(&target, Int(labels[index]))
      }
      marks.mark(labels, places, page)
    }
    return marks.column(type, body: .bits(values.freeze()))
  }

  private func bytes(_ type: DataType) throws(HindcastError) -> Column {
    // In resolve order first, since a label's place is known only when all lengths are.
    var scratch = MutableBuffer()
    var found = [Range<Int32>](repeating: 0..<0, count: labelCount)
    var marks = ValidityMarks(matched, sources)
    try forEachPage { (labels, places, page) throws(HindcastError) in
      guard case .bytes(let offsets, let data) = page.body else { return }
      let ends = offsets.span(of: Int32.self)
      for index in labels.indices {
        let row = Int(places[index])
        let label = Int(labels[index])
        let from = Int(ends[row])
        let to = Int(ends[row + 1])
        guard scratch.byteCount + to - from <= Int(Int32.max) else {
          throw Self.tooMuch(labelCount)
        }
        let start = Int32(scratch.byteCount)
        found[label] = start..<start + Int32(to - from)
        scratch.append(from..<to, of: data.bytes)
      }
      marks.mark(labels, places, page)
    }
    var offsets = MutableBuffer(byteCount: 4 * (labelCount + 1))
    var data = MutableBuffer(capacity: scratch.byteCount)
    GatherKernels.place(scratch.freeze(), found, &offsets, &data)
    return marks.column(type, body: .bytes(offsets: offsets.freeze(), data: data.freeze()))
  }

  private func lists(_ type: DataType) throws(HindcastError) -> Column {
    // As for byte strings: in resolve order first, then each label's. The last row is null.
    let taken = ColumnAccumulator(type: type)
    var places = [UInt32](repeating: .max, count: labelCount)
    var count: UInt32 = 0
    try forEachPage { (labels, rows, page) throws(HindcastError) in
      let wanted = rows.indices.map { UInt32(rows[$0]) }
      let part = try page.gather(wanted.span)
      guard taken.hasRoom(for: part) else {
        throw Self.tooMuch(labelCount)
      }
      taken.append(part, rows: 0..<part.count)
      for index in labels.indices {
        places[Int(labels[index])] = count
        count += 1
      }
    }
    taken.append(try Column(type: type, values: [.null]), rows: 0..<1)
    for label in places.indices { places[label] = min(places[label], count) }
    let column = taken.finish()
    return try column.gather(places.span)
  }
}
