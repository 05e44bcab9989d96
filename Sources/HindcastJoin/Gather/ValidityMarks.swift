import HindcastCore
import HindcastFormat

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
