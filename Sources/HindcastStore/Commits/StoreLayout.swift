import HindcastCore
import HindcastFormat

/// Where a store's files are.
struct StoreLayout {
  let root: String

  var description: String { root + "/hindcast.store" }
  var commits: String { root + "/commits" }
  var checkpoints: String { root + "/checkpoints" }
  var segments: String { root + "/segments" }
  var logs: String { root + "/log" }
  var temporary: String { root + "/tmp" }
  var lock: String { root + "/lock" }
  var rewriting: String { root + "/rewriting" }
  /// Damaged segments; the folder is made when it is first needed.
  var quarantine: String { root + "/quarantine" }

  /// The folders inside a new store.
  var folders: [String] { [commits, checkpoints, segments, logs, temporary] }

  /// The folder that the store's folder is in.
  var parent: String {
    guard let slash = root.lastIndex(of: "/") else { return "." }
    return slash == root.startIndex ? "/" : String(root[..<slash])
  }

  func commit(_ number: UInt64) -> String { commits + "/" + Self.name(number) }
  func checkpoint(_ number: UInt64) -> String { checkpoints + "/" + Self.name(number) }
  func log(_ firstNumber: UInt64) -> String { logs + "/" + Self.name(firstNumber) }
  func segment(_ uid: SegmentUID) -> String { segments + "/" + Self.segmentName(uid) }

  func quarantined(_ uid: SegmentUID) -> String { quarantine + "/" + Self.segmentName(uid) }

  /// What the names of temporary files start with that belong to whoever holds ``rewriting``.
  static let rewritingPrefix = "rewrite-"

  static func segmentName(_ uid: SegmentUID) -> String { "\(uid).hseg" }

  /// Twenty digits, so that names sort as numbers do.
  static func name(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  /// The number in the name of a commit, checkpoint or log; nil if the name is no number.
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
