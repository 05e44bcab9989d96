import HindcastCore
import HindcastTestKit
import Testing

@Suite struct GatherTests {
  private static let types: [DataType] = [
    .bool, .int8, .uint16, .float32, .int64, .decimal128(precision: 9, scale: 2), .utf8, .binary,
    .list(.int16), .list(.utf8), .set(.bool), .vector(dimension: 3),
  ]

  private func value(_ type: DataType, _ random: inout SplitMix64) -> Value {
    if Int.random(in: 0..<4, using: &random) == 0 { return .null }
    switch type {
    case .bool: return .bool(.random(using: &random))
    case .float32: return .float32(.random(in: .min ... .max, using: &random))
    case .utf8, .binary:
      return .bytes((0..<Int.random(in: 0...9, using: &random)).map { _ in 65 })
    case .vector(let dimension):
      return .list(
        (0..<dimension).map { _ in .float32(.random(in: .min ... .max, using: &random)) })
    case .list(let element), .set(let element):
      return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(element, &random) })
    default: return .integer(Int128(Int.random(in: 0...99, using: &random)))
    }
  }

  @Test(arguments: types)
  func gatherSliceAndJoin(type: DataType) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    for count in [0, 1, 7, 8, 9, 64, 200] {
      let values = (0..<count).map { _ in value(type, &random) }
      let column = try Column(type: type, values: values)
      let rows = (0..<(count == 0 ? 0 : 50)).map { _ in
        UInt32.random(in: 0..<UInt32(count), using: &random)
      }
      let gathered = try column.gather(rows.span)
      #expect(gathered.values == rows.map { values[Int($0)] }, "seed \(seed)")
      #expect(gathered.nullCount == gathered.values.count { $0 == .null })
      let cuts = ([0, count] + (0..<3).map { _ in Int.random(in: 0...count, using: &random) })
        .sorted()
      let parts = zip(cuts, cuts.dropFirst()).map { column.slice($0..<$1) }
      for (part, range) in zip(parts, zip(cuts, cuts.dropFirst())) {
        #expect(part.values == Array(values[range.0..<range.1]), "seed \(seed)")
      }
      let joined = try Column.concatenate(parts)
      #expect(joined.values == values, "seed \(seed)")
      #expect(joined.nullCount == column.nullCount)
    }
  }

  @Test(arguments: types)
  func gatherFromSeveral(type: DataType) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    for hasHeap in [false, true] {
      let batches = try [1, 9, 64, 200].map { try batch(type, $0, hasHeap: hasHeap, &random) }
      let places = (0..<77).map { _ in
        let index = Int.random(in: 0..<batches.count, using: &random)
        return RowPlace(
          batch: index, row: .random(in: 0..<batches[index].count, using: &random))
      }
      let gathered = try VersionBatch.gather(places.span, from: batches)
      #expect(gathered.count == places.count)
      for (row, place) in places.enumerated() {
        let (source, from) = (batches[Int(place.batch)], Int(place.row))
        let wanted = source.slice(from..<from + 1)
        let got = gathered.slice(row..<row + 1)
        #expect(got.features[0].values == wanted.features[0].values, "seed \(seed)")
        #expect(got.createdTimes?.values == wanted.createdTimes?.values, "seed \(seed)")
        #expect(got.keys.bytes(0) == wanted.keys.bytes(0), "seed \(seed)")
        #expect(got.eventTimes.array(of: Int64.self) == wanted.eventTimes.array(of: Int64.self))
        let isTombstone = wanted.tombstones.map { Bits.get($0.span(of: UInt8.self), 0) } ?? false
        #expect(gathered.tombstones.map { Bits.get($0.span(of: UInt8.self), row) } == isTombstone)
      }
      #expect(gathered.features[0].nullCount == gathered.features[0].values.count { $0 == .null })
      #expect(gathered.byteCount > 16 * places.count)
    }
  }

  /// Rows with keys of a word or of texts; one batch has no tombstones.
  private func batch(
    _ type: DataType, _ count: Int, hasHeap: Bool, _ random: inout SplitMix64
  ) throws -> VersionBatch {
    let key: DataType = hasHeap ? .utf8 : .int64
    var keys: [Value] = []
    for _ in 0..<count {
      keys.append(
        hasHeap
          ? .bytes((0..<Int.random(in: 0...30, using: &random)).map { _ in 66 })
          : .integer(Int128(Int.random(in: 0...99, using: &random))))
    }
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [key]), sources: [key], names: ["id"])
    let values = (0..<count).map { _ in value(type, &random) }
    let times = (0..<count).map { _ in Int64.random(in: -99...99, using: &random) }
    let created = (0..<count).map { _ in value(.int64, &random) }
    let flags = (0..<Bits.byteCount(count)).map { _ in UInt8.random(in: 0...255, using: &random) }
    return VersionBatch(
      keys: try encoder.encode([try Column(type: key, values: keys)]).keys,
      eventTimes: Buffer(times),
      createdTimes: try Column(type: .timestamp(.microsecond, zone: nil), values: created),
      tombstones: count == 9 ? nil : Buffer(flags),
      features: [try Column(type: type, values: values)])
  }

  @Test func gatheringDoesNotOverflow() throws {
    // Offsets alone decide; the data would be 2 GiB.
    let big = Column(
      type: .utf8, count: 1, nullCount: 0, validity: nil,
      body: .bytes(offsets: Buffer([0, Int32.max]), data: Buffer([UInt8]())))
    #expect(throws: HindcastError.self) { _ = try big.gather([0, 0].span) }
  }
}
