public import ArgumentParser
import HindcastCore
public import HindcastFormat
import HindcastStore

extension Profile: ExpressibleByArgument {}

/// `write`: rows in memory to a durable segment.
struct WriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write the rows of a Parquet file, read into memory before, to a segment.",
    discussion: """
      Timed is what `hindcast ingest` does with rows that are in memory: keys, the check of their \
      order, encoding, fsync. With --sort rows may come in any order, and go through the store's \
      own sorter and one commit, in a store made for it at OUTPUT.store.
      """)

  @Argument(help: "The Parquet file: entity, event_time, features.") var input: String
  @Argument(help: "The segment, which must not exist.") var output: String
  @Option(help: "balanced, fast or small.") var profile: Profile = .balanced
  @Flag(help: "Sort the rows first.") var sort = false
  @Option(name: .customLong("memory-mib"), help: "The sorter's memory.") var memoryMiB = 512

  func run() throws {
    let reading = Stopwatch()
    let table = try InputTable(input)
    let readingSeconds = reading.seconds
    let before = Stopwatch.processorSeconds
    let writing = Stopwatch()
    let byteCount = try sort ? writeSorted(table) : write(table)
    let seconds = writing.seconds
    let processorSeconds = Stopwatch.processorSeconds - before
    if sort { try moveSegment() }
    var line = JSONLine()
    line.add("job", sort ? "sort-write" : "write")
    line.add("seconds", seconds)
    line.add("processorSeconds", processorSeconds)
    line.add("startUpSeconds", readingSeconds)
    line.add("rows", table.rowCount)
    line.add("bytes", byteCount)
    print(line.text)
  }

  /// Rows in segment order, straight to the writer; returns the bytes of the file.
  private func write(_ table: InputTable) throws(HindcastError) -> Int {
    let schema = SegmentSchema(table.group)
    var sizes = ColumnSizes(schema: schema)
    var batches: [VersionBatch] = []
    for batch in table.batches {
      let versions = try batch.versions(table.group)
      sizes.add(versions)
      batches.append(versions)
    }
    let file = try LocalFileSystem().createFile(output)
    var writer = try SegmentWriter(
      file: file, uid: .random(), schema: schema, profile: profile, sizes: sizes)
    for batch in batches { try writer.append(batch) }
    let summary = try writer.finish()
    try file.synchronize()
    try file.close()
    return summary.byteCount
  }

  /// Rows in any order, through an ingest; returns the bytes of the segment.
  private func writeSorted(_ table: InputTable) throws -> Int {
    let options = AppendOptions(
      profile: profile, memoryBytes: memoryMiB << 20, segmentsPerIngest: 0)
    return try Store.create(at: store).withWriter { writer in
      try writer.apply([.create(table.group)])
      let appender = try writer.append(to: table.group.name, options: options)
      for batch in table.batches { try appender.append(try batch.versions(table.group)) }
      return try appender.commit().byteCount
    }
  }

  private var store: String { output + ".store" }

  private func moveSegment() throws(HindcastError) {
    let files = LocalFileSystem()
    for name in try files.list(store + "/segments") {
      try files.rename(store + "/segments/" + name, to: output)
    }
  }
}
