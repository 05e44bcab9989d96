public import HindcastCore

extension ReferenceVersion {
  /// The versions of a batch of rows as plain values.
  ///
  /// - Parameters:
  ///   - batch: rows of one group; in arrival order, or in a segment's order, which keeps it.
  ///   - identifierTypes: the record identifiers' types.
  ///   - commit: the commit number, or anything that grows with it.
  ///   - firstPlace: the place of the batch's first row in its commit's input or segment.
  /// - Throws: ``HindcastError`` (`corrupt`) if a key does not have the form of its types.
  public static func versions(
    of batch: VersionBatch, identifierTypes: [DataType], commit: UInt64, firstPlace: Int = 0
  ) throws(HindcastError) -> [ReferenceVersion] {
    let layout = KeyLayout(components: identifierTypes)
    let eventTimes = batch.eventTimes.array(of: Int64.self)
    let tombstones = batch.tombstones?.array(of: UInt8.self)
    var versions: [ReferenceVersion] = []
    versions.reserveCapacity(batch.count)
    for row in 0..<batch.count {
      versions.append(
        ReferenceVersion(
          record: try layout.decode(batch.keys.bytes(row)), eventTicks: eventTimes[row],
          createdTicks: batch.createdTimes.flatMap { ticks($0[row]) },
          isTombstone: tombstones.map { $0[row / 8] >> UInt8(row % 8) & 1 == 1 } ?? false,
          features: batch.features.map { $0[row] },
          arrival: ReferenceArrival(commit: commit, place: firstPlace + row)))
    }
    return versions
  }

  private static func ticks(_ value: Value) -> Int64? {
    guard case .integer(let number) = value else { return nil }
    return Int64(exactly: number)
  }
}
