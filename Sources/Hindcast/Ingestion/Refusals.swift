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
      return "\(place): \(Self.shown(problem)) \(problem.reason)"
    }
  }

  /// A cell that is null is no text; only null cells are refused for these reasons.
  private static func shown(_ problem: CellProblem) -> String {
    if problem.value == "null", BatchConverter.nullReasons.contains(problem.reason) {
      return "null"
    }
    return problem.value.isEmpty ? "the empty text" : "'\(problem.value)'"
  }

  /// The error that refuses the input; nil if there is no bad row.
  ///
  /// Where bad rows can be set aside, it says how.
  func error(offersRejects: Bool) -> HindcastError? {
    guard !isEmpty else { return nil }
    let list = first.map { "\n  \($0)" }.joined()
    let more = cellCount > first.count ? "\n  and \(cellCount - first.count) more" : ""
    return HindcastError(
      .invalidValue,
      "\(Quantities.count(rowCount, "row")) can't be taken in, and nothing was committed:"
        + list + more
        + (offersRejects
          ? "\nMend the input, or set such rows aside with --rejects FILE."
          : "\nMend the input."),
      at: .init(file: firstFile))
  }
}
