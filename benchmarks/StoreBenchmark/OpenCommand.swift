import ArgumentParser
import HindcastCore
import HindcastStore

/// `open`: what it takes to know what a store of many commits and segments holds.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Make a store of many commits, if it is not there; open it again and again.")

  @Argument(help: "A folder for the store.") var folder: String
  @Option(help: "Commits in all.") var commits = 10_000
  @Option(help: "Segments in all, in one group.") var segments = 1_000
  @Option(help: "How often it is opened.") var `repeat` = 21

  func run() throws {
    if try LocalFileSystem().status(folder) == nil { try make() }
    var seconds: [Double] = []
    var rowCount = 0
    for _ in 0..<max(1, `repeat`) {
      let start = ContinuousClock.now
      let group = try Store.open(at: folder).snapshot().group(named: StreamRows.group.name)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
      rowCount = group.segments.reduce(0) { $0 + $1.reference.rowCount }
    }
    let first = seconds[0]
    print(
      """
      {"job": "open", "commits": \(commits), "segments": \(segments), "rows": \(rowCount), \
      "firstMilliseconds": \(first * 1000), \
      "medianMilliseconds": \(seconds.sorted()[seconds.count / 2] * 1000)}
      """)
  }

  private func make() throws {
    let batch = StreamRows(batchRows: 100).batches(1)[0]
    let store = try Store.create(at: folder)
    try store.withWriter { writer in
      _ = try writer.apply([.create(StreamRows.group)])
      for number in 2..<commits {
        if number % (commits / segments) == 0 {
          let appender = try writer.append(to: StreamRows.group.name)
          try appender.append(batch)
          _ = try appender.commit()
        } else {
          var group = StreamRows.group
          group.description = "as of commit \(number)"
          _ = try writer.apply([.update(group)])
        }
      }
    }
  }
}
