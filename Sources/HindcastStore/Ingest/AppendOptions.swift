import Foundation
import HindcastCore
public import HindcastFormat

/// How an ingest is done.
public struct AppendOptions: Sendable {
  /// The default of ``memoryBytes``: 1 GiB, or a quarter of the machine's if that is less.
  public static let defaultMemoryBytes = min(
    1 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory / 4))

  /// A name for the input.
  ///
  /// An ingest into a group under a name that it has seen changes nothing and returns the earlier
  /// commit, so that a job may run again after it does not know what became of it.
  public var batchID: String?
  /// How segments are compressed.
  public var profile: Profile
  /// About how many bytes of memory sorting may take.
  public var memoryBytes: Int
  /// What the commit says was done, for people.
  public var note: String
  /// A segment ends at the first record after so many rows.
  public var rowsPerSegment: Int
  /// Rows that memory does not hold, and that do not come in order, go to so many segments of what
  /// it does hold, and all after them to one more; with 0 all go to one.
  public var segmentsPerIngest: Int

  /// Creates options.
  public init(
    batchID: String? = nil, profile: Profile = .balanced,
    memoryBytes: Int = Self.defaultMemoryBytes, note: String = "ingest",
    rowsPerSegment: Int = 1 << 29, segmentsPerIngest: Int = 8
  ) {
    self.batchID = batchID
    self.profile = profile
    self.memoryBytes = memoryBytes
    self.note = note
    self.rowsPerSegment = rowsPerSegment
    self.segmentsPerIngest = segmentsPerIngest
  }
}

extension AppendOptions {
  /// Refuses what can't name a batch.
  static func check(_ batchID: String?) throws(HindcastError) {
    guard let batchID, batchID.isEmpty || batchID.utf8.count > 1024 else { return }
    throw HindcastError(.invalidArgument, "a batch id has 1 to 1024 bytes")
  }
}

/// What an ingest did.
public struct AppendResult: Sendable {
  /// The commit that holds the rows; the earlier one if the batch was taken in before.
  public var commitNumber: UInt64
  /// The rows added.
  public var rowCount: Int
  /// The segments written.
  public var segmentCount: Int
  /// The bytes of those.
  public var byteCount: Int
  /// The rows that are tombstones.
  public var tombstoneCount: Int
  /// Whether the batch was taken in before, so that nothing was done.
  public var isDuplicate: Bool
  /// Sorted runs that did not fit into memory and went to temporary files.
  public var spilledRunCount: Int
}
