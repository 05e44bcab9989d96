import HindcastCore
import HindcastFormat
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The commits in the log files, as far as they were read.
///
/// A log file is commits one after the other, each whole and with its own checksum. What follows
/// the last whole one is space that was set aside, zeros, or was under way when its writer died,
/// and is nothing.
final class LogFrames: Sendable {
  /// One commit of a log.
  struct Frame: Sendable {
    let number: UInt64
    let bytes: ArraySlice<UInt8>
    let place: LogPlace
  }

  private let fileSystem: any FileSystem
  private let layout: StoreLayout
  private let logs = Mutex<[UInt64: ScannedLog]>([:])

  /// A log file up to where it was read.
  private struct ScannedLog {
    var frames: [Frame] = []
    var end = 0
    /// Where it was searched in vain for commits behind damage.
    var searched = 0..<0
  }

  /// As many log files stay in memory.
  private static let keptCount = 3

  init(fileSystem: any FileSystem, layout: StoreLayout) {
    self.fileSystem = fileSystem
    self.layout = layout
  }

  /// The numbers in the names of the log files, in order.
  func logNumbers() throws(HindcastError) -> [UInt64] {
    try fileSystem.listIfThere(layout.logs).compactMap(StoreLayout.number).sorted()
  }

  /// The bytes of all log files.
  func byteCount() throws(HindcastError) -> Int {
    var total = 0
    for log in try logNumbers() {
      total += try fileSystem.status(layout.log(log))?.byteCount ?? 0
    }
    return total
  }

  /// The last commit in the logs; nil if they hold none.
  func last() throws(HindcastError) -> Frame? {
    var bound = UInt64.max
    for log in try logNumbers().reversed() {
      if let frame = try frames(of: log, below: bound).last { return frame }
      bound = log
    }
    return nil
  }

  /// The commit of that number; nil if no log holds it.
  func frame(_ number: UInt64) throws(HindcastError) -> Frame? {
    if let frame = logs.withLock({ Self.find(number, in: $0) }) { return frame }
    guard let log = try logNumbers().last(where: { $0 <= number }) else { return nil }
    return Self.find(number, in: try frames(of: log, below: .max))
  }

  /// The commits of a log file, from the first, whose numbers are below `bound`.
  ///
  /// A commit that the next log or a commit file has too was given up by its writer.
  func frames(of log: UInt64, below bound: UInt64) throws(HindcastError) -> ArraySlice<Frame> {
    let frames = try logs.withLock { logs throws(HindcastError) in
      var scanned = logs[log] ?? ScannedLog()
      try scan(log, &scanned)
      logs[log] = scanned
      if logs.count > Self.keptCount, let oldest = logs.keys.min(), oldest != log {
        logs[oldest] = nil
      }
      return scanned.frames
    }
    return frames.prefix { $0.number < bound }
  }

  /// What follows the last commit of a log file, up to zeros at its end; nil if nothing does.
  ///
  /// O(bytes of it and of the zeros).
  func tail(of log: UInt64) throws(HindcastError) -> LogTail? {
    let last = try frames(of: log, below: .max).last
    let path = layout.log(log)
    let start = last.map { $0.place.offset + $0.place.byteCount } ?? 0
    guard let size = try fileSystem.status(path)?.byteCount, size > start else { return nil }
    let file = try fileSystem.openFile(path)
    var (offset, end) = (start, start)
    while offset < file.byteCount {
      let count = min(file.byteCount - offset, Self.chunkByteCount)
      let bytes = try readBytes(file, offset, count)
      if let last = bytes.lastIndex(where: { $0 != 0 }) { end = offset + last + 1 }
      offset += count
    }
    guard end > start else { return nil }
    // Commits that came meanwhile are none of what follows the last one.
    guard try frames(of: log, below: .max).last?.number == last?.number else { return nil }
    return LogTail(path: path, commit: last?.number, byteOffset: start, byteCount: end - start)
  }

  private static func find(_ number: UInt64, in logs: [UInt64: ScannedLog]) -> Frame? {
    guard let log = logs.keys.filter({ $0 <= number }).max(), let scanned = logs[log] else {
      return nil
    }
    return find(number, in: scanned.frames[...])
  }

  /// O(log frames).
  private static func find(_ number: UInt64, in frames: ArraySlice<Frame>) -> Frame? {
    var (low, high) = (frames.startIndex, frames.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if frames[middle].number < number { low = middle + 1 } else { high = middle }
    }
    guard low < frames.endIndex, frames[low].number == number else { return nil }
    return frames[low]
  }
}

