import HindcastCore
import HindcastFormat

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

  /// Lays out the byte strings that were found, a range of `scratch` for each label.
  static func place(
    _ scratch: Buffer, _ found: [Range<Int32>], _ offsets: inout MutableBuffer,
    _ data: inout MutableBuffer
  ) {
    var ends = offsets.mutableSpan(of: Int32.self)
    for label in found.indices {
      let range = found[label]
      data.append(Int(range.lowerBound)..<Int(range.upperBound), of: scratch.bytes)
      ends[label + 1] = Int32(data.byteCount)
    }
  }
}

/// Which labels have a value: those that have a row, less the nulls among the gathered values.
struct ValidityMarks: ~Copyable {
  private let count: Int
  private var bits: MutableBuffer
  private var present: Int

  /// - Parameter sources: the feature's column in each segment.
  init(_ matched: MatchedRows, _ sources: [FeatureColumn]) {
    count = matched.labelCount
    present = matched.count
    bits = MutableBuffer(capacity: matched.labelBits.byteCount)
    bits.append(contentsOf: matched.labelBits.bytes)
    for (part, source) in zip(matched.parts, sources) where !source.hasValues {
      present -= part.labels.count
      var target = bits.mutableSpan(of: UInt8.self)
      for label in part.labels { Bits.clear(&target, Int(label)) }
    }
  }

  /// Takes the marks of those labels away whose values, at `places` of a column, are null.
  mutating func mark(_ labels: Span<Int32>, _ places: Span<Int32>, _ page: Column) {
    guard let validity = page.validity else { return }
    present -= Self.clear(&bits, labels, places, validity.span(of: UInt8.self))
  }

  private static func clear(
    _ bits: inout MutableBuffer, _ labels: Span<Int32>, _ places: Span<Int32>,
    _ validity: Span<UInt8>
  ) -> Int {
    var target = bits.mutableSpan(of: UInt8.self)
    var cleared = 0
    for index in labels.indices where !Bits.get(validity, Int(places[index])) {
      Bits.clear(&target, Int(labels[index]))
      cleared += 1
    }
    return cleared
  }

  consuming func column(_ type: DataType, body: Column.Body) -> Column {
    let (count, nullCount) = (self.count, self.count - present)
    return Column(
      type: type, count: count, nullCount: nullCount, validity: bits.freeze(), body: body)
  }
}
