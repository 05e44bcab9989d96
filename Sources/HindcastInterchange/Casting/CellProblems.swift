public import HindcastCore

/// A cell of a table file that could not be taken.
public struct CellProblem: Hashable, Sendable {
  /// The row, counted from one, header lines not counted.
  public let row: Int
  /// The column's name.
  public let column: String
  /// The value as the file has it, shortened.
  public let value: String
  /// What is wrong with it.
  public let reason: String
}

/// The cells of one file that could not be taken: how many, the first ten, and the rows of the
/// current batch that hold one.
public struct CellProblems: Sendable {
  /// How many problems are kept with all they say.
  public static let keptCount = 10

  /// The file, as the user named it.
  public let file: String?
  /// How many cells were refused.
  public private(set) var count = 0
  /// How many rows hold at least one of them.
  public private(set) var rowCount = 0
  /// Those of the first rows, ten at most, in the order of rows.
  public private(set) var first: [CellProblem] = []
  /// What is wrong with rows of the current batch, by their index in it.
  public private(set) var reasonByBatchRow: [Int: String] = [:]

  private var firstRow = 0

  /// Starts without problems.
  public init(file: String? = nil) {
    self.file = file
  }

  /// Whether nothing was refused.
  public var isEmpty: Bool { count == 0 }

  /// Says that the rows that follow are those of a batch which starts after `firstRow` rows.
  public mutating func startBatch(firstRow: Int) {
    self.firstRow = firstRow
    reasonByBatchRow = [:]
  }

  /// Adds a problem; `row` is the index in the current batch.
  public mutating func add(row: Int, column: String, value: String, reason: String) {
    count += 1
    let text = "column \"\(column)\": \(value.isEmpty ? "the empty text" : "'\(value)'") \(reason)"
    if let before = reasonByBatchRow[row] {
      reasonByBatchRow[row] = "\(before); \(text)"
    } else {
      reasonByBatchRow[row] = text
      rowCount += 1
    }
    keep(CellProblem(row: firstRow + row + 1, column: column, value: value, reason: reason))
  }

  /// Columns are cast one after the other, so that a problem of an early row can come late.
  private mutating func keep(_ problem: CellProblem) {
    let place = first.lastIndex { $0.row <= problem.row }.map { $0 + 1 } ?? 0
    guard place < Self.keptCount else { return }
    first.insert(problem, at: place)
    if first.count > Self.keptCount { first.removeLast() }
  }

  /// One error that lists the first ten; nil if there are none.
  public var error: HindcastError? {
    guard let start = first.first else { return nil }
    var lines = first.map { problem in
      let value = problem.value.isEmpty ? "the empty text" : "'\(problem.value)'"
      return "row \(problem.row), column \"\(problem.column)\": \(value) \(problem.reason)"
    }
    if count > lines.count { lines.append("and \(count - lines.count) more") }
    let place = HindcastError.Location(
      file: file, row: count == 1 ? start.row : nil, column: count == 1 ? start.column : nil)
    guard count > 1 else {
      let value = start.value.isEmpty ? "the empty text" : "'\(start.value)'"
      return HindcastError(.invalidValue, "\(value) \(start.reason)", at: place)
    }
    let list = lines.joined(separator: "\n  ")
    return HindcastError(.invalidValue, "\(count) values can't be taken:\n  \(list)", at: place)
  }
}
