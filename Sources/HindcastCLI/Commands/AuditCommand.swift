import ArgumentParser
import Hindcast

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Rebuild a training set by full scan, and compare it cell by cell.",
    discussion: """
      Reads FILE and FILE.manifest.json, answers every row again with the reference implementation \
      on the manifest's snapshot, and compares. The exit code is 1 if anything differs.

      Example:
        hindcast audit train.parquet
      """)

  @Argument(help: ArgumentHelp("A file that 'build' or 'latest' wrote.", valueName: "file"))
  var file: String

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let report = try TerminalProgress.show { progress in
      try Audit(store: store, file: file).run(progress: progress)
    }
    try reporting.write(report, passes: report.passes)
  }
}
