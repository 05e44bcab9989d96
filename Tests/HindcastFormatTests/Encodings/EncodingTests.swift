import HindcastCore
import HindcastFormat
import Testing

/// The encodings by themselves: which is chosen, and that it gives back every bit.
@Suite struct EncodingTests {
  @Test(arguments: 1...64)
  func packedNumbersOfEveryWidth(_ bits: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let greatest = bits == 64 ? UInt64.max : 1 << UInt64(bits) - 1
    for count in [1, 2, 7, 8, 9, 63, 64, 65, 127, 1000, 1024] {
      for base in [0, 1_000_000_007, UInt64.max - greatest] {
        var values = (0..<count).map { _ in
          base &+ UInt64.random(in: 0...greatest, using: &generator)
        }
        values[0] = base
        values[count - 1] = base &+ greatest
        try roundTrip(Column(type: .uint64, values))
        try roundTrip(Column(type: .int64, values.map { Int64(bitPattern: $0) }))
        if bits <= 32 {
          try roundTrip(Column(type: .uint32, values.map { UInt32(truncatingIfNeeded: $0) }))
        }
        if bits <= 16 {
          try roundTrip(Column(type: .int16, values.map { Int16(truncatingIfNeeded: $0) }))
        }
        if bits <= 8 {
          try roundTrip(Column(type: .uint8, values.map { UInt8(truncatingIfNeeded: $0) }))
        }
      }
    }
  }

