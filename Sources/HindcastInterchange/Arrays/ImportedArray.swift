import CArrow

/// Owns one array of the C data interface: keeps it while any column refers to its memory, and
/// releases it exactly once.
@safe
final class ImportedArray: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<ArrowArray>
  private let ledger = ArrowLedger.current

  /// Takes over what `fill` puts into the struct that it is given.
  init(_ fill: (UnsafeMutablePointer<ArrowArray>) -> Void) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: ArrowArray())
    unsafe fill(pointer)
    if unsafe pointer.pointee.release != nil { ledger.noteTaken() }
  }

  /// Whether there is no array: the end of a stream.
  var isReleased: Bool { unsafe pointer.pointee.release == nil }

  /// The array's description; its pointers are valid for as long as this object lives.
  var array: ForeignArray { unsafe ForeignArray(pointer.pointee) }

  deinit {
    if let release = unsafe pointer.pointee.release {
      unsafe release(pointer)
      ledger.noteReleased()
    }
    unsafe pointer.deallocate()
  }
}
