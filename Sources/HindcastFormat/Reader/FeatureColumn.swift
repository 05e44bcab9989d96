public import HindcastCore

/// A segment's values of one feature as its group has the feature now.
///
/// A group evolves, its segments do not: what is stored in a narrower type is widened, and where
/// the segment lacks the feature every row answers the feature's default, or null. Safe to share
/// between threads.
/// ```
/// let column = try segment.column(of: group.features[0])
/// for index in 0..<column.pageCount { use(try column.page(index)) }   // of the feature's type
/// ```
public struct FeatureColumn: Sendable {
  /// The feature's type.
  public let type: DataType
  /// The number of rows.
  public let rowCount: Int
  /// log2 of ``rowsPerPage``.
  public let rowShift: Int
  private let source: Source

  private enum Source {
    case stored(ColumnReader)
    /// One row, which stands for all.
    case repeated(Column)
  }

  /// The stored values of `reader`, whose type widens to `type`.
  package init(_ reader: ColumnReader, as type: DataType) {
    self.type = type
    rowCount = reader.rowCount
    rowShift = reader.rowShift
    source = .stored(reader)
  }

  /// `rowCount` rows that all have one value.
  init(repeating value: Value, of type: DataType, rowCount: Int) throws(HindcastError) {
    self.type = type
    self.rowCount = rowCount
    var shift = Self.greatestShift
    while shift > 0, Self.byteCount(value, type) << shift > Self.pageByteCount { shift -= 1 }
    rowShift = shift
    source = .repeated(try Column(type: type, values: [value]))
  }

  private static let greatestShift = 13
  private static let pageByteCount = 1 << 20

  private static func byteCount(_ value: Value, _ type: DataType) -> Int {
    if case .fixed(let width) = type.layout { return width }
    return value.byteCount
  }

  /// Rows in each page but the last: a power of two.
  public var rowsPerPage: Int { 1 << rowShift }

  /// The number of pages.
  public var pageCount: Int { (rowCount + rowsPerPage - 1) >> rowShift }

  /// Rows that are null.
  public var nullCount: Int {
    switch source {
    case .stored(let reader): reader.nullCount
    case .repeated(let row): row.nullCount * rowCount
    }
  }

  /// Whether any row may have a value; without one there is nothing to read.
  public var hasValues: Bool { nullCount < rowCount }

  /// Whether the segment holds the feature, so that pages come from it.
  public var isStored: Bool {
    if case .stored = source { true } else { false }
  }

  /// The values of page `index`, which must exist.
  ///
  /// O(rows in the page).
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  public func page(_ index: Int) throws(HindcastError) -> Column {
    switch source {
    case .stored(let reader): return widened(try reader.page(index))
    case .repeated(let row):
      return try Self.repeating(row, count: min(rowsPerPage, rowCount - index << rowShift))
    }
  }

  /// Calls `body` with each of `pages`, which ascend, and its place among them.
  ///
  /// - Throws: ``HindcastError`` as ``ColumnReader/fetch(_:_:)``, and what `body` throws.
  public func fetch(
    _ pages: [Int], _ body: (Int, FetchedPage) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    switch source {
    case .stored(let reader):
      try reader.fetch(pages) { (place, page) throws(HindcastError) in
        try body(place, page.widened(to: type))
      }
    case .repeated(let row):
      for (place, page) in pages.enumerated() {
        let count = min(rowsPerPage, rowCount - page << rowShift)
        try body(place, FetchedPage(repeating: row, count: count))
      }
    }
  }

  private func widened(_ column: Column) -> Column {
    column.type == type ? column : column.widened(to: type)
  }

  static func repeating(_ row: Column, count: Int) throws(HindcastError) -> Column {
    let zeros = Buffer(MutableBuffer(byteCount: 4 * count))
    return try row.gather(zeros.span(of: UInt32.self))
  }
}

extension SegmentReader {
  /// The values of a group's feature in this segment, whatever the group was when it was written:
  /// the one way to read a segment under another definition than its own.
  ///
  /// Features are told by their field ids. O(1) after the first time.
  /// - Throws: `corrupt` if the segment stores the field in a type that is not contained in the
  ///   feature's.
  public func column(of feature: Field) throws(HindcastError) -> FeatureColumn {
    guard let reader = self.feature(id: feature.id) else {
      return try FeatureColumn(
        repeating: feature.defaultValue ?? .null, of: feature.type, rowCount: rowCount)
    }
    guard reader.type.widens(to: feature.type) else {
      throw HindcastError(
        .corrupt,
        "feature '\(feature.name)' is stored as \(reader.type), which does not become the "
          + "\(feature.type) of its group: restore the file from a backup",
        at: .init(file: path, section: "schema", column: feature.name))
    }
    return FeatureColumn(reader, as: feature.type)
  }
}
