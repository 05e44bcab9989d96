import HindcastCore
import HindcastInterchange
import Testing

@Suite("JSON lines") struct JSONLinesTests {
  private let folder = TemporaryFolder()

  private func open(_ text: String, _ types: [(name: String, type: DataType)] = []) throws
    -> ArrowStream
  {
    try TableReader.open(
      try folder.write(text + "\n", to: "t.jsonl"), options: ReadOptions(types: types))
  }

  @Test("without types, the lines show them; text that looks like a time stays text")
  func inferred() throws {
    let stream = try open(
      """
      {"id": 1, "x": 1.5, "at": "2024-01-01 00:00:00", "ok": true, "none": null}

      {"id": 2, "at": null, "x": 2, "tags": ["a", null]}
      """)
    let table = try readAll(stream)
    #expect(table["id"] == [.integer(1), .integer(2)])
    #expect(table["x"] == [.double(1.5), .double(2)])
    #expect(table["at"] == [.text("2024-01-01 00:00:00"), .null])
    #expect(table["ok"] == [.bool(true), .null])
    #expect(table["none"] == [.null, .null])
    #expect(table["tags"] == [.null, .list([.text("a"), .null])])
  }

  @Test("known types are kept, and absent fields are null")
  func known() throws {
    let types: [(name: String, type: DataType)] = [
      ("id", .int64), ("big", .uint64), ("at", .timestamp(.millisecond, zone: "UTC")),
      ("x", .float64), ("absent", .bool), ("money", .decimal128(precision: 10, scale: 2)),
      ("v", .vector(dimension: 2)),
    ]
    let stream = try open(
      """
      {"id": 9007199254740993, "big": 18446744073709551615, "at": "2024-01-01T00:00:00Z", "x": "NaN", "money": "1.25", "v": [1, 2]}
      {"id": 2, "big": 0, "at": 5, "x": 0.1, "money": 3, "v": ["Infinity", "0.1"]}
      """, types)
    let batch = try #require(try stream.next())
    var problems = CellProblems()
    func column(_ name: String, _ type: DataType) throws -> [Value] {
      try batch.column(
        stream.schema.requireIndex(of: name), as: type,
        options: stream.castOptions(integerUnit: .second), problems: &problems
      ).values
    }
    #expect(try column("id", .int64) == [.integer(9_007_199_254_740_993), .integer(2)])
    #expect(try column("big", .uint64) == [.integer(Int128(UInt64.max)), .integer(0)])
    #expect(
      try column("at", .timestamp(.millisecond, zone: nil)) == [
        .integer(1_704_067_200_000), .integer(5_000),
      ])
    #expect(try column("x", .float64)[1] == .double(0.1))
    #expect(try column("absent", .bool) == [.null, .null])
    #expect(
      try column("money", .decimal128(precision: 10, scale: 2)) == [.integer(125), .integer(300)])
    #expect(
      try column("v", .vector(dimension: 2)) == [
        .list([.float(1), .float(2)]), .list([.float(.infinity), .float(0.1)]),
      ])
    #expect(problems.error == nil)
  }

  @Test("a line that is wrong is named, however far it is", arguments: [3, 100_000])
  func badLine(row: Int) throws {
    for bad in ["{\"id\": 1", "{\"id\": \"x\"}", "[1]", "{\"id\": 1}{\"id\": 2}", "{\"id\": 1.5}"] {
      var text = ""
      for index in 1..<row { text += "{\"id\": \(index)}\n" }
      text += bad + "\n{\"id\": 5}\n"
      let error = #expect(throws: HindcastError.self) {
        try readAll(try open(text, [("id", .int64)]))
      }
      #expect(error?.location?.row == row, "\(bad): \(error.map { "\($0)" } ?? "")")
    }
  }

  @Test("a field that comes up late is an error, not dropped")
  func lateField() throws {
    var text = ""
    for index in 1...100_000 { text += "{\"id\": \(index)}\n" }
    text += "{\"id\": 1, \"late\": 2}\n"
    let error = #expect(throws: HindcastError.self) { try readAll(try open(text)) }
    #expect(error?.location?.row == 100_001)
  }

  @Test("what is written is read back to the same values")
  func roundTrip() throws {
    let columns = try everyType()
    let path = folder.file("out.jsonl")
    try write(columns, to: path)
    let types = columns.map { (name: $0.name, type: $0.column.type) }
    let stream = try TableReader.open(path, options: ReadOptions(types: types))
    let batch = try #require(try stream.next())
    var problems = CellProblems(file: path)
    for (name, column) in columns {
      let read = try batch.column(
        stream.schema.requireIndex(of: name), as: column.type, options: stream.castOptions(),
        problems: &problems)
      if name == "f64" {
        #expect(read[1] == column[1] && read[2] == column[2])
      } else {
        #expect(read.values == column.values, "\(name)")
      }
    }
    #expect(problems.error == nil, "\(problems.error.map { "\($0)" } ?? "")")
  }
}
