import HindcastCore
import HindcastFormat

/// Where a store's files are.
struct StoreLayout {
  let root: String

  var description: String { root + "/hindcast.store" }
  var commits: String { root + "/commits" }
  var checkpoints: String { root + "/checkpoints" }
  var segments: String { root + "/segments" }
  var temporary: String { root + "/tmp" }
  var lock: String { root + "/lock" }

  /// The folders inside the store.
  var folders: [String] { [commits, checkpoints, segments, temporary] }

  func commit(_ number: UInt64) -> String { commits + "/" + Self.name(number) }
  func checkpoint(_ number: UInt64) -> String { checkpoints + "/" + Self.name(number) }
  func segment(_ uid: SegmentUID) -> String { segments + "/" + Self.segmentName(uid) }

  static func segmentName(_ uid: SegmentUID) -> String { "\(uid).hseg" }

  /// Twenty digits, so that names sort as numbers do.
  static func name(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  /// The number in a file name; nil if the name is no number of a commit.
  static func number(_ name: String) -> UInt64? {
    guard name.utf8.count == 20 else { return nil }
    var number: UInt64 = 0
    for byte in name.utf8 {
      guard (0x30...0x39).contains(byte) else { return nil }
      let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = tens.addingReportingOverflow(UInt64(byte - 0x30))
      if isTooLarge || isOver { return nil }
      number = sum
    }
    return number
  }
}
