import HindcastCore

/// Lays out a new store.
struct StoreCreator {
  let fileSystem: any FileSystem
  let layout: StoreLayout

  func create() throws(HindcastError) {
    try fileSystem.createDirectoryIfMissing(layout.root)
    try checkFolder()
    guard let lock = try fileSystem.lock(layout.lock, .exclusive) else {
      throw WriterLock.busy(fileSystem, layout)
    }
    try WriterLock.sign(lock, fileSystem)
    for folder in layout.folders { try fileSystem.createDirectoryIfMissing(folder) }
    try checkLeftovers()
    let description = StoreDescription(storeID: identifier(), created: fileSystem.now())
    try publishFirstCommit(description)
    try fileSystem.synchronizeDirectory(layout.root)
    try publish(description.encode(), at: layout.description, in: layout.root)
    try fileSystem.synchronizeDirectory(layout.parent)
    withExtendedLifetime(lock) {}
  }

  /// 16 random bytes.
  private func identifier() -> [UInt8] {
    [fileSystem.randomBits(), fileSystem.randomBits()].flatMap { bits in
      (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
  }

  /// Refuses a folder that holds anything but what an interrupted creation leaves.
  private func checkFolder() throws(HindcastError) {
    let known = Set((layout.folders + [layout.lock]).map { $0.split(separator: "/").last ?? "" })
    for name in try fileSystem.list(layout.root).sorted() {
      if name == "hindcast.store" {
        throw HindcastError(
          .alreadyExists, "there is a store here already", at: .init(file: layout.root))
      }
      guard known.contains(name[...]) else {
        throw HindcastError(
          .alreadyExists,
          "the folder holds '\(name)'; a store needs an empty folder, or one that is not there yet",
          at: .init(file: layout.root))
      }
    }
  }

  /// Refuses a folder with commits or segments: a store that has lost its description, not an
  /// interrupted creation.
  ///
  /// Removes what the latter leaves.
  private func checkLeftovers() throws(HindcastError) {
    let commits = try fileSystem.list(layout.commits)
    let segments = try fileSystem.list(layout.segments)
    guard segments.isEmpty, commits.allSatisfy({ $0 == StoreLayout.name(1) }) else {
      throw HindcastError(
        .alreadyExists,
        "the folder holds commits or segments but no 'hindcast.store': restore that file from a "
          + "backup",
        at: .init(file: layout.root))
    }
    for name in commits { try fileSystem.removeFile(layout.commits + "/" + name) }
    for name in try fileSystem.list(layout.temporary) {
      try fileSystem.removeFile(layout.temporary + "/" + name)
    }
  }

  private func publishFirstCommit(_ description: StoreDescription) throws(HindcastError) {
    let bytes = Commit.encode(
      number: 1, time: description.created, previousChecksum: 0, storeID: description.storeID,
      note: "create", edits: [])
    try publish(bytes, at: layout.commit(1), in: layout.commits)
  }

  private func publish(
    _ bytes: [UInt8], at path: String, in folder: String
  ) throws(HindcastError) {
    let temporary = layout.temporary + "/create-" + String(fileSystem.randomBits())
    try fileSystem.writeDurably(bytes, to: temporary)
    try fileSystem.link(temporary, to: path)
    try fileSystem.synchronizeDirectory(folder)
    try fileSystem.removeFile(temporary)
  }
}
