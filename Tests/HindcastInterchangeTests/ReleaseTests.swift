import Foundation
import HindcastCore
import HindcastInterchange
import Testing

@Suite("Arrow structures are released exactly once") struct ReleaseTests {
  private let folder = TemporaryFolder()

  /// Runs `body` with a ledger of its own, and checks that everything was given back.
  private func balanced(_ body: () throws -> Void) rethrows {
    let ledger = ArrowLedger()
    try ArrowLedger.$current.withValue(ledger, operation: body)
    #expect(ledger.taken > 0)
    #expect(ledger.taken == ledger.released)
    #expect(ledger.lent == ledger.returned)
  }

  @Test("when a table is written and read to its end", arguments: FileFormat.allCases)
  func whole(format: FileFormat) throws {
    let path = folder.file("t.\(format.rawValue)")
    try balanced {
      try write(try everyType(), to: path)
      let types = try everyType().map { (name: $0.name, type: $0.column.type) }
      _ = try readAll(try TableReader.open(path, options: ReadOptions(types: types)))
    }
  }

  @Test("when columns outlive the batch and the stream")
  func outliving() throws {
    let path = folder.file("t.parquet")
    try write([("n", Column(type: .int64, (0..<1000).map { Int64($0) }))], to: path)
    let ledger = ArrowLedger()
    try ArrowLedger.$current.withValue(ledger) {
      var column: Column? = try TableReader.open(path).next()?.column(0)
      #expect(ledger.taken > ledger.released)
      #expect(column?[999] == .integer(999))
      column = nil
    }
    #expect(ledger.taken == ledger.released)
  }

  @Test("when a stream is let go half-way")
  func halfWay() throws {
    let path = folder.file("t.csv")
    try write([("n", Column(type: .int64, (0..<300_000).map { Int64($0) }))], to: path)
    try balanced {
      let stream = try TableReader.open(path, options: ReadOptions(batchRows: 1000))
      for _ in 0..<5 { _ = try stream.next() }
    }
  }

  @Test("when an error cuts a stream short")
  func cutShort() throws {
    var text = "a,b\n"
    for index in 0..<200_000 { text += "\(index),x\n" }
    let path = try folder.write(text + "1\n", to: "t.csv")
    try balanced {
      let stream = try TableReader.open(path)
      #expect(throws: HindcastError.self) { while try stream.next() != nil {} }
      #expect(try stream.next() == nil)
    }
  }

  @Test("when a file is damaged in its middle")
  func damaged() throws {
    let path = folder.file("t.parquet")
    try write([("n", Column(type: .int64, (0..<500_000).map { Int64($0 &* 7919) }))], to: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in bytes.count / 2..<bytes.count / 2 + 5000 { bytes[index] ^= 0x55 }
    try bytes.write(to: URL(fileURLWithPath: path))
    try balanced {
      let stream = try TableReader.open(path, options: ReadOptions(batchRows: 10_000))
      #expect(throws: HindcastError.self) {
        while let batch = try stream.next() { _ = try batch.column(0) }
      }
    }
  }

  @Test("when a writer fails, or is cancelled")
  func writers() throws {
    let columns = try everyType()
    let batch = ArrowBatch(count: 3, columns: columns)
    try balanced {
      let writer = try TableWriter(path: folder.file("c.parquet"), schema: batch.schema)
      try writer.write(batch)
      writer.cancel()
      #expect(throws: HindcastError.self) { try writer.write(batch) }
      let full = try TableWriter(path: "/dev/full", format: .csv, schema: batch.schema)
      #expect(throws: HindcastError.self) {
        for _ in 0..<100_000 { try full.write(batch) }
        try full.close()
      }
    }
  }
}
