import HindcastCore
import HindcastFormat

/// Which segments of a group are merged next: tiers by size, over stretches of the order of
/// arrival.
///
/// A stretch is merged where it has at least ``leastCount`` segments, none of which is larger than
/// all others together. Each merge then at least doubles the size of the segment in which a row
/// lies, so that no row is written more than log2(bytes of the group / bytes of its ingest) times.
///
/// With a window of time, a stretch is of segments whose latest rows lie in the same one: what is
/// old is not written again for what is new.
struct CompactionPolicy {
  /// How many segments make a merge worth it.
  var leastCount = 4
  /// The most bytes that are merged at once.
  var greatestByteCount = Int.max
  /// A merge makes a segment of so many rows.
  var rowsPerSegment = Int.max
  /// The ticks of event time in a window, the first of which begins at 0; nil for no windows.
  var windowTicks: Int64?

  /// The widest stretch that is looked at.
  private static let greatestCount = 4_096

  /// Rows of a group that may not be torn apart: the segments of some commits.
  private struct Part {
    var segments: Range<Int>
    var rowCount: Int
    var byteCount: Int
    /// The latest event time.
    var latest: Int64
    /// How many segments it counts as.
    var count = 1
    /// The bytes of the largest of these.
    var greatestByteCount: Int

    init(_ segment: SegmentReference, at index: Int) {
      segments = index..<index + 1
      rowCount = segment.rowCount
      byteCount = segment.byteCount
      greatestByteCount = segment.byteCount
      latest = segment.maxEventTime
    }

    mutating func add(_ segment: SegmentReference) {
      segments = segments.lowerBound..<segments.upperBound + 1
      count += 1
      rowCount += segment.rowCount
      byteCount += segment.byteCount
      greatestByteCount = max(greatestByteCount, segment.byteCount)
      latest = max(latest, segment.maxEventTime)
    }

    /// Counts as one segment if merging them by themselves would make no fewer.
    mutating func weigh(rowsPerSegment: Int) {
      guard segments.count <= (rowCount - 1) / max(1, rowsPerSegment) + 1 else { return }
      (count, greatestByteCount) = (1, byteCount)
    }
  }

  /// The segments to merge next; nil if there is nothing to do.
  ///
  /// Of all stretches the one of the most segments, then of the fewest bytes. O(commits^2).
  func stretch(in segments: [SegmentReference]) -> Range<Int>? {
    let parts = parts(segments)
    let windows = windows(of: parts)
    var best: (range: Range<Int>, count: Int, byteCount: Int)?
    for start in parts.indices {
      var (count, total, greatest) = (0, 0, 0)
      for end in start..<min(parts.count, start + Self.greatestCount) {
        guard windows[end] == windows[start] else { break }
        count += parts[end].count
        total += parts[end].byteCount
        greatest = max(greatest, parts[end].greatestByteCount)
        guard total <= greatestByteCount else { break }
        guard count >= leastCount, greatest <= total - greatest else { continue }
        if let best, (count, best.byteCount) <= (best.count, total) { continue }
        best = (start..<end + 1, count, total)
      }
    }
    return best.map { Self.segments($0.range, of: parts) }
  }

  /// All segments of the first window that has more than one to merge; nil if none has.
  func everything(in segments: [SegmentReference]) -> Range<Int>? {
    let parts = parts(segments)
    let windows = windows(of: parts)
    var start = 0
    while start < parts.count {
      let end = windows[start...].firstIndex { $0 != windows[start] } ?? windows.endIndex
      if parts[start..<end].reduce(0, { $0 + $1.count }) > 1 {
        return Self.segments(start..<end, of: parts)
      }
      start = end
    }
    return nil
  }

  private func windows(of parts: [Part]) -> [Int64] {
    guard let windowTicks else { return parts.map { _ in 0 } }
    return parts.map { part in
      // Rounded down, before 0 as well.
      let (window, rest) = part.latest.quotientAndRemainder(dividingBy: windowTicks)
      return rest < 0 ? window - 1 : window
    }
  }

  private func parts(_ segments: [SegmentReference]) -> [Part] {
    var parts: [Part] = []
    for (index, segment) in segments.enumerated() {
      if let last = parts.last, segments[last.segments.lowerBound].commits == segment.commits {
        parts[parts.count - 1].add(segment)
      } else {
        parts.append(Part(segment, at: index))
      }
    }
    for index in parts.indices { parts[index].weigh(rowsPerSegment: rowsPerSegment) }
    return parts
  }

  private static func segments(_ range: Range<Int>, of parts: [Part]) -> Range<Int> {
    parts[range.lowerBound].segments.lowerBound..<parts[range.upperBound - 1].segments.upperBound
  }
}
