import CXXHash
import HindcastCore

/// An XXH128 of xxHash 0.8, by Yann Collet, that is fed piece by piece.
///
/// It tells values that differ by accident, at the speed of memory; who could choose them could
/// choose the hash as well.
@safe
package final class XXH128 {
  private let state: UnsafeMutableRawPointer

  /// Starts a hash of nothing.
  package init() {
    guard let state = unsafe hindcast_xxh128_create() else {
      preconditionFailure("there is no memory for a hash")
    }
    unsafe self.state = unsafe state
  }

  deinit {
    unsafe hindcast_xxh128_free(state)
  }

  /// Takes bytes in.
  package func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe hindcast_xxh128_update(state, buffer.baseAddress, buffer.count)
    }
  }

  /// Takes bytes in.
  package func update(_ bytes: [UInt8]) {
    update(Buffer(bytes).bytes)
  }

  /// The 16 bytes of the hash of what was taken in, the most significant first.
  package func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 16)
    unsafe digest.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe hindcast_xxh128_digest(state, start)
    }
    return digest
  }
}
