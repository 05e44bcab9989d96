import ArgumentParser
import Hindcast
import HindcastFormat
import HindcastStore

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a segment holds: its schema, columns, and where the bytes go.",
    discussion: """
      SEGMENT is a segment's file, or its identifier or the beginning of it ('hindcast stats NAME' \
      lists them). --pages lists every page with its encoding.

      Example:
        hindcast inspect 3f2a --pages
      """)

  @Argument(help: "A segment's file, or the beginning of its identifier.")
  var segment: String

  @Flag(name: .long, help: "List every page: rows, encoding, bytes.")
  var pages = false

  @OptionGroup var location: StoreOptions
  @OptionGroup var reporting: ReportOptions

  func run() throws {
    let report = try SegmentInspection(try reader(), withPages: pages)
    try reporting.write(report)
  }

  private func reader() throws -> SegmentReader {
    let files = LocalFileSystem()
    if try files.status(segment)?.isDirectory == false {
      return try SegmentReader(file: try files.openFile(segment), expecting: nil)
    }
    return try SegmentInspection.find(segment, in: try location.open())
  }
}
