import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct EvolutionTests {
  private let disk = SimulatedFileSystem()

  /// A store with one row of `scores`, score 7, in a segment.
  private func makeStore() throws -> Store {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(scores())])
      try append(7, to: writer)
    }
    return store
  }

  private func append(_ values: Value..., to writer: StoreWriter) throws {
    let group = try #require(writer.groups.first { $0.name == "scores" })
    let keys = try KeyEncoder(layout: KeyLayout(group), sources: [.int64], names: ["id"])
      .encode([Column(type: .int64, values: [1])]).keys
    var features: [Column] = []
    for (field, value) in zip(group.features, values) {
      features.append(try Column(type: field.type, values: [value]))
    }
    let appender = try writer.append(to: "scores")
    try appender.append(
      VersionBatch(
        keys: keys, eventTimes: Buffer([Int64(1)]), createdTimes: nil, tombstones: nil,
        features: features))
    _ = try appender.commit()
  }

  /// The features of all rows at a snapshot, in order of arrival.
  private func rows(_ store: Store, _ snapshot: UInt64? = nil) throws -> [[Value]] {
    let group = try store.snapshot(snapshot).group(named: "scores")
    return try group.segments.flatMap { segment in
      let reader = try segment.reader()
      let columns = try group.definition.features.map { field in
        let column = try reader.column(of: field)
        #expect(column.type == field.type)
        return try (0..<column.pageCount).flatMap { try column.page($0).values }
      }
      return (0..<reader.rowCount).map { row in columns.map { $0[row] } }
    }
  }

  private func current(_ writer: StoreWriter) throws -> FeatureGroup {
    try #require(writer.groups.first)
  }

  @Test func randomSequencesReadAsAModelDoes() throws {
    for seed in testSeeds(25, environment: [:]) {
      let evolved = try EvolvedWorld(seed: seed)
      for (number, world) in evolved.snapshots {
        let group = try evolved.store.snapshot(number).group(named: world.group.name)
        #expect(group.definition.features.map(\.name) == world.group.features.map(\.name))
        #expect(group.definition.features.map(\.type) == world.group.features.map(\.type))
        var found: [[Value]] = []
        for segment in group.segments {
          let reader = try segment.reader()
          let columns = try group.definition.features.map { field in
            let column = try reader.column(of: field)
            return try (0..<column.pageCount).flatMap { try column.page($0).values }
          }
          found += (0..<reader.rowCount).map { row in columns.map { $0[row] } }
        }
        let wanted = world.rows.map(\.features)
        #expect(
          Dictionary(grouping: found) { $0 }.mapValues(\.count)
            == Dictionary(grouping: wanted) { $0 }.mapValues(\.count), "seed \(seed), \(number)")
      }
    }
  }

  @Test func aDefaultAnswersRowsFromBeforeAndNoStoredNull() throws {
    let store = try makeStore()
    try store.withWriter { writer in
      var wanted = try current(writer)
      wanted.features.append(Field(id: 0, name: "late", type: .int32, defaultValue: 3))
      wanted.features.append(Field(id: 0, name: "plain", type: .utf8))
      try writer.apply([.update(wanted)])
      try append(8, .null, "x", to: writer)
    }
    #expect(try rows(store) == [[7, 3, .null], [8, .null, "x"]])
    #expect(try rows(store, 3) == [[7]])
    let reopened = try Store.open(at: "/store", on: disk)
    #expect(try rows(reopened) == [[7, 3, .null], [8, .null, "x"]])
    #expect(try reopened.verify(deep: true).isSound)
  }

  @Test func aNameThatIsUsedAgainIsANewFeature() throws {
    let store = try makeStore()
    try store.withWriter { writer in
      var wanted = try current(writer)
      wanted.features = []
      try writer.apply([.update(wanted, dropping: ["score"])])
      #expect(try current(writer).features.isEmpty)
      wanted.features = [Field(id: 0, name: "score", type: .utf8)]
      try writer.apply([.update(wanted)])
      #expect(try current(writer).features.map(\.id) == [3])
      try append("new", to: writer)
      // Dropped and added in one breath.
      wanted.features = [Field(id: 0, name: "score", type: .int64, defaultValue: 5)]
      try writer.apply([.update(wanted, dropping: ["score"])])
    }
    #expect(try rows(store) == [[5], [5]])
    #expect(try rows(store, 6) == [[.null], ["new"]])
    #expect(try rows(store, 4) == [[]])
    #expect(try rows(store, 3) == [[7]])
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func renamesKeepTheHistoryAndAreRemembered() throws {
    let store = try makeStore()
    let renamed = ["points": "score"]
    try store.withWriter { writer in
      var wanted = try current(writer)
      wanted.features[0].name = "points"
      // A new feature takes the old name.
      wanted.features.append(Field(id: 0, name: "score", type: .float64))
      try writer.apply([.update(wanted, renamed: renamed)])
      #expect(try current(writer).features.map(\.name) == ["points", "score"])
      #expect(try current(writer).features.map(\.id) == [2, 3])
      #expect(try writer.apply([.update(wanted, renamed: renamed)]) == nil)
    }
    #expect(try rows(store, 4) == [[7, .null]])
    #expect(try rows(store, 3) == [[7]])
  }

  @Test func namesCanBeSwapped() throws {
    let store = try makeStore()
    let swap = ["score": "other", "other": "score"]
    try store.withWriter { writer in
      var wanted = try current(writer)
      wanted.features.append(Field(id: 0, name: "other", type: .int64, defaultValue: 9))
      try writer.apply([.update(wanted)])
      wanted = try current(writer)
      wanted.features[0].name = "other"
      wanted.features[1].name = "score"
      try writer.apply([.update(wanted, renamed: swap)])
      #expect(try current(writer).features.map(\.id) == [2, 3])
      #expect(try current(writer).features.map(\.name) == ["other", "score"])
      #expect(try writer.apply([.update(wanted, renamed: swap)]) == nil)
      // A name that a feature had before is one that it can have again.
      wanted.features[0].name = "x"
      try writer.apply([.update(wanted, renamed: ["x": "other"])])
      wanted.features[0].name = "other"
      try writer.apply([.update(wanted, renamed: ["other": "x"])])
      #expect(try current(writer).features.map(\.name) == ["other", "score"])
      #expect(try current(writer).features.map(\.id) == [2, 3])
    }
  }

  @Test func typesWidenStepByStep() throws {
    let store = try Store.create(at: "/store", on: disk)
    var group = scores()
    group.features = [
      Field(id: 0, name: "score", type: .int8), Field(id: 0, name: "rate", type: .float32),
    ]
    let quiet: UInt32 = 0x7F80_0001
    try store.withWriter { writer in
      try writer.apply([.create(group)])
      try append(-128, .float32(quiet), to: writer)
      for (type, float) in [(DataType.int16, DataType.float32), (.int64, .float64)] {
        var wanted = try current(writer)
        wanted.features[0].type = type
        wanted.features[1].type = float
        try writer.apply([.update(wanted)])
        try append(
          type == .int16 ? -32_768 : .integer(Int128(Int64.min)),
          float == .float32 ? .float(0.1) : .double(0.1), to: writer)
      }
    }
    let widened = Value.float64(0x7FF0_0000_2000_0000)
    #expect(
      try rows(store) == [
        [-128, widened], [-32_768, .double(Double(Float(0.1)))],
        [.integer(Int128(Int64.min)), .double(0.1)],
      ])
    #expect(try rows(store, 3) == [[-128, .float32(quiet)]])
    #expect(try rows(store, 5) == [[-128, .float32(quiet)], [-32_768, .float(0.1)]])
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func whatIsNotWithoutLossIsRefusedWithTheReason() throws {
    let store = try makeStore()
    try store.withWriter { writer in
      let now = try current(writer)
      func expectRefusal(
        _ part: String, renamed: [String: String] = [:], dropping: Set<String> = [],
        _ change: (inout FeatureGroup) -> Void
      ) {
        var wanted = now
        change(&wanted)
        let error = expectError(part.contains("no value") ? .typeMismatch : .invalidArgument) {
          try writer.apply([.update(wanted, renamed: renamed, dropping: dropping)])
        }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      }
      expectRefusal("values that are stored might not fit") { $0.features[0].type = .int32 }
      expectRefusal("does not hold every integer") { $0.features[0].type = .float64 }
      expectRefusal("its range is not inside the other's") { $0.features[0].type = .uint64 }
      expectRefusal("only a type that holds every value") { $0.features[0].type = .utf8 }
      expectRefusal("record identifier is id int64") { $0.recordIdentifiers[0].type = .int32 }
      expectRefusal("time unit is s and can't become ms") { $0.timeUnit = .millisecond }
      expectRefusal("default of feature 'score' can't change") { $0.features[0].defaultValue = 1 }
      expectRefusal("dropped only on request") { $0.features = [] }
      expectRefusal("no feature 'nothing' that could be dropped", dropping: ["nothing"]) { _ in }
      expectRefusal("could be renamed to 'points'", renamed: ["points": "nothing"]) { group in
        group.features.append(Field(id: 0, name: "points", type: .int64))
      }
      expectRefusal("is no value of type int8") { group in
        group.features.append(Field(id: 0, name: "more", type: .int8, defaultValue: 128))
      }
      expectRefusal("is no value of type utf8") { group in
        group.features.append(Field(id: 0, name: "more", type: .utf8, defaultValue: .bytes([255])))
      }
      var two = now
      two.features.append(Field(id: 0, name: "more", type: .int8, defaultValue: 1))
      try writer.apply([.update(two)])
      let error = expectError(.invalidArgument) {
        try writer.apply([.update(two, renamed: ["more": "score"])])
      }
      #expect(error?.message.contains("there is a feature of that name") == true)
    }
    #expect(try store.snapshot().number == 4)
  }

  @Test func aSegmentThatDoesNotGoWithItsGroupIsCorrupt() throws {
    let store = try makeStore()
    let group = try store.snapshot().group(named: "scores")
    let field = Field(id: 2, name: "score", type: .int8)
    let error = expectError(.corrupt) { _ = try group.segments[0].reader().column(of: field) }
    #expect(error?.message.contains("stored as int64") == true)
  }

  @Test func defaultsOfEveryTypeSurviveReopening() throws {
    let store = try makeStore()
    let values: [(DataType, Value)] = [
      (.bool, .bool(false)), (.uint64, .integer(Int128(UInt64.max))), (.float32, .float(-0.0)),
      (.float64, .float64(0x7FF0_0000_0000_0001)), (.utf8, ""), (.binary, .bytes([0, 255])),
      (.date, -1), (.timestamp(.nanosecond, zone: nil), .integer(Int128(Int64.min))),
      (.decimal128(precision: 38, scale: 2), .integer(-(Int128(10) << 100))),
      (.list(.utf8), .list([.null, "a", ""])), (.list(.int8), .list([])),
      (.set(.int64), .list([1, 2])), (.vector(dimension: 2), .list([.float(1), .float(2)])),
    ]
    try store.withWriter { writer in
      var wanted = try current(writer)
      for (index, (type, value)) in values.enumerated() {
        wanted.features.append(
          Field(id: 0, name: "f\(index)", type: type, defaultValue: value))
      }
      try writer.apply([.update(wanted)])
    }
    let reopened = try Store.open(at: "/store", on: disk)
    #expect(try rows(reopened) == [[7] + values.map(\.1)])
  }
}
