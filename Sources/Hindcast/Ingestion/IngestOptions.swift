public import HindcastCore
public import HindcastFormat
public import HindcastInterchange

/// How files are read and stored.
public struct IngestOptions: Sendable {
  /// The files' format; nil goes by each file's name.
  public var format: FileFormat?
  /// The unit of integer event and created times; nil refuses integers.
  public var integerTimeUnit: TimeUnit?
  /// CSV: an unquoted text that is null besides the empty one.
  public var nullText: String?
  /// A name for this input: a second ingest under it changes nothing.
  public var batchID: String?
  /// How hard to compress.
  public var profile: Profile = .balanced
  /// The memory for sorting; nil is the store's default.
  public var memoryBytes: Int?
  /// Where bad rows go, each with its reason; nil refuses the input if there is one.
  public var rejectsPath: String?
  /// Whether to read and check everything, and commit nothing.
  public var isDryRun = false
  /// Whether to merge segments of like size after the commit.
  public var compactsAfterwards = false

  /// Creates the defaults.
  public init() {}
}

/// What an ingest did.
public struct IngestReport: Report {
  /// The group.
  public var group: String
  /// The commit; nil if nothing was committed.
  public var commit: UInt64?
  /// The rows taken in, or that would have been.
  public var rowCount = 0
  /// The rows set aside.
  public var rejectedRowCount = 0
  /// Whether the batch id had been taken in before, in ``commit``.
  public var isRepetition = false
  /// Whether nothing was committed on purpose.
  public var isDryRun = false
  /// What a person should know: columns that were ignored.
  public var notes: [String] = []

  /// One line, and the notes.
  public var text: String {
    notes.map { "note: \($0)\n" }.joined() + outcome + "\n"
  }

  private var outcome: String {
    let rows = Quantities.count(rowCount, "row")
    let rejected =
      rejectedRowCount == 0 ? "" : ", \(Quantities.count(rejectedRowCount, "row")) rejected"
    if isRepetition, let commit {
      return "This batch is in \(group) already, since commit \(commit)."
    }
    if isDryRun { return "Dry run: \(rows) would go into \(group)\(rejected)." }
    guard let commit else { return "No rows for \(group)\(rejected); nothing was committed." }
    return "\(rows) into \(group) in commit \(commit)\(rejected)."
  }

  /// The counts and the commit.
  public var json: JSONValue {
    [
      "group": .string(group), "commit": commit.map { .number($0) } ?? .null,
      "rows": .number(rowCount), "rejected_rows": .number(rejectedRowCount),
      "repetition": .bool(isRepetition), "dry_run": .bool(isDryRun),
      "notes": .array(notes.map { .string($0) }),
    ]
  }
}
