import HindcastCore

/// A row that can't be taken in, and the cell that is to blame.
public struct RowProblem: Hashable, Sendable {
  /// The file, as the user named it.
  public let file: String
  /// The row, counted from one, header lines not counted.
  public let row: Int
  /// The column.
  public let column: String
  /// The cell as text; nil if it is null.
  public let value: String?
  /// What is wrong with it.
  public let reason: String
}

extension RowProblem: CustomStringConvertible {
  /// `planes.csv: row 17, column "arr_delay": 'abc' is no int32`.
  public var description: String {
    "\(HindcastError.Location(file: file, row: row, column: column)): \(reason)"
  }
}

/// The first problems of a file, and how many bad rows there are in all.
struct ProblemList {
  /// How many problems a message shows.
  static let shownCount = 10

  private(set) var first: [RowProblem] = []
  private(set) var badRowCount = 0

  mutating func add(_ problems: [RowProblem], badRows: Int) {
    first += problems.prefix(Self.shownCount - first.count)
    badRowCount += badRows
  }

  /// The error that refuses the input; the rows were counted to the end of it.
  func refusal() -> HindcastError {
    let list = first.map { "\n  \($0)" }.joined()
    let more = badRowCount > first.count ? "\n  ..." : ""
    return HindcastError(
      .invalidValue,
      "\(Quantities.count(badRowCount, "row")) can't be taken in, and nothing was committed:"
        + list + more
        + "\nMend the input, or set such rows aside with --rejects FILE.",
      at: first.first.map { .init(file: $0.file) })
  }
}
