import Synchronization

/// How much a reader read and decoded, counted across threads.
public final class ReadCounters: Sendable {
  private let pages = Atomic<Int>(0)
  private let bytes = Atomic<Int>(0)
  private let values = Atomic<Int>(0)
  private let keys = Atomic<Int>(0)
  /// Counters of a whole of which this is a part.
  private let whole: ReadCounters?

  init(partOf whole: ReadCounters? = nil) { self.whole = whole }

  func addPage() {
    pages.add(1, ordering: .relaxed)
    whole?.addPage()
  }

  func addValues(_ count: Int) {
    values.add(count, ordering: .relaxed)
    whole?.addValues(count)
  }

  func addBytes(_ byteCount: Int) {
    bytes.add(byteCount, ordering: .relaxed)
    whole?.addBytes(byteCount)
  }

  /// Counts comparisons of record identifiers with the segment's.
  package func addKeys(_ count: Int) { keys.add(count, ordering: .relaxed) }

  /// The counts so far.
  public func snapshot() -> ReadCounts {
    ReadCounts(
      pagesRead: pages.load(ordering: .relaxed), bytesRead: bytes.load(ordering: .relaxed),
      valuesDecoded: values.load(ordering: .relaxed),
      keysCompared: keys.load(ordering: .relaxed))
  }
}

/// The counts of ``ReadCounters`` at one moment.
public struct ReadCounts: Hashable, Sendable {
  /// Pages read from the file.
  public var pagesRead: Int
  /// Bytes read from the file: pages, directories and metadata.
  public var bytesRead: Int
  /// Values decoded, nulls included.
  public var valuesDecoded: Int
  /// Record identifiers compared, or looked up in a table.
  public var keysCompared: Int

  /// Creates counts.
  public init(
    pagesRead: Int = 0, bytesRead: Int = 0, valuesDecoded: Int = 0, keysCompared: Int = 0
  ) {
    self.pagesRead = pagesRead
    self.bytesRead = bytesRead
    self.valuesDecoded = valuesDecoded
    self.keysCompared = keysCompared
  }

  /// The sum of two counts.
  public static func + (a: ReadCounts, b: ReadCounts) -> ReadCounts {
    ReadCounts(
      pagesRead: a.pagesRead + b.pagesRead, bytesRead: a.bytesRead + b.bytesRead,
      valuesDecoded: a.valuesDecoded + b.valuesDecoded,
      keysCompared: a.keysCompared + b.keysCompared)
  }

  /// What was counted between two moments.
  public static func - (a: ReadCounts, b: ReadCounts) -> ReadCounts {
    ReadCounts(
      pagesRead: a.pagesRead - b.pagesRead, bytesRead: a.bytesRead - b.bytesRead,
      valuesDecoded: a.valuesDecoded - b.valuesDecoded,
      keysCompared: a.keysCompared - b.keysCompared)
  }
}
