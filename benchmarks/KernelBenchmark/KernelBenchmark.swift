import Foundation

/// Measures the kernels of the segment format, each by itself on data that stays in the first two
/// caches, and the sorting of rows.
///
/// `KernelBenchmark [--only NAME] [--against FILE]`; the file is what another build printed.
@main
struct KernelBenchmark {
  static func main() throws {
    var report = Report(filter: "", other: [:])
    var arguments = Array(CommandLine.arguments.dropFirst())
    while arguments.count >= 2 {
      switch arguments[0] {
      case "--only": report.filter = arguments[1]
      case "--against": report.other = try readTimes(arguments[1])
      default: break
      }
      arguments.removeFirst(2)
    }
    report.start()
    measureIntegers(report)
    measureFloats(report)
    measureTexts(report)
    measureSorting(report)
  }

  private static func readTimes(_ path: String) throws -> [String: Double] {
    var times: [String: Double] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let fields = line.split(separator: "\t")
      if fields.count >= 2, let time = Double(fields[1]) { times[String(fields[0])] = time }
    }
    return times
  }
}
