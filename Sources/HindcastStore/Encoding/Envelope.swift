import HindcastCore

/// The frame of every small file of a store: what it is, its version, tagged fields, a checksum.
///
/// ```
///  0   8  magic
///  8   2  major version; a reader refuses a greater one than its own
/// 10   2  minor version; readers of any minor version can go on
/// 12   4  zero
/// 16   8  length of the fields
/// 24   8  number: the commit's, 0 in hindcast.store
/// 32   n  tagged fields
/// 32+n 8  XXH64 (seed 0) of everything before
/// ```
struct Envelope {
  enum Kind: String {
    case store = "HCSTORE\0"
    case commit = "HCCOMMIT"
    case checkpoint = "HCCHECKP"

    var noun: String {
      switch self {
      case .store: "store description"
      case .commit: "commit"
      case .checkpoint: "checkpoint"
      }
    }

    /// What a person does about a damaged one.
    var advice: String {
      switch self {
      case .store, .commit: "restore this file from a backup"
      case .checkpoint:
        "remove it if all commits before it are kept, else restore it from a backup"
      }
    }
  }

  static let majorVersion: UInt64 = 1
  static let minorVersion: UInt64 = 0
  private static let headerCount = 32
  /// The size of a file without fields.
  static let leastByteCount = headerCount + 8

  /// The checksum of the whole file, which its successor names.
  let checksum: UInt64
  let fields: TaggedFields

  /// The bytes of a file.
  static func encode(_ kind: Kind, number: UInt64, _ fields: TaggedEncoder) -> [UInt8] {
    var bytes = Array(kind.rawValue.utf8)
    append(majorVersion | minorVersion << 16, to: &bytes)
    append(UInt64(fields.bytes.count), to: &bytes)
    append(number, to: &bytes)
    bytes += fields.bytes
    append(HindcastStore.checksum(bytes[...]), to: &bytes)
    return bytes
  }

  /// Reads a file back.
  ///
  /// Checked in this order: magic, version, length, checksum, number. So a newer file is told apart
  /// from a damaged one.
  init(
    _ kind: Kind, number: UInt64, _ bytes: ArraySlice<UInt8>, file: String
  ) throws(HindcastError) {
    let start = bytes.startIndex
    func damaged(_ what: String) -> HindcastError {
      HindcastError(
        .corrupt, "this \(kind.noun) is damaged: \(what); \(kind.advice)", at: .init(file: file))
    }
    guard bytes.count >= Self.headerCount + 8 else {
      throw damaged("it has only \(bytes.count) bytes")
    }
    guard bytes.starts(with: kind.rawValue.utf8) else {
      throw damaged("it starts with other bytes")
    }
    let version = littleEndian(bytes[(start + 8)..<(start + 10)])
    guard version <= Self.majorVersion else {
      throw HindcastError(
        .unsupportedVersion,
        "this \(kind.noun) was written by a newer Hindcast (format \(version), this version reads "
          + "up to \(Self.majorVersion)): use the newer version",
        at: .init(file: file, byteOffset: 8))
    }
    let end = bytes.endIndex - 8
    let count = littleEndian(bytes[(start + 16)..<(start + 24)])
    guard count == UInt64(end - start - Self.headerCount) else {
      throw damaged("its length is wrong")
    }
    checksum = HindcastStore.checksum(bytes[..<end])
    guard littleEndian(bytes[end...]) == checksum else { throw damaged("its checksum is wrong") }
    let found = littleEndian(bytes[(start + 24)..<(start + 32)])
    guard found == number else { throw damaged("it calls itself number \(found)") }
    fields = try TaggedFields(bytes[(start + Self.headerCount)..<end], file: file)
  }

  /// The length that bytes give for the file at their start; nil if they are too few to tell, or it
  /// is more than any file has.
  static func length(of bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= headerCount + 8 else { return nil }
    let start = bytes.startIndex
    let count = littleEndian(bytes[(start + 16)..<(start + 24)])
    return count <= 1 << 30 ? headerCount + Int(count) + 8 : nil
  }

  /// The number of a whole file of this kind, of whatever version; nil if the bytes are none.
  static func validNumber(_ kind: Kind, _ bytes: ArraySlice<UInt8>) -> UInt64? {
    let (start, end) = (bytes.startIndex, bytes.endIndex - 8)
    guard bytes.starts(with: kind.rawValue.utf8), length(of: bytes) == bytes.count,
      littleEndian(bytes[end...]) == HindcastStore.checksum(bytes[..<end])
    else { return nil }
    return littleEndian(bytes[(start + 24)..<(start + 32)])
  }

  /// The checksum of a file that ``encode(_:number:_:)`` made.
  static func checksum(of bytes: [UInt8]) -> UInt64 {
    littleEndian(bytes[(bytes.count - 8)...])
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))) }
  }
}
