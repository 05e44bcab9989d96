import HindcastCore
import HindcastFormat
import Testing

@Suite struct WriterTests {
  @Test func rowsOutOfOrderAreRefused() throws {
    func batch(_ keys: [UInt64], _ times: [Int64], _ created: [Value]) throws -> VersionBatch {
      VersionBatch(
        keys: KeyVector(count: keys.count, prefixes: Buffer(keys)), eventTimes: Buffer(times),
        createdTimes: try Column(type: .timestamp(.microsecond, zone: "UTC"), values: created),
        features: [])
    }
    let recipe = SegmentRecipe(featureTypes: [], hasCreatedTime: true)
    let schema = SegmentSchema(recipe.group)
    let good = try batch([1, 1, 1, 2], [5, 5, 6, 0], [.null, .integer(1), .integer(0), .null])
    _ = try recipe.write([good, batch([2, 3], [0, -9], [.null, .null])], schema)
    let bad = [
      try batch([2, 1], [0, 0], [.null, .null]),
      try batch([1, 1], [1, 0], [.null, .null]),
      try batch([1, 1], [0, 0], [.integer(0), .null]),
      try batch([1, 1], [0, 0], [.integer(1), .integer(0)]),
    ]
    for batch in bad {
      let error = #expect(throws: HindcastError.self) { _ = try recipe.write([batch], schema) }
      #expect(error?.code == .invalidArgument)
      #expect(error?.location?.row == 2)
    }
    let early = try batch([1], [9], [.null])
    #expect(throws: HindcastError.self) { _ = try recipe.write([good, early], schema) }
  }

  @Test func oversizedKeysAreRefused() throws {
    let recipe = SegmentRecipe(keyTypes: [.binary], featureTypes: [])
    let schema = SegmentSchema(recipe.group)
    func batch(_ byteCount: Int) -> VersionBatch {
      let key = Array(repeating: 1 as UInt8, count: byteCount)
      return VersionBatch(
        keys: KeyVector(
          count: 1, heap: .init(offsets: Buffer([0, byteCount]), bytes: Buffer(key))),
        eventTimes: Buffer([0 as Int64]), features: [])
    }
    _ = try recipe.write([batch(65_536)], schema)
    let error = #expect(throws: HindcastError.self) {
      _ = try recipe.write([batch(65_537)], schema)
    }
    #expect(error?.code == .limitExceeded)
  }

  @Test func fatRowsGetSmallPages() throws {
    let vector = DataType.vector(dimension: 1536)
    let recipe = SegmentRecipe(featureTypes: [vector, .utf8], rowCount: 0)
    let schema = SegmentSchema(recipe.group)
    let text = String(repeating: "x", count: 300_000)
    let rowCount = 20
    let batch = VersionBatch(
      keys: KeyVector(count: rowCount, prefixes: Buffer((0..<UInt64(rowCount)).map { $0 })),
      eventTimes: Buffer(Array(repeating: 0 as Int64, count: rowCount)),
      features: [
        try Column(type: vector, values: (0..<rowCount).map { cell(vector, Int128($0)) }),
        try Column(type: .utf8, values: (0..<rowCount).map { .text("\($0)" + text) }),
      ])
    let (bytes, summary) = try recipe.write([batch], schema)
    let reader = try SegmentReader(file: MemoryFile(bytes), expecting: summary.trailerChecksum)
    try reader.verify()
    let vectors = try #require(reader.feature(id: 100))
    #expect(vectors.rowsPerPage <= 42)
    let texts = try #require(reader.feature(id: 101))
    #expect(texts.rowsPerPage == 1)
    #expect(try texts.page(7).values == [.text("7" + text)])
  }

  @Test func openingReadsNoPageDirectory() throws {
    var generator = SeededGenerator(seed: 1)
    let segment = try SegmentRecipe(
      featureTypes: [.int64, .float64], rowCount: 50_000, batchRowCount: 5000, shape: .random
    ).make(using: &generator)
    let reader = try segment.reader()
    #expect(reader.counters.snapshot().bytesRead < 6000)
    #expect(reader.counters.snapshot().pagesRead == 0)
    _ = try reader.feature(id: 100)?.page(3)
    let counts = reader.counters.snapshot()
    #expect(counts.pagesRead == 1)
    #expect(counts.bytesRead < 6000 + 20_000)
    let features = reader.featureCounters.snapshot()
    #expect(features.pagesRead == 1 && features.valuesDecoded == counts.valuesDecoded)
    _ = try reader.eventTimes.page(0)
    #expect(reader.featureCounters.snapshot() == features)
    #expect(reader.counters.snapshot().pagesRead == 2)
  }

  @Test func verifyFindsChangedPadding() throws {
    var generator = SeededGenerator(seed: 1)
    let segment = try SegmentRecipe(
      featureTypes: [.int64, .utf8], rowCount: 3000, hasCreatedTime: true, tombstoneShare: 0.1
    ).make(using: &generator)
    try segment.reader().verify()
    let original = segment.bytes.array(of: UInt8.self)
    var found = 0
    for offset in stride(from: 0, to: original.count, by: 1 + original.count / 500) {
      var bytes = original
      bytes[offset] ^= 1
      #expect(throws: HindcastError.self, "byte \(offset)") {
        try SegmentReader(file: MemoryFile(Buffer(bytes)), expecting: nil).verify()
      }
      found += 1
    }
    #expect(found > 100)
  }
}
