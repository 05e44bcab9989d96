public import HindcastCore
public import HindcastFormat
public import HindcastStore

/// What a segment holds, column by column and page by page.
public struct SegmentInspection: Report {
  private let reader: SegmentReader
  private let columns: [ColumnInspection]
  private let withPages: Bool

  /// Describes a segment; reads its directories and, with pages, their headers.
  /// - Throws: ``HindcastError`` (`corrupt`) if it is damaged.
  public init(_ reader: SegmentReader, withPages: Bool) throws(HindcastError) {
    self.reader = reader
    self.withPages = withPages
    var columns: [ColumnInspection] = []
    func add(_ name: String, _ column: ColumnReader?) throws(HindcastError) {
      guard let column else { return }
      columns.append(try ColumnInspection(name, column, weighing: withPages))
    }
    try add("(event time)", reader.eventTimes)
    try add("(created time)", reader.createdTimes)
    try add("(tombstone)", reader.tombstones)
    for field in reader.schema.features { try add(field.name, reader.feature(id: field.id)) }
    self.columns = columns
  }

  /// The segment of the latest snapshot whose identifier begins with `prefix`.
  /// - Throws: ``HindcastError`` if there is none, or more than one.
  public static func find(
    _ prefix: String, in store: Store
  ) throws(HindcastError) -> SegmentReader {
    let snapshot = try store.snapshot()
    var found: [StoredSegment] = []
    for group in snapshot.groups {
      found += try snapshot.group(named: group.name).segments
        .filter { "\($0.reference.uid)".hasPrefix(prefix.lowercased()) }
    }
    guard let segment = found.first else {
      throw HindcastError(
        .notFound,
        "no file and no segment '\(prefix)'; 'hindcast stats GROUP' lists a group's segments")
    }
    guard found.count == 1 else {
      throw HindcastError(
        .invalidArgument,
        "\(found.count) segments begin with '\(prefix)': give more of the identifier")
    }
    return try segment.reader()
  }

  /// The totals, the columns, then the pages if they are asked for.
  public var text: String {
    let summary = reader.summary
    let identifiers = reader.schema.recordIdentifiers.map { "\($0.name) \($0.type)" }
    let totals = TextTable.pairs([
      ("segment", "\(reader.uid)"), ("rows", Quantities.count(reader.rowCount)),
      ("records", Quantities.count(reader.runCount)),
      ("tombstones", Quantities.count(summary.tombstoneCount)),
      ("size", Quantities.bytes(summary.byteCount)),
      ("record identifier", identifiers.joined(separator: ", ")),
      ("first event time", time(summary.minEventTime)),
      ("last event time", time(summary.maxEventTime)),
    ])
    return totals + "\n" + columnTable + (withPages ? "\n" + pageTable : "")
  }

  private func time(_ ticks: Int64) -> String {
    Instant(ticks: ticks, unit: reader.schema.timeUnit).iso8601
  }

  /// What is no column's: run keys, run ends and fences, directories, header, schema, trailer.
  private var otherBytes: Int {
    columns.reduce(reader.summary.byteCount) { $0 - $1.storedBytes }
  }

  private var columnTable: String {
    var table = TextTable([
      ("column", .left), ("type", .left), ("pages", .right), ("rows a page", .right),
      ("stored", .right), ("before codec", .right), ("bits a row", .right), ("encodings", .left),
    ])
    for column in columns {
      let bits = Double(column.storedBytes * 8) / Double(max(reader.rowCount, 1))
      table.append([
        column.name, column.type, "\(column.pages.count)", "\(column.rowsPerPage)",
        Quantities.bytes(column.storedBytes), Quantities.bytes(column.contentBytes),
        Quantities.fixed(bits, digits: 2), column.encodings,
      ])
    }
    let bits = Double(otherBytes * 8) / Double(max(reader.rowCount, 1))
    table.append([
      "(keys, directories)", "", "", "", Quantities.bytes(otherBytes), "",
      Quantities.fixed(bits, digits: 2), "",
    ])
    return table.text
  }

  private var pageTable: String {
    var table = TextTable([
      ("column", .left), ("page", .right), ("rows", .right), ("nulls", .right),
      ("offset", .right), ("stored", .right), ("before codec", .right), ("codec", .left),
      ("encoding", .left), ("weighed, bytes", .left),
    ])
    for column in columns {
      for (index, page) in column.pages.enumerated() {
        table.append([
          column.name, "\(index)", "\(page.rowCount)", "\(page.nullCount)", "\(page.byteOffset)",
          "\(page.storedByteCount)", "\(page.contentByteCount)", page.codec, page.encoding,
          page.weighed.map { "\($0.encoding) \($0.byteCount)" }.joined(separator: ", "),
        ])
      }
    }
    return table.text
  }

  /// The same, all numbers raw.
  public var json: JSONValue {
    let summary = reader.summary
    return [
      "segment": "\(reader.uid)", "rows": .number(reader.rowCount),
      "records": .number(reader.runCount), "tombstones": .number(summary.tombstoneCount),
      "bytes": .number(summary.byteCount),
      "first_event_time": .string(time(summary.minEventTime)),
      "last_event_time": .string(time(summary.maxEventTime)),
      "time_unit": "\(reader.schema.timeUnit)",
      "keys_and_directories_bytes": .number(otherBytes),
      "columns": .array(columns.map { $0.json(withPages: withPages) }),
    ]
  }
}

/// One column of a segment.
struct ColumnInspection {
  let name: String
  let type: String
  let rowsPerPage: Int
  let pages: [PageDescription]

  init(
    _ name: String, _ column: ColumnReader, weighing: Bool
  ) throws(HindcastError) {
    self.name = name
    type = "\(column.type)"
    rowsPerPage = column.rowsPerPage
    var pages: [PageDescription] = []
    for index in 0..<column.pageCount {
      pages.append(try column.describePage(index, weighing: weighing))
    }
    self.pages = pages
  }

  var storedBytes: Int { pages.reduce(0) { $0 + $1.storedByteCount } }
  var contentBytes: Int { pages.reduce(0) { $0 + $1.contentByteCount } }

  /// The commonest encodings and on how many pages they are: `packed:7 12, plain + zstd 1`.
  ///
  /// Numbers that differ from page to page, such as a bit width, are left out where there are many.
  var encodings: String {
    var counts: [String: Int] = [:]
    for page in pages {
      let codec = page.codec == "none" ? "" : " + \(page.codec)"
      let shape = page.encoding.filter { !$0.isNumber && !":[]".contains($0) }
      counts[shape + codec, default: 0] += 1
    }
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = ordered.prefix(2).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
    return ordered.count > 2 ? shown + ", ..." : shown
  }

  func json(withPages: Bool) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("column", .string(name)), .init("type", .string(type)),
      .init("rows_per_page", .number(rowsPerPage)), .init("pages", .number(pages.count)),
      .init("stored_bytes", .number(storedBytes)), .init("content_bytes", .number(contentBytes)),
      .init("encodings", .string(encodings)),
    ]
    if withPages {
      let list = pages.map { page -> JSONValue in
        [
          "rows": .number(page.rowCount), "nulls": .number(page.nullCount),
          "encoding": .string(page.encoding), "codec": .string(page.codec),
          "offset_bytes": .number(page.byteOffset), "stored_bytes": .number(page.storedByteCount),
          "content_bytes": .number(page.contentByteCount),
          "weighed_bytes": .object(
            page.weighed.map { .init($0.encoding, .number($0.byteCount)) }),
        ]
      }
      members.append(.init("page_list", .array(list)))
    }
    return .object(members)
  }
}
