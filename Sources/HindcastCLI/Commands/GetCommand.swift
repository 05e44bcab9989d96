import ArgumentParser
import Hindcast
import HindcastCore
import HindcastJoin

struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Read the latest features of records, one JSON object a line.",
    discussion: """
      The answer is the one that a label at the same time would get, all options alike. Where \
      there is none the features are null and \"outcome\" says why: missing, deleted or expired.

      Example:
        hindcast get planes N576AA N557AA --features arr_delay --as-of 2011-06-30
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Argument(help: "Record identifiers, if they are one column.")
  var ids: [String] = []

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("One component of the record identifier.", valueName: "col=value"),
    transform: Arguments.assignment)
  var components: [Assignment] = []

  @Option(
    name: .long, help: ArgumentHelp("The features; all without it.", valueName: "a,b"),
    transform: Arguments.names)
  var features: [String]?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The time to answer for: a time, or now, the default.", valueName: "time"),
    transform: AsOfTime.parse)
  var asOf = AsOfTime.now

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How old an answer may be; else the group's ttl.", valueName: "7d|none"))
  var maxAge: String?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How long after its event time a version can be used.", valueName: "1h"))
  var delay: String?

  @Option(
    name: .long, help: ArgumentHelp("Only versions before the time, not at it.", valueName: "name"))
  var strict: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Also use versions that became known later.", valueName: "name"))
  var knownLate: [String] = []

  @OptionGroup var pin: SnapshotOptions

  @Flag(name: .long, help: "Taken as everywhere; answers are JSON in any case.")
  var json = false

  @OptionGroup var location: StoreOptions

  func run() throws {
    let group = try location.open().snapshot(pin.selector).group(named: name)
    let records = try RecordArguments(ids: ids, components: components)
      .records(of: group.definition)
    Quarantine.warn(of: group)
    let answers = try latestAnswers(of: records, in: group, view: try view(), at: asOf.instant)
    try StandardStreams.write(answers.map { $0.json.compact + "\n" }.joined())
  }

  /// The one view of the request, with the options that need not name it.
  private func view() throws -> FeatureView {
    var request = FeatureRequest(views: [FeatureView(group: name, features: features ?? [])])
    func named(_ text: String?) -> [String] {
      text.map { [$0.contains("=") ? $0 : "\(name)=\($0)"] } ?? []
    }
    let texts = AsOfOptionTexts(
      maxAges: named(maxAge), delays: named(delay),
      stricts: OptionalValues.aliases(strict), knownLates: OptionalValues.aliases(knownLate))
    try Arguments.checking { () throws(HindcastError) in try request.apply(texts) }
    return request.views[0]
  }
}
