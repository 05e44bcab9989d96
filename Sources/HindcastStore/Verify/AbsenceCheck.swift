public import HindcastCore
import HindcastFormat

/// Whether a record's identifier is anywhere in a store.
public struct AbsenceReport: Hashable, Sendable {
  /// The segment files of the group, all of whose records were read.
  public var segmentCount = 0
  /// The files whose bytes were searched for the identifier's text.
  public var searchedFileCount = 0
  /// The segment files that hold the record.
  public var holders: [String] = []
  /// Segment files that can't be read, so that nothing is proven of them.
  public var unreadable: [HindcastError.Location] = []
  /// Places where the identifier's bytes are, maybe as a part of something else.
  public var occurrences: [HindcastError.Location] = []

  /// Whether no file holds the record.
  public var isAbsent: Bool { holders.isEmpty && unreadable.isEmpty }
}

extension Store {
  /// Looks for a record of a group in every file of the store, those that no commit names too.
  ///
  /// Reads the keys of all records of every segment that is of the group, or may be. Where a
  /// component of the identifier is text or binary of at least four bytes, its bytes are searched
  /// for in all files as well. O(records + bytes of the store).
  /// - Parameter record: a value a component of the identifier.
  /// - Throws: `not_found`, `type_mismatch`; ``HindcastError`` (`io`) if a folder can't be listed.
  public func findRecord(
    _ record: [Value], in group: FeatureGroup
  ) throws(HindcastError) -> AbsenceReport {
    let layout = KeyLayout(group)
    var columns: [Column] = []
    for (field, value) in zip(group.recordIdentifiers, record) {
      columns.append(try Column(type: field.type, values: [value]))
    }
    let encoder = try KeyEncoder(
      layout: layout, sources: group.recordIdentifiers.map(\.type),
      names: group.recordIdentifiers.map(\.name))
    let key = try encoder.encode(columns).keys
    var others: Set<SegmentUID> = []
    for other in try latest().groups
    where other.definition.name != group.name {
      others.formUnion(other.allSegments.map(\.uid) + other.erased.map(\.uid))
      others.formUnion(other.quarantined.map(\.reference.uid))
    }
    var report = AbsenceReport()
    for folder in [self.layout.segments, self.layout.quarantine, self.layout.temporary] {
      for name in try fileSystem.listIfThere(folder).sorted() where name.hasSuffix(".hseg") {
        let digits = name.split(separator: "-").last?.prefix(32) ?? ""
        if let uid = SegmentUID(String(digits)), others.contains(uid) { continue }
        try report.look(for: key, layout, in: folder + "/" + name, fileSystem)
      }
    }
    try lookInLogs(for: key, of: group, &report)
    let texts = record.compactMap { value -> [UInt8]? in
      guard case .bytes(let bytes) = value, bytes.count >= 4 else { return nil }
      return bytes
    }
    if !texts.isEmpty { try search(for: texts, &report) }
    return report
  }

  private func lookInLogs(
    for key: KeyVector, of group: FeatureGroup, _ report: inout AbsenceReport
  ) throws(HindcastError) {
    let ids = Set(try latest().groups.filter { $0.definition.name == group.name }.map(\.id))
    var holders: [String] = []
    try log.forEachLog { log, _, rows throws(HindcastError) in
      var holds = false
      try rows { _, id, keys throws(HindcastError) in
        guard ids.contains(id), !holds else { return }
        let keys = try keys()
        holds = (0..<keys.count).contains { keys.compare($0, key, 0) == 0 }
      }
      if holds { holders.append(layout.log(log)) }
    }
    report.holders += holders
  }

  private func search(
    for texts: [[UInt8]], _ report: inout AbsenceReport
  ) throws(HindcastError) {
    let folders = [
      layout.segments, layout.quarantine, layout.commits, layout.logs, layout.checkpoints,
      layout.temporary,
    ]
    for folder in folders {
      for name in try fileSystem.listIfThere(folder).sorted() {
        let path = folder + "/" + name
        // A file that goes while this looks is none of the store's any more.
        guard let status = try fileSystem.status(path), !status.isDirectory else { continue }
        let file: any ReadableFile
        do throws(HindcastError) {
          file = try fileSystem.openFile(path)
        } catch {
          guard error.code == .notFound else { throw error }
          continue
        }
        report.searchedFileCount += 1
        for text in texts {
          guard let offset = try Self.offset(of: text, in: file) else { continue }
          report.occurrences.append(.init(file: path, byteOffset: offset))
        }
      }
    }
  }

  /// The first place of bytes in a file, which is read a megabyte at a time.
  private static func offset(
    of text: [UInt8], in file: any ReadableFile
  ) throws(HindcastError) -> Int? {
    var start = 0
    while start + text.count <= file.byteCount {
      let count = min(file.byteCount - start, (1 << 20) + text.count - 1)
      var buffer = MutableBuffer(byteCount: count)
      try readAll(file, at: start, into: &buffer)
      let bytes = buffer.mutableSpan(of: UInt8.self)
      for place in 0...(count - text.count) where bytes[place] == text[0] {
        var length = 1
        while length < text.count, bytes[place + length] == text[length] { length += 1 }
        if length == text.count { return start + place }
      }
      start += 1 << 20
    }
    return nil
  }
}

extension AbsenceReport {
  /// Compares the key of every record of a segment file.
  fileprivate mutating func look(
    for key: KeyVector, _ layout: KeyLayout, in path: String, _ fileSystem: any FileSystem
  ) throws(HindcastError) {
    do {
      let segment = try SegmentReader(file: try fileSystem.openFile(path), expecting: nil)
      guard segment.keyLayout == layout else { return }
      segmentCount += 1
      let fences = try segment.fences()
      var holds = (0..<fences.count).contains { fences.compare($0, key, 0) == 0 }
      for index in 0..<segment.runPageCount {
        let keys = try segment.runPage(index).keys
        for run in 0..<keys.count where keys.compare(run, key, 0) == 0 { holds = true }
      }
      if holds { holders.append(path) }
    } catch {
      guard try fileSystem.status(path) != nil else { return }
      unreadable.append(error.location ?? .init(file: path))
    }
  }
}
