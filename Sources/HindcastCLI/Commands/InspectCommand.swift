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
      lists them). --pages lists every page with its encoding and the bytes of those it was \
      chosen against (of the values alone: without nulls, before a codec).

      Encodings read from outside in. In brackets stands how many, behind a colon how many bits a \
      value, in parentheses what the parts are stored as:
        packed:7                          7 bits a value, less the least
        delta(bases, differences)         differences of neighbours, from a base every 128
        patched[9](values, places, ones)  9 values replaced; over constant: mostly one value
        scaled:60(quotients)              multiples of 60 above the least
        alp:2(integers)                   decimals as integers, by 100
        alp-rd:52(left, right)            floats cut in two, the right part 52 bits
        run-length[12](values, ends)      12 stretches of one value each
        dictionary[40](values, codes)     40 distinct values, a code a row
        plain(lengths)                    texts in a row; numbers at full width
        alphabet:4(lengths)               texts of few characters, 4 bits each
        fsst[255](texts)                  texts of 255 frequent sequences, a byte each
        nullable(validity, values)        what is null, then the values that are not
        list(lengths, elements)
        constant, null, bitmap, sparse    one value; only nulls; a bit a row; places
      "+ zstd" or "+ lz4" is a codec over the whole page. The row (keys, directories) is what no \
      column holds: record keys with their index, directories, schema.

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
