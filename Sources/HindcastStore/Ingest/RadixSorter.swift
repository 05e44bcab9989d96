package import HindcastCore

/// Row numbers that are sorted, stably, by one word after the other.
///
/// Least significant digit first, up to 11 bits a pass, over only as many bits as the words differ
/// in: a year of event times and a million identifiers take seven passes. The last word given
/// decides first.
package struct RadixSorter: ~Copyable {
  /// In the order so far: `UInt32` each.
  private var rows: MutableBuffer
  private let count: Int

  /// A row and the word that it is sorted by.
  struct Entry: BitwiseCopyable {
    var word: UInt64
    var row: UInt64
  }

  private static let greatestDigitBits = 11

  /// Starts with rows 0, 1, 2 and so on.
  package init(count: Int) {
    self.count = count
    rows = MutableBuffer(byteCount: count * 4)
    var span = rows.mutableSpan(of: UInt32.self)
    for index in 0..<count { span[index] = UInt32(truncatingIfNeeded: index) }
  }

  /// Sorts by a word of each row, `flip` taken from it first by exclusive or.
  ///
  /// O(rows x passes).
  package mutating func sort(by words: Span<UInt64>, flip: UInt64 = 0) {
    let loaded = load(words, flip)
    guard let range = Self.range(loaded) else { return }
    let wordBits = 64 - (range.upperBound - range.lowerBound).leadingZeroBitCount
    let rowBits = 64 - UInt64(count - 1).leadingZeroBitCount
    if wordBits + rowBits <= 64 {
      let packed = pack(loaded, range.lowerBound, rowBits: rowBits)
      take(Self.sort(packed, of: PackedEntry.self, bits: rowBits..<rowBits + wordBits)) {
        (entry: PackedEntry) in UInt32(truncatingIfNeeded: entry.bits & (1 << UInt64(rowBits) - 1))
      }
    } else {
      let entries = entries(loaded, above: range.lowerBound)
      take(Self.sort(entries, of: Entry.self, bits: 0..<wordBits)) { (entry: Entry) in
        UInt32(truncatingIfNeeded: entry.row)
      }
    }
  }

  /// The rows in order.
  package consuming func order() -> Buffer { rows.freeze() }

  /// Splits the rows into those with a set bit and those without, which come first.
  ///
  /// Stable.
  mutating func partition(by bits: Span<UInt8>) {
    rows = Self.partition(rows, by: bits)
  }

  private static func partition(
    _ rows: borrowing MutableBuffer, by bits: Span<UInt8>
  ) -> MutableBuffer {
    var result = MutableBuffer(byteCount: rows.byteCount)
    var target = result.mutableSpan(of: UInt32.self)
    let source = rows.span(of: UInt32.self)
    var next = 0
    for wanted in [false, true] {
      for index in source.indices where Bits.get(bits, Int(source[index])) == wanted {
        target[next] = source[index]
        next &+= 1
      }
    }
    return result
  }

  /// Refines an order by the keys' first words to one by whole keys.
  mutating func refine(_ words: Span<UInt64>, by heap: KeyVector.Heap) {
    var entries = entries(load(words, 0), above: 0)
    Self.refine(&entries, by: heap)
    take(entries) { (entry: Entry) in UInt32(truncatingIfNeeded: entry.row) }
  }

  private static func refine(_ entries: inout MutableBuffer, by heap: KeyVector.Heap) {
    var span = entries.mutableSpan(of: Entry.self)
    refineKeys(&span, heap.offsets.span(of: Int.self), heap.bytes.span(of: UInt8.self))
  }

  /// The words of the rows, in their order.
  private func load(_ words: Span<UInt64>, _ flip: UInt64) -> MutableBuffer {
    var result = unsafe MutableBuffer(uninitializedByteCount: count * 8)
    var target = result.mutableSpan(of: UInt64.self)
    let rows = self.rows.span(of: UInt32.self)
    for index in target.indices { target[index] = words[Int(rows[index])] ^ flip }
    return result
  }

  /// Least and greatest; nil if the words are in order.
  private static func range(_ buffer: borrowing MutableBuffer) -> ClosedRange<UInt64>? {
    let words = buffer.span(of: UInt64.self)
    var (least, greatest, last) = (UInt64.max, UInt64.min, UInt64.min)
    var isSorted = true
    for index in words.indices {
      let word = words[index]
      least = min(least, word)
      greatest = max(greatest, word)
      if word < last { isSorted = false }
      last = word
    }
    return isSorted ? nil : least...greatest
  }

  /// Words above `least`, with the row below them.
  private func pack(
    _ words: consuming MutableBuffer, _ least: UInt64, rowBits: Int
  ) -> MutableBuffer {
    var target = words.mutableSpan(of: UInt64.self)
    let rows = self.rows.span(of: UInt32.self)
    for index in target.indices {
      target[index] = (target[index] &- least) &<< UInt64(rowBits) | UInt64(rows[index])
    }
    return words
  }

  private func entries(
    _ buffer: borrowing MutableBuffer, above least: UInt64
  ) -> MutableBuffer {
    let words = buffer.span(of: UInt64.self)
    var result = unsafe MutableBuffer(
      uninitializedByteCount: count * MemoryLayout<Entry>.stride)
    var target = result.mutableSpan(of: Entry.self)
    let rows = self.rows.span(of: UInt32.self)
    for index in target.indices {
      target[index] = Entry(word: words[index] &- least, row: UInt64(rows[index]))
    }
    return result
  }

  private mutating func take<Item: BitwiseCopyable>(
    _ items: borrowing MutableBuffer, _ row: (Item) -> UInt32
  ) {
    var target = rows.mutableSpan(of: UInt32.self)
    let source = items.span(of: Item.self)
    for index in target.indices { target[index] = row(source[index]) }
  }

  /// Sorts items by a range of their bits.
  private static func sort<Item: RadixItem>(
    _ items: consuming MutableBuffer, of _: Item.Type, bits: Range<Int>
  ) -> MutableBuffer {
    var scratch = unsafe MutableBuffer(uninitializedByteCount: items.byteCount)
    // Digits of about the same size scatter to the fewest places.
    let passes = (bits.count + greatestDigitBits - 1) / greatestDigitBits
    let digitBits = (bits.count + passes - 1) / passes
    for shift in stride(from: bits.lowerBound, to: bits.upperBound, by: digitBits) {
      pass(items, &scratch, of: Item.self, shift: UInt64(shift), digitBits: digitBits)
      swap(&items, &scratch)
    }
    return items
  }

  private static func pass<Item: RadixItem>(
    _ items: borrowing MutableBuffer, _ result: inout MutableBuffer, of _: Item.Type,
    shift: UInt64, digitBits: Int
  ) {
    let source = items.span(of: Item.self)
    let mask: UInt64 = 1 << UInt64(digitBits) - 1
    var target = result.mutableSpan(of: Item.self)
    var starts = MutableBuffer(byteCount: 8 << digitBits)
    var counts = starts.mutableSpan(of: Int.self)
    for index in source.indices {
      counts[Int(truncatingIfNeeded: source[index].bits &>> shift & mask)] &+= 1
    }
    var start = 0
    for digit in counts.indices {
      let size = counts[digit]
      counts[digit] = start
      start &+= size
    }
    for index in source.indices {
      let item = source[index]
      let digit = Int(truncatingIfNeeded: item.bits &>> shift & mask)
      target[counts[digit]] = item
      counts[digit] &+= 1
    }
  }
}

/// What digits are taken from.
private protocol RadixItem: BitwiseCopyable {
  var bits: UInt64 { get }
}

extension RadixSorter.Entry: RadixItem {
  var bits: UInt64 { word }
}

/// A word and, below it, its row, where both fit: half of what there is to move.
private struct PackedEntry: RadixItem {
  var bits: UInt64
}
