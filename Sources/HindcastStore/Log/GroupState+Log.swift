import HindcastCore

extension Catalogue.GroupState {
  /// Puts segments in the place of logged rows; false if they do not go there.
  mutating func roll(
    _ commits: ClosedRange<UInt64>, into references: [SegmentReference]
  ) -> Bool {
    let rolled = logged.filter { commits.contains($0.commitNumber) }
    guard rolled.first?.commitNumber == commits.lowerBound,
      rolled.last?.commitNumber == commits.upperBound,
      rolled.reduce(0, { $0 + $1.rowCount }) == references.reduce(0, { $0 + $1.rowCount }),
      references.allSatisfy({ $0.groupID == id && $0.commits == commits && !has($0.uid) }),
      !segments.contains(where: { $0.commits.overlaps(commits) })
    else { return false }
    logged = ChunkedArray(logged.filter { !commits.contains($0.commitNumber) })
    let place = segments.firstIndex { $0.commitNumber > commits.upperBound }
    segments.insert(contentsOf: references, at: place ?? segments.endIndex)
    writtenByteCount += rolled.reduce(0) { $0 + $1.place.byteCount }
    writtenByteCount += references.reduce(0) { $0 + $1.byteCount }
    return true
  }

  /// The bytes of the commits that hold the logged rows.
  var loggedByteCount: Int { logged.reduce(0) { $0 + $1.place.byteCount } }

  /// Logged rows in stretches that no segment's commits come between, in order of arrival.
  var loggedStretches: [[LoggedRows]] {
    var stretches: [[LoggedRows]] = []
    for rows in logged {
      if let last = stretches.last?.last,
        !segments.contains(where: {
          $0.commitNumber > last.commitNumber && $0.commitNumber < rows.commitNumber
        })
      {
        stretches[stretches.count - 1].append(rows)
      } else {
        stretches.append([rows])
      }
    }
    return stretches
  }
}

extension FeatureGroup {
  /// Whether rows of another definition lie in memory as this one's do.
  func holdsRows(of other: FeatureGroup) -> Bool {
    features.map(\.id) == other.features.map(\.id)
      && features.map(\.type) == other.features.map(\.type)
      && recordIdentifiers.map(\.type) == other.recordIdentifiers.map(\.type)
      && timeUnit == other.timeUnit && (createdTime == nil) == (other.createdTime == nil)
  }
}
