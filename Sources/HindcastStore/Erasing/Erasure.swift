import HindcastCore
import HindcastFormat

/// Records of a group that are gone from every snapshot, and the segments that took the place of
/// those that held them.
struct Erasure: Sendable {
  let groupID: UInt32
  let records: ErasedRecords
  let substitutions: [Substitution]

  /// A segment that is read instead of another, in every snapshot.
  struct Substitution: Sendable {
    let old: SegmentUID
    /// Nil if nothing is left of the rows.
    let new: SegmentReference?
  }

  private enum Tag {
    static let groupID: UInt16 = 1
    static let count: UInt16 = 2
    static let hashes: UInt16 = 3
    static let substitution: UInt16 = 4
  }

  init(groupID: UInt32, records: ErasedRecords, substitutions: [Substitution]) {
    self.groupID = groupID
    self.records = records
    self.substitutions = substitutions
  }

  func encode(to target: inout TaggedEncoder) {
    target.integer(Tag.groupID, groupID)
    target.integer(Tag.count, records.count)
    target.bytes(Tag.hashes, records.bytes)
    for substitution in substitutions {
      target.nested(Tag.substitution) {
        $0.text(1, substitution.old.description)
        if let new = substitution.new { $0.nested(2) { new.encode(to: &$0) } }
      }
    }
  }

  init(_ source: TaggedFields) throws(HindcastError) {
    groupID = try source.integer(Tag.groupID)
    records = try ErasedRecords(source, count: Tag.count, hashes: Tag.hashes)
    var substitutions: [Substitution] = []
    for field in try source.allNested(Tag.substitution) {
      let name = try field.text(1)
      guard let old = SegmentUID(name), old.description == name else {
        throw source.damaged(Tag.substitution)
      }
      let new = try field.optionalNested(2)
      substitutions.append(
        Substitution(
          old: old,
          new: try new.map { fields throws(HindcastError) in try SegmentReference(fields) }
        ))
    }
    self.substitutions = substitutions
  }
}

/// The salted hashes of records: enough to tell whether a given one is among them.
public struct ErasedRecords: Hashable, Sendable {
  /// 16 bytes of salt, then the hash of each record.
  let bytes: [UInt8]

  static let saltByteCount = 16
  private static let hashByteCount = 32

  /// The hashes of some keys, with a salt of their own.
  init(_ keys: KeyVector, salt: [UInt8]) {
    precondition(salt.count == Self.saltByteCount)
    let hashes = (0..<keys.count).map { Self.hash(salt, keys.bytes($0)) }
    // In no order that says which record is which.
    bytes = salt + hashes.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
  }

  init(_ source: TaggedFields, count: UInt16, hashes: UInt16) throws(HindcastError) {
    let count = try source.count(count)
    let (size, overflows) = count.multipliedReportingOverflow(by: Self.hashByteCount)
    guard !overflows, size <= Int(Int32.max) else { throw source.damaged(hashes) }
    bytes = try source.bytes(hashes, count: Self.saltByteCount + size)
  }

  /// The number of records.
  public var count: Int { (bytes.count - Self.saltByteCount) / Self.hashByteCount }

  /// Whether the record of a normalised key is among them.
  ///
  /// O(records).
  public func contains(_ key: [UInt8]) -> Bool {
    let hash = Self.hash(Array(bytes.prefix(Self.saltByteCount)), key)
    return stride(from: Self.saltByteCount, to: bytes.count, by: Self.hashByteCount).contains {
      bytes[$0..<$0 + Self.hashByteCount].elementsEqual(hash)
    }
  }

  private static func hash(_ salt: [UInt8], _ key: [UInt8]) -> [UInt8] {
    let hash = SHA256()
    hash.update(salt)
    hash.update(key)
    return hash.finish()
  }
}
