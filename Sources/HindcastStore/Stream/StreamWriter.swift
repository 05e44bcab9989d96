import HindcastCore
import HindcastFormat

/// The stream's own thread: makes commits of what waits, one durable write for all of it.
///
/// While a commit is being made durable the next rows gather, so that the slower the disk, the more
/// rows share a write (group commit).
final class StreamWriter: @unchecked Sendable {
  private let writer: StoreWriter
  private let queue: StreamQueue
  private let options: StreamOptions
  /// The thread that tidies up, until it is joined.
  ///
  /// Touched by the stream's thread alone.
  private var tidier: OwnThread?

  /// The writer belongs to the stream from here on.
  init(_ writer: StoreWriter, queue: StreamQueue, options: StreamOptions) {
    self.writer = writer
    self.queue = queue
    self.options = options
  }

  /// Works until the queue is closed.
  func run() {
    while let work = queue.next() {
      switch work {
      case .job(let job): queue.run(job, writer)
      case .commit(let entries):
        do throws(HindcastError) {
          try commit(entries)
          try tidyIfFull()
        } catch {
          queue.fail(error)
        }
      }
    }
    tidier.take()?.join()
    writer.close()
  }

  /// Makes one commit of these rows and of what comes while they are put together.
  private func commit(_ first: [StreamQueue.Entry]) throws(HindcastError) {
    var entries = first
    defer { queue.finish(entries.count) }
    do throws(HindcastError) {
      var plan = StreamCommit()
      var added = first
      while !added.isEmpty {
        for entry in added { plan.add(entry, to: writer.catalogue) }
        added = queue.more()
        entries += added
      }
      if let error = queue.error { throw error }
      let number = plan.isEmpty ? 0 : try writer.publish(plan.edits(), note: "stream").number
      queue.willAcknowledge()
      for (entry, earlier) in zip(entries, plan.earlierCommits) {
        entry.completion(
          .success(
            StreamReceipt(
              commitNumber: earlier ?? number, rowCount: earlier == nil ? entry.batch.count : 0,
              isDuplicate: earlier != nil)))
      }
    } catch {
      for entry in entries { entry.completion(.failure(error)) }
      throw error
    }
  }

  /// Brings a full log into segments, beside what comes in.
  private func tidyIfFull() throws(HindcastError) {
    let size = writer.logSize
    guard size.bytes >= options.logByteLimit || size.commits >= options.logCommitLimit,
      !queue.isTidying
    else { return }
    tidier.take()?.join()
    // What comes meanwhile goes to the next log.
    try writer.openLog(options.space)
    let tidying = StreamTidying(store: writer.store, catalogue: writer.catalogue, options: options)
    guard options.tidiesInBackground else { return try tidy(tidying) }
    queue.startTidying()
    let work: @Sendable () -> Void = { [queue] in
      do throws(HindcastError) {
        try tidying.run(stopping: { queue.isEnding }) { job throws(HindcastError) in
          try queue.perform(job)
        }
      } catch {
        queue.fail(error)
      }
      queue.endTidying()
    }
    tidier = OwnThread(work)
    guard tidier == nil else { return }
    // Without a thread to be had, rows wait.
    queue.endTidying()
    try tidy(tidying)
  }

  private func tidy(_ tidying: StreamTidying) throws(HindcastError) {
    try tidying.run { job throws(HindcastError) in try job(writer) }
  }
}
