import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

/// Rows of which a batch can't hold as many as of others.
@Suite struct WideRowsTests {
  /// Versions that differ, with short and long values and identifiers in any order.
  private func rows(_ count: Int, at start: Int, _ random: inout SplitMix64) -> [Row] {
    let lengths = [0, 1, 50, 3_000, 40_000]
    let accounts = (0..<6).map { index in
      String(repeating: "\(index)", count: index % 2 == 0 ? 3 : 9_000)
    }
    return (0..<count).map { place in
      let tags = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        String(repeating: "x", count: lengths.randomElement(using: &random) ?? 0)
      }
      return Row(
        account: accounts.randomElement(using: &random) ?? "", at: Int64(start + place),
        known: Bool.random(using: &random) ? nil : 5, isGone: place % 11 == 0,
        balance: Bool.random(using: &random) ? nil : Double(place), tags: tags)
    }
  }

  private func store(_ random: inout SplitMix64) throws -> (Store, [Row]) {
    let store = try Store.create(at: "/store", on: SimulatedFileSystem())
    var all: [Row] = []
    try store.withWriter { writer in
      _ = try writer.apply([.create(accounts())])
      for commit in 0..<4 {
        let part = rows(250, at: 1_000 * commit, &random)
        let appender = try writer.append(
          to: "accounts", options: AppendOptions(memoryBytes: commit == 0 ? 1 : 512 << 20))
        for start in stride(from: 0, to: part.count, by: 50) {
          try appender.append(Row.batch(Array(part[start..<start + 50])))
        }
        _ = try appender.commit()
        all += part
      }
    }
    return (store, all)
  }

  private func read(_ store: Store) throws -> [[Row]] {
    try store.snapshot().group(named: "accounts").segments.map { try Row.read($0.reader()) }
  }

  /// With 64 KiB of a batch, few of them merged at once, and with much more than that.
  @Test(arguments: [1, 64 << 20, 1 << 30])
  func theyMerge(memoryBytes: Int) throws {
    let seed = UInt64.random(in: 0...(.max))
    print("WideRowsTests: seed \(seed)")
    var random = SplitMix64(seed: seed)
    let (store, rows) = try store(&random)
    _ = try store.compact(
      "accounts", options: CompactionOptions(isFull: true, memoryBytes: memoryBytes))
    let merged = try read(store)
    #expect(merged.count == 1)
    #expect(merged.first == Row.sorted(rows))
    #expect(try store.verify(deep: true).isSound)
  }

  @Test func theyAreErased() throws {
    var random = SplitMix64(seed: 9)
    let (store, rows) = try store(&random)
    _ = try store.compact("accounts", options: CompactionOptions(isFull: true))
    let victim = rows[0].account
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [.utf8]), sources: [.utf8], names: ["account"])
    let keys = try encoder.encode([Column(type: .utf8, values: [.text(victim)])]).keys
    _ = try store.erase(keys, from: "accounts")
    #expect(try read(store) == [Row.sorted(rows.filter { $0.account != victim })])
  }
}
