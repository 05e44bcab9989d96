import HindcastCore
import HindcastFormat

/// How the row that answers a label is found.
///
/// All strategies give the same answers.
public enum Strategy: String, Hashable, Sendable, CaseIterable {
  /// The planner's choice, segment by segment.
  case auto
  /// One pass over sorted labels and the sorted records between them.
  case merge
  /// A look-up in the record-id index for each record, values read by place.
  case probe
  /// A hash table of the labels' records, and one pass over those of the segment.
  case hash
  /// The reference implementation: every label against every version of its record.
  case nested
}

/// Finds the rows of one segment that answer labels.
///
/// A strategy is one file, and one line in ``Strategy/implementation``.
protocol ResolveStrategy: SendableMetatype {
  /// Whether times are read by place from encoded pages, as pays where few are asked for.
  static var readsTimesByPlace: Bool { get }

  /// The ranges of a segment's pages of records that threads take one by one, for a strategy that
  /// goes through all of them; nil for one that goes through the labels, of which threads take
  /// ranges.
  static func pagePieces(_ segment: SegmentReader) -> [Range<Int>]?

  /// Finds the last qualifying row of the segment for each label of one piece: a range of the
  /// segment's pages of records, or of entries.
  /// - Throws: ``HindcastError`` if the segment can't be read.
  static func resolve(
    _ piece: Range<Int>, _ input: ResolveInput, _ history: SegmentHistory,
    _ search: inout RunSearch
  ) throws(HindcastError)
}

extension ResolveStrategy {
  static func pagePieces(_ segment: SegmentReader) -> [Range<Int>]? { nil }
}

extension Strategy {
  /// What works segment by segment; nil for `auto`, which is one of them, and `nested`, which takes
  /// all segments together.
  var implementation: (any ResolveStrategy.Type)? {
    switch self {
    case .merge: MergeStrategy.self
    case .probe: ProbeStrategy.self
    case .hash: HashStrategy.self
    case .auto, .nested: nil
    }
  }

  /// Those that work segment by segment.
  static var bySegment: [Strategy] { allCases.filter { $0.implementation != nil } }
}
