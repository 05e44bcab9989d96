import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The store's folder.",
      discussion: "Else $HINDCAST_STORE, else the nearest folder .hindcast, from here upward.",
      valueName: "dir"))
  var store: String?

  /// Opens the store.
  func open() throws -> Store { try Store.open(at: try path()) }

  /// Opens the store, whatever is wrong with its commits.
  func openUnread() throws -> Store { try Store.openUnread(at: try path()) }

  /// The store's folder.
  private func path() throws -> String {
    if let store { return store }
    if let store = StandardStreams.environment("HINDCAST_STORE") { return store }
    return try nearest()
  }

  private func nearest() throws -> String {
    let files = LocalFileSystem()
    var folder = try WorkingFolder.path()
    while true {
      let candidate = (folder == "/" ? "" : folder) + "/" + Self.defaultName
      if try files.status(candidate)?.isDirectory == true { return candidate }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { break }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
    throw HindcastError(
      .notFound,
      "no store here: no folder \(Self.defaultName) in this folder or above it; "
        + "make one with 'hindcast init', or say --store DIR")
  }

  /// The folder that `init` makes, and that is looked for upward.
  static let defaultName = ".hindcast"
}

/// How a verb reports.
struct ReportOptions: ParsableArguments {
  @Flag(name: .long, help: "Report as JSON.")
  var json = false

  /// Writes the report in the form asked for.
  func write(_ document: @autoclosure () -> JSONValue, text: @autoclosure () -> String) throws {
    if json {
      try StandardStreams.write(document().pretty + "\n")
    } else {
      try StandardStreams.writeText(text())
    }
  }
}

extension ReportOptions {
  /// Writes a report in the form asked for.
  func write(_ report: some Report) throws {
    try write(report.json, text: report.text)
  }

  /// Writes the report of a check, whose exit code says what was found even if nobody reads it.
  func write(_ report: some Report, passes: Bool) throws {
    do { try write(report) } catch is ClosedPipe {}
    if !passes { throw ExitCode.failure }
  }
}
