import HindcastCore
import HindcastFormat
import Testing

/// Reading by record and by row, against reading all.
@Suite struct LookupTests {
  static let recipes = [
    SegmentRecipe(featureTypes: allTypes, rowCount: 5000, rowsPerRecord: 50),
    SegmentRecipe(keyTypes: [.utf8], featureTypes: [.utf8, .float64], rowCount: 9000),
    SegmentRecipe(keyTypes: [.utf8, .int32], rowCount: 3000, rowsPerRecord: 1),
    SegmentRecipe(keyTypes: [.uint64], rowCount: 20_000, rowsPerRecord: 6000, nullShare: 0),
    SegmentRecipe(
      keyTypes: [.int8, .binary], featureTypes: [.bool], rowCount: 2000, rowsPerRecord: 30,
      hasCreatedTime: true, tombstoneShare: 0.1, nullShare: 0.9, profile: .small),
  ]

  @Test(arguments: recipes.indices)
  func everyRecordAndRowIsFound(_ recipe: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let segment = try Self.recipes[recipe].make(using: &generator)
    for cache in [nil, PageCache(byteLimit: 1 << 20), PageCache(byteLimit: 20_000)] {
      let reader = try SegmentReader(
        file: MemoryFile(segment.bytes), expecting: nil, cache: cache)
      try checkRecords(reader)
      try checkRows(reader, using: &generator)
      if let cache { #expect(cache.byteCount <= cache.byteLimit) }
    }
  }

  private func checkRecords(_ reader: SegmentReader) throws {
    let times = try (0..<reader.eventTimes.pageCount).flatMap {
      try reader.eventTimes.page($0).fixed.array(of: Int64.self)
    }
    for index in 0..<reader.runPageCount {
      let page = try reader.runPage(index)
      var start = page.firstRow
      for (run, end) in page.ends.array(of: Int.self).enumerated() {
        #expect(try reader.rows(of: page.keys, run) == start..<end)
        for time in [times[start] - 1, times[start], times[end - 1], times[(start + end) / 2]] {
          let expected = (start..<end).last { times[$0] <= time }
          #expect(try reader.lastRow(in: start..<end, atOrBefore: time) == expected)
        }
        start = end
      }
    }
  }

  private func checkRows(
    _ reader: SegmentReader, using generator: inout SeededGenerator
  ) throws {
    for field in reader.schema.features {
      let column = try #require(reader.feature(id: field.id))
      let all = try (0..<column.pageCount).flatMap { try column.page($0).values }
      var rows = (0..<200).map { _ in Int.random(in: 0..<all.count, using: &generator) }
      rows.sort()
      #expect(try column.take(rows.span).values == rows.map { all[$0] }, "\(field.type)")
      for row in rows { #expect(try column.value(at: row) == all[row]) }
      #expect(try column.take([Int]().span).count == 0)
    }
  }

  @Test func keysThatAreNotThereAreNotFound() throws {
    var generator = SeededGenerator(seed: testSeed())
    for recipe in Self.recipes {
      let whole = try recipe.make(using: &generator)
      // Every other batch is left out.
      let kept = whole.batches.indices.filter { $0 % 2 == 0 }.map { whole.batches[$0] }
      let (bytes, _) = try recipe.write(kept, whole.schema)
      let reader = try SegmentReader(file: MemoryFile(bytes), expecting: nil)
      let known = Set(kept.flatMap { batch in (0..<batch.count).map { batch.keys.bytes($0) } })
      var missed = 0
      for batch in whole.batches {
        for row in 0..<batch.count where !known.contains(batch.keys.bytes(row)) {
          #expect(try reader.rows(of: batch.keys, row) == nil)
          missed += 1
        }
      }
      #expect(missed > 0 || recipe.rowsPerRecord > 1000)
    }
  }

  @Test func aPageIsReadOnceWhileItIsInTheCache() throws {
    var generator = SeededGenerator(seed: testSeed())
    let segment = try Self.recipes[0].make(using: &generator)
    let reader = try SegmentReader(
      file: MemoryFile(segment.bytes), expecting: nil, cache: PageCache(byteLimit: 64 << 20))
    let column = try #require(reader.feature(id: reader.schema.features[0].id))
    _ = try column.value(at: 17)
    let before = reader.counters.snapshot()
    for row in 0..<100 { _ = try column.value(at: row) }
    let counts = reader.counters.snapshot() - before
    #expect(counts.pagesRead == 0 && counts.bytesRead == 0 && counts.valuesDecoded == 100)
  }
}
