/// A table for a terminal: columns aligned, two spaces apart, no lines.
public struct TextTable: Sendable {
  /// On which side a column's cells are flush.
  public enum Alignment: Sendable { case left, right }

  private let headings: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// Creates a table; the headings' alignments hold for their columns.
  public init(_ columns: [(heading: String, alignment: Alignment)]) {
    headings = columns.map(\.heading)
    alignments = columns.map(\.alignment)
  }

  /// A table of names and what they stand for, without headings.
  public static func pairs(_ pairs: [(String, String)]) -> String {
    let width = pairs.map { $0.0.count }.max() ?? 0
    return pairs.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
    }.joined()
  }

  /// Adds a row; it must have a cell for each column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == headings.count)
    rows.append(cells)
  }

  /// Whether there is no row.
  public var isEmpty: Bool { rows.isEmpty }

  /// The headings and the rows, each on a line of its own.
  public var text: String {
    let lines = [headings] + rows
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return alignments[column] == .left ? cells[column] + space : space + cells[column]
      }
      let line = padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}
