import HindcastCore
import HindcastFormat
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct DamageTests {
  private let disk = SimulatedFileSystem()
  private let fifth = "/store/commits/00000000000000000005"

  private func makeStore() throws {
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      for name in ["a", "b", "c", "d", "e", "f"] { try writer.apply([.create(accounts(name))]) }
    }
  }

  @Test func missingCommitIsNamed() throws {
    try makeStore()
    disk.replace(fifth, with: nil)
    let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
    #expect(error?.message.contains("commit 5 is missing") == true)
  }

  @Test func everyDamagedByteOfACommitIsFound() throws {
    try makeStore()
    let good = try #require(disk.bytes(fifth))
    for index in good.indices {
      var bad = good
      bad[index] ^= 0x10
      disk.replace(fifth, with: bad)
      #expect(throws: HindcastError.self, "byte \(index)") {
        _ = try Store.open(at: "/store", on: disk)
      }
    }
    for length in stride(from: 0, to: good.count, by: 7) {
      disk.replace(fifth, with: Array(good.prefix(length)))
      expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
    }
    disk.replace(fifth, with: good)
    #expect(try Store.open(at: "/store", on: disk).snapshot().number == 7)
  }

  @Test func commitOfAnotherStoreIsRefused() throws {
    try makeStore()
    let other = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: other)
    try store.withWriter { writer in
      for name in ["a", "b", "c", "d"] { try writer.apply([.create(accounts(name))]) }
    }
    disk.replace(fifth, with: other.bytes(fifth))
    let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk) }
    #expect(error?.message.contains("another store") == true)
  }

  @Test func newerVersionsAreToldApartFromDamage() throws {
    try makeStore()
    for path in [fifth, "/store/hindcast.store"] {
      let good = try #require(disk.bytes(path))
      var newer = good
      newer[8] = 2
      disk.replace(path, with: newer)
      expectError(.unsupportedVersion) { _ = try Store.open(at: "/store", on: disk) }
      disk.replace(path, with: good)
    }
  }

  @Test("a count that no store can have is damage, though its checksum is right")
  func impossibleCounts() throws {
    var random = SplitMix64(seed: 1)
    try makeStore()
    let rows = try Row.batch(Row.random(10, &random))
    try Store.open(at: "/store", on: disk).withWriter { writer in
      let appender = try writer.append(to: "a")
      try appender.append(rows)
      #expect(try appender.commit().commitNumber == 8)
    }
    let path = "/store/commits/00000000000000000008"
    let good = try #require(disk.bytes(path))
    // Tags of a segment reference: rows, records, bytes, tombstones.
    for tag in [3, 4, 5, 8] as [UInt8] {
      let field = [tag, 0, 0, 0, 8, 0, 0, 0] as [UInt8]
      let start = try #require(good.firstRange(of: field)).upperBound
      for value in [.max, -1, 1 << 48 + 1] as [Int] {
        var bad = good
        bad.replaceSubrange(start..<start + 8, with: bytes(UInt64(bitPattern: Int64(value))))
        let checksum = hash64(Buffer(Array(bad.dropLast(8))).bytes, seed: 0)
        bad.replaceSubrange(bad.count - 8..<bad.count, with: bytes(checksum))
        disk.replace(path, with: bad)
        let error = expectError(.corrupt) { _ = try Store.open(at: "/store", on: disk).snapshot() }
        #expect(error?.message.contains("checksum") == false, "tag \(tag), \(value)")
      }
    }
    disk.replace(path, with: good)
    #expect(try Store.open(at: "/store", on: disk).snapshot().number == 8)
  }

  @Test func readOnlyDiskReads() throws {
    try makeStore()
    disk.makeReadOnly()
    let store = try Store.open(at: "/store", on: disk)
    #expect(try store.snapshot().groups.count == 6)
    expectError(.io) { try store.withWriter { _ in } }
  }

  private func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
