import HindcastCore
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

  @Test func readOnlyDiskReads() throws {
    try makeStore()
    disk.makeReadOnly()
    let store = try Store.open(at: "/store", on: disk)
    #expect(try store.snapshot().groups.count == 6)
    expectError(.io) { try store.withWriter { _ in } }
  }
}
