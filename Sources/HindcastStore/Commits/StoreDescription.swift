import HindcastCore

/// The file `hindcast.store`: what makes a folder a store.
///
/// Written once, last of all.
struct StoreDescription {
  let storeID: [UInt8]
  let created: Instant

  private static let idTag: UInt16 = 1
  private static let createdTag: UInt16 = 2

  init(storeID: [UInt8], created: Instant) {
    self.storeID = storeID
    self.created = created
  }

  init(_ bytes: [UInt8], file: String) throws(HindcastError) {
    let fields = try Envelope(.store, number: 0, bytes[...], file: file).fields
    try fields.checkUnderstood(1...2)
    storeID = try fields.bytes(Self.idTag, count: 16)
    created = Instant(nanoseconds: try fields.integer(Self.createdTag, as: Int128.self))
  }

  func encode() -> [UInt8] {
    var fields = TaggedEncoder()
    fields.bytes(Self.idTag, storeID)
    fields.integer(Self.createdTag, created.nanoseconds)
    return Envelope.encode(.store, number: 0, fields)
  }

  /// The id as 32 hex digits.
  var identifier: String {
    let digits = Array("0123456789abcdef")
    return String(storeID.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
