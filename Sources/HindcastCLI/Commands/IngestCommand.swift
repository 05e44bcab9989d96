import ArgumentParser
import Hindcast
import HindcastCore
import HindcastFormat
import HindcastStore

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Take rows into a group: of files in one atomic commit, or of a stream as they come.",
    discussion: """
      Columns go by name; others are ignored, with a note unless they come in JSON lines from \
      standard input. A null identifier or event time, a value \
      that does not fit its type or the group's unit, or a missing column refuses the input: \
      nothing is committed, and the first ten bad rows are named. With --rejects they go to a file \
      instead.

      In CSV an unquoted empty field is null, \"\" is the empty text. A null deleted flag is \
      false. Rows with equal times count in the order of files, then rows.

      JSON lines or an Arrow stream from standard input (-) are taken in as they come, without \
      end. Each line of output says what is durable from then on, and seen by every reader: \
      {"row": 1200, "snapshot": 17}. Whoever is interrupted goes on after the last row that was \
      acknowledged. A bad row ends the stream, as it does if nobody reads what is acknowledged; \
      the rows before are in. A feature, created time or deleted flag that a line of JSON lacks is \
      null. Until the stream ends no one else writes to the store. --atomic makes one commit of \
      the whole input, as --batch-id, --rejects and --dry-run do.

      Examples:
        hindcast ingest planes part1.parquet part2.parquet --batch-id 2011-06
        tail -f events.jsonl | hindcast ingest planes - --format jsonl
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Argument(help: ArgumentHelp("The files, or - for standard input.", valueName: "file"))
  var files: [String]

  @Option(name: .long, help: "The files' format: auto, parquet, csv, jsonl or arrow.")
  var format = FormatArgument.auto

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where bad rows go, each with its reason; the rest is committed.", valueName: "file"))
  var rejects: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A name for this input: a second ingest under it changes nothing.", valueName: "id"))
  var batchID: String?

  @Flag(name: .long, help: "Afterwards merge segments of like size, as 'compact' does.")
  var compact = false

  @Flag(name: .long, help: "Read and check everything, commit nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Make one commit of standard input, once it has ended.")
  var atomic = false

  @Option(name: .long, help: "How hard to compress: balanced, fast or small.")
  var profile = Profile.balanced

  @Option(
    name: .long,
    help: ArgumentHelp(
      "CSV: an unquoted text that is null, besides the empty one.", valueName: "text"))
  var null: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The unit of integer event and created times: s, ms, us or ns.", valueName: "unit"),
    transform: Arguments.timeUnit)
  var timeUnit: TimeUnit?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "The memory for sorting, a quarter of the machine's or 1GiB without it; more makes segments.",
      valueName: "size"),
    transform: Arguments.byteCount)
  var memory: Int?

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    var options = IngestOptions()
    options.format = format.value
    options.integerTimeUnit = timeUnit
    options.nullText = null
    options.batchID = batchID
    options.profile = profile
    options.memoryBytes = memory
    options.rejectsPath = rejects
    options.isDryRun = dryRun
    options.compactsAfterwards = compact
    let store = try location.open()
    if isStream { return try runStream(store, options) }
    let formats = Dictionary(files.map { ($0, "--format") }, uniquingKeysWith: { $1 })
    let report = try FormatOptions.naming(formats) {
      try TerminalProgress.show { progress in
        try ingest(files, into: name, of: store, options: options, progress: progress)
      }
    }
    try reporting.write(report)
  }

  /// Whether rows are taken in as they come.
  private var isStream: Bool {
    let wantsAll = atomic || batchID != nil || rejects != nil || dryRun
    return files == ["-"] && !wantsAll && (format.value == .jsonl || format.value == .arrow)
  }

  private func runStream(_ store: Store, _ options: IngestOptions) throws {
    let report = try TerminalProgress.show { progress in
      try ingestStream(
        into: name, of: store, options: options, progress: progress,
        note: { StandardStreams.writeMessage("note: \($0)\n") },
        acknowledge: { try acknowledge($0) },
        // Whoever waits for an acknowledgement sends no more, and reading can't be broken off.
        failedWaiting: { [json = reporting.json] error in
          exitProcess(with: CommandLineRunner.report(error, verb: "ingest", asJSON: json))
        })
    }
    StandardStreams.writeMessage(report.text)
  }

  /// Tells the producer what is durable: if it does not listen, the rest of its rows would be lost
  /// without a word.
  private func acknowledge(_ acknowledgement: Acknowledgement) throws {
    do {
      try StandardStreams.write(acknowledgement.line)
    } catch is ClosedPipe {
      throw HindcastError(
        .io,
        "nobody reads the acknowledgements, so the stream ends here; its rows up to "
          + "\(acknowledgement.row.formatted()) are in, and none is known to be after them")
    }
  }
}
