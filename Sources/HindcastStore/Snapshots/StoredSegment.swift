public import HindcastCore
public import HindcastFormat
import Synchronization

/// A segment of a snapshot: what its commit says of it, and its bytes when they are needed.
public struct StoredSegment: Sendable {
  /// What the commit says.
  public let reference: SegmentReference
  private let slot: SegmentSlot

  init(reference: SegmentReference, pool: SegmentCache) {
    self.reference = reference
    slot = pool.slot(reference.uid)
  }

  /// A segment in memory.
  init(reference: SegmentReference, reader: SegmentReader) {
    self.reference = reference
    slot = SegmentSlot(reader)
  }

  /// Whether it holds rows of the log, and has no file of its own.
  public var isInMemory: Bool { slot.isInMemory }

  /// Opens the segment, or returns it if it is open already.
  ///
  /// Any thread may call it.
  /// - Throws: `not_found` if the file is gone, `corrupt` if it is not the one that was committed.
  public func reader() throws(HindcastError) -> SegmentReader {
    try slot.reader(reference)
  }
}

/// The open segments of a store.
///
/// One is closed when no snapshot's segment holds it any more.
final class SegmentCache: Sendable {
  private let fileSystem: any FileSystem
  private let layout: StoreLayout
  private let slots = Mutex<[SegmentUID: WeakSlot]>([:])
  /// The pages that look-ups read.
  let pages = PageCache(byteLimit: pageCacheByteLimit)

  private static let pageCacheByteLimit = 256 << 20

  private struct WeakSlot {
    weak var slot: SegmentSlot?
  }

  init(fileSystem: any FileSystem, layout: StoreLayout) {
    self.fileSystem = fileSystem
    self.layout = layout
  }

  func slot(_ uid: SegmentUID) -> SegmentSlot {
    slots.withLock { slots in
      if let slot = slots[uid]?.slot { return slot }
      let slot = SegmentSlot(fileSystem: fileSystem, path: layout.segment(uid), pages: pages)
      if slots.count > 4096 { slots = slots.filter { $0.value.slot != nil } }
      slots[uid] = WeakSlot(slot: slot)
      return slot
    }
  }
}

/// The place of one open segment.
final class SegmentSlot: Sendable {
  private let file: (fileSystem: any FileSystem, path: String, pages: PageCache)?
  private let opened: Mutex<SegmentReader?>

  init(fileSystem: any FileSystem, path: String, pages: PageCache) {
    file = (fileSystem, path, pages)
    opened = Mutex(nil)
  }

  /// A segment that is in memory, and stays open.
  init(_ reader: SegmentReader) {
    file = nil
    opened = Mutex(reader)
  }

  var isInMemory: Bool { file == nil }

  func reader(_ reference: SegmentReference) throws(HindcastError) -> SegmentReader {
    try opened.withLock { opened throws(HindcastError) in
      if let opened { return opened }
      guard let file else { preconditionFailure("a segment in memory is open") }
      let reader = try SegmentReader(
        file: try Self.open(file.path, file.fileSystem, reference),
        expecting: reference.trailerChecksum, cache: file.pages)
      guard reader.uid == reference.uid, reader.rowCount == reference.rowCount,
        reader.runCount == reference.runCount
      else {
        throw HindcastError(
          .corrupt,
          "this is another segment than the one that commit \(reference.commitNumber) added: "
            + "restore the file from a backup",
          at: .init(file: file.path))
      }
      opened = reader
      return reader
    }
  }

  private static func open(
    _ path: String, _ fileSystem: any FileSystem, _ reference: SegmentReference
  ) throws(HindcastError) -> any ReadableFile {
    do {
      return try fileSystem.openFile(path)
    } catch {
      guard error.code == .notFound else { throw error }
      throw HindcastError(
        .notFound,
        "the segment that commit \(reference.commitNumber) added is not there: restore the file "
          + "from a backup, or go on without its rows from the next snapshot on: 'hindcast repair'",
        at: .init(file: path), cause: error)
    }
  }
}
