public import HindcastCore
import HindcastInterchange
import HindcastJoin
public import HindcastStore

/// Which labels get other values at one snapshot than at another.
///
/// Both are answered by the ordinary operator, chunk by chunk, and compared cell by cell.
public struct LabelDifference: Hashable, Sendable {
  /// A cell that differs.
  public struct Cell: Hashable, Sendable {
    /// The label, counted from one.
    public let row: Int
    /// The output column.
    public let column: String
    /// The value at the older snapshot, as text.
    public let old: String
    /// The value at the newer one.
    public let new: String
  }

  /// The number of labels.
  public internal(set) var labelCount = 0
  /// The number of labels with a cell that differs.
  public internal(set) var changedCount = 0
  /// The output columns, and in how many labels each differs.
  public internal(set) var columns: [(name: String, count: Int)] {
    get { zip(names, counts).map { (name: $0, count: $1) } }
    set { (names, counts) = (newValue.map(\.name), newValue.map(\.count)) }
  }
  /// The first cells that differ.
  public internal(set) var first: [Cell] = []
  /// The file with the labels that differ, if one was asked for.
  public internal(set) var output: String?

  private var names: [String] = []
  private var counts: [Int] = []

  /// How many cells ``first`` holds at most.
  public static let shownCount = 10

  /// Answers labels at both snapshots.
  ///
  /// With a path in `options.output` the labels that differ are written there: the label columns,
  /// those of types that the engine does not know left out, `label_row`, and for every feature
  /// column `NAME__old` and `NAME__new`.
  /// - Throws: ``HindcastError`` as ``TrainingSet``; if a snapshot lacks what is asked for, it is
  ///   named.
  public init(
    _ options: BuildOptions, from old: Snapshot, to new: Snapshot,
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) {
    guard options.labels != "-" else {
      throw HindcastError(
        .invalidArgument, "labels are read twice, for two snapshots: name a file instead of -")
    }
    var before = try Self.trainingSet(options, old)
    var after = try Self.trainingSet(options, new)
    let outputs = zip(before.views.flatMap(\.outputs), after.views.flatMap(\.outputs))
      .map { (name: $0.name, old: $0.type, new: $1.type) }
    columns = outputs.map { (name: $0.name, count: 0) }
    let writer =
      options.output == "-" ? nil : try ChangedLabels(options, before.source.schema, outputs)
    do throws(HindcastError) {
      let rows = min(before.chunkRows, after.chunkRows) / 2
      while let chunk = try before.source.next(
        rows: max(rows, 1), memoryBytes: options.memoryBytes / 2)
      {
        let old = try before.views.resolve(chunk, of: before.source)
        let new = try after.views.resolve(chunk, of: after.source)
        for labels in try Self.parts(old, new, chunk.count, memoryBytes: options.memoryBytes / 2) {
          let (a, b) = (try old.gather(labels).columns, try new.gather(labels).columns)
          let part = chunk.part(labels)
          let changed = compare(a, b, outputs, firstRow: part.firstRow)
          try writer?.write(changed, a, b, part)
        }
        labelCount = before.source.rowCount
        progress.update(phase: "compare", done: labelCount, total: nil, unit: "labels")
      }
      try writer?.close()
    } catch {
      writer?.cancel()
      throw error
    }
    output = writer == nil ? nil : options.output
  }

  private static func trainingSet(
    _ options: BuildOptions, _ snapshot: Snapshot
  ) throws(HindcastError) -> TrainingSet {
    do throws(HindcastError) {
      return try TrainingSet(snapshot: snapshot, options: options)
    } catch {
      var explained = error
      explained.message = "at snapshot \(snapshot.number): \(error.message)"
      throw explained
    }
  }

  /// Ranges of labels of which both answers have room in memory.
  private static func parts(
    _ old: [ResolvedView], _ new: [ResolvedView], _ labelCount: Int, memoryBytes: Int
  ) throws(HindcastError) -> [Range<Int>] {
    let a = try old.parts(labelCount, memoryBytes: memoryBytes)
    let b = try new.parts(labelCount, memoryBytes: memoryBytes)
    return a.count > b.count ? a : b
  }

  /// Notes the cells of a chunk that differ; returns their rows in it.
  private mutating func compare(
    _ old: [Column], _ new: [Column], _ outputs: [(name: String, old: DataType, new: DataType)],
    firstRow: Int
  ) -> [UInt32] {
    var changed: [UInt32] = []
    for row in 0..<(old.first?.count ?? 0) {
      var isChanged = false
      for index in old.indices where old[index][row] != new[index][row] {
        isChanged = true
        counts[index] += 1
        guard first.count < Self.shownCount else { continue }
        first.append(
          Cell(
            row: firstRow + row + 1, column: outputs[index].name,
            old: Self.text(old[index][row], outputs[index].old),
            new: Self.text(new[index][row], outputs[index].new)))
      }
      if isChanged { changed.append(UInt32(row)) }
    }
    changedCount += changed.count
    return changed
  }

  private static func text(_ value: Value, _ type: DataType) -> String {
    switch (value, type) {
    case (.null, _): "null"
    case (.bytes, .utf8): "'\(value.text(as: type))'"
    default: value.text(as: type)
    }
  }
}

extension LabelDifference: Report {
  /// The counts, and the first cells that differ.
  public var text: String {
    var lines = [
      "\(Quantities.count(labelCount, "label")), of which \(Quantities.count(changedCount)) "
        + "\(changedCount == 1 ? "gets" : "get") other values"
    ]
    lines += columns.filter { $0.count > 0 }.map { "  \($0.name): \(Quantities.count($0.count))" }
    lines += first.map { "  row \($0.row), \($0.column): \($0.old) -> \($0.new)" }
    if let output { lines.append("Written to \(output)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same with raw numbers.
  public var json: JSONValue {
    [
      "labels": .number(labelCount), "changed_labels": .number(changedCount),
      "changed_cells": .object(columns.map { .init($0.name, .number($0.count)) }),
      "first_cells": .array(
        first.map { cell in
          [
            "row": .number(cell.row), "column": .string(cell.column), "old": .string(cell.old),
            "new": .string(cell.new),
          ]
        }),
      "output": .optional(output),
    ]
  }
}
