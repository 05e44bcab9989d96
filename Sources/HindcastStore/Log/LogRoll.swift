import HindcastCore
import HindcastFormat

/// Brings the rows of the log into segments.
struct LogRoll {
  private let store: Store
  private let poison: (HindcastError) -> Void

  /// A segment ends with the commit that brings its rows to so many bytes in memory.
  private static let bytesPerSegment = 128 << 20

  /// - Parameter poison: hears of a failure after which no one knows what the disk holds.
  init(store: Store, poison: @escaping (HindcastError) -> Void) {
    self.store = store
    self.poison = poison
  }

  /// Writes the logged rows of all groups to segments that are durable then, and returns the edits
  /// that put those in the place of the rows.
  ///
  /// Memory is bounded: many bytes of a group's rows go to several segments.
  func write(_ catalogue: Catalogue) throws(HindcastError) -> [Edit] {
    var edits: [Edit] = []
    do {
      for group in catalogue.groups {
        for stretch in group.loggedStretches { edits.append(try write(stretch, of: group)) }
      }
    } catch {
      // After a failed fsync the next writer looks at what is there.
      for case .roll(_, _, let references) in edits {
        for reference in references {
          try? store.fileSystem.removeFile(store.layout.segment(reference.uid))
        }
      }
      throw error
    }
    return edits
  }

  private func write(
    _ rows: [LoggedRows], of group: Catalogue.GroupState
  ) throws(HindcastError) -> Edit {
    let schema = SegmentSchema(group.definition)
    var sizes = ColumnSizes(schema: schema)
    let buffer = RowBuffer(overlaps: false)
    let commits = rows[0].commitNumber...rows[rows.count - 1].commitNumber
    let sink = SegmentSink(
      folder: SegmentFolder(fileSystem: store.fileSystem, path: store.layout.segments),
      schema: schema, sizes: sizes, options: AppendOptions())
    do {
      for (index, part) in rows.enumerated() {
        let batch = try part.batch(of: group.definition, log: store.log)
        sizes.add(batch)
        try buffer.append(batch)
        guard buffer.byteCount >= Self.bytesPerSegment || index == rows.count - 1 else { continue }
        try sink.startSegment(sizes)
        let sorted = try buffer.take().sorted(bytesPerBatch: 8 << 20)
        while let batch = try sorted?.next() { try sink.append(batch) }
        sizes = ColumnSizes(schema: schema)
      }
      try sink.finish()
    } catch {
      if let failure = sink.syncFailure { poison(failure) }
      sink.discard()
      throw error
    }
    return .roll(
      groupID: group.id, commits: commits, sink.references(groupID: group.id, commits: commits))
  }
}
