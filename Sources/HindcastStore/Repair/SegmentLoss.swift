public import HindcastCore
import HindcastFormat

/// A damaged segment, and what is lost with it.
public struct SegmentLoss: Sendable {
  /// The group's name.
  public let group: String
  /// What the commit that added the segment said of it.
  public let reference: SegmentReference
  /// What is wrong with it.
  public let problems: [HindcastError]
  /// The records whose versions were in it, as far as its pages can be read; see ``recordLimit``.
  public private(set) var records: [LostRecord] = []
  /// How many records' names could be read, those beyond ``recordLimit`` too.
  public private(set) var readableRecordCount = 0

  /// A record of a damaged segment.
  public struct LostRecord: Hashable, Sendable {
    /// The identifier, a value a component.
    public let record: [Value]
    /// How many of its versions were in the segment.
    public let versionCount: Int
    /// The event time of the first of them, in the group's unit; nil where its page is damaged.
    public let firstEventTime: Int64?
    /// The event time of the last of them, likewise.
    public let lastEventTime: Int64?
  }

  /// Records that can't be told any more.
  public var unreadableRecordCount: Int { max(0, reference.runCount - readableRecordCount) }

  /// Records whose names could be read and that ``records`` leaves out.
  public var omittedRecordCount: Int { readableRecordCount - records.count }

  /// How many records are kept of one segment.
  public static let recordLimit = 10_000

  /// Reads what can be read; `reader` is nil if the segment can't even be opened.
  init(
    group: String, reference: SegmentReference, problems: [HindcastError], reader: SegmentReader?
  ) {
    self.group = group
    self.reference = reference
    self.problems = problems
    if let reader { read(reader) }
  }

  private mutating func read(_ reader: SegmentReader) {
    var times = ReadableTimes(reader)
    for index in 0..<reader.runPageCount {
      guard let page = try? reader.runPage(index) else { continue }
      let ends = page.ends.array(of: Int.self)
      for run in 0..<page.count {
        guard let record = try? reader.keyLayout.decode(page.keys.bytes(run)) else { continue }
        readableRecordCount += 1
        guard records.count < Self.recordLimit else { continue }
        let rows = (run == 0 ? page.firstRow : ends[run - 1])..<ends[run]
        records.append(
          LostRecord(
            record: record, versionCount: rows.count,
            firstEventTime: times.value(rows.lowerBound),
            lastEventTime: times.value(rows.upperBound - 1)))
      }
    }
  }
}

/// The event times whose pages are whole.
private struct ReadableTimes {
  private let column: ColumnReader
  private var index = -1
  private var page: Column?

  init(_ reader: SegmentReader) { column = reader.eventTimes }

  /// The time at `row`; nil if its page is damaged.
  mutating func value(_ row: Int) -> Int64? {
    if row >> column.rowShift != index {
      index = row >> column.rowShift
      page = try? column.page(index)
    }
    return page?.fixed.span(of: Int64.self)[row & (column.rowsPerPage - 1)]
  }
}
