import HindcastCore
import HindcastFormat

/// The lock that one writer holds.
///
/// A dead process can't hold it: the kernel lets go.
enum WriterLock {
  /// Takes the lock and signs it.
  /// - Throws: `busy` with the holder's name.
  static func take(
    _ fileSystem: any FileSystem, _ layout: StoreLayout
  ) throws(HindcastError) -> any FileLock {
    guard let lock = try fileSystem.lock(layout.lock, .exclusive) else {
      throw busy(fileSystem, layout)
    }
    try sign(lock, fileSystem)
    return lock
  }

  /// Writes into the lock who holds it and since when.
  static func sign(
    _ lock: any FileLock, _ fileSystem: any FileSystem
  ) throws(HindcastError) {
    try lock.write("\(fileSystem.holderName) since \(clock(fileSystem.now()))\n")
  }

  /// The time in the form `2024-02-29T12:34:56Z`.
  private static func clock(_ instant: Instant) -> String {
    let seconds = Int(clamping: instant.floorTicks(.second))
    let (day, time) = (seconds / 86_400, seconds % 86_400)
    let parts = [time / 3_600, time / 60 % 60, time % 60].map { padded($0, 2) }
    return "\(CivilDate(daysSince1970: day))T\(parts.joined(separator: ":"))Z"
  }

  /// The error that names the holder, of the writer's lock or of that for rewriting.
  static func busy(
    _ fileSystem: any FileSystem, _ layout: StoreLayout, rewriting: Bool = false
  ) -> HindcastError {
    // Who holds it is a courtesy; without it the message still says what to do.
    let path = rewriting ? layout.rewriting : layout.lock
    let bytes = (try? fileSystem.readAll(path, limit: 4096)) ?? []
    let holder = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    let who = holder.isEmpty ? "another process" : holder
    let what =
      rewriting ? "segments of the store are being rewritten" : "the store is being written"
    return HindcastError(
      .busy, "\(what) by \(who): try again when it is done",
      at: .init(file: layout.root))
  }
}
