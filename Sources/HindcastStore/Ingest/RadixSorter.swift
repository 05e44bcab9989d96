package import HindcastCore

/// Row numbers that are sorted, stably, by one word after the other.
///
/// Least significant digit first, 11 bits a pass, over only as many bits as the words differ in: a
/// year of event times and a million identifiers take seven passes. The last word given decides
/// first.
package struct RadixSorter: ~Copyable {
  private var entries: MutableBuffer
  private var scratch: MutableBuffer
  private let count: Int

  struct Entry: BitwiseCopyable {
    var word: UInt64
    var row: UInt64
  }

  private static let digitBits: UInt64 = 11

  /// Starts with rows 0, 1, 2 and so on.
  package init(count: Int) {
    self.count = count
    entries = MutableBuffer(byteCount: count * MemoryLayout<Entry>.stride)
    scratch = MutableBuffer(byteCount: count * MemoryLayout<Entry>.stride)
    var span = entries.mutableSpan(of: Entry.self)
    for index in 0..<count { span[index] = Entry(word: 0, row: UInt64(index)) }
  }

  /// Sorts by a word of each row, `flip` taken from it first by exclusive or.
  ///
  /// O(rows x passes).
  package mutating func sort(by words: Span<UInt64>, flip: UInt64 = 0) {
    let range = Self.load(words, flip, &entries)
    guard !range.isSorted else { return }
    sort(range.least, range.greatest)
  }

  /// The rows in order.
  package func order() -> Buffer {
    var result = MutableBuffer(byteCount: 4 * count)
    var target = result.mutableSpan(of: UInt32.self)
    let source = entries.span(of: Entry.self)
    for index in 0..<count { target[index] = UInt32(truncatingIfNeeded: source[index].row) }
    return result.freeze()
  }

  /// Splits the rows into those with a set bit and those without, which come first.
  ///
  /// Stable.
  mutating func partition(by bits: Span<UInt8>) {
    Self.split(entries, &scratch, by: bits)
    swap(&entries, &scratch)
  }

  /// Refines an order by the keys' first words to one by whole keys.
  mutating func refine(by heap: KeyVector.Heap) {
    var span = entries.mutableSpan(of: Entry.self)
    refineKeys(&span, heap.offsets.span(of: Int.self), heap.bytes.span(of: UInt8.self))
  }

  private mutating func sort(_ least: UInt64, _ greatest: UInt64) {
    let bits = UInt64(64 - (greatest - least).leadingZeroBitCount)
    var shift: UInt64 = 0
    while shift < bits {
      Self.pass(entries, &scratch, least, shift)
      swap(&entries, &scratch)
      shift += Self.digitBits
    }
  }

  private static func split(
    _ entries: borrowing MutableBuffer, _ result: inout MutableBuffer, by bits: Span<UInt8>
  ) {
    let source = entries.span(of: Entry.self)
    var target = result.mutableSpan(of: Entry.self)
    var next = 0
    for wanted in [false, true] {
      for index in source.indices where Bits.get(bits, Int(source[index].row)) == wanted {
        target[next] = source[index]
        next &+= 1
      }
    }
  }

  private static func load(
    _ words: Span<UInt64>, _ flip: UInt64, _ entries: inout MutableBuffer
  ) -> (least: UInt64, greatest: UInt64, isSorted: Bool) {
    var span = entries.mutableSpan(of: Entry.self)
    var (least, greatest, last) = (UInt64.max, UInt64.min, UInt64.min)
    var isSorted = true
    for index in span.indices {
      let word = words[Int(truncatingIfNeeded: span[index].row)] ^ flip
      span[index].word = word
      least = min(least, word)
      greatest = max(greatest, word)
      if word < last { isSorted = false }
      last = word
    }
    return (least, greatest, isSorted)
  }

  private static func pass(
    _ entries: borrowing MutableBuffer, _ result: inout MutableBuffer, _ least: UInt64,
    _ shift: UInt64
  ) {
    let source = entries.span(of: Entry.self)
    let mask = 1 << digitBits - 1 as UInt64
    var target = result.mutableSpan(of: Entry.self)
    var starts = MutableBuffer(byteCount: 8 << Int(digitBits))
    var counts = starts.mutableSpan(of: Int.self)
    for index in source.indices {
      counts[Int(truncatingIfNeeded: (source[index].word &- least) >> shift & mask)] &+= 1
    }
    var start = 0
    for digit in counts.indices {
      let size = counts[digit]
      counts[digit] = start
      start &+= size
    }
    for index in source.indices {
      let digit = Int(truncatingIfNeeded: (source[index].word &- least) >> shift & mask)
      target[counts[digit]] = source[index]
      counts[digit] &+= 1
    }
  }
}
