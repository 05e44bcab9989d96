import HindcastCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Held while a training set and its manifest get their names, so that of two builds to one output
/// both files are of the later.
///
/// It is a lock on the folder, which leaves no file behind. Where the file system knows no locks,
/// nothing is held.
struct PublicationLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for whoever gives names in the folder of `path`.
  init(for path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
