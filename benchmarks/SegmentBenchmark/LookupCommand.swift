import ArgumentParser
import HindcastCore
import HindcastFormat

/// `lookup`: how long one record's latest values take in a process that has been at it for a while.
struct LookupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lookup",
    abstract: "Read the latest row of one record at a time, and print how latencies spread.",
    discussion: "All listed records are read once before; their values are the hash.")

  @Argument(help: "The segment.") var segment: String
  @Option(help: "A file of int64 identifiers, one a line.") var entities: String
  @Option(help: "The page cache, in MiB.") var cacheMiB = 1024
  @Option(help: "How often the list is gone through.") var `repeat` = 10
  @Option(help: "Names, separated by commas; event_time and all features without it.")
  var columns: String?

  func run() throws {
    let reader = try openSegment(segment, cache: PageCache(byteLimit: cacheMiB << 20))
    let list = try EntityList(entities, for: reader)
    let names = columns.map { $0.split(separator: ",").map(String.init) }
    let columns = try reader.columns(named: names ?? ["event_time"] + reader.names)
      .compactMap(\.reader)
    let lookup = try LatestLookup(reader)
    let hash = try hash(list, columns, lookup)
    try warm(list, columns, lookup)
    let before = reader.counters.snapshot()
    var latencies: [Int] = []
    latencies.reserveCapacity(`repeat` * list.keys.count)
    var valueCount = 0
    for _ in 0..<`repeat` {
      for index in 0..<list.keys.count {
        let watch = Stopwatch()
        if let row = try lookup.row(of: list.keys, index) {
          for column in columns {
            let value = try lookup.value(column, row: row)
            if value != .null { valueCount += 1 }
          }
        }
        latencies.append(watch.nanoseconds)
      }
    }
    latencies.sort()
    var line = JSONLine()
    line.add("job", "lookup")
    line.add("lookups", latencies.count)
    line.add("values", valueCount)
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      line.add("\(name)Nanoseconds", latencies.isEmpty ? 0 : percentile(latencies, share))
    }
    line.add(reader.counters.snapshot() - before)
    line.add("crc32", hash)
    print(line.text)
  }

  /// Brings the pages of all listed records to the cache.
  private func warm(
    _ list: EntityList, _ columns: [ColumnReader], _ lookup: LatestLookup
  ) throws(HindcastError) {
    for index in 0..<list.keys.count {
      guard let row = try lookup.row(of: list.keys, index) else { continue }
      for column in columns { _ = try lookup.value(column, row: row) }
    }
  }

  /// The hash of all listed records' values, column by column.
  private func hash(
    _ list: EntityList, _ columns: [ColumnReader], _ lookup: LatestLookup
  ) throws(HindcastError) -> UInt32 {
    let values = columns.map { ColumnAccumulator(type: $0.type) }
    for index in 0..<list.keys.count {
      guard let row = try lookup.row(of: list.keys, index) else { continue }
      for (place, column) in columns.enumerated() {
        values[place].append(try lookup.values(column, rows: [row]), rows: 0..<1)
      }
    }
    return CRC32.of(values.map { $0.finish() })
  }
}

/// The value below which `share` of the ascending `values` lie.
func percentile(_ values: [Int], _ share: Double) -> Int {
  values[min(values.count - 1, Int(Double(values.count) * share))]
}
