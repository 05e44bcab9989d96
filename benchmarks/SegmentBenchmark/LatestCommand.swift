import ArgumentParser
import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastStore

/// `latest`: the latest row of each of many records, from a process that knows nothing yet.
struct LatestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latest",
    abstract: "Read the latest row, all columns, of the listed records, on all cores.",
    discussion: "Opening the segment is timed too; reading the list is not.")

  @Argument(help: "The segment.") var segment: String
  @Option(help: "A file of int64 identifiers, ascending, one a line.") var entities: String

  func run() throws {
    let list = try EntityList(entities, for: try openSegment(segment))
    let before = Stopwatch.processorSeconds
    let watch = Stopwatch()
    let reader = try openSegment(segment, cache: PageCache(byteLimit: 64 << 20))
    let lookup = try LatestLookup(reader)
    let rows = try Parallel.map((list.keys.count + 63) / 64) { part throws(HindcastError) in
      var rows: [Int] = []
      for index in part * 64..<min(list.keys.count, part * 64 + 64) {
        if let row = try lookup.row(of: list.keys, index) { rows.append(row) }
      }
      return rows
    }.flatMap { $0 }
    let columns = try reader.columns(named: ["event_time"] + reader.names).compactMap(\.reader)
    let values = try Parallel.map(columns.count) { index throws(HindcastError) in
      try lookup.values(columns[index], rows: rows)
    }
    let seconds = watch.seconds
    let processorSeconds = Stopwatch.processorSeconds - before
    var line = JSONLine()
    line.add("job", "latest")
    line.add("seconds", seconds)
    line.add("processorSeconds", processorSeconds)
    line.add("records", list.keys.count)
    line.add("rows", rows.count)
    line.add(reader.counters.snapshot())
    line.add("crc32", CRC32.of(values))
    print(line.text)
  }
}
