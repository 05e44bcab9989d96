import HindcastCore
import HindcastFormat
import Testing

@Suite("Golden files that must be refused")
struct GoldenRejectionTests {
  /// The lines of codes.csv, which are: file, code, base, edit.
  private static func codes() throws -> [String: String] {
    var codes: [String: String] = [:]
    for line in try GoldenFiles.lines("codes.csv", in: GoldenFiles.bad).dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 3).map(String.init)
      codes[cells[0]] = cells[1]
    }
    return codes
  }

  @Test("every file has a code, every code a file")
  func listIsComplete() throws {
    #expect(try Self.codes().keys.sorted() == GoldenFiles.names(in: GoldenFiles.bad))
  }

  @Test(
    "the reader refuses every file with its code", arguments: GoldenFiles.names(in: GoldenFiles.bad)
  )
  func readerRefuses(_ name: String) throws {
    let bytes = try GoldenFiles.bytes(name, in: GoldenFiles.bad)
    #expect(bytes.count <= 32 << 10)
    let code = try Self.codes()[name]
    do throws(HindcastError) {
      _ = try linesByReader(bytes)
      Issue.record("\(name) was read")
    } catch {
      #expect(error.code.name == code, "\(error)")
    }
  }

  @Test(
    "the independent reader refuses every file with its code",
    .enabled(if: IndependentReader.isAvailable, "needs python3 3.11 or newer"))
  func independentReaderRefuses() throws {
    let names = GoldenFiles.names(in: GoldenFiles.bad)
    let paths = names.map { GoldenFiles.bad.appending(path: "\($0).hseg").path }
    let (output, _) = try IndependentReader.run("read_segment.py", ["--verify"] + paths)
    let lines = output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    let codes = try Self.codes()
    #expect(lines.count == names.count)
    for (name, line) in zip(names, lines) { #expect(line[1] == codes[name], "\(name): \(line)") }
  }
}
