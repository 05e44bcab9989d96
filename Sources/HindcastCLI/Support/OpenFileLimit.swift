#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many files the process may have open: a reader has one a segment.
enum OpenFileLimit {
  /// Takes as many as the system allows without asking anyone.
  static func raise() {
    #if canImport(Glibc)
      let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let kind = RLIMIT_NOFILE
    #endif
    var limits = rlimit()
    guard unsafe getrlimit(kind, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
    limits.rlim_cur = limits.rlim_max
    _ = unsafe setrlimit(kind, &limits)
  }
}
