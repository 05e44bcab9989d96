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
  }

  static let majorVersion: UInt64 = 1
  static let minorVersion: UInt64 = 0
  private static let headerCount = 32

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
    _ kind: Kind, number: UInt64, _ bytes: [UInt8], file: String
  ) throws(HindcastError) {
    func damaged(_ what: String) -> HindcastError {
      HindcastError(.corrupt, "this \(kind.noun) is damaged: \(what)", at: .init(file: file))
    }
    guard bytes.count >= Self.headerCount + 8 else {
      throw damaged("it has only \(bytes.count) bytes")
    }
    guard bytes.starts(with: kind.rawValue.utf8) else {
      throw damaged("it starts with other bytes")
    }
    let version = littleEndian(bytes[8..<10])
    guard version <= Self.majorVersion else {
      throw HindcastError(
        .unsupportedVersion,
        "this \(kind.noun) was written by a newer Hindcast (format \(version), this version reads "
          + "up to \(Self.majorVersion)): use the newer version",
        at: .init(file: file, byteOffset: 8))
    }
    let end = bytes.count - 8
    guard littleEndian(bytes[16..<24]) == UInt64(end - Self.headerCount) else {
      throw damaged("its length is wrong")
    }
    checksum = HindcastStore.checksum(bytes[..<end])
    guard littleEndian(bytes[end...]) == checksum else { throw damaged("its checksum is wrong") }
    guard littleEndian(bytes[24..<32]) == number else {
      throw damaged("it calls itself number \(littleEndian(bytes[24..<32]))")
    }
    fields = try TaggedFields(bytes[Self.headerCount..<end], file: file)
  }

  /// The checksum of a file that ``encode(_:number:_:)`` made.
  static func checksum(of bytes: [UInt8]) -> UInt64 {
    littleEndian(bytes[(bytes.count - 8)...])
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte)))) }
  }
}
