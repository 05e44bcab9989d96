import Foundation
import HindcastCore
import HindcastFormat
import Testing

/// Data for which each composition of encodings was made: it is chosen, and gives back every bit.
@Suite struct CompositionTests {
  private static let counts = [2, 17, 127, 128, 129, 1024, 8192]

  @Test(arguments: counts)
  func aWalkInCentsIsDecimalsAndDifferences(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    var cents = 1_234_567
    let values = (0..<count).map { index in
      cents += Int.random(in: -90...90, using: &generator)
      // Another record begins, far from the one before.
      if index % 200 == 199 { cents = Int.random(in: 0...9_999_999, using: &generator) }
      return Double(cents) / 100
    }
    let tree = try roundTrip(Column(type: .float64, values.map(\.bitPattern)))
    if count >= 1024 { #expect(tree.hasPrefix("alp:2(delta(")) }
    if count == 8192 { #expect(tree.contains("patched")) }
    try roundTrip(Column(type: .float32, values.map { (Float($0) / 64).bitPattern }))
  }

  @Test(arguments: counts)
  func whatIsNoDecimalIsPatched(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let odd: [Double] = [.nan, .infinity, -.infinity, -0.0, 1e300, .leastNonzeroMagnitude, .pi]
    let values = (0..<count).map { index in
      index % 50 == 7
        ? odd[index / 50 % odd.count] : Double(Int.random(in: 0...99_999, using: &generator)) / 1000
    }
    let tree = try roundTrip(Column(type: .float64, values.map(\.bitPattern)))
    if count >= 1024 { #expect(tree.hasPrefix("patched[") && tree.contains("(alp:3(")) }
    try roundTrip(Column(type: .float32, values.map { Float($0).bitPattern }))
  }

  @Test(arguments: counts)
  func noiseIsCutInTwo(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let values = (0..<count).map { _ in
      (0..<4).map { _ in Double.random(in: -1...1, using: &generator) }.reduce(0, +)
    }
    let tree = try roundTrip(Column(type: .float64, values.map(\.bitPattern)))
    if count >= 1024 { #expect(tree.hasPrefix("alp-rd:")) }
    try roundTrip(Column(type: .float32, values.map { Float($0).bitPattern }))
  }

  @Test(arguments: counts)
  func mostlyOneValueIsAConstantWithPatches(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let values = (0..<count).map { index in
      index % 6 == 1 ? Int64.random(in: -1000...1000, using: &generator) : 42
    }
    let tree = try roundTrip(Column(type: .int64, values))
    if count >= 1024 { #expect(tree.hasPrefix("patched[") && tree.contains("](constant, ")) }
  }

  @Test(arguments: counts)
  func fewBitsAreAListOfPlaces(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    for rare in [true, false] {
      let bits = (0..<count).map { _ in
        Value.bool((Int.random(in: 0..<200, using: &generator) == 0) == rare)
      }
      let tree = try roundTrip(Column(type: .bool, values: bits))
      if count == 8192 { #expect(tree.hasPrefix("sparse(")) }
    }
  }

  @Test(arguments: counts)
  func hexDigitsTakeFourBits(_ count: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let values = (0..<count).map { index -> Value in
      if index % 19 == 3 { return .null }
      let word = UInt64.random(in: .min ... .max, using: &generator)
      return .text(String(word, radix: 16))
    }
    let tree = try roundTrip(Column(type: .utf8, values: values))
    if count >= 1024 { #expect(tree.contains("alphabet:4(")) }
  }

  @Test func timesOfManyRecordsArePatchedDifferences() throws {
    var generator = SeededGenerator(seed: testSeed())
    var times: [Int64] = []
    while times.count < 2048 {
      var time: Int64 = 1_735_689_600_000_000
      for _ in 0..<100 {
        time += Int64(-log(Double.random(in: 0.0001..<1, using: &generator)) * 4e10)
        times.append(time)
      }
    }
    let tree = try roundTrip(
      Column(type: .timestamp(.microsecond, zone: "UTC"), Array(times.prefix(2048))))
    #expect(tree.hasPrefix("delta("))
  }

  @Test func decimalsOf128BitsPackTheirDifferences() throws {
    var generator = SeededGenerator(seed: testSeed())
    var number: Int128 = 1 << 80
    let values = (0..<1000).map { _ -> Value in
      number += Int128.random(in: 0...500, using: &generator)
      return .integer(number)
    }
    let tree = try roundTrip(
      Column(type: .decimal128(precision: 38, scale: 2), values: values))
    #expect(tree.hasPrefix("delta("))
  }

  @Test func everyEncodingCanBeLeftOut() throws {
    var generator = SeededGenerator(seed: testSeed())
    let names = [
      "constant", "packed", "delta", "run-length", "dictionary", "patched", "sparse", "alp",
      "alp-rd", "fsst", "alphabet",
    ]
    for name in names {
      let options = try #require(EncodingOptions(leavingOut: [name]))
      for type in allTypes {
        for shape in Shape.allCases {
          let values = randomValues(type, shape, count: 300, nullShare: 0.1, using: &generator)
          try roundTrip(Column(type: type, values: values), options: options)
        }
      }
    }
    #expect(EncodingOptions(leavingOut: ["no such"]) == nil)
  }
}
