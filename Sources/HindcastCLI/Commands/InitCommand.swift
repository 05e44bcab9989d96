import ArgumentParser
import Hindcast
import HindcastStore

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create an empty store.",
    discussion: """
      A folder that is there already must be empty. Without DIR the store is $HINDCAST_STORE, else \
      .hindcast in the current folder, which every other command finds from here and below.

      Example:
        hindcast init
      """)

  @Argument(help: ArgumentHelp("The new store's folder.", valueName: "dir"))
  var directory: String?

  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let path =
      directory ?? StandardStreams.environment("HINDCAST_STORE") ?? StoreOptions.defaultName
    let store = try Store.create(at: path)
    try reporting.write(
      ["store": .string(path), "identifier": .string(store.identifier)],
      text: "Created store \(path) (\(store.identifier)).\n")
  }
}
