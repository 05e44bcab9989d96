import Foundation
import HindcastCore

/// Bytes that end where memory ends: reading one byte beyond them kills the process.
final class GuardedBytes: Sendable {
  private let address: UInt
  private let mappedByteCount: Int
  private let byteCount: Int

  /// Copies `bytes` to the end of a mapping, before a page that can't be read; nil if the system
  /// gives none.
  init?(_ bytes: [UInt8]) {
    let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
    let pages = (bytes.count + pageByteCount - 1) / pageByteCount
    byteCount = bytes.count
    mappedByteCount = (pages + 1) * pageByteCount
    let mapping = unsafe mmap(
      nil, mappedByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { return nil }
    address = UInt(bitPattern: mapping)
    let end = unsafe mapping + pages * pageByteCount
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(start: end - bytes.count, count: bytes.count)
        .copyMemory(from: source)
    }
    unsafe mprotect(end, pageByteCount, PROT_NONE)
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), mappedByteCount) }

  /// The bytes; a number of them that is a multiple of 8 makes them aligned to 8.
  var buffer: Buffer? {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let start = address + UInt(mappedByteCount - page - byteCount)
    guard let start = unsafe UnsafeRawPointer(bitPattern: start) else { return nil }
    return unsafe Buffer(borrowing: start, byteCount: byteCount, owner: self)
  }
}
