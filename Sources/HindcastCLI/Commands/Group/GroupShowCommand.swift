import ArgumentParser
import Hindcast

struct GroupShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one feature group: its settings and columns.",
    discussion: """
      --yaml writes the definition that 'hindcast apply' reads.

      Example:
        hindcast group show planes --yaml > planes.yaml
      """)

  @Argument(help: "The group's name.")
  var name: String

  @Flag(name: .long, help: "Write the group's definition file.")
  var yaml = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let group = try location.open().snapshot().group(named: name).definition
    if yaml {
      try StandardStreams.write(group.yaml)
    } else {
      try reporting.write(GroupDescription(group))
    }
  }
}
