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

  @Test func gatheringDoesNotOverflow() throws {
    // Offsets alone decide; the data would be 2 GiB.
    let big = Column(
      type: .utf8, count: 1, nullCount: 0, validity: nil,
      body: .bytes(offsets: Buffer([0, Int32.max]), data: Buffer([UInt8]())))
    #expect(throws: HindcastError.self) { _ = try big.gather([0, 0].span) }
  }
}
