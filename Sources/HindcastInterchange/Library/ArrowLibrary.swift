import CArrow
public import HindcastCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The shim over libarrow, opened on first use: loading it takes tens of milliseconds and megabytes
/// that a command without table files should not pay for.
@safe
struct ArrowLibrary: @unchecked Sendable {
  /// The shim's functions; the library is never closed, so they stay valid.
  let functions: HindcastArrowFunctions

  private static let loaded: Result<ArrowLibrary, HindcastError> = load()
  fileprivate static let wasUsed = Atomic<Bool>(false)

  /// The library.
  /// - Throws: ``HindcastError`` (`not_found`) that says where it was looked for.
  static func shared() throws(HindcastError) -> ArrowLibrary {
    wasUsed.store(true, ordering: .relaxed)
    return try loaded.get()
  }

  private static func load() -> Result<ArrowLibrary, HindcastError> {
    var reasons: [String] = []
    for path in candidates() {
      guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
        let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "unknown"
        reasons.append("\(path): \(reason)")
        continue
      }
      guard let symbol = unsafe dlsym(handle, "hindcast_arrow") else {
        reasons.append("\(path): has no hindcast_arrow")
        continue
      }
      let entry = unsafe unsafeBitCast(symbol, to: HindcastArrowEntry.self)
      guard let functions = unsafe entry() else { continue }
      guard unsafe functions.pointee.version == HINDCAST_ARROW_VERSION else {
        reasons.append("\(path): is of another version than this command")
        continue
      }
      return unsafe .success(ArrowLibrary(functions: functions.pointee))
    }
    let places = reasons.joined(separator: "; ")
    return .failure(
      HindcastError(
        .notFound,
        "the library that reads and writes table files could not be opened (\(places)); "
          + "keep libhindcast_arrow.so beside the command, or name it in HINDCAST_ARROW"))
  }

  /// Beside the executable, then where the environment says.
  private static func candidates() -> [String] {
    var paths: [String] = []
    if let folder = executableFolder() { paths.append(folder + "/libhindcast_arrow.so") }
    if let named = unsafe getenv("HINDCAST_ARROW") { unsafe paths.append(String(cString: named)) }
    let readable = paths.filter { unsafe access($0, R_OK) == 0 }
    return readable.isEmpty ? paths : readable
  }

  private static func executableFolder() -> String? {
    guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(resolved) }
    let path = unsafe String(cString: resolved)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}

extension ArrowLibrary {
  /// Throws what a function of the shim reported, and frees it.
  func check(
    _ message: UnsafeMutablePointer<CChar>?, file: String?
  ) throws(HindcastError) {
    guard let message = unsafe message else { return }
    let text = unsafe String(cString: message)
    unsafe functions.free_message?(message)
    throw Self.error(text, file: file)
  }

  /// The error for a message, as hindcast_arrow.h describes it, with or without the name that Arrow
  /// puts before the messages of a stream.
  static func error(_ text: String, file: String?) -> HindcastError {
    var rest = Substring(text)
    if parse(rest) == nil, let colon = text.firstIndex(of: ":") {
      rest = text[text.index(after: colon)...].drop { $0 == " " }
    }
    guard let (letter, row, message) = parse(rest) else {
      return HindcastError(.corrupt, text, at: .init(file: file))
    }
    let code: HindcastError.Code =
      switch letter {
      case "S": .io
      case "P": .closedPipe
      case "T": .typeMismatch
      case "L": .limitExceeded
      case "R": .invalidValue
      default: .corrupt
      }
    let location = HindcastError.Location(file: file, row: row == 0 ? nil : row)
    return HindcastError(code, String(message), at: location)
  }

  private static func parse(
    _ text: Substring
  ) -> (letter: Character, row: Int?, message: Substring)? {
    guard let letter = text.first, let space = text.firstIndex(of: " ") else { return nil }
    let digits = text[..<space].dropFirst()
    let message = text[text.index(after: space)...]
    if letter == "R", let row = Int(digits) { return (letter, row, message) }
    return "ISTLP".contains(letter) && digits.isEmpty ? (letter, nil, message) : nil
  }
}

/// The loading of libarrow, which takes tens of milliseconds.
public enum ArrowLoading {
  /// Loads libarrow on another thread, for a command that is going to need it.
  ///
  /// Whoever needs it first waits for it; what is wrong with it is said then.
  public static func start() {
    _ = OwnThread { _ = try? ArrowLibrary.shared() }
  }
}

/// What a process can say of libarrow.
public enum ArrowMemory {
  /// Gives memory that libarrow keeps for later back to the system.
  ///
  /// Does nothing if libarrow was never used.
  public static func release() {
    guard ArrowLibrary.wasUsed.load(ordering: .relaxed), let library = try? ArrowLibrary.shared()
    else { return }
    library.functions.release_memory?()
  }

  /// The bytes that libarrow holds now.
  /// - Throws: ``HindcastError`` (`not_found`) if the library can't be opened.
  public static func allocatedByteCount() throws(HindcastError) -> Int {
    let library = try ArrowLibrary.shared()
    return Int(library.functions.allocated_bytes?() ?? 0)
  }
}
