import HindcastCore
import HindcastFormat

/// What a stream does once its log is full: the log goes into segments, a checkpoint spares readers
/// what was rolled, and segments that have piled up are merged.
struct StreamTidying: Sendable {
  /// Something that only the thread may do that owns the writer.
  typealias Job = (StoreWriter) throws(HindcastError) -> Void

  let store: Store
  /// The state whose log rows go into segments.
  let catalogue: Catalogue
  let options: StreamOptions

  /// Does all of it.
  /// - Parameters:
  ///   - stopping: whether the stream ends, so that merging is given up.
  ///   - perform: has the writer's own thread do a job, and waits for it.
  func run(
    stopping: @escaping () -> Bool = { false },
    perform: (@escaping Job) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    var failure: HindcastError?
    let edits = try LogRoll(store: store) { failure = $0 }.write(catalogue)
    if let failure { throw failure }
    var state = catalogue
    try perform { writer throws(HindcastError) in
      try writer.publish(edits, note: "roll")
      state = writer.catalogue
    }
    try store.log.writeCheckpoint(state)
    guard options.compacts else { return }
    for group in catalogue.liveGroups where !group.logged.isEmpty {
      try compact(group.definition.name, stopping, perform)
    }
  }

  private func compact(
    _ name: String, _ stopping: @escaping () -> Bool,
    _ perform: (@escaping Job) throws(HindcastError) -> Void
  ) throws(HindcastError) {
    do throws(HindcastError) {
      try withoutActuallyEscaping(perform) { perform throws(HindcastError) in
        _ = try store.compact(
          name, options: CompactionOptions(memoryBytes: 128 << 20),
          progress: { _ throws(HindcastError) in
            if stopping() { throw HindcastError(.cancelled, "the stream ends") }
          },
          publish: { merged throws(HindcastError) in
            var record: CommitRecord?
            try perform { writer throws(HindcastError) in record = try writer.publish(merged) }
            return record
          })
      }
    } catch {
      // Merging only makes reading faster: whatever is in its way, nothing is lost.
      let passed: [HindcastError.Code] = [.cancelled, .busy, .corrupt, .notFound, .limitExceeded]
      guard passed.contains(error.code) else { throw error }
    }
  }
}
