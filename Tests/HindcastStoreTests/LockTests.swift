import HindcastCore
import HindcastStore
import HindcastTestKit
import Testing

@Suite struct LockTests {
  @Test func secondWriterIsToldWhoWrites() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    let other = try Store.open(at: "/store", on: disk)
    try store.withWriter { _ in
      let error = expectError(.busy) { try other.withWriter { _ in } }
      #expect(error?.message.contains("process 1 on simulation since 2023-11-14T") == true)
    }
    try other.withWriter { _ in }
  }

  @Test func writersThatIgnoreTheLockDoNotDamage() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    disk.ignoreLocks()
    let other = try Store.open(at: "/store", on: disk)
    try store.withWriter { first in
      try other.withWriter { second in
        try first.apply([.create(accounts("a"))])
        expectError(.busy) { try second.apply([.create(accounts("b"))]) }
      }
      try first.apply([.create(accounts("c"))])
    }
    #expect(try other.snapshot().groups.map(\.name) == ["a", "c"])
  }

  @Test func removedLockIsNoticed() throws {
    let disk = SimulatedFileSystem()
    let store = try Store.create(at: "/store", on: disk)
    try store.withWriter { writer in
      disk.replace("/store/lock", with: nil)
      expectError(.busy) { try writer.apply([.create(accounts("a"))]) }
    }
  }
}
