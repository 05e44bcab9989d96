import CXXHash
import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

/// Commits whose checksum is right, but which say the same thing twice.
@Suite struct RepeatedEditTests {
  /// The edits by their tags, and a way to a last commit that holds one.
  private static let ways: [UInt16: @Sendable (StoreWriter) throws -> Void] = [
    17: { writer in try writer.apply([.drop("accounts")]) },
    18: { writer in try ingest(writer) },
    20: { writer in
      for _ in 0..<2 { try ingest(writer) }
    },
    24: { writer in try writer.tag(1, as: "first") },
    25: { writer in
      try writer.tag(1, as: "first")
      try writer.untag("first")
    },
    26: { writer in try writer.expire(.keepLast(1)) },
  ]

  private static func ingest(_ writer: StoreWriter) throws {
    var random = SplitMix64(seed: 3)
    let appender = try writer.append(to: "accounts")
    try appender.append(Row.batch(Row.random(3, &random)))
    _ = try appender.commit()
  }

  @Test(arguments: [UInt16](ways.keys).sorted())
  func isRefused(_ tag: UInt16) throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      try writer.apply([.create(accounts())])
      try Self.ways[tag]?(writer)
    }
    if tag == 20 { try store.compact("accounts", options: CompactionOptions(isFull: true)) }
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
