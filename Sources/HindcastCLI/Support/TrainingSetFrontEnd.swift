import ArgumentParser
import Hindcast
import HindcastCore
import HindcastInterchange
import HindcastJoin
import HindcastStore

/// What `build`, `latest` and `rebuild` share: build, warn, report.
enum TrainingSetFrontEnd {
  /// Answers the first labels and reports, without an output.
  static func check(
    _ options: BuildOptions, snapshot: Snapshot, reporting: ReportOptions
  ) throws {
    let report = try explaining(options, snapshot) {
      try TrainingSet(snapshot: snapshot, options: options).check()
    }
    for warning in report.warnings { StandardStreams.writeMessage("warning: \(warning)\n") }
    try reporting.write(report)
  }

  /// File -> the option that states its format.
  private static func formats(_ options: BuildOptions) -> [String: String] {
    [options.output: "--output-format"].merging([options.labels: "--labels-format"]) { $1 }
  }

  /// Errors name the options that would mend them.
  private static func explaining<Result>(
    _ options: BuildOptions, _ snapshot: Snapshot, _ body: () throws -> Result
  ) throws -> Result {
    var formats = formats(options)
    if case .instant = options.time { formats[options.labels] = "--ids-format" }
    return try FormatOptions.naming(formats) {
      try KeyAdvice.offering(options.request, snapshot, body)
    }
  }

  /// Builds a set, and reports.
  static func run(
    _ options: BuildOptions, snapshot: Snapshot, reporting: ReportOptions, explains: Bool = false
  ) throws {
    let report = try explaining(options, snapshot) {
      try TerminalProgress.show { progress in
        try TrainingSet(snapshot: snapshot, options: options).build(progress: progress)
      }
    }
    warn(report)
    if explains { StandardStreams.writeMessage(report.plan.text) }
    try write(report, output: options.output, reporting)
  }

  /// Builds a set again, and reports; fails if it is not what it was.
  static func run(_ rebuild: Rebuild, reporting: ReportOptions) throws {
    let options = rebuild.options
    let report = try FormatOptions.naming(formats(options)) {
      try TerminalProgress.show { progress in try rebuild.run(progress: progress) }
    }
    warn(report.build)
    do { try write(report, output: options.output, reporting) } catch is ClosedPipe {}
    if !report.passes { throw ExitCode.failure }
  }

  private static func warn(_ report: BuildReport) {
    for warning in report.warnings { StandardStreams.writeMessage("warning: \(warning)\n") }
  }

  /// The report goes to standard error where the data goes to standard output.
  private static func write(
    _ report: some Report, output: String, _ reporting: ReportOptions
  ) throws {
    if output == "-" {
      StandardStreams.writeMessage(reporting.json ? report.json.pretty + "\n" : report.text)
    } else {
      try reporting.write(report)
    }
  }
}
