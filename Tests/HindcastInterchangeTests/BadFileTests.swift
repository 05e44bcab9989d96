import Foundation
import HindcastCore
import HindcastInterchange
import Testing

@Suite("Files that can't be read or written", .serialized) struct BadFileTests {
  private let folder = TemporaryFolder()

  private func failure(_ path: String, _ format: FileFormat? = nil) -> HindcastError? {
    #expect(throws: HindcastError.self) {
      try readAll(try TableReader.open(path, format: format))
    }
  }

  @Test func missing() {
    #expect(failure(folder.file("no.parquet"))?.code == .notFound)
    #expect(failure(folder.path, .csv)?.code == .invalidArgument)
    #expect(failure(folder.file("no.xyz"))?.code == .notFound)
  }

  @Test("a format that can't be told is asked for")
  func unknownFormat() throws {
    let error = failure(try folder.write("a\n1\n", to: "table.xyz"))
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("parquet") == true)
  }

  @Test("damaged files are errors, never traps")
  func damaged() throws {
    for ending in ["parquet", "arrow"] {
      let path = folder.file("whole.\(ending)")
      try write(try everyType(), to: path)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let seed = UInt64.random(in: .min ... .max)
      var generator = SplitMix(seed)
      for round in 0..<60 {
        var bytes = whole
        if round % 2 == 0 {
          bytes = bytes.prefix(Int.random(in: 0..<whole.count, using: &generator))
        } else {
          bytes[Int.random(in: 0..<whole.count, using: &generator)] ^= 0x41
        }
        let bad = folder.file("bad.\(ending)")
        try Data(bytes).write(to: URL(fileURLWithPath: bad))
        // Some damage can't be seen, which is what checksums would be for.
        do { _ = try readAll(try TableReader.open(bad)) } catch let error as HindcastError {
          #expect(error.location?.file == bad, "seed \(seed)")
        }
      }
    }
  }

  @Test("text that is no table")
  func garbage() throws {
    let path = try folder.write("not a table at all", to: "t.parquet")
    #expect(failure(path)?.code == .corrupt)
    #expect(failure(try folder.write("PAR1", to: "u.arrow"))?.code == .corrupt)
  }

  @Test("a writer that is cancelled, or let go, leaves nothing and keeps what was there")
  func cancelled() throws {
    for ending in ["parquet", "csv", "jsonl", "arrow"] {
      let path = try folder.write("before", to: "t.\(ending)")
      let batch = ArrowBatch(count: 1, columns: [("a", Column(type: .int64, [Int64(1)]))])
      let first = try TableWriter(path: path, schema: batch.schema)
      try first.write(batch)
      first.cancel()
      do {
        let second = try TableWriter(path: path, schema: batch.schema)
        try second.write(batch)
      }
      #expect(try folder.text("t.\(ending)") == "before")
    }
    #expect(folder.names.count == 4)
  }

  @Test("a folder that is not there")
  func noFolder() {
    let error = #expect(throws: HindcastError.self) {
      try TableWriter(path: "/nowhere/at/all.csv", schema: ArrowSchemaReference([("a", .int8)]))
    }
    #expect(error?.code == .io)
    #expect(error?.location?.file == "/nowhere/at/all.csv")
  }

  @Test("a device is written to, not replaced")
  func device() throws {
    let batch = ArrowBatch(count: 1, columns: [("a", Column(type: .int64, [Int64(1)]))])
    for format in FileFormat.allCases {
      let writer = try TableWriter(path: "/dev/null", format: format, schema: batch.schema)
      try writer.write(batch)
      try writer.close()
    }
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        == .typeCharacterSpecial)
  }
}
