import ArgumentParser
import HindcastCore
import HindcastFormat

/// `open`: what it takes to know what a segment holds.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open a segment again and again; print the median.")

  @Argument(help: "The segment.") var segment: String
  @Option(help: "How often.") var `repeat` = 1000

  func run() throws {
    var latencies: [Int] = []
    var bytesRead = 0
    for _ in 0..<max(1, `repeat`) {
      let watch = Stopwatch()
      let reader = try openSegment(segment)
      latencies.append(watch.nanoseconds)
      bytesRead = reader.counters.snapshot().bytesRead
    }
    let first = latencies[0]
    latencies.sort()
    var line = JSONLine()
    line.add("job", "open")
    line.add("firstMicroseconds", Double(first) / 1000)
    line.add("medianMicroseconds", Double(percentile(latencies, 0.5)) / 1000)
    line.add("bytesRead", bytesRead)
    print(line.text)
  }
}
