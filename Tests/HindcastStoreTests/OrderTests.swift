import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

/// The sorter on keys and times of every spread, against the standard library's sort.
@Suite struct OrderTests {
  private struct Version {
    var id: Int64
    var at: Int64
    var score: Int64
  }

  private func check(_ versions: [Version], _ what: String) throws {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [.int64]), sources: [.int64], names: ["id"])
    try store.withWriter { writer in
      try writer.apply([.create(scores())])
      let appender = try writer.append(to: "scores")
      let keys = try encoder.encode([Column(type: .int64, versions.map(\.id))]).keys
      try appender.append(
        VersionBatch(
          keys: keys, eventTimes: Buffer(versions.map(\.at)),
          features: [Column(type: .int64, versions.map(\.score))]))
      _ = try appender.commit()
    }
    let reader = try #require(try store.snapshot().group(named: "scores").segments.first).reader()
    let wanted = versions.enumerated().sorted {
      ($0.element.id, $0.element.at, $0.offset) < ($1.element.id, $1.element.at, $1.offset)
    }
    let column = try #require(reader.feature(id: 2))
    let found = try (0..<column.pageCount).flatMap {
      try column.page($0).fixed.array(of: Int64.self)
    }
    #expect(found == wanted.map(\.element.score), "\(what)")
  }

  @Test(
    arguments: [0, 1, 5, 1_000, Int64.max], [0, 1, 300, 1 << 40, Int64.max])
  func everySpread(ids: Int64, times: Int64) throws {
    let seed = UInt64.random(in: 0...9_999)
    var random = SplitMix64(seed: seed)
    let versions = (0..<3_000).map { index in
      Version(
        id: .random(in: (ids == .max ? .min : -ids / 2)...ids, using: &random),
        at: .random(in: (times == .max ? .min : -times / 2)...times, using: &random),
        score: Int64(index))
    }
    try check(versions, "seed \(seed)")
    try check(versions.sorted { $0.at < $1.at }, "by time, seed \(seed)")
    try check([versions[0]], "one row")
  }
}
