import ArgumentParser
import Hindcast
import HindcastCore

struct GroupUpdateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Change a feature group's settings, or add features.",
    discussion: """
      What is not said stays. An added feature is null in the history that is there. Builds on an \
      older snapshot keep the settings of that snapshot.

      Example:
        hindcast group update planes --ttl 2d --add taxi_out=float64
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Option(
    name: .long, help: ArgumentHelp("A new feature; may be repeated.", valueName: "feature=type"),
    transform: Arguments.assignment)
  var add: [Assignment] = []

  @OptionGroup var settings: GroupSettings
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let group = try store.snapshot().group(named: name).definition
    var definition = GroupDefinition(name: name)
    settings.apply(to: &definition)
    definition.features = try newFeatures(of: group)
    try reporting.write(try applyDefinitions([definition], to: store, isDryRun: false))
  }

  private func newFeatures(of group: FeatureGroup) throws -> [Field]? {
    guard !add.isEmpty else { return nil }
    return try add.map { addition in
      guard let type = DataType(addition.value) else {
        throw ValidationError("'\(addition.value)' is no type; \(GroupDefinition.typeAdvice)")
      }
      guard group.feature(named: addition.name) == nil else {
        throw HindcastError(
          .alreadyExists, "group \(name) has a feature \(addition.name) already")
      }
      return Field(id: 0, name: addition.name, type: type)
    }
  }
}
