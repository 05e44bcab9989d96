public import HindcastCore
import Synchronization

/// The pages of a column that are going to be read: the disk is told of them some way ahead, so
/// that it has many requests at hand where reads wait for it.
///
/// Does nothing while reads come from memory.
public struct ReadAhead {
  private let reader: ColumnReader
  private let pages: [Int]
  /// The first page that is not passed yet, and the first that the disk was not told of.
  private var next = 0
  private var told = 0

  /// How many pages the disk is told of ahead: what keeps a solid-state disk busy.
  private static let distance = 64
  /// Pages that lie as close are asked for together, with what is between them.
  private static let gapByteCount = 16 << 10

  /// `pages` ascend; the same may come again.
  public init(_ reader: ColumnReader, pages: [Int]) {
    self.reader = reader
    self.pages = pages
  }

  /// To be called before page `page` is read.
  public mutating func willRead(_ page: Int) {
    guard reader.waits.areLikely else { return }
    while next < pages.count, pages[next] < page { next += 1 }
    told = max(told, next)
    guard told < pages.count, told - next <= Self.distance / 2 else { return }
    let end = min(pages.count, next + Self.distance)
    var range: Range<Int>?
    for place in told..<end {
      // What is wrong with the directory is said when the page is read.
      guard let piece = try? reader.byteRange(ofPage: pages[place]) else { continue }
      if let known = range {
        if piece.lowerBound >= known.lowerBound,
          piece.lowerBound <= known.upperBound + Self.gapByteCount
        {
          range = known.lowerBound..<max(known.upperBound, piece.upperBound)
          continue
        }
        reader.willRead(known)
      }
      range = piece
    }
    if let range { reader.willRead(range) }
    told = end
  }
}

/// Whether reads of a file have lately waited for a disk.
///
/// A read may take long for other reasons, once in a while, where another thread is given the
/// processor. So the first wait counts for few pages, and each that follows soon for twice as many
/// as are left.
final class ReadWaits: Sendable {
  private let left = Atomic<Int>(0)

  /// For how many pages after a wait the next wait is thought likely: at first, and at most.
  private static let memory = 4...1_024
  /// What a read takes at most whose bytes are in memory: nanoseconds, and those a byte.
  private static let callNanoseconds = 40_000
  private static let nanosecondsForTwoBytes = 1

  /// Notes how long a read took.
  func note(_ duration: Duration, byteCount: Int) {
    let limit = Self.callNanoseconds + byteCount / 2 * Self.nanosecondsForTwoBytes
    guard duration > .nanoseconds(limit) else { return }
    let next = 2 * max(0, left.load(ordering: .relaxed)) + Self.memory.lowerBound
    left.store(min(next, Self.memory.upperBound), ordering: .relaxed)
  }

  /// Whether the next read is likely to wait; to be asked once a page.
  var areLikely: Bool {
    guard left.load(ordering: .relaxed) > 0 else { return false }
    left.subtract(1, ordering: .relaxed)
    return true
  }
}

/// The pages of records that look-ups of several keys read, told to the disk ahead.
public struct RunReadAhead {
  private var columns: [ReadAhead] = []
  private var pages: [Int?] = []

  /// `labels` gives rows of `keys`, whose keys ascend.
  /// - Throws: ``HindcastError`` as ``SegmentReader/fences()``.
  public init(
    _ segment: SegmentReader, _ keys: KeyVector, _ labels: () -> [Int]
  ) throws(HindcastError) {
    guard segment.runKeys.waits.areLikely else { return }
    for label in labels() { pages.append(try segment.runPage(mayHold: keys, label)) }
    let readers = [segment.filters, segment.runKeys, segment.runEnds]
    let known = pages.compactMap { $0 }
    columns = readers.compactMap { $0 }.map { ReadAhead($0, pages: known) }
  }

  /// For whole pages of records, which ascend.
  public init(_ segment: SegmentReader, pages: [Int]) {
    columns = [segment.runKeys, segment.runEnds].map { ReadAhead($0, pages: pages) }
  }

  /// To be called before page `page` of the records is read.
  public mutating func willRead(_ page: Int) {
    for index in columns.indices { columns[index].willRead(page) }
  }

  /// To be called before the label at `place` of the labels is looked up.
  public mutating func willLookUp(_ place: Int) {
    if !columns.isEmpty, let page = pages[place] { willRead(page) }
  }
}
