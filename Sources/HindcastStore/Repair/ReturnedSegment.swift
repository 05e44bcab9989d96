import HindcastCore
import HindcastFormat

extension Store {
  /// That the file of a segment in quarantine is among the segments with records that were erased
  /// from the group; nil if it is not there, or holds none.
  ///
  /// Who puts a file back from a backup brings back what was erased since.
  /// - Throws: ``HindcastError`` if the file is damaged.
  func returnedRecords(
    _ segment: QuarantinedSegment, of group: Catalogue.GroupState
  ) throws(HindcastError) -> HindcastError? {
    let path = layout.segment(segment.reference.uid)
    guard !group.erasures.isEmpty, try fileSystem.status(path) != nil else { return nil }
    let reader = try StoredSegment(reference: segment.reference, pool: segments).reader()
    for page in 0..<reader.runPageCount
    where try reader.runPage(page).keys.holdsAny(of: group.erasures) {
      return HindcastError(
        .corrupt, "holds records that have been erased: remove this file", at: .init(file: path))
    }
    return nil
  }
}
