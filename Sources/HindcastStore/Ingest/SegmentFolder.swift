import HindcastCore
import HindcastFormat

/// Where new segments are written, under which names, and how fast.
struct SegmentFolder {
  let fileSystem: any FileSystem
  /// The folder.
  let path: String
  /// What stands before each segment's own name.
  var prefix = ""
  /// Keeps writing below a rate; nil for as fast as it goes.
  var pace: Pace?

  func file(_ uid: SegmentUID) -> String {
    path + "/" + prefix + StoreLayout.segmentName(uid)
  }

  func createFile(_ uid: SegmentUID) throws(HindcastError) -> any WritableFile {
    let file = try fileSystem.createFile(file(uid))
    return pace.map { PacedFile(file, $0) } ?? file
  }
}
