import Foundation
import HindcastCore
import HindcastFormat
import Testing

@Suite("Golden files")
struct GoldenTests {
  /// Whether to write the files that are missing (`HINDCAST_WRITE_GOLDEN=1`).
  ///
  /// Those that are there never change: a new behaviour gets a new file.
  private static let isWriting =
    ProcessInfo.processInfo.environment["HINDCAST_WRITE_GOLDEN"] == "1"

  @Test("every case has its file, with the values of the case", arguments: GoldenCase.all)
  func caseHasFile(_ golden: GoldenCase) throws {
    let file = GoldenFiles.folder.appending(path: "\(golden.name).hseg")
    if Self.isWriting, !FileManager.default.fileExists(atPath: file.path) {
      try Data(try golden.segment()).write(to: file)
      let text = golden.lines().map { $0 + "\n" }.joined()
      let values = GoldenFiles.folder.appending(path: "\(golden.name).jsonl")
      try Data(text.utf8).write(to: values)
    }
    #expect(try GoldenFiles.lines("\(golden.name).jsonl") == golden.lines())
  }

  @Test("what the writer writes now is read to the values of the case", arguments: GoldenCase.all)
  func writerAgrees(_ golden: GoldenCase) throws {
    #expect(try linesByReader(try golden.segment()) == golden.lines())
  }

  @Test("the reader reads every file to its values", arguments: GoldenFiles.names())
  func readerAgrees(_ name: String) throws {
    let bytes = try GoldenFiles.bytes(name)
    #expect(bytes.count <= 48 << 10, "a golden file has at most 48 KiB")
    #expect(try linesByReader(bytes) == GoldenFiles.lines("\(name).jsonl"))
  }

  @Test(
    "the independent reader reads every file to its values",
    .enabled(if: IndependentReader.isAvailable, "needs python3 3.11 or newer"))
  func independentReaderAgrees() throws {
    let names = GoldenFiles.names()
    let paths = names.map { GoldenFiles.folder.appending(path: "\($0).hseg").path }
    let (output, status) = try IndependentReader.run("read_segment.py", paths)
    #expect(status == 0)
    var lines = output.split(separator: "\n").map(String.init)[...]
    for name in names {
      let expected = try GoldenFiles.lines("\(name).jsonl")
      #expect(Array(lines.prefix(expected.count)) == expected, "\(name)")
      lines = lines.dropFirst(expected.count)
    }
    #expect(lines.isEmpty)
  }
}
