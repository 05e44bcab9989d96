import HindcastCore
import HindcastJoin
import Testing

/// The order of labels is (key bytes, time), for every shape of key.
@Suite struct LabelOrderTests {
  @Test(arguments: [DataType.int64, .uint64, .int32])
  func integersSort(type: DataType) throws {
    var random = SystemRandomNumberGenerator()
    for range: ClosedRange<Int128> in [0...3, 0...100_000, 0...Int128(Int32.max)] {
      let values = (0..<2_000).map { _ in Value.integer(Int128.random(in: range, using: &random)) }
      try check(type, values)
    }
  }

  @Test func extremeIntegersSort() throws {
    let edges: [Int128] = [Int128(Int64.min), -1, 0, 1, Int128(Int64.max)]
    try check(.int64, (0..<200).map { .integer(edges[$0 % edges.count]) })
  }

  @Test func textsSort() throws {
    let prefixes = ["", "user_", "user_with_a_long_name_", "a\u{0}b", "é"]
    let values = (0..<2_000).map { index in
      Value.text("\(prefixes[index * 7 % prefixes.count])\(index * 7_919 % 500)")
    }
    try check(.utf8, values)
    try check(.utf8, (0..<500).map { .text("customer_\($0 * 7_919 % 500)") })
  }

  private func check(_ type: DataType, _ values: [Value]) throws {
    let keys = try KeyEncoder(
      layout: KeyLayout(components: [type]), sources: [type], names: ["id"]
    ).encode([Column(type: type, values: values)])
    let times = values.indices.map { Int64($0 &* 2_654_435_761 % 1_009) - 500 }
    let labels = try LabelVector(
      keys: keys, times: Column(type: .timestamp(.second, zone: nil), times))
    let order = LabelOrder(labels) { $0 == 5 }
    #expect(Set(order.rows) == Set((0..<Int32(values.count)).filter { $0 != 5 }))
    let sorted = order.rows.map { (keys.keys.bytes(Int($0)), times[Int($0)]) }
    for (a, b) in zip(sorted, sorted.dropFirst()) {
      let isOrdered = a.0 == b.0 ? a.1 <= b.1 : a.0.lexicographicallyPrecedes(b.0)
      #expect(isOrdered)
    }
  }
}
