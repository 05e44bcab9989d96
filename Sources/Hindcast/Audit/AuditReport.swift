public import HindcastCore

/// What an audit found: whether a training set is what the reference implementation makes of its
/// manifest.
public struct AuditReport: Hashable, Sendable {
  /// One cell that is not what the reference gives.
  public struct Mismatch: Hashable, Sendable {
    /// The row in the file, counted from one.
    public let row: Int
    /// The output column.
    public let column: String
    /// What the reference gives.
    public let expected: Value
    /// What the file holds.
    public let found: Value
  }

  /// The file that was audited.
  public let file: String
  /// The store's snapshot that was read.
  public let snapshot: UInt64
  /// The number of rows compared.
  public internal(set) var rowCount = 0
  /// The number of cells compared.
  public internal(set) var cellCount = 0
  /// The number of cells that differ.
  public internal(set) var mismatchCount = 0
  /// The first ten of them.
  public internal(set) var mismatches: [Mismatch] = []
  /// What the manifest says and the reference does not: counts, certificates, hashes.
  public internal(set) var disagreements: [String] = []

  /// Cells of records that were erased after the snapshot: neither right nor wrong.
  public internal(set) var erasedCellCount = 0
  /// The commits that erased them.
  public internal(set) var erasingCommits: [UInt64] = []

  /// Views that were built with versions known late: right by their rule, and a leak all the same.
  public internal(set) var relaxedViews: [String] = []
  /// The cells in them that were not known at their label's time.
  public internal(set) var lateCellCount = 0

  /// Whether file and manifest are what the reference gives.
  public var passes: Bool { mismatchCount == 0 && disagreements.isEmpty }

  mutating func add(_ comparison: CellComparison) {
    cellCount += comparison.cellCount
    erasedCellCount += comparison.erasedCellCount
    mismatchCount += comparison.mismatchCount
    mismatches = Array((mismatches + comparison.mismatches).prefix(CellComparison.kept))
  }
}

/// Cells of a chunk beside the reference's.
struct CellComparison {
  /// How many mismatches are kept to be shown.
  static let kept = 10

  var cellCount = 0
  var erasedCellCount = 0
  var mismatchCount = 0
  var mismatches: [AuditReport.Mismatch] = []

  mutating func note(_ mismatch: AuditReport.Mismatch) {
    mismatchCount += 1
    if mismatches.count < Self.kept { mismatches.append(mismatch) }
  }
}
