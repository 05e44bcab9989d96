import HindcastCore

/// The numbers by which a schema names types (02-types.md).
private let plainTypes: [UInt8: DataType] = [
  1: .bool, 2: .int8, 3: .int16, 4: .int32, 5: .int64, 6: .uint8, 7: .uint16, 8: .uint32,
  9: .uint64, 10: .float32, 11: .float64, 12: .utf8, 13: .binary, 14: .date,
]
private let plainList = (UInt8(0)...14).map { plainTypes[$0] }
private let plainCodes = Dictionary(uniqueKeysWithValues: plainTypes.map { ($1, $0) })

extension DataType {
  func put(to bytes: inout MutableBuffer) {
    switch self {
    case .timestamp(let unit, let zone):
      bytes.put(UInt8(15))
      bytes.put(UInt8(unit.rawValue))
      bytes.put(UInt8(zone == nil ? 0 : 1))
      bytes.put(text: zone ?? "")
    case .decimal128(let precision, let scale):
      bytes.put(UInt8(16))
      bytes.put(UInt8(precision))
      bytes.put(Int8(scale))
    case .list(let element):
      bytes.put(UInt8(17))
      element.put(to: &bytes)
    case .set(let element):
      bytes.put(UInt8(18))
      element.put(to: &bytes)
    case .vector(let dimension):
      bytes.put(UInt8(19))
      bytes.put(UInt32(dimension))
    default: bytes.put(plainCodes[self] ?? 0)
    }
  }

  /// Reads a type, which must end where `fields` ends.
  init(_ fields: inout FieldReader) throws(HindcastError) {
    let code = try fields.integer(UInt8.self)
    switch code {
    case 15:
      let unit = TimeUnit(rawValue: Int(try fields.integer(UInt8.self)))
      let hasZone = try fields.integer(UInt8.self)
      let zone = try fields.text()
      guard let unit, hasZone <= 1, hasZone == 1 || zone.isEmpty else {
        throw fields.refusal("a timestamp's unit or zone is unknown")
      }
      self = .timestamp(unit, zone: hasZone == 1 ? zone : nil)
    case 16:
      let precision = Int(try fields.integer(UInt8.self))
      let scale = Int(try fields.integer(Int8.self))
      guard (1...38).contains(precision), (-38...38).contains(scale) else {
        throw fields.refusal("a decimal's precision or scale is out of range")
      }
      self = .decimal128(precision: precision, scale: scale)
    case 17: self = .list(try Self.element(&fields))
    case 18: self = .set(try Self.element(&fields))
    case 19:
      let dimension = Int(try fields.integer(UInt32.self))
      guard (1...65_536).contains(dimension) else {
        throw fields.refusal("a vector's dimension is out of range")
      }
      self = .vector(dimension: dimension)
    default:
      guard let plain = DataType.plain(code) else {
        throw fields.refusal("type \(code) is unknown")
      }
      self = plain
    }
  }

  /// The type without parameters that has a number; nil if none has.
  private static func plain(_ code: UInt8) -> DataType? {
    code < 15 ? plainList[Int(code)] : nil
  }

  private static func element(_ fields: inout FieldReader) throws(HindcastError) -> DataType {
    guard !(17...19).contains(try fields.peekByte()) else {
      throw fields.refusal("the elements of a list must be scalars")
    }
    return try DataType(&fields)
  }
}
