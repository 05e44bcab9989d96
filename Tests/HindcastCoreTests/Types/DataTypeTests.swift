import HindcastCore
import HindcastTestKit
import Testing

@Suite("Data types (rule D2)")
struct DataTypeTests {
  static let scalars: [DataType] =
    [
      .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
      .utf8, .binary, .date, .decimal128(precision: 38, scale: 10),
      .decimal128(precision: 1, scale: -38),
    ]
    + TimeUnit.allCases.flatMap {
      [.timestamp($0, zone: nil), .timestamp($0, zone: "UTC"), .timestamp($0, zone: "+02:00")]
    }
  static let all: [DataType] =
    scalars + scalars.flatMap { [.list($0), .set($0)] }
    + [.vector(dimension: 1), .vector(dimension: 65_536)]

  @Test("a type's text parses back", arguments: all)
  func roundTrips(type: DataType) {
    #expect(DataType(type.description) == type)
  }

  @Test(
    "texts that name no type",
    arguments: [
      "", "int", "Int64", "int64 ", "float16", "struct", "map", "duration[ns]", "string", "list",
      "list[]", "list[int]", "list[list[int8]]", "list[vector[3]]", "set[set[int8]]", "list[int8",
      "list[int8]]", "vector[0]", "vector[-1]", "vector[65537]", "vector[]", "vector[3, 4]",
      "vector[99999999999999999999]", "timestamp", "timestamp[]", "timestamp[m]",
      "timestamp[us,]", "timestamp[us, ]", "decimal128", "decimal128[10]", "decimal128[0, 0]",
      "decimal128[39, 0]", "decimal128[10, 39]", "decimal128[10, 1, 1]", "[", "]", "[]", "[int8]",
    ])
  func refuses(text: String) {
    #expect(DataType(text) == nil)
  }

  @Test("spaces around parameters do not matter")
  func spaces() {
    #expect(DataType("timestamp[us,UTC]") == .timestamp(.microsecond, zone: "UTC"))
    #expect(DataType("decimal128[ 10 , 2 ]") == .decimal128(precision: 10, scale: 2))
  }

  @Test("random text never traps")
  func fuzz() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let pieces = [
      "list", "set", "[", "]", ",", " ", "int8", "vector", "9", "-", "timestamp", "us", "é",
    ]
    for _ in 0..<5_000 {
      let text = (0..<random.int(0...8)).map { _ in random.pick(pieces) }.joined()
      if let type = DataType(text) {
        #expect(DataType(type.description) == type, "seed \(seed): \(text)")
      }
    }
  }

  @Test("identifiers are integers, text, binary, bool, dates and timestamps")
  func identifiers() {
    let refused = Self.all.filter { !$0.isIdentifier }
    for type in refused {
      switch type {
      case .float32, .float64, .decimal128, .list, .set, .vector: break
      default: Issue.record("\(type) should identify records")
      }
    }
    #expect(Self.scalars.filter(\.isIdentifier).count == Self.scalars.count - 4)
  }

  @Test("layouts and elements")
  func layouts() {
    #expect(DataType.decimal128(precision: 3, scale: 1).layout == .fixed(byteWidth: 16))
    #expect(DataType.vector(dimension: 3).layout == .fixed(byteWidth: 12))
    #expect(DataType.date.layout == .fixed(byteWidth: 4))
    #expect(DataType.vector(dimension: 3).element == .float32)
    #expect(DataType.set(.utf8).element == .utf8)
    #expect(DataType.int8.element == nil)
  }
}
