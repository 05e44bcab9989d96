import Hindcast
import HindcastCore
import HindcastDatasets
import HindcastInterchange
import HindcastStore

/// Writes a generated dataset: its tables, its groups, and the commands that go on from there.
struct DatasetFiles {
  private let dataset: Dataset
  private let folder: String
  private let format: FileFormat

  init(_ dataset: Dataset, folder: String, format: FileFormat) {
    self.dataset = dataset
    self.folder = folder
    self.format = format
  }

  /// What was written.
  struct Written: Report {
    let files: [(path: String, rows: Int)]
    let nextCommands: [String]

    var text: String {
      var table = TextTable([("file", .left), ("rows", .right)])
      for file in files { table.append([file.path, Quantities.count(file.rows)]) }
      return table.text + "\nNext:\n" + nextCommands.map { "  \($0)\n" }.joined()
    }

    var json: JSONValue {
      [
        "files": .array(
          files.map { ["file": .string($0.path), "rows": .number($0.rows)] }),
        "next_commands": .array(nextCommands.map { .string($0) }),
      ]
    }
  }

  func write(progress: any ProgressSink) throws -> Written {
    try createFolder()
    var written: [(path: String, rows: Int)] = []
    for table in dataset.tables { written.append(try write(table, progress: progress)) }
    try TextFile.write(dataset.groupsYAML, to: folder + "/groups.yaml")
    return Written(files: written, nextCommands: nextCommands)
  }

  /// The commands that go on from there.
  var nextCommands: [String] {
    dataset.nextCommands(directory: Self.shellWord(folder), fileExtension: format.rawValue)
  }

  /// Makes the folder where it is not there yet.
  func createFolder() throws { try createFolder(folder, LocalFileSystem()) }

  /// Writes one table to a file of its name.
  func write(
    _ table: DatasetTable, progress: any ProgressSink
  ) throws -> (path: String, rows: Int) {
    let path = "\(folder)/\(table.name).\(format.rawValue)"
    return (path, try write(table, to: path, progress: progress))
  }

  /// A path that a shell takes as one word.
  private static func shellWord(_ path: String) -> String {
    let isPlain = path.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0))
    }
    return isPlain ? path : "'\(path.replacing("'", with: "'\\''"))'"
  }

  /// Makes the folder and those above it, where they are not there yet.
  private func createFolder(_ path: String, _ files: LocalFileSystem) throws {
    guard try files.status(path) == nil else { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try createFolder(String(path[..<slash]), files)
    }
    // `a/` is there as soon as `a` is.
    if try files.status(path) == nil { try files.createDirectory(path) }
  }

  private func write(
    _ table: DatasetTable, to path: String, progress: any ProgressSink
  ) throws -> Int {
    let schema = ArrowSchemaReference(table.fields.map { ($0.name, $0.type) })
    let writer = try TableWriter(path: path, format: format, schema: schema)
    var rowCount = 0
    do {
      try table.generate { columns in
        try Interruption.check()
        let count = columns.first?.count ?? 0
        let named = zip(table.fields, columns).map { (name: $0.name, column: $1) }
        try writer.write(ArrowBatch(count: count, columns: named))
        rowCount += count
        progress.update(
          phase: table.name, done: rowCount, total: table.expectedRows, unit: "rows")
      }
      try writer.close()
    } catch {
      writer.cancel()
      throw error
    }
    return rowCount
  }
}
