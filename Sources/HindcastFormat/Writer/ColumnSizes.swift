public import HindcastCore

/// How large the values of each feature are, so that the rows of a page can be chosen before the
/// first page is written.
///
/// Feed it every batch that will be written; without any, features of variable width are guessed.
public struct ColumnSizes: Hashable, Sendable {
  private let types: [DataType]
  private var rowCount = 0
  private var byteCounts: [Int]
  private var greatest: [Int]

  /// Sizes of no rows.
  public init(schema: SegmentSchema) {
    types = schema.features.map(\.type)
    byteCounts = Array(repeating: 0, count: types.count)
    greatest = byteCounts
  }

  /// Adds the sizes of a batch's values.
  ///
  /// O(rows) for features of variable width, else O(1).
  public mutating func add(_ batch: VersionBatch) {
    precondition(batch.features.count == types.count, "the batch has other features")
    rowCount += batch.count
    for (index, column) in batch.features.enumerated() {
      let (total, largest) = column.valueSizes
      byteCounts[index] += total
      greatest[index] = max(greatest[index], largest)
    }
  }

  /// Adds the sizes of the rows that another part of the input has.
  public mutating func add(_ other: ColumnSizes) {
    precondition(other.types == types, "the sizes are of other features")
    rowCount += other.rowCount
    for index in types.indices {
      byteCounts[index] += other.byteCounts[index]
      greatest[index] = max(greatest[index], other.greatest[index])
    }
  }

  /// Adds the sizes of the rows of a segment that is there already, as their group has them.
  ///
  /// Decodes its features of variable width. O(rows) for those.
  /// - Throws: ``HindcastError`` as ``ColumnReader/page(_:)``.
  public mutating func add(
    _ segment: SegmentReader, features: [Field]
  ) throws(HindcastError) {
    precondition(features.map(\.type) == types, "the sizes are of other features")
    rowCount += segment.rowCount
    for (index, field) in features.enumerated() {
      guard field.type.layout == .bytes || field.type.layout == .list else { continue }
      let column = try segment.column(of: field)
      for page in 0..<column.pageCount {
        let (total, largest) = try column.page(page).valueSizes
        byteCounts[index] += total
        greatest[index] = max(greatest[index], largest)
      }
    }
  }

  /// Whether rows of other sizes may go to a segment that was begun for these: its pages are then
  /// at most twice as large as such rows are given, and within the limits.
  public func allow(_ other: ColumnSizes, profile: Profile) -> Bool {
    types.indices.allSatisfy { index in
      let shift = rows(index, profile: profile).greatestShift
      return shift <= other.rows(index, profile: profile).greatestShift + 1
        && other.greatest[index] << shift <= Limits.pageValueByteCount
    }
  }

  /// The mean bytes of a row.
  package var bytesPerRow: Int { types.indices.reduce(0) { $0 + average($1) } }

  /// About the bytes of a page of each feature, decoded.
  package var bytesPerPage: Int {
    types.indices.reduce(0) {
      $0 + min(PageRows.decodedByteTarget, average($1) << Limits.pageRowShift)
    }
  }

  /// The mean bytes of a value of feature `index`.
  private func average(_ index: Int) -> Int {
    switch types[index].layout {
    case .bits: 1
    case .fixed(let width): width
    case .bytes, .list: 4 + (rowCount == 0 ? 32 : byteCounts[index] / rowCount)
    }
  }

  /// How the rows of feature `index` may be cut into pages.
  func rows(_ index: Int, profile: Profile) -> PageRows {
    let average = average(index)
    let isVariable = types[index].layout == .bytes || types[index].layout == .list
    return PageRows(
      average: average, greatest: isVariable ? greatest[index] : average, profile: profile)
  }
}

/// How many rows a page of a column may have.
struct PageRows {
  /// log2 of the most rows.
  var greatestShift: Int
  /// The encoded bytes that a page aims at; nil if it always has the most rows.
  var byteTarget: Int?

  /// Pages of exactly `1 << shift` rows.
  init(shift: Int) {
    greatestShift = shift
    byteTarget = nil
  }

  /// Pages of values of the given average and greatest sizes in bytes, decoded.
  init(average: Int, greatest: Int, profile: Profile) {
    var shift = Limits.pageRowShift
    while shift > 0, average << shift > Self.decodedByteTarget { shift -= 1 }
    while shift > 0, greatest << shift > Limits.pageValueByteCount { shift -= 1 }
    greatestShift = shift
    byteTarget = profile.pageByteTarget
  }

  /// The decoded bytes that a page has at most, on average.
  fileprivate static let decodedByteTarget = 256 << 10
}

extension Column {
  /// The bytes of all values, and of the largest.
  fileprivate var valueSizes: (total: Int, largest: Int) {
    switch body {
    case .bits, .fixed: return (0, 0)
    case .bytes(let offsets, _): return spread(offsets.span(of: Int32.self), width: 1)
    case .list(let offsets, let child):
      let sizes = spread(offsets.span(of: Int32.self), width: child.type.leastByteCount)
      guard case .bytes(let ends, _) = child.body else { return sizes }
      let (data, most) = nestedSpread(
        offsets.span(of: Int32.self), ends.span(of: Int32.self))
      return (sizes.total + data, sizes.largest + most)
    }
  }

  private func spread(_ ends: Span<Int32>, width: Int) -> (total: Int, largest: Int) {
    var largest = 0
    for row in 0..<count { largest = max(largest, Int(ends[row + 1] &- ends[row])) }
    return (Int(ends[count]) * width, largest * width)
  }

  /// The data of lists of byte strings.
  private func nestedSpread(_ ends: Span<Int32>, _ inner: Span<Int32>) -> (Int, Int) {
    var largest = 0
    for row in 0..<count {
      largest = max(largest, Int(inner[Int(ends[row + 1])] - inner[Int(ends[row])]))
    }
    return (Int(inner[Int(ends[count])]), largest)
  }
}
