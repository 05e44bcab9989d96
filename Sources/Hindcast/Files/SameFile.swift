#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether two paths name one existing file, by whatever links; `-` names none.
func isSameFile(_ a: String, _ b: String) -> Bool {
  var (first, second) = (stat(), stat())
  guard a != "-", b != "-", unsafe stat(a, &first) == 0, unsafe stat(b, &second) == 0 else {
    return false
  }
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
