import HindcastCore
import HindcastFormat
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: Shape.allCases)
  func everyTypeInEveryShape(_ shape: Shape) throws {
    var generator = SeededGenerator(seed: testSeed())
    for nullShare in [0, 0.3, 1] {
      for profile in Profile.allCases {
        let recipe = SegmentRecipe(
          featureTypes: allTypes, nullShare: nullShare, profile: profile, shape: shape)
        try check(recipe.make(using: &generator))
      }
    }
  }

  @Test(arguments: [0, 1, 2, 1023, 1024, 1025, 8191, 8192, 8193, 20_000])
  func rowCountsAroundPages(_ rowCount: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    for rowsPerRecord in [1, 3, 1000] {
      let recipe = SegmentRecipe(
        featureTypes: [.int16, .utf8, .bool], rowCount: rowCount, rowsPerRecord: rowsPerRecord,
        hasCreatedTime: true, tombstoneShare: 0.01, batchRowCount: 777)
      try check(recipe.make(using: &generator))
    }
  }

  @Test(arguments: [
    [DataType.utf8], [.int32, .utf8], [.binary, .bool], [.date], [.uint64],
    [.timestamp(.second, zone: nil), .int8],
  ])
  func keysOfEveryLayout(_ keyTypes: [DataType]) throws {
    var generator = SeededGenerator(seed: testSeed())
    let recipe = SegmentRecipe(keyTypes: keyTypes, rowCount: 5000, rowsPerRecord: 2)
    let segment = try recipe.make(using: &generator)
    try check(segment)
    let reader = try segment.reader()
    let fences = try reader.fences()
    #expect(fences.count == reader.runPageCount)
    for index in 0..<reader.runPageCount {
      #expect(try reader.runPage(index).keys.compare(0, fences, index) == 0)
    }
  }

  @Test func lateTombstonesAreFilledInBefore() throws {
    var generator = SeededGenerator(seed: testSeed())
    var recipe = SegmentRecipe(rowCount: 10_000)
    var segment = try recipe.make(using: &generator)
    #expect(try segment.reader().tombstones == nil)
    recipe.tombstoneShare = 1
    let marked = try recipe.make(using: &generator)
    segment.batches[30].tombstones = marked.batches[30].tombstones
    (segment.bytes, segment.summary) = try recipe.write(segment.batches, segment.schema)
    #expect(segment.summary.tombstoneCount == 300)
    try check(segment)
  }

  @Test func sameInputGivesSameBytes() throws {
    let seed = testSeed()
    var first = SeededGenerator(seed: seed)
    var second = SeededGenerator(seed: seed)
    let recipe = SegmentRecipe(featureTypes: allTypes)
    let a = try recipe.make(using: &first)
    var b = try recipe.make(using: &second)
    #expect(a.bytes.array(of: UInt8.self) == b.bytes.array(of: UInt8.self))
    // Batches are no part of the format.
    var third = SeededGenerator(seed: seed)
    b = try SegmentRecipe(rowCount: 999, batchRowCount: 999, shape: .small).make(using: &third)
    var fourth = SeededGenerator(seed: seed)
    let c = try SegmentRecipe(rowCount: 999, batchRowCount: 10, shape: .small).make(using: &fourth)
    #expect(SegmentContents(b).eventTimes == SegmentContents(c).eventTimes)
  }

  private func check(_ segment: TestSegment) throws {
    let reader = try segment.reader()
    #expect(reader.schema == segment.schema)
    #expect(reader.rowCount == segment.rowCount)
    #expect(reader.summary == segment.summary)
    #expect(segment.summary.byteCount == segment.bytes.byteCount)
    let contents = try SegmentContents(reader)
    let expected = SegmentContents(segment)
    #expect(contents.keys == expected.keys)
    #expect(contents.eventTimes == expected.eventTimes)
    #expect(contents.createdTimes == expected.createdTimes)
    #expect(contents.tombstones == expected.tombstones)
    for (index, field) in segment.schema.features.enumerated() {
      #expect(contents.features[index] == expected.features[index], "\(field.type)")
    }
  }
}

extension TestSegment {
  func reader() throws -> SegmentReader {
    try SegmentReader(file: MemoryFile(bytes), expecting: summary.trailerChecksum)
  }
}
