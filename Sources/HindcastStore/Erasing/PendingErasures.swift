public import HindcastCore
import HindcastFormat

/// A file that holds records which were erased, and that can't go yet.
public struct PendingErasure: Hashable, Sendable {
  /// The file.
  public let path: String
  /// The commit that erased records of it.
  public let commit: UInt64
  /// The snapshots that readers hold and that may have it open; empty if the next writer can remove
  /// the file.
  public let pinned: [UInt64]
  /// The snapshots that are in the file, if it is a log.
  ///
  /// It goes when they are given up; nobody reads the records in it any more.
  public let logged: ClosedRange<UInt64>?
}

extension Store {
  /// The files with erased records that are still there.
  ///
  /// O(commits + rows in the log) if records were erased.
  /// - Throws: ``HindcastError`` if the folder can't be read.
  public func pendingErasures() throws(HindcastError) -> [PendingErasure] {
    try ErasedFiles(log: log).pending(try latest())
  }
}

/// The files that hold erased records.
struct ErasedFiles {
  let log: CommitLog

  private var fileSystem: any FileSystem { log.fileSystem }
  private var layout: StoreLayout { log.layout }

  /// Those that are still there.
  func pending(_ catalogue: Catalogue) throws(HindcastError) -> [PendingErasure] {
    try segments(catalogue) + logs(catalogue)
  }

  /// The segments that are still there.
  private func segments(_ catalogue: Catalogue) throws(HindcastError) -> [PendingErasure] {
    let segments = catalogue.groups.flatMap(\.erased)
    guard !segments.isEmpty else { return [] }
    let names = Set(try fileSystem.listIfThere(layout.segments))
    let left = segments.filter { names.contains(StoreLayout.segmentName($0.uid)) }
    guard let first = left.map(\.firstSnapshot).min(), let last = left.map(\.erasedAt).max() else {
      return []
    }
    let pinned = try pins(of: first..<last)
    return left.map { segment in
      PendingErasure(
        path: layout.segment(segment.uid), commit: segment.erasedAt,
        pinned: pinned.filter { segment.snapshots.contains($0) }, logged: nil)
    }
  }

  /// Removes the segments that no reader can have open; returns what is left.
  ///
  /// Whoever calls it holds the writer's lock. A reader that pins an earlier snapshot from now on
  /// finds the erasure, since it looks for one after it has its pin.
  @discardableResult
  func remove(_ catalogue: Catalogue) throws(HindcastError) -> [PendingErasure] {
    var left: [PendingErasure] = []
    for file in try segments(catalogue) {
      if file.pinned.isEmpty {
        try fileSystem.removeFile(file.path)
      } else {
        left.append(file)
      }
    }
    return left
  }

  /// The snapshots that readers hold; of a log the last one alone.
  private func pins(of range: Range<UInt64>) throws(HindcastError) -> [UInt64] {
    let commits = try fileSystem.list(layout.commits).compactMap(StoreLayout.number)
    var files = commits.filter(range.contains).map { (number: $0, path: layout.commit($0)) }
    let logs = try log.frames.logNumbers()
    for (index, first) in logs.enumerated() where first < range.upperBound {
      let next = index + 1 < logs.count ? logs[index + 1] : .max
      let frames = try log.frames.frames(of: first, below: min(next, range.upperBound))
      guard let last = frames.last?.number, range.contains(last) else { continue }
      files.append((last, layout.log(first)))
    }
    var pinned: [UInt64] = []
    for file in files.sorted(by: { $0.number < $1.number }) {
      do {
        let lock = try fileSystem.lock(file.path, .exclusive)
        if lock == nil { pinned.append(file.number) }
      } catch {
        // Where nobody may lock, nobody can tell.
        pinned.append(file.number)
      }
    }
    return pinned
  }
}

extension ErasedFiles {
  /// The logs that hold rows of erased records.
  private func logs(_ catalogue: Catalogue) throws(HindcastError) -> [PendingErasure] {
    var erasures: [UInt32: [ErasureRecord]] = [:]
    for group in catalogue.groups where !group.erasures.isEmpty {
      erasures[group.id] = group.erasures
    }
    guard !erasures.isEmpty else { return [] }
    var files: [PendingErasure] = []
    try log.forEachLog { log, numbers, rows throws(HindcastError) in
      var commit: UInt64?
      try rows { number, groupID, keys throws(HindcastError) in
        let later = (erasures[groupID] ?? []).filter { $0.commit > number }
        guard commit == nil, !later.isEmpty, try keys().holdsAny(of: later) else { return }
        commit = later.last?.commit
      }
      guard let commit else { return }
      files.append(
        PendingErasure(path: layout.log(log), commit: commit, pinned: [], logged: numbers))
    }
    return files
  }
}
