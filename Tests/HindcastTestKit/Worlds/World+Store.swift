import HindcastCore
public import HindcastFormat
public import HindcastStore

extension World {
  /// A new store on a simulated disk that holds this world's history, a commit each.
  ///
  /// - Parameters:
  ///   - batchRows: the rows that are appended at a time.
  ///   - memoryBytes: what an ingest may hold before it writes it to a segment; nil is the default.
  ///   - segmentsPerIngest: after so many of those it spills.
  public func store(
    profile: Profile = .balanced, batchRows: Int = 50, memoryBytes: Int? = nil,
    segmentsPerIngest: Int = 8
  ) throws -> Store {
    let store = try Store.create(at: "/world", on: SimulatedFileSystem())
    try store.withWriter { writer in
      try writer.apply([.create(group)])
      for rows in commits {
        var options = AppendOptions()
        options.profile = profile
        options.segmentsPerIngest = segmentsPerIngest
        if let memoryBytes { options.memoryBytes = memoryBytes }
        let appender = try writer.append(to: group.name, options: options)
        var rest = rows[...]
        while !rest.isEmpty {
          try appender.append(try batch(Array(rest.prefix(batchRows))))
          rest = rest.dropFirst(batchRows)
        }
        _ = try appender.commit()
      }
    }
    return store
  }
}
