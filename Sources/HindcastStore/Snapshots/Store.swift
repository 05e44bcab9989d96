public import HindcastCore
import HindcastFormat
import Synchronization

/// A folder of immutable segments and the commits that say which of them hold what.
///
/// ```
/// let store = try Store.open(at: "loans.hindcast")
/// let snapshot = try store.snapshot()              // the latest; pinned while it lives
/// let group = try snapshot.group(named: "balances")
/// ```
/// Any number of readers, in any number of processes, work beside one writer.
public final class Store: Sendable {
  /// The name that the store keeps for life: 32 hex digits.
  public let identifier: String
  /// The folder.
  public var path: String { layout.root }

  let fileSystem: any FileSystem
  let layout: StoreLayout
  let log: CommitLog
  let segments: SegmentCache
  let loggedSegments: LoggedSegments
  private let newest = Mutex<Catalogue?>(nil)

  private init(
    _ description: StoreDescription, layout: StoreLayout, fileSystem: any FileSystem
  ) {
    identifier = description.identifier
    self.fileSystem = fileSystem
    self.layout = layout
    log = CommitLog(fileSystem: fileSystem, layout: layout, storeID: description.storeID)
    segments = SegmentCache(fileSystem: fileSystem, layout: layout)
    loggedSegments = LoggedSegments(log: log, pages: segments.pages)
  }

  /// Opens a store.
  ///
  /// Changes nothing on disk, so that it works on a read-only one.
  ///
  /// Reads the last checkpoint and the commits after it.
  /// - Throws: `not_found` if there is no store, `unsupported_version` if a newer version wrote it,
  ///   `corrupt` if a commit is damaged or missing, `io`.
  public static func open(
    at path: String, on fileSystem: any FileSystem = LocalFileSystem()
  ) throws(HindcastError) -> Store {
    let store = try openUnread(at: path, on: fileSystem)
    _ = try store.latest()
    return store
  }

  /// Opens a store whose commits may be damaged, to look at what is wrong with it
  /// (``verify(deep:progress:)``).
  /// - Throws: as ``open(at:on:)``, except for what is wrong with commits.
  public static func openUnread(
    at path: String, on fileSystem: any FileSystem = LocalFileSystem()
  ) throws(HindcastError) -> Store {
    let layout = StoreLayout(root: trimmed(path))
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.readAll(layout.description, limit: 1 << 16)
    } catch {
      guard error.code == .notFound else { throw error }
      throw HindcastError(
        .notFound,
        "there is no store here: create one with 'hindcast init', or name another folder",
        at: .init(file: path))
    }
    let description = try StoreDescription(bytes, file: layout.description)
    return Store(description, layout: layout, fileSystem: fileSystem)
  }

  /// The catalogue as of the last commit.
  ///
  /// O(commits) to list them; reads those since the newest one known, or the last checkpoint.
  /// - Throws: `corrupt` if a commit that is kept is damaged or missing.
  func latest() throws(HindcastError) -> Catalogue {
    var tried: UInt64?
    while true {
      let numbers = try log.numbers()
      let last = numbers[numbers.count - 1]
      do throws(HindcastError) {
        let catalogue = try catalogue(at: last)
        try log.checkComplete(numbers, catalogue)
        return catalogue
      } catch {
        // Commits may have gone meanwhile, by one that a new listing shows.
        guard tried != last else { throw error }
        tried = last
      }
    }
  }

  /// The catalogue as of a commit that exists.
  ///
  /// O(commits since the newest one known).
  func catalogue(at number: UInt64) throws(HindcastError) -> Catalogue {
    let known = newest.withLock { $0 }
    if let known, known.number == number { return known }
    let catalogue = try log.catalogue(at: number, from: known)
    remember(catalogue)
    return catalogue
  }

  /// Keeps a catalogue for the next reader if it is the newest.
  func remember(_ catalogue: Catalogue) {
    newest.withLock { known in
      if catalogue.number > known?.number ?? 0 { known = catalogue }
    }
  }

  /// The path without slashes at its end.
  static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }
}

extension Store {
  /// Creates an empty store in a folder that is empty or not there yet.
  ///
  /// `hindcast.store` is published last: a crash before leaves no store, and the same call may be
  /// repeated.
  /// - Throws: `already_exists` if the folder holds a store or anything else; `busy`, `io`.
  public static func create(
    at path: String, on fileSystem: any FileSystem = LocalFileSystem()
  ) throws(HindcastError) -> Store {
    let layout = StoreLayout(root: trimmed(path))
    try StoreCreator(fileSystem: fileSystem, layout: layout).create()
    return try open(at: path, on: fileSystem)
  }
}
