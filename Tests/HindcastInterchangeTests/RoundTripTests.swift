import HindcastCore
import HindcastInterchange
import Testing

@Suite("Tables written and read back") struct RoundTripTests {
  @Test("every type survives Parquet and Arrow, bit for bit", arguments: ["parquet", "arrow"])
  func everyTypeSurvives(ending: String) throws {
    let folder = TemporaryFolder()
    let columns = try everyType()
    let path = folder.file("table.\(ending)")
    try write(columns, to: path)
    #expect(folder.names == ["table.\(ending)"])

    let stream = try TableReader.open(path)
    for (field, written) in zip(stream.schema.fields, columns) {
      #expect(field.name == written.name)
      #expect(field.type == written.column.type)
    }
    let table = try readAll(stream)
    for (name, column) in columns { #expect(table[name] == column.values, "\(name)") }
  }

  @Test("only the columns that are asked for are read, in the file's order")
  func projection() throws {
    let folder = TemporaryFolder()
    for ending in ["parquet", "arrow", "csv", "jsonl"] {
      let path = folder.file("table.\(ending)")
      try write(try everyType(), to: path)
      let stream = try TableReader.open(
        path,
        options: ReadOptions(
          columns: ["text", "nowhere", "i16"], types: [("embedding", .vector(dimension: 2))]))
      #expect(stream.schema.fields.map(\.name) == ["i16", "text"])
      #expect(try readAll(stream)["text"]?.count == 3)
    }
  }

  @Test("vectors of 16 bytes lie at multiples of 8 in an Arrow file", arguments: 1...40)
  func alignment(rowCount: Int) throws {
    let folder = TemporaryFolder()
    let vectors: [Value] = (0..<rowCount).map { row in
      .list((0..<4).map { .float(Float(row * 4 + $0)) })
    }
    let path = folder.file("vectors.arrow")
    let other = String(repeating: "x", count: rowCount)
    try write(
      [
        (other, Column(type: .int8, (0..<rowCount).map { Int8($0) })),
        ("v", try Column(type: .vector(dimension: 4), values: vectors)),
      ], to: path)
    let stream = try TableReader.open(path)
    while let batch = try stream.next() {
      let rows = (0..<UInt32(batch.count)).reversed().map { $0 }
      #expect(try batch.column(1).gather(rows.span).values == vectors.reversed())
    }
  }

  @Test("batches are never longer than asked for")
  func batchSize() throws {
    let folder = TemporaryFolder()
    let numbers = Column(type: .int64, (0..<10_000).map { Int64($0) })
    for ending in ["parquet", "arrow"] {
      let path = folder.file("numbers.\(ending)")
      try write([("n", numbers)], to: path)
      let stream = try TableReader.open(path, options: ReadOptions(batchRows: 333))
      var next: Int64 = 0
      while let batch = try stream.next() {
        #expect(batch.count <= 333)
        #expect(batch.firstRow == Int(next))
        let column = try batch.column(0)
        for row in 0..<batch.count { #expect(column[row] == .integer(Int128(next) + Int128(row))) }
        next += Int64(batch.count)
      }
      #expect(next == 10_000)
    }
  }
}
