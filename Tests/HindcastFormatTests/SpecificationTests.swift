import Foundation
import HindcastCore
import HindcastFormat
import Testing

@Suite("Specification")
struct SpecificationTests {
  /// The entries of registry.csv of one kind, by number.
  private static func registry(_ name: String) throws -> [Int: String] {
    var entries: [Int: String] = [:]
    for line in try GoldenFiles.lines("registry.csv", in: GoldenFiles.specification).dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 3, cells[0] == name, let number = Int(cells[1]) else { continue }
      entries[number] = cells[2]
    }
    return entries
  }

  @Test("every encoding and codec of the registry is in a golden file, under its number and name")
  func encodings() throws {
    var encodings: [Int: String] = [:]
    var codecs: Set<String> = []
    for name in GoldenFiles.names() {
      let bytes = try GoldenFiles.bytes(name)
      let reader = try SegmentReader(file: MemoryFile(Buffer(bytes)), expecting: nil)
      for field in reader.schema.features {
        guard let column = reader.feature(id: field.id) else { continue }
        for page in 0..<column.pageCount {
          let description = try column.describePage(page)
          codecs.insert(description.codec)
          guard description.codec == "none" else { continue }
          let encoding = description.encoding.prefix { $0.isLetter || $0 == "-" }
          encodings[Int(bytes[description.byteOffset])] = String(encoding)
        }
      }
    }
    #expect(try encodings == Self.registry("encoding"))
    #expect(try codecs.sorted() == Self.registry("codec").values.sorted())
  }

  @Test("every type of the registry is in a golden file")
  func types() throws {
    var kinds: Set<String> = []
    for name in GoldenFiles.names() {
      let bytes = try GoldenFiles.bytes(name)
      let reader = try SegmentReader(file: MemoryFile(Buffer(bytes)), expecting: nil)
      for field in reader.schema.features {
        kinds.insert(String(field.type.description.prefix { $0 != "[" }))
      }
    }
    #expect(try kinds.sorted() == Self.registry("type").values.sorted())
    let units = try Self.registry("time unit")
    for unit in TimeUnit.allCases { #expect(units[unit.rawValue] == unit.description) }
  }

  @Test(
    "the independent reader passes its own tests",
    .enabled(if: IndependentReader.isAvailable, "needs python3 3.11 or newer"),
    arguments: ["tests/test_reader.py", "tests/test_registry.py", "tests/test_one_value.py"])
  func readerTests(_ program: String) throws {
    #expect(try IndependentReader.run(program, []).status == 0)
  }

  @Test(
    "the examples of the specification show the golden files as they are",
    .enabled(if: IndependentReader.isAvailable, "needs python3 3.11 or newer"))
  func examples() throws {
    let (_, status) = try IndependentReader.run("explain.py", ["--examples", "--check"])
    #expect(status == 0, "run python3 format-spec/reader/explain.py --examples")
  }
}
