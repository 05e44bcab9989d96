import ArgumentParser
import HindcastCore
import HindcastFormat
import HindcastJoin
import HindcastStore

/// `scan`: every value of a segment, or of some columns, into Arrow's layout and summed.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Decode all pages of a segment's columns on all cores, and sum each column.",
    discussion: """
      Without --columns: the record identifier, a value a row, event times and all features. \
      Opening the segment is timed too.
      """)

  @Argument(help: "The segment.") var segment: String
  @Option(help: "Names, separated by commas.") var columns: String?

  func run() throws {
    let before = Stopwatch.processorSeconds
    let watch = Stopwatch()
    let reader = try openSegment(segment)
    let opening = watch.seconds
    let names = columns.map { $0.split(separator: ",").map(String.init) }
    let sums = try sumColumns(reader, names)
    let seconds = watch.seconds
    let processorSeconds = Stopwatch.processorSeconds - before
    var line = JSONLine()
    line.add("job", "scan")
    line.add("seconds", seconds)
    line.add("processorSeconds", processorSeconds)
    line.add("openSeconds", opening)
    line.add("rows", reader.rowCount)
    line.add(reader.counters.snapshot())
    var members = JSONLine()
    for (name, sum) in sums { members.add(name, sum.json) }
    line.add("sums", members)
    print(line.text)
  }
}

/// Pages of a column, or of the records, that are decoded and summed as one piece of work.
private struct Piece {
  /// Those of a directory block.
  static let pageCount = 128

  let column: Int
  let pages: Range<Int>
}

/// Decodes all pages of the named columns on all cores, and sums each column; nil takes the record
/// identifiers, event times and all features.
func sumColumns(
  _ segment: SegmentReader, _ names: [String]?
) throws(HindcastError) -> [(String, ColumnSum)] {
  let columns = try segment.columns(named: names ?? ["entity", "event_time"] + segment.names)
  var pieces: [Piece] = []
  for (index, column) in columns.enumerated() {
    let pageCount = column.reader?.pageCount ?? segment.runPageCount
    let step = column.reader == nil ? 1 : Piece.pageCount
    for first in stride(from: 0, to: pageCount, by: step) {
      pieces.append(Piece(column: index, pages: first..<min(pageCount, first + step)))
    }
  }
  let work = pieces
  let parts = try Parallel.map(work.count) { index throws(HindcastError) in
    let piece = work[index]
    var sum = ColumnSum()
    guard let reader = columns[piece.column].reader else {
      for page in piece.pages { sum.add(try segment.entities(ofRunPage: page)) }
      return sum
    }
    try reader.forEachPage(piece.pages) { _, column in sum.add(column) }
    return sum
  }
  var sums = columns.map { ($0.name, ColumnSum()) }
  for (piece, part) in zip(pieces, parts) { sums[piece.column].1.add(part) }
  return sums
}

/// Opens a segment of the local disk.
func openSegment(
  _ path: String, cache: PageCache? = nil
) throws(HindcastError) -> SegmentReader {
  try SegmentReader(file: try LocalFileSystem().openFile(path), expecting: nil, cache: cache)
}
