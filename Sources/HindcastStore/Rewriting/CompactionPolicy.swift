import HindcastFormat

/// Which segments of a group are merged next: tiers by size, over stretches of the order of
/// arrival.
///
/// A stretch is merged where it has at least ``leastCount`` parts, none of which is larger than all
/// others together. Each merge then at least doubles the size of the part in which a row lies, so
/// that no row is written more than log2(bytes of the group / bytes of its ingest) times.
struct CompactionPolicy {
  /// How many parts make a merge worth it.
  var leastCount = 4
  /// The most bytes that are merged at once.
  var greatestByteCount = Int.max

  /// The widest stretch that is looked at.
  private static let greatestCount = 4_096

  /// Rows of a group that may not be torn apart: the segments of some commits.
  private struct Part {
    var segments: Range<Int>
    var byteCount: Int
  }

  /// The segments to merge next; nil if there is nothing to do.
  ///
  /// Of all stretches the one of the most parts, then of the fewest bytes. O(parts^2).
  func stretch(in segments: [SegmentReference]) -> Range<Int>? {
    let parts = Self.parts(segments)
    var best: (range: Range<Int>, byteCount: Int)?
    for start in parts.indices {
      var (total, greatest) = (0, 0)
      for end in start..<min(parts.count, start + Self.greatestCount) {
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

  /// All segments; nil if they are one part already.
  static func everything(in segments: [SegmentReference]) -> Range<Int>? {
    parts(segments).count > 1 ? segments.indices : nil
  }

  private static func parts(_ segments: [SegmentReference]) -> [Part] {
    var parts: [Part] = []
    for (index, segment) in segments.enumerated() {
      if let last = parts.last, segments[last.segments.lowerBound].commits == segment.commits {
        parts[parts.count - 1].segments = last.segments.lowerBound..<index + 1
        parts[parts.count - 1].byteCount += segment.byteCount
      } else {
        parts.append(Part(segments: index..<index + 1, byteCount: segment.byteCount))
      }
    }
    return parts
  }

  private static func segments(_ range: Range<Int>, of parts: [Part]) -> Range<Int> {
    parts[range.lowerBound].segments.lowerBound..<parts[range.upperBound - 1].segments.upperBound
  }
}
