import HindcastCore

/// The inner loops of gathering: plain loops over spans, one a width.
enum GatherKernels {
  /// Copies the values at `places` to their labels' places.
  static func take<Word: BitwiseCopyable>(
    _ source: Span<Word>, _ labels: Span<Int32>, _ places: Span<Int32>,
    _ values: inout MutableBuffer
  ) {
    var target = values.mutableSpan(of: Word.self)
    for index in labels.indices { target[Int(labels[index])] = source[Int(places[index])] }
  }

  /// The same for values of several 32-bit words.
  static func takeWords(
    _ source: Span<UInt32>, _ labels: Span<Int32>, _ places: Span<Int32>, words: Int,
    _ values: inout MutableBuffer
  ) {
    var target = values.mutableSpan(of: UInt32.self)
    for index in labels.indices {
      let from = Int(places[index]) * words
      let to = Int(labels[index]) * words
      for word in 0..<words { target[to + word] = source[from + word] }
    }
  }

  /// Lays out byte strings found at `starts` in label order.
  static func place(
    _ scratch: Buffer, _ starts: [Int], _ lengths: [Int32], _ offsets: inout MutableBuffer,
    _ data: inout MutableBuffer
  ) {
    var ends = offsets.mutableSpan(of: Int32.self)
    let source = scratch.span(of: UInt8.self)
    var end = 0
    for label in starts.indices {
      let length = Int(lengths[label])
      if length > 0 {
        data.copy(source.extracting(starts[label]..<starts[label] + length), to: end)
      }
      end += length
      ends[label + 1] = Int32(end)
    }
  }
}

/// Which labels have a value, set as pages are gathered.
struct ValidityMarks: ~Copyable {
  private let count: Int
  private var bits: MutableBuffer
  private var present = 0

  init(_ count: Int) {
    self.count = count
    bits = MutableBuffer(byteCount: Bits.byteCount(count))
  }

  /// Marks the labels whose values, at `places` of a column, are not null.
  mutating func mark(_ labels: Span<Int32>, _ places: Span<Int32>, _ page: Column) {
    present += Self.set(&bits, labels, places, page)
  }

  private static func set(
    _ bits: inout MutableBuffer, _ labels: Span<Int32>, _ places: Span<Int32>, _ page: Column
  ) -> Int {
    var target = bits.mutableSpan(of: UInt8.self)
    guard let validity = page.validity else {
      for index in labels.indices { Bits.set(&target, Int(labels[index])) }
      return labels.count
    }
    let source = validity.span(of: UInt8.self)
    var added = 0
    for index in labels.indices where Bits.get(source, Int(places[index])) {
      Bits.set(&target, Int(labels[index]))
      added += 1
    }
    return added
  }

  consuming func column(_ type: DataType, body: Column.Body) -> Column {
    let (count, nullCount) = (self.count, self.count - present)
    return Column(
      type: type, count: count, nullCount: nullCount, validity: bits.freeze(), body: body)
  }
}
