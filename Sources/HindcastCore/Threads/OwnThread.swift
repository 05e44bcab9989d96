#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of the operating system that does one piece of work.
///
/// Starting one fails, rather than waiting, where the system has none to give: the work is then
/// the caller's to do.
package struct OwnThread: ~Copyable {
  private let handle: pthread_t

  /// Starts a thread, which whoever starts it joins; nil if there is none to be had.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(WorkBox(body))
    #if canImport(Darwin)
      var handle: pthread_t?
      let code = unsafe pthread_create(&handle, nil, { run($0) }, work.toOpaque())
      let started = code == 0 ? handle : nil
    #else
      var handle = pthread_t()
      let code = unsafe pthread_create(
        &handle, nil, { argument in unsafe run(argument) }, work.toOpaque())
      let started = code == 0 ? handle : nil
    #endif
    guard let started else {
      unsafe work.release()
      return nil
    }
    self.handle = started
  }

  /// Waits until the work is done.
  package consuming func join() { _ = pthread_join(handle, nil) }
}

/// A thread in an array.
final class ThreadBox {
  private var thread: OwnThread?

  init(_ thread: consuming OwnThread) { self.thread = consume thread }

  func join() { thread.take()?.join() }
}

/// What a new thread does.
private final class WorkBox {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument = unsafe argument {
    unsafe Unmanaged<WorkBox>.fromOpaque(argument).takeRetainedValue().body()
  }
  return nil
}
