import HindcastCore
import HindcastFormat

/// The sorted runs of one ingest that did not fit into memory, in order of arrival.
///
/// When as many pile up as are merged at once, they are merged, so that the number of runs open
/// at once, and with it memory, stays bounded whatever comes in.
final class SortedRuns {
  private let fileSystem: any FileSystem
  /// How the paths of the temporary files start.
  private let prefix: String
  private let schema: SegmentSchema
  private var runs: [Run] = []
  /// How many runs were spilled in all.
  private(set) var spilledCount = 0

  /// As many runs are merged at once.
  static let fanIn = 128

  private struct Run {
    let path: String
    /// How often its rows were merged.
    let level: Int
  }

  init(fileSystem: any FileSystem, prefix: String, schema: SegmentSchema) {
    self.fileSystem = fileSystem
    self.prefix = prefix
    self.schema = schema
  }

  var isEmpty: Bool { runs.isEmpty }

  /// Writes the next run to a temporary file.
  func spill(_ source: any BatchSource) throws(HindcastError) {
    try write(source, level: 0)
    try spilled()
  }

  /// Writes the next run to a temporary file, its blocks made on all cores.
  func spill(_ run: MemoryRun) throws(HindcastError) {
    try write(level: 0) { spill throws(HindcastError) in
      let blocksAtOnce = 2 * Parallel.threadCount
      for start in stride(from: 0, to: run.pieceCount, by: blocksAtOnce) {
        let blocks = min(blocksAtOnce, run.pieceCount - start)
        let made = try Parallel.map(blocks) { index throws(HindcastError) in
          SpillBlock(try run.piece(start + index))
        }
        for block in made { try spill.append(block) }
      }
    }
    try spilled()
  }

  /// Merges runs where enough of them are there.
  private func spilled() throws(HindcastError) {
    spilledCount += 1
    while let level = runs.last?.level, runs.suffix(Self.fanIn).count == Self.fanIn,
      runs.suffix(Self.fanIn).allSatisfy({ $0.level == level })
    {
      let full = Array(runs.suffix(Self.fanIn))
      let merger = try RunMerger(try open(full), rowsPerBatch: 8_192)
      runs.removeLast(Self.fanIn)
      do {
        try write(merger, level: level + 1)
      } catch {
        runs += full
        throw error
      }
      for run in full { try fileSystem.removeFile(run.path) }
    }
  }

  /// All runs and, after them, the rows that are still in memory.
  func merged(with last: (any BatchSource)?) throws(HindcastError) -> any BatchSource {
    if runs.isEmpty, let last { return last }
    return try RunMerger(try open(runs) + (last.map { [$0] } ?? []))
  }

  /// Removes the temporary files.
  func discard() {
    for run in runs { try? fileSystem.removeFile(run.path) }
    runs = []
  }

  private func write(_ source: any BatchSource, level: Int) throws(HindcastError) {
    try write(level: level) { spill throws(HindcastError) in
      while let batch = try source.next() { try spill.append(SpillBlock(batch)) }
    }
  }

  private func write(
    level: Int, _ fill: (inout SpillWriter) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    let name = String(fileSystem.randomBits(), radix: 16)
    let path = prefix + "run-" + name
    let file = try fileSystem.createFile(path)
    runs.append(Run(path: path, level: level))
    do {
      var spill = SpillWriter(file: file)
      try fill(&spill)
      try spill.finish()
    } catch {
      runs.removeLast()
      try? fileSystem.removeFile(path)
      throw error
    }
  }

  private func open(_ runs: [Run]) throws(HindcastError) -> [any BatchSource] {
    let created = schema.hasCreatedTime ? DataType.timestamp(schema.timeUnit, zone: nil) : nil
    var readers: [any BatchSource] = []
    for run in runs {
      readers.append(
        SpillReader(
          file: try fileSystem.openFile(run.path), created: created,
          features: schema.features.map(\.type)))
    }
    return readers
  }
}