extension LogFrames {
  /// Reads what was added to a log file since it was read last.
  private func scan(_ log: UInt64, _ scanned: inout ScannedLog) throws(HindcastError) {
    let path = layout.log(log)
    let file: any ReadableFile
    do {
      file = try fileSystem.openFile(path)
    } catch {
      guard error.code == .notFound else { throw error }
      // It may have gone since it was listed; a link that leads nowhere is still there.
      guard try logNumbers().contains(log) else { return }
      throw HindcastError(
        .corrupt, "is no regular file: restore it from a backup", at: .init(file: path))
    }
    var chunkByteCount = Self.firstChunkByteCount
    // A later commit that was found behind a place where none was.
    var later: UInt64?
    while scanned.end < file.byteCount {
      let chunk = try read(file, from: scanned.end, chunkByteCount)
      chunkByteCount = min(4 * chunkByteCount, Self.chunkByteCount)
      let (start, count) = (scanned.end, scanned.frames.count)
      var offset = 0
      while let length = Envelope.length(of: chunk[offset...]), length <= chunk.count - offset {
        let bytes = chunk[offset..<(offset + length)]
        let previous = scanned.frames.last?.number ?? Self.number(before: log)
        guard let number = Envelope.validNumber(.commit, bytes), number > previous else { break }
        scanned.frames.append(
          Frame(
            number: number, bytes: bytes,
            place: LogPlace(log: log, offset: start + offset, byteCount: length)))
        offset += length
      }
      scanned.end = start + offset
      if scanned.frames.count > count {
        later = nil
        continue
      }
      let last = scanned.frames.last?.number ?? Self.number(before: log)
      if let later {
        throw HindcastError(
          .corrupt,
          "the log is damaged after commit \(last), though commit \(later) follows: restore this "
            + "file from a backup",
          at: .init(file: path, byteOffset: start))
      }
      if scanned.searched == start..<file.byteCount { return }
      later = try laterCommit(file, from: start, after: last)
      // Both may have come since the place was read, the one there first: that is looked at again.
      if later == nil {
        scanned.searched = start..<file.byteCount
        return
      }
    }
  }

  /// The next bytes: at least a whole commit if the file holds one.
  private func read(
    _ file: any ReadableFile, from start: Int, _ least: Int
  ) throws(HindcastError) -> [UInt8] {
    let rest = file.byteCount - start
    var count = min(rest, least)
    var chunk = try readBytes(file, start, count)
    if let length = Envelope.length(of: chunk[...]), length > count, length <= rest {
      count = length
      chunk = try readBytes(file, start, count)
    }
    return chunk
  }

  private func readBytes(
    _ file: any ReadableFile, _ start: Int, _ count: Int
  ) throws(HindcastError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes
    try file.read(at: start, into: &target)
    return bytes
  }

  private static let chunkByteCount = 4 << 20
  /// A reader that looks again finds a few commits, and space behind them.
  private static let firstChunkByteCount = 1 << 16

  /// What the first commit of a log lies above; no commit has the number 0.
  private static func number(before log: UInt64) -> UInt64 { log == 0 ? 0 : log - 1 }

  /// A whole commit behind a place where none is, which tells one that was damaged later from one
  /// that was under way: nothing is written behind a commit before it is durable, so that one that
  /// is followed by a whole one was whole.
  ///
  /// O(bytes of the tail); holds 4 MiB and the commits that it finds, one at a time.
  private func laterCommit(
    _ file: any ReadableFile, from start: Int, after number: UInt64
  ) throws(HindcastError) -> UInt64? {
    let magic = Array(Envelope.Kind.commit.rawValue.utf8)
    var offset = start + 1
    while offset + Envelope.leastByteCount <= file.byteCount {
      let chunk = try readBytes(file, offset, min(file.byteCount - offset, Self.chunkByteCount))
      var place = 0
      while let next = Self.firstPlace(of: magic, in: chunk[place...]) {
        if let found = try commitNumber(file, at: offset + next), found > number,
          found - number > 1
        {
          return found
        }
        place = next + 1
      }
      // The next chunk starts with what could be the beginning of a magic.
      offset += max(1, chunk.count - magic.count + 1)
    }
    return nil
  }

  /// The number of the commit at an offset; nil if none is there, or not all of it.
  private func commitNumber(
    _ file: any ReadableFile, at offset: Int
  ) throws(HindcastError) -> UInt64? {
    let rest = file.byteCount - offset
    guard rest >= Envelope.leastByteCount,
      let length = Envelope.length(of: try readBytes(file, offset, Envelope.leastByteCount)[...]),
      length <= rest
    else { return nil }
    return Envelope.validNumber(.commit, try readBytes(file, offset, length)[...])
  }

  private static func firstPlace(of magic: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    while let place = firstPlace(of: magic[0], in: rest) {
      if rest[place...].starts(with: magic) { return place }
      rest = rest[(place + 1)...]
    }
    return nil
  }

  private static func firstPlace(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    let distance = unsafe bytes.withUnsafeBytes { bytes -> Int? in
      guard let start = bytes.baseAddress,
        let place = unsafe memchr(start, Int32(byte), bytes.count)
      else { return nil }
      return unsafe UnsafeRawPointer(place) - start
    }
    return distance.map { bytes.startIndex + $0 }
  }
}

/// What lies behind the last commit of a log.
///
/// It was under way when its writer died, or was the last commit and was damaged later: nothing
/// tells which.
public struct LogTail: Hashable, Sendable {
  /// The log file.
  public let path: String
  /// The last commit in it; nil if there is none.
  public let commit: UInt64?
  /// Where that ends.
  public let byteOffset: Int
  /// How many bytes follow.
  public let byteCount: Int
}
