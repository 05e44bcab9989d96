import HindcastCore
import HindcastFormat

public struct SegmentUID: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init?(_ text: String) { description = text }
  public static func random() -> SegmentUID {
    SegmentUID("\(UInt64.random(in: 0...(.max)))") ?? random()
  }
}
public final class SegmentReader: Sendable {
  let uid: SegmentUID
  let rowCount = 0, runCount = 0
  init(file: any ReadableFile, expecting: UInt64) throws(HindcastError) { uid = .random() }
}
public final class Appender {
  init(writer: StoreWriter, group: Catalogue.GroupState, options: AppendOptions) {}
  func cancel() {}
}
public struct AppendOptions { public init() {} }
