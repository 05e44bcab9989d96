import Hindcast

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the process takes signals.
enum Signals {
  /// The exit code of a process that the user stopped.
  static let interruptedExitCode: Int32 = 130

  /// The first interrupt asks all loops to stop and clean up, the second ends the process at once.
  ///
  /// So does a loop that does not come round in five seconds, such as one that waits for input: the
  /// store is whole at every moment. A closed pipe, or a file at its size limit, is an error of
  /// `write`, not the end.
  static func install() {
    _ = Interruption.isRequested
    for number in [SIGINT, SIGTERM, SIGHUP] {
      _ = signal(number) { number in
        if Interruption.isRequested { _exit(128 + number) }
        Interruption.request()
        alarm(5)
      }
    }
    unblock([SIGINT, SIGTERM, SIGHUP, SIGALRM])
    _ = signal(SIGALRM) { _ in _exit(Signals.interruptedExitCode) }
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// Lets signals through that the parent process holds back from its children, as one does that
  /// starts them on a thread of a pool.
  private static func unblock(_ numbers: [Int32]) {
    var signals = sigset_t()
    _ = unsafe sigemptyset(&signals)
    for number in numbers { _ = unsafe sigaddset(&signals, number) }
    _ = unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets other processes have the cores first, from now on.
  static func yieldToOthers() { _ = nice(10) }
}

/// Ends the process at once.
///
/// Threads that were begun ahead of need may be at work still, in libraries that `exit` would take
/// down under them. Everything was written by then.
func exitProcess(with code: Int32) -> Never {
  _exit(code)
}
