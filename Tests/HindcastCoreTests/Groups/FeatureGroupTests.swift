import HindcastCore
import Testing

@Suite("Feature groups (rules D1 and D2)")
struct FeatureGroupTests {
  private static func group(
    name: String = "plane", id: DataType = .int64, identifierCount: Int = 1,
    features: [(String, DataType)] = [("speed", .float64)], eventTime: String = "event_time",
    createdTime: String? = nil, deletedFlag: String? = nil, timeToLive: TimeSpan? = nil,
    delay: TimeSpan = .zero
  ) -> FeatureGroup {
    FeatureGroup(
      name: name,
      recordIdentifiers: (0..<identifierCount).map {
        Field(id: UInt32($0 + 1), name: "id\($0)", type: id)
      },
      eventTime: eventTime, createdTime: createdTime, deletedFlag: deletedFlag,
      features: features.enumerated().map { Field(id: UInt32($0 + 10), name: $1.0, type: $1.1) },
      timeToLive: timeToLive, delay: delay)
  }

  private static func code(_ group: FeatureGroup) -> HindcastError.Code? {
    do {
      try group.validate()
      return nil
    } catch {
      return error.code
    }
  }

  @Test("names are a letter, then letters, digits and underscores")
  func names() {
    for name in ["a", "Z9", "plane_speed", "x_"] {
      #expect(Self.code(Self.group(name: name)) == nil, "\(name)")
    }
    for name in [
      "", "9a", "_a", "a-b", "a b", "a.b", "a:b", "é", "a\u{301}", "a__b", "__", "a\u{0}",
    ] {
      #expect(Self.code(Self.group(name: name)) == .invalidArgument, "\(name)")
    }
    #expect(Self.code(Self.group(features: [("a__b", .int8)])) == nil, "only groups refuse '__'")
    #expect(Self.code(Self.group(features: [("a-b", .int8)])) == .invalidArgument)
  }

  @Test("no two columns have one name")
  func duplicates() {
    let twice: [(String, DataType)] = [("a", .int8), ("a", .int8)]
    #expect(Self.code(Self.group(features: twice)) == .duplicateName)
    #expect(Self.code(Self.group(features: [("id0", .int8)])) == .duplicateName)
    #expect(Self.code(Self.group(features: [("event_time", .int8)])) == .duplicateName)
    #expect(Self.code(Self.group(createdTime: "speed")) == .duplicateName)
    #expect(Self.code(Self.group(createdTime: "c", deletedFlag: "c")) == .duplicateName)
  }

  @Test("identifiers are never floating point, and the error says why")
  func identifiers() {
    #expect(Self.code(Self.group(identifierCount: 0)) == .invalidArgument)
    for type in DataTypeTests.scalars {
      #expect(Self.code(Self.group(id: type)) == (type.isIdentifier ? nil : .typeMismatch))
    }
    let error = #expect(throws: HindcastError.self) { try Self.group(id: .float64).validate() }
    #expect(error?.message.contains("pandas") == true)
    #expect(error?.location?.column == "id0")
  }

  @Test("features are scalars, lists and sets of them, and vectors")
  func features() {
    for type in DataTypeTests.all {
      #expect(Self.code(Self.group(features: [("f", type)])) == nil, "\(type)")
    }
    for type in [DataType.list(.list(.int8)), .set(.list(.int8)), .list(.vector(dimension: 2))] {
      #expect(Self.code(Self.group(features: [("f", type)])) == .typeMismatch, "\(type)")
    }
    for dimension in [0, -1, 65_537] {
      let type = DataType.vector(dimension: dimension)
      #expect(Self.code(Self.group(features: [("f", type)])) == .limitExceeded)
    }
    #expect(Self.code(Self.group(features: [])) == nil)
  }

  @Test("spans are not negative (rule A2)")
  func spans() {
    let negative = TimeSpan(nanoseconds: -1)
    #expect(Self.code(Self.group(delay: negative)) == .invalidArgument)
    #expect(Self.code(Self.group(timeToLive: negative)) == .invalidArgument)
    #expect(Self.code(Self.group(timeToLive: .zero)) == nil)
  }

  @Test("field ids start after the largest")
  func nextFieldID() {
    #expect(Self.group().nextFieldID == 11)
    #expect(Self.group(features: []).nextFieldID == 2)
  }

  @Test("errors print their place in front")
  func errorText() {
    let error = HindcastError(
      .invalidValue, "is null", at: .init(file: "a.csv", row: 3, column: "id"))
    #expect("\(error)" == "a.csv: row 3, column \"id\": is null")
    #expect("\(HindcastError(.io, "no space"))" == "no space")
    let section = HindcastError.Location(section: "trailer", byteOffset: 64)
    #expect("\(HindcastError(.corrupt, "bad", at: section))" == "trailer, byte 64: bad")
  }
}
