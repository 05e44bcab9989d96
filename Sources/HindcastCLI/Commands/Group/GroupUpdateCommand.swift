import ArgumentParser
import Hindcast
import HindcastCore

struct GroupUpdateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Change a feature group's settings and features.",
    discussion: """
      What is not said stays. An added feature is null in the history that is there, or its \
      default; a dropped one's name may be given to another. A type may become one that holds \
      every value (int32 to int64, float32 to float64). Builds on an older snapshot keep the \
      settings and features of that snapshot.

      Example:
        hindcast group update planes --ttl 2d \\
          --add taxi_out=float64 --default taxi_out=0
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Option(
    name: .long, help: ArgumentHelp("A new feature; may be repeated.", valueName: "feature=type"),
    transform: Arguments.assignment)
  var add: [Assignment] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A new feature's value in older rows.", valueName: "feature=value"),
    transform: Arguments.assignment)
  var `default`: [Assignment] = []

  @Option(
    name: .long, help: ArgumentHelp("A feature's wider type.", valueName: "feature=type"),
    transform: Arguments.assignment)
  var type: [Assignment] = []

  @Option(
    name: .long, help: ArgumentHelp("A feature's new name.", valueName: "old=new"),
    transform: Arguments.assignment)
  var rename: [Assignment] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A feature that goes; may be repeated.", valueName: "feature"))
  var drop: [String] = []

  @OptionGroup var settings: GroupSettings
  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let store = try location.open()
    let group = try store.snapshot().group(named: name).definition
    var definition = GroupDefinition(name: name)
    settings.apply(to: &definition)
    definition.drops = Set(drop)
    definition.renames = Dictionary(
      rename.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
    definition.features = try newFeatures(of: group) + widerFeatures(of: group)
    let report = try applyDefinitions([definition], to: store, isDryRun: false)
    try reporting.write(report)
  }

  private func field(_ assignment: Assignment) throws -> Field {
    guard let type = DataType(assignment.value) else {
      throw ValidationError("'\(assignment.value)' is no type; \(GroupDefinition.typeAdvice)")
    }
    return Field(id: 0, name: assignment.name, type: type)
  }

  private func newFeatures(of group: FeatureGroup) throws -> [Field] {
    let free = Set(drop + rename.map(\.name))
    let features = try add.map { addition in
      var field = try field(addition)
      guard group.feature(named: field.name) == nil || free.contains(field.name) else {
        throw HindcastError(.alreadyExists, "group \(name) has a feature \(field.name) already")
      }
      if let text = self.default.first(where: { $0.name == field.name })?.value {
        field.defaultValue = try Value(parsing: text, of: field)
      }
      return field
    }
    for assignment in self.default where !add.contains(where: { $0.name == assignment.name }) {
      throw ValidationError("--default \(assignment.name) goes with --add \(assignment.name)=TYPE")
    }
    return features
  }

  private func widerFeatures(of group: FeatureGroup) throws -> [Field] {
    try type.map { assignment in
      let field = try field(assignment)
      let isNamed = rename.contains { $0.value == field.name }
      guard isNamed || group.feature(named: field.name) != nil else {
        throw HindcastError(.notFound, "group \(name) has no feature \(field.name)")
      }
      return field
    }
  }
}
