import ArgumentParser
import Hindcast
import HindcastCore

/// The settings of a group that can change at any time.
struct GroupSettings: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "How old a version may be at a label's time; none is no limit.", valueName: "duration"),
    transform: Arguments.optionalSpan)
  var ttl: GroupDefinition.Setting<TimeSpan>?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "How long after its event time a version can first be used.", valueName: "duration"),
    transform: Arguments.span)
  var delay: TimeSpan?

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Whether event time + delay must lie before a label's time, not at it.")
  var strict: Bool?

  @Option(name: .long, help: ArgumentHelp("What the group means.", valueName: "text"))
  var description: String?

  @Option(name: .long, help: ArgumentHelp("Who answers for the group.", valueName: "text"))
  var owner: String?

  @Option(
    name: .long, help: ArgumentHelp("A free label; may be repeated.", valueName: "name=value"),
    transform: Arguments.assignment)
  var tag: [Assignment] = []

  /// Says in `definition` what was said here.
  func apply(to definition: inout GroupDefinition) {
    if let ttl { definition.timeToLive = ttl }
    definition.delay = delay
    definition.isStrict = strict
    definition.description = description
    definition.owner = owner
    guard !tag.isEmpty else { return }
    definition.tags = Dictionary(tag.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }
}
