import CXXHash
import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

/// Commits whose checksum is right, but which say the same thing twice.
@Suite struct RepeatedEditTests {
  /// The edits by their tags, and a way to a last commit that holds one.
  ///
  /// Rows in the log may be there twice, and a definition, a batch or a horizon said again changes
  /// nothing.
  private static let ways: [UInt16: @Sendable (Store, SimulatedFileSystem) throws -> Void] = [
    17: { store, _ in try store.withWriter { _ = try $0.apply([.drop("accounts")]) } },
    18: { store, _ in try ingest(store) },
    20: { store, _ in
      for _ in 0..<2 { try ingest(store) }
      try store.compact("accounts", options: CompactionOptions(isFull: true))
    },
    22: { store, _ in
      let stream = try store.stream()
      try stream.submit(rows(), to: "accounts") { _ in }
      try stream.close()
      try store.withWriter { _ = try $0.rollLog() }
    },
    24: { store, _ in try store.withWriter { _ = try $0.tag(1, as: "first") } },
    25: { store, _ in
      try store.withWriter { _ = try $0.tag(1, as: "first") }
      try store.withWriter { _ = try $0.untag("first") }
    },
    26: { store, _ in try store.withWriter { _ = try $0.expire(.keepLast(1)) } },
    28: { store, _ in
      try ingest(store)
      _ = try store.erase(rows().keys, from: "accounts")
    },
    29: { store, disk in
      try ingest(store)
      let segment = try store.snapshot().group(named: "accounts").segments[0].reference
      let path = "/store/segments/\(segment.uid).hseg"
      disk.replace(path, with: try #require(disk.bytes(path)).map { ~$0 })
      #expect(try store.repair(isDryRun: false).losses.count == 1)
    },
  ]

  private static func rows() throws -> VersionBatch {
    var random = SplitMix64(seed: 3)
    return try Row.batch(Row.random(3, &random))
  }

  private static func ingest(_ store: Store) throws {
    try store.withWriter { writer in
      let appender = try writer.append(to: "accounts")
      try appender.append(rows())
      _ = try appender.commit()
    }
  }

  @Test(arguments: [UInt16](ways.keys).sorted())
  func isRefused(_ tag: UInt16) throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { _ = try $0.apply([.create(accounts())]) }
    try Self.ways[tag]?(store, disk)
    let number = String(try store.snapshot().number)
    let path = "/store/commits/" + String(repeating: "0", count: 20 - number.count) + number
    let bytes = try #require(disk.bytes(path))
    let edits = Self.fields(of: bytes).filter { $0.tag == tag }
    #expect(!edits.isEmpty)

    disk.replace(path, with: try Self.commit(like: bytes, adding: []))
    #expect(try Store.open(at: "/store", on: disk).snapshot().number == UInt64(number))
    for edit in edits {
      disk.replace(path, with: try Self.commit(like: bytes, adding: bytes[edit.range]))
      let error = expectError(.corrupt) {
        _ = try Store.open(at: "/store", on: disk).snapshot()
      }
      #expect(error?.description.contains(path) == true, "\(String(describing: error))")
    }
  }

  /// The tagged fields behind a commit's header, as the specification of the store has them.
  private static func fields(of bytes: [UInt8]) -> [(tag: UInt16, range: Range<Int>)] {
    var fields: [(UInt16, Range<Int>)] = []
    var start = 32
    while start + 8 <= bytes.count - 8 {
      let length = (4..<8).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * ($1 - 4)) }
      fields.append(
        (UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8, start..<start + 8 + length))
      start += 8 + length
    }
    return fields
  }

  private static func commit(
    like bytes: [UInt8], adding field: ArraySlice<UInt8>
  ) throws -> [UInt8] {
    var made = Array(bytes.dropLast(8)) + field
    let length = UInt64(made.count - 32).littleEndian
    unsafe withUnsafeBytes(of: length) { unsafe made.replaceSubrange(16..<24, with: $0) }
    let checksum = unsafe made.withUnsafeBytes {
      unsafe hindcast_xxh64($0.baseAddress, $0.count, 0)
    }
    unsafe withUnsafeBytes(of: checksum.littleEndian) { unsafe made.append(contentsOf: $0) }
    return made
  }
}
