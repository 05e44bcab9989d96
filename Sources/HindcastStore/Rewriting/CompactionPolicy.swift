import HindcastCore
import HindcastFormat

/// Which segments of a group are merged next: tiers by size, over stretches of the order of
/// arrival.
///
/// A stretch is merged where it has at least ``leastCount`` parts, none of which is larger than all
/// others together. Each merge then at least doubles the size of the part in which a row lies, so
/// that no row is written more than log2(bytes of the group / bytes of its ingest) times.
///
/// With a window of time, a stretch is of segments whose latest rows lie in the same one: what is
/// old is not written again for what is new.
struct CompactionPolicy {
  /// How many parts make a merge worth it.
  var leastCount = 4
  /// The most bytes that are merged at once.
  var greatestByteCount = Int.max
  /// The ticks of event time in a window, the first of which begins at 0; nil for no windows.
  var windowTicks: Int64?

  /// The widest stretch that is looked at.
  private static let greatestCount = 4_096

  /// Rows of a group that may not be torn apart: the segments of some commits.
  private struct Part {
    var segments: Range<Int>
    var byteCount: Int
    /// The latest event time.
    var latest: Int64
  }

  /// The segments to merge next; nil if there is nothing to do.
  ///
  /// Of all stretches the one of the most parts, then of the fewest bytes. O(parts^2).
  func stretch(in segments: [SegmentReference]) -> Range<Int>? {
    let parts = Self.parts(segments)
    let windows = windows(of: parts)
    var best: (range: Range<Int>, byteCount: Int)?
    for start in parts.indices {
      var (total, greatest) = (0, 0)
      for end in start..<min(parts.count, start + Self.greatestCount) {
        guard windows[end] == windows[start] else { break }
        total += parts[end].byteCount
        greatest = max(greatest, parts[end].byteCount)
        guard total <= greatestByteCount else { break }
        let count = end - start + 1
        guard count >= leastCount, greatest <= total - greatest else { continue }
        if let best, (count, best.byteCount) <= (best.range.count, total) { continue }
        best = (start..<end + 1, total)
      }
    }
    return best.map { Self.segments($0.range, of: parts) }
  }

  /// All segments of the first window that has more than one part; nil if none has.
  func everything(in segments: [SegmentReference]) -> Range<Int>? {
    let parts = Self.parts(segments)
    let windows = windows(of: parts)
    guard let start = parts.indices.dropLast().first(where: { windows[$0] == windows[$0 + 1] })
    else { return nil }
    let end = windows[start...].firstIndex { $0 != windows[start] } ?? windows.endIndex
    return Self.segments(start..<end, of: parts)
  }

  private func windows(of parts: [Part]) -> [Int64] {
    guard let windowTicks else { return parts.map { _ in 0 } }
    return parts.map { part in
      // Rounded down, before 0 as well.
      let (window, rest) = part.latest.quotientAndRemainder(dividingBy: windowTicks)
      return rest < 0 ? window - 1 : window
    }
  }

  private static func parts(_ segments: [SegmentReference]) -> [Part] {
    var parts: [Part] = []
    for (index, segment) in segments.enumerated() {
      if let last = parts.last, segments[last.segments.lowerBound].commits == segment.commits {
        parts[parts.count - 1].segments = last.segments.lowerBound..<index + 1
        parts[parts.count - 1].byteCount += segment.byteCount
        parts[parts.count - 1].latest = max(last.latest, segment.maxEventTime)
      } else {
        parts.append(
          Part(
            segments: index..<index + 1, byteCount: segment.byteCount,
            latest: segment.maxEventTime))
      }
    }
    return parts
  }

  private static func segments(_ range: Range<Int>, of parts: [Part]) -> Range<Int> {
    parts[range.lowerBound].segments.lowerBound..<parts[range.upperBound - 1].segments.upperBound
  }
}
