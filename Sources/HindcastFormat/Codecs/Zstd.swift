import CZstd
import HindcastCore
import Synchronization

/// Decompression contexts that are not in use: making one costs more than a page.
private let idleContexts = Mutex<[DecompressionContext]>([])

@safe
private final class DecompressionContext: @unchecked Sendable {
  let pointer: OpaquePointer

  init?() {
    guard let pointer = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.pointer = unsafe pointer
  }

  deinit { unsafe _ = ZSTD_freeDCtx(pointer) }
}

func decompressZstd(_ stored: Buffer, byteCount: Int) -> Buffer? {
  let declared = unsafe ZSTD_getFrameContentSize(stored.address, stored.byteCount)
  guard declared == UInt64(byteCount),
    let context = idleContexts.withLock({ $0.popLast() }) ?? DecompressionContext()
  else { return nil }
  defer { idleContexts.withLock { $0.append(context) } }
  let target = unsafe MutableBuffer(uninitializedByteCount: byteCount)
  let written = unsafe ZSTD_decompressDCtx(
    context.pointer, target.address, byteCount, stored.address, stored.byteCount)
  return written == byteCount ? target.freeze() : nil
}

/// A zstd compressor of one level.
///
/// Safe to share between threads: has as many contexts as threads ever used it at once.
final class ZstdCompressor: Sendable {
  private let idle = Mutex<[CompressionContext]>([])
  private let level: Int32

  init(level: Int32) { self.level = level }

  /// A zstd frame of `content`; nil if it would take more than `limit` bytes.
  func compress(_ content: Buffer, limit: Int) -> Buffer? {
    guard limit > 0, let context = idle.withLock({ $0.popLast() }) ?? CompressionContext() else {
      return nil
    }
    defer { idle.withLock { $0.append(context) } }
    var target = MutableBuffer(byteCount: limit)
    let written = unsafe ZSTD_compressCCtx(
      context.pointer, target.address, limit, content.address, content.byteCount, level)
    guard ZSTD_isError(written) == 0 else { return nil }
    target.resize(byteCount: written)
    return target.freeze()
  }
}

@safe
private final class CompressionContext: @unchecked Sendable {
  let pointer: OpaquePointer

  init?() {
    guard let pointer = unsafe ZSTD_createCCtx() else { return nil }
    unsafe self.pointer = unsafe pointer
  }

  deinit { unsafe _ = ZSTD_freeCCtx(pointer) }
}