  @Test func theSmallestEncodingIsChosen() throws {
    let count = 1024
    func encoding(_ value: (Int64) -> Int64) throws -> String {
      let column = Column(type: .int64, (0..<count).map { value(Int64($0)) })
      return try PageContent.describe(
        PageContent.encode(column), type: .int64, count: count)
    }
    var state: Int64 = 1
    func random() -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 1
    }
    #expect(try encoding { _ in 5 } == "constant")
    #expect(try encoding { _ in random() & 7 } == "packed:3")
    #expect(try encoding { $0 * 1_000_003 } == "scaled:1000003(delta(packed:10, constant))")
    #expect(try encoding { _ in 17 + (random() & 63) * 60_000_000 } == "scaled:60000000(packed:6)")
    #expect(try encoding { $0 * 1_000_003 + random() & 15 }.hasPrefix("delta(packed:30, packed:"))
    #expect(
      try encoding { $0 / 100 * 7_777_777_777 + $0 / 1023 }.hasPrefix("run-length[12]("))
    let pool = (0..<9).map { _ in random() }
    #expect(
      try encoding { _ in pool[Int(random() & 0xFFFF) % 9] } == "dictionary[9](plain, packed:4)")
    #expect(try encoding { _ in random() &* 31 } == "plain")
  }

  /// Pages of a column, each of one of two kinds: any number, or one of few.
  private func encodings(ofPages areFew: [Bool], _ type: DataType) throws -> [String] {
    var generator = SeededGenerator(seed: testSeed())
    let pool = (0..<9).map { _ in UInt64.random(in: 0...(.max), using: &generator) }
    let pages = areFew.map { isFew in
      let values = (0..<1024).map { _ in
        isFew
          ? pool.randomElement(using: &generator) ?? 0
          : UInt64.random(in: 0...(.max), using: &generator)
      }
      return Column(type: type, values)
    }
    return try zip(PageContent.encode(pages: pages), pages).map { content, page in
      #expect(try PageContent.decode(content, type: type, count: page.count).values == page.values)
      return try PageContent.describe(content, type: type, count: page.count)
    }
  }

  @Test("an encoding that lost for long is found again within seven pages", arguments: 1...20)
  func encodingsThatBeginToPay(losses: Int) throws {
    let pages = Array(repeating: false, count: losses) + Array(repeating: true, count: 20)
    let found = try encodings(ofPages: pages, .uint64)
    let first = try #require(found.firstIndex { $0.hasPrefix("dictionary[9]") })
    #expect((losses..<losses + 7).contains(first))
    #expect(found[first...].allSatisfy { $0.hasPrefix("dictionary[9]") })
  }

  @Test("pages that take turns all get their encodings", arguments: 2...6)
  func pagesThatTakeTurns(period: Int) throws {
    let pages = (0..<210).map { $0 % period == 0 }
    let found = try encodings(ofPages: pages, .uint64)
    let few = zip(pages, found).filter(\.0)
    let count = few.count { $0.1.hasPrefix("dictionary[9]") }
    #expect(count * 7 >= few.count, "\(count) of \(few.count)")
  }

  @Test func multiplesOfEveryFactor() throws {
    var generator = SeededGenerator(seed: testSeed())
    for shift in 0..<62 {
      for odd in [1, 3, 5, 255, 1_000_003, UInt64.max >> UInt64(shift)] {
        let (factor, overflows) = odd.multipliedReportingOverflow(by: 1 << UInt64(shift))
        guard !overflows, factor > 1 else { continue }
        let greatest = UInt64.max / factor
        let values = (0..<200).map { _ in
          UInt64.random(in: 0...min(greatest, 1 << 20), using: &generator) &* factor
        }
        try roundTrip(Column(type: .uint64, values))
        try roundTrip(Column(type: .int64, values.map { Int64(bitPattern: $0) &- 77 }))
        // One that is no multiple.
        try roundTrip(Column(type: .uint64, values + [values[7] &+ 1, values[3]]))
      }
    }
  }

  @Test func floatsKeepEveryBit() throws {
    let bits: [UInt64] = [
      0, 1 << 63, 0x7FF8_0000_0000_0001, 0xFFF8_DEAD_BEEF_0001, 1, 0x7FF0_0000_0000_0000,
      0x000F_FFFF_FFFF_FFFF, Double.pi.bitPattern,
    ]
    for count in [1, 8, 64, 500] {
      let values = (0..<count).map { bits[$0 * $0 % bits.count] }
      try roundTrip(Column(type: .float64, values))
      try roundTrip(Column(type: .float32, values.map { UInt32(truncatingIfNeeded: $0 >> 32) }))
    }
  }

  @Test func whatLiesUnderNullsDoesNotMatter() throws {
    let validity = Buffer([0b0101_1010 as UInt8, 0b1])
    let a = Column(
      type: .int32, count: 9, nullCount: 4, validity: validity,
      body: .fixed(Buffer([9, 1, 9, 2, 3, 9, 4, 9, 5] as [Int32])))
    let b = Column(
      type: .int32, count: 9, nullCount: 4, validity: validity,
      body: .fixed(Buffer([0, 1, -7, 2, 3, 88, 4, 12, 5] as [Int32])))
    #expect(a.values == b.values)
    let bytes = PageContent.encode(a).array(of: UInt8.self)
    #expect(bytes == PageContent.encode(b).array(of: UInt8.self))
  }

  @Test func emptyAndSingleValues() throws {
    for type in allTypes {
      try roundTrip(Column(type: type, values: []))
      try roundTrip(Column(type: type, values: [.null]))
      try roundTrip(Column(type: type, values: [cell(type, 7)]))
      try roundTrip(Column(type: type, values: [cell(type, 7), .null, cell(type, 1)]))
    }
  }

  @Test func theExamplesOfTheSpecification() throws {
    try expect("01000000 03000000 2A00000000000000", .int32, [42, 42, 42])
    try expect("02000000 03000000 07000900FFFF0000", .uint16, [7, 9, 65535])
    try expect(
      "03030000 04000000 6400000000000000 880E000000000000", .int64, [100, 101, 102, 107])
  }

  private func expect(_ hex: String, _ type: DataType, _ numbers: [Int128]) throws {
    let digits = Array(hex.filter { $0 != " " })
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
    }
    let column = try PageContent.decode(Buffer(bytes), type: type, count: numbers.count)
    #expect(column.values == numbers.map { .integer($0) })
  }

  @Test("elements of a list that is taken twice, over blocks of differences")
  func listsTakenTwice() throws {
    let cells: [Value] = (0..<3_000).map { row in
      let start = Int128(row * 1_000)
      return .list([
        .integer(start + 7), .integer(start + 500 + start / 1_000 % 7), .integer(start + 999),
      ])
    }
    let column = try Column(type: .list(.int64), values: cells)
    let content = PageContent.encode(column)
    let positions: [Int32] = [0, 42, 42, 42, 43, 43, 85, 85, 2_999, 2_999]
    let taken = try PageContent.take(
      content, type: column.type, count: column.count, positions: positions)
    #expect(taken.values == positions.map { cells[Int($0)] })
  }
}
