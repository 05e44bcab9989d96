import Foundation
import HindcastCore
import HindcastInterchange
import Testing

@Suite("CSV") struct CSVTests {
  private let folder = TemporaryFolder()

  private func read(_ text: String, options: ReadOptions = ReadOptions()) throws -> [String:
    [Value]]
  {
    try readAll(try TableReader.open(try folder.write(text, to: "t.csv"), options: options))
  }

  @Test("an unquoted empty cell is null, a quoted one the empty text, NA is text")
  func nulls() throws {
    let table = try read("id,a\n1,\n2,\"\"\n3,NA\n00123,null\n")
    #expect(table["id"] == [.text("1"), .text("2"), .text("3"), .text("00123")])
    #expect(table["a"] == [.null, .text(""), .text("NA"), .text("null")])
  }

  @Test("a stated text is null where it is not quoted")
  func nullText() throws {
    let table = try read("id,a\n1,NA\n2,\"NA\"\n", options: ReadOptions(nullText: "NA"))
    #expect(table["a"] == [.null, .text("NA")])
  }

  @Test("byte-order mark, CRLF, quoted commas and line ends")
  func awkward() throws {
    let table = try read("\u{FEFF}id,a\r\n1,\"x,\r\ny\"\r\n2,\"say \"\"hi\"\"\"\r\n")
    #expect(table["id"] == [.text("1"), .text("2")])
    #expect(table["a"] == [.text("x,\r\ny"), .text("say \"hi\"")])
  }

  @Test("an empty line of a one-column file is a null")
  func oneColumn() throws {
    #expect(try read("id\n1\n\n3\n")["id"] == [.text("1"), .null, .text("3")])
  }

  @Test("a header alone is a table without rows")
  func headerOnly() throws {
    let stream = try TableReader.open(try folder.write("id,a\n", to: "t.csv"))
    #expect(stream.schema.fields.map(\.name) == ["id", "a"])
    #expect(try stream.next() == nil)
  }

  @Test("an empty file is an error that says so")
  func emptyFile() throws {
    let error = #expect(throws: HindcastError.self) { try read("") }
    #expect(error?.message.contains("empty") == true)
    #expect(error?.location?.file?.hasSuffix("t.csv") == true)
  }

  @Test("a row of another shape is named", arguments: [3, 200_000])
  func shape(row: Int) throws {
    var text = "id,a\n"
    for index in 1..<row { text += "\(index),x\n" }
    text += "7\n"
    let error = #expect(throws: HindcastError.self) { try read(text) }
    #expect(error?.location?.row == row)
    #expect(error?.message.contains("1 cells") == true)
  }

  @Test("text that is not UTF-8 is named by row and column")
  func encoding() throws {
    try Data("id,a\n1,ok\n2,caf\u{E9}\n".unicodeScalars.map { UInt8($0.value) })
      .write(to: URL(fileURLWithPath: folder.file("latin.csv")))
    let stream = try TableReader.open(folder.file("latin.csv"))
    let error = #expect(throws: HindcastError.self) { try readAll(stream) }
    #expect(error?.location?.row == 2)
    #expect(error?.location?.column == "a")
  }

  @Test("compressed files are read", .enabled(if: Python.isThere))
  func compressed() throws {
    let script = """
      import pyarrow as pa
      text = b"id,a\\n" + b"".join(b"%d,x\\n" % i for i in range(100000))
      for name, codec in [("t.csv.gz", "gzip"), ("t.csv.zst", "zstd")]:
        with pa.CompressedOutputStream(name, codec) as f: f.write(text)
      """
    _ = try Python.run(script, in: folder)
    for name in ["t.csv.gz", "t.csv.zst"] {
      let table = try readAll(try TableReader.open(folder.file(name)))
      #expect(table["id"]?.count == 100_000)
      #expect(table["id"]?.last == .text("99999"))
    }
  }

  @Test("what is written is read back to the same values")
  func roundTrip() throws {
    let columns = try everyType()
    let path = folder.file("out.csv")
    try write(columns, to: path)
    let stream = try TableReader.open(path)
    let batch = try #require(try stream.next())
    var problems = CellProblems(file: path)
    for (index, (name, column)) in columns.enumerated() {
      let read = try batch.column(
        index, as: column.type, options: stream.castOptions(), problems: &problems)
      if name == "f64" {
        // Text has one NaN only.
        #expect(read[1] == column[1] && read[2] == column[2])
      } else {
        #expect(read.values == column.values, "\(name)")
      }
    }
    #expect(problems.error == nil)
  }

  @Test("times have their offset, text that needs it its quotes")
  func writtenText() throws {
    try write(
      [
        ("id", Column(type: .int64, [Int64(1)])),
        ("at", Column(type: .timestamp(.millisecond, zone: "Europe/Berlin"), [Int64(-1)])),
        ("day", Column(type: .date, [Int32(0)])),
        ("text", try Column(type: .utf8, values: [.text("a,\"b\"")])),
      ], to: folder.file("out.csv"))
    let text = try folder.text("out.csv")
    #expect(text.hasPrefix("id,at,day,text\n1,"))
    #expect(text.contains("1969-12-31T23:59:59.999Z"))
    #expect(text.contains("1970-01-01"))
    #expect(text.contains("\"a,\"\"b\"\"\""))
  }
}
