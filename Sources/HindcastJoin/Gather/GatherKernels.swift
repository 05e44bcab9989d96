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
