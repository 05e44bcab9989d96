import HindcastCore
import HindcastFormat
import HindcastStore

/// A file of the simulated disk, open for reading.
final class SimulatedReadableFile: ReadableFile {
  let path: String
  let byteCount: Int
  private let node: Int
  private let fileSystem: SimulatedFileSystem

  init(path: String, byteCount: Int, node: Int, fileSystem: SimulatedFileSystem) {
    self.path = path
    self.byteCount = byteCount
    self.node = node
    self.fileSystem = fileSystem
  }

  func read(at offset: Int, into target: inout MutableRawSpan) throws(HindcastError) {
    fileSystem.willRead(path)
    let count = target.byteCount
    let bytes: [UInt8] = try fileSystem.step(changes: false, path) { state throws(HindcastError) in
      guard case .file(let file) = state.disk.nodes[node], offset >= 0, count >= 0,
        count <= file.bytes.count, offset <= file.bytes.count - count
      else {
        throw HindcastError(
          .corrupt, "the file ends too early", at: .init(file: path, byteOffset: offset))
      }
      return Array(file.bytes[offset..<(offset + count)])
    }
    for index in bytes.indices {
      target.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self)
    }
  }
}

/// A new file of the simulated disk.
final class SimulatedWritableFile: WritableFile {
  let path: String
  private let node: Int
  private let fileSystem: SimulatedFileSystem
  private var byteCount = 0

  init(path: String, node: Int, fileSystem: SimulatedFileSystem) {
    self.path = path
    self.node = node
    self.fileSystem = fileSystem
  }

  func append(_ bytes: RawSpan) throws(HindcastError) {
    let copy = bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    try write(copy)
    byteCount += copy.count
  }

  func reserve(_ count: Int) throws(HindcastError) {
    try write(Array(repeating: 0, count: count))
  }

  private func write(_ bytes: [UInt8]) throws(HindcastError) {
    try moving(bytes.count) { done throws(HindcastError) in
      try write(bytes[done...], at: byteCount + done)
    }
  }

  /// Writes some of the bytes; returns how many.
  private func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(HindcastError) -> Int {
    do {
      return try fileSystem.step(changes: true, path) { state throws(HindcastError) in
        if let recorder = state.recorder, bytes.count > 1 {
          var moment = state.moment()
          moment.disk.updateFile(node) { $0.write(bytes.prefix(bytes.count / 2), at: offset) }
          recorder(moment)
        }
        let part = state.isWriteShort ? bytes.prefix((bytes.count + 1) / 2) : bytes
        state.disk.updateFile(node) { $0.write(part, at: offset) }
        return part.count
      }
    } catch {
      // A write that fails may have written a part.
      fileSystem.writePart(bytes, to: node, at: offset)
      throw error
    }
  }

  func synchronize() throws(HindcastError) {
    do {
      try fileSystem.step(changes: true, synchronizes: .file, path) { state throws(HindcastError) in
        state.disk.updateFile(node) { $0.synchronize() }
      }
    } catch {
      fileSystem.synchronizationFailed(node)
      throw error
    }
  }

  var isCurrent: Bool { fileSystem.isCurrent(node, path) }

  func close() throws(HindcastError) {
    try fileSystem.step(changes: false, path) { _ throws(HindcastError) in }
  }
}

/// A lock of the simulated disk.
final class SimulatedLock: FileLock {
  private let path: String
  private let node: Int
  private let mode: LockMode
  private let fileSystem: SimulatedFileSystem

  init(path: String, node: Int, mode: LockMode, fileSystem: SimulatedFileSystem) {
    self.path = path
    self.node = node
    self.mode = mode
    self.fileSystem = fileSystem
  }

  deinit { fileSystem.release(node, mode) }

  func write(_ text: String) throws(HindcastError) {
    try fileSystem.step(changes: true, path) { state throws(HindcastError) in
      state.disk.updateFile(node) {
        $0.bytes = Array(text.utf8)
        $0.durableCount = 0
      }
    }
  }

  var isCurrent: Bool { fileSystem.isCurrent(node, path) }
}
