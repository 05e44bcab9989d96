import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit

/// A version of an account, as a test writes it down.
struct Row: Hashable {
  var account: String
  var at: Int64
  var known: Int64?
  var isGone = false
  var balance: Double?
  var tags: [String]?

  /// Rows of few accounts and times, so that there are ties of every kind.
  static func random(_ count: Int, _ random: inout SplitMix64) -> [Row] {
    (0..<count).map { _ in
      let account = ["a", "b", "longer_name_1", "longer_name_2", "longer_name_1\0x"]
      return Row(
        account: account.randomElement(using: &random) ?? "",
        at: .random(in: -3...3, using: &random),
        known: Bool.random(using: &random) ? nil : .random(in: 0...2, using: &random),
        isGone: Int.random(in: 0..<8, using: &random) == 0,
        balance: Bool.random(using: &random) ? nil : Double.random(in: 0...9, using: &random),
        tags: Bool.random(using: &random)
          ? nil
          : ["x", "yy", ""].shuffled(using: &random).dropLast(.random(in: 0...3, using: &random)))
    }
  }

  /// The rows as a batch of the group `accounts`.
  static func batch(_ rows: [Row]) throws -> VersionBatch {
    let encoder = try KeyEncoder(
      layout: KeyLayout(components: [.utf8]), sources: [.utf8], names: ["account"])
    let names = try Column(type: .utf8, values: rows.map { .text($0.account) })
    let created = try Column(
      type: .timestamp(.microsecond, zone: "UTC"),
      values: rows.map { $0.known.map { .integer(Int128($0)) } ?? .null })
    let gone = try Column(type: .bool, values: rows.map { .bool($0.isGone) })
    guard case .bits(let tombstones) = gone.body else { throw HindcastError(.io, "no bits") }
    return VersionBatch(
      keys: try encoder.encode([names]).keys, eventTimes: Buffer(rows.map(\.at)),
      createdTimes: created, tombstones: rows.contains(where: \.isGone) ? tombstones : nil,
      features: [
        try Column(type: .float64, values: rows.map { $0.balance.map { .double($0) } ?? .null }),
        try Column(
          type: .list(.utf8),
          values: rows.map { $0.tags.map { .list($0.map { .text($0) }) } ?? .null }),
      ])
  }

  /// The rows of a segment, in its order.
  static func read(_ segment: SegmentReader) throws -> [Row] {
    var accounts: [String] = []
    for index in 0..<segment.runPageCount {
      let page = try segment.runPage(index)
      let ends = page.ends.span(of: Int.self)
      for run in 0..<page.keys.count {
        let key = try segment.keyLayout.decode(page.keys.bytes(run))
        guard case .bytes(let name) = key[0] else { continue }
        while accounts.count < ends[run] { accounts.append(String(decoding: name, as: UTF8.self)) }
      }
    }
    let times = try values(segment.eventTimes)
    let known = try segment.createdTimes.map(values) ?? []
    let gone = try segment.tombstones.map(values) ?? times.map { _ in .bool(false) }
    let ids = segment.schema.features.map(\.id)
    let balances = try segment.feature(id: ids[0]).map(values) ?? []
    let tags = try segment.feature(id: ids[1]).map(values) ?? []
    return accounts.indices.map { row in
      Row(
        account: accounts[row], at: times[row].number ?? 0, known: known[row].number,
        isGone: gone[row] == .bool(true), balance: balances[row].double, tags: tags[row].texts)
    }
  }

  /// The order of a segment: the record's bytes, event time, created time with null first, arrival.
  static func sorted(_ rows: [Row]) -> [Row] {
    rows.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      if x.account != y.account {
        return x.account.utf8.lexicographicallyPrecedes(y.account.utf8)
      }
      if x.at != y.at { return x.at < y.at }
      if x.known != y.known { return (x.known ?? .min) < (y.known ?? .min) }
      return a.offset < b.offset
    }.map(\.element)
  }

  private static func values(_ column: ColumnReader) throws -> [Value] {
    try (0..<column.pageCount).flatMap { try column.page($0).values }
  }
}

extension Value {
  var number: Int64? {
    guard case .integer(let number) = self else { return nil }
    return Int64(exactly: number)
  }

  var double: Double? {
    guard case .float64(let bits) = self else { return nil }
    return Double(bitPattern: bits)
  }

  var texts: [String]? {
    guard case .list(let elements) = self else { return nil }
    return elements.map { element in
      guard case .bytes(let bytes) = element else { return "" }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
