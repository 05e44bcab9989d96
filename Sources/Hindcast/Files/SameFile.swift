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

/// Whether a file of this path would lie in a folder or below it, by whatever links.
func isInside(_ path: String, folder: String) -> Bool {
  let slash = path.lastIndex(of: "/")
  let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  guard let parent = resolved(parent), let folder = resolved(folder) else { return false }
  return parent == folder || parent.hasPrefix(folder + "/")
}

/// The path without links; nil if there is nothing.
private func resolved(_ path: String) -> String? {
  guard let text = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}
