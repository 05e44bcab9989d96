import ArgumentParser
import Hindcast
import HindcastStore

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the store is whole: commits, segments, checksums.",
    discussion: """
      Reads commits and the ends of segments; damage inside pages shows only with --deep, which \
      reads every page and checks the order of rows. All problems are listed; the exit \
      code is 1 if there is one.

      Example:
        hindcast verify --deep
      """)

  @Flag(name: .long, help: "Read every page.")
  var deep = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let report = try TerminalProgress.show { progress in
      try verify(store, isDeep: deep, progress: progress)
    }
    try reporting.write(report)
    if !report.isSound { throw ExitCode.failure }
  }
}
