import HindcastCore

/// What one entry of the column directory says of a stored column.
struct ColumnEntry: Hashable, Sendable {
  static let byteCount = 64

  enum Kind: UInt8, CaseIterable {
    case eventTime = 1
    case createdTime, tombstone, feature, runKey, runEnd, fence, filter

    /// The name in the specification, and in messages.
    var name: String {
      switch self {
      case .eventTime: "event time"
      case .createdTime: "created time"
      case .tombstone: "tombstone"
      case .feature: "feature"
      case .runKey: "run key"
      case .runEnd: "run end"
      case .fence: "fence"
      case .filter: "filter"
      }
    }
  }

  var fieldID: UInt32
  var kind: Kind
  /// log2 of the rows in a page.
  var rowShift: Int
  var hasZones: Bool
  /// log2 of the page entries in a block.
  var blockShift: Int
  var rowCount: Int
  var pageCount: Int
  var nullCount: Int
  var storedByteCount: Int
  var root: PieceReference

  var rowsPerPage: Int { 1 << rowShift }
  var blockCount: Int { (pageCount + 1 << blockShift - 1) >> blockShift }
  var pageEntryByteCount: Int { hasZones ? PageEntry.zonedByteCount : PageEntry.byteCount }

  /// The rows of page `index`, which must exist.
  func rowCount(ofPage index: Int) -> Int {
    min(rowsPerPage, rowCount - index << rowShift)
  }

  func write(to bytes: inout MutableBuffer) {
    bytes.put(fieldID)
    bytes.put(kind.rawValue)
    bytes.put(UInt8(rowShift))
    bytes.put(UInt8(hasZones ? 1 : 0))
    bytes.put(UInt8(blockShift))
    bytes.put(count: rowCount)
    bytes.put(count: pageCount)
    bytes.put(count: nullCount)
    bytes.put(count: storedByteCount)
    root.write(to: &bytes)
  }
}

extension ColumnEntry {
  /// Reads an entry and checks what it says by itself.
  init(_ fields: inout FieldReader) throws(HindcastError) {
    fieldID = try fields.integer(UInt32.self)
    guard let kind = Kind(rawValue: try fields.integer(UInt8.self)) else {
      throw fields.refusal("a column's kind is unknown")
    }
    self.kind = kind
    rowShift = Int(try fields.integer(UInt8.self))
    let flags = try fields.integer(UInt8.self)
    hasZones = flags == 1
    blockShift = Int(try fields.integer(UInt8.self))
    rowCount = try fields.count()
    pageCount = try fields.count()
    nullCount = try fields.count()
    storedByteCount = try fields.count()
    root = try PieceReference(&fields)
    guard flags <= 1, rowShift <= Limits.pageRowShift, blockShift <= 16, nullCount <= rowCount,
      rowCount <= Int(UInt64.max >> 8),
      pageCount == (rowCount + rowsPerPage - 1) >> rowShift
    else { throw fields.refusal("a column's figures contradict each other") }
  }
}
