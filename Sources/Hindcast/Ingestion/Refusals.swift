import HindcastCore
import HindcastInterchange

/// The bad rows of several files: how many, and the first ten cells that are to blame.
struct Refusals {
  private(set) var rowCount = 0
  private var first: [String] = []
  private var firstFile: String?
  private var cellCount = 0

  var isEmpty: Bool { rowCount == 0 }

  /// Takes the problems of a file in.
  mutating func add(_ problems: CellProblems) {
    guard !problems.isEmpty else { return }
    if firstFile == nil { firstFile = problems.file }
    rowCount += problems.rowCount
    cellCount += problems.count
    first += problems.first.prefix(CellProblems.keptCount - first.count).map { problem in
      let place = HindcastError.Location(
        file: problems.file, row: problem.row, column: problem.column)
      let value = problem.value.isEmpty ? "the empty text" : "'\(problem.value)'"
      return "\(place): \(value) \(problem.reason)"
    }
  }

  /// The error that refuses the input; nil if there is no bad row.
  var error: HindcastError? {
    guard !isEmpty else { return nil }
    let list = first.map { "\n  \($0)" }.joined()
    let more = cellCount > first.count ? "\n  and \(cellCount - first.count) more" : ""
    return HindcastError(
      .invalidValue,
      "\(Quantities.count(rowCount, "row")) can't be taken in, and nothing was committed:"
        + list + more
        + "\nMend the input, or set such rows aside with --rejects FILE.",
      at: .init(file: firstFile))
  }
}
