import ArgumentParser
import Hindcast

struct GroupListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the feature groups.",
    discussion: """
      Example:
        hindcast group list --json
      """)

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let groups = try location.open().snapshot().groups
    var table = TextTable([
      ("group", .left), ("record identifier", .left), ("features", .right), ("ttl", .left),
      ("description", .left),
    ])
    for group in groups {
      table.append([
        group.name, group.recordIdentifiers.map(\.name).joined(separator: ","),
        "\(group.features.count)", group.timeToLive?.description ?? "none", group.description,
      ])
    }
    try reporting.write(
      ["groups": .array(groups.map { GroupDescription($0).json })],
      text: groups.isEmpty ? "No groups yet: see 'hindcast apply --help'.\n" : table.text)
  }
}
