import ArgumentParser
import Hindcast

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Go on without segments that are damaged or missing.",
    discussion: """
      Reads every page of every segment. Those that are damaged are taken out of their groups in \
      one commit, and their files are moved to the store's folder quarantine/. What is lost is \
      listed, record by record as far as it can still be read (--json lists up to 10,000 records \
      of a segment, and counts those that it leaves out). Snapshots from that commit on answer \
      without the lost versions and say so; earlier ones fail where they need them. Restore the \
      file from a backup instead, if you have one: then nothing is lost. Damaged commits, disks \
      that refuse to read and files of a newer version are reported and left alone; the exit code \
      is then 1.

      Example:
        hindcast repair --dry-run
      """)

  @Flag(name: .long, help: "Show what is lost and leave the store alone.")
  var dryRun = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let report = try TerminalProgress.show { progress in
      try StoreRepairReport(repairing: store, isDryRun: dryRun, progress: progress)
    }
    try reporting.write(report, passes: !report.needsAttention)
  }
}
