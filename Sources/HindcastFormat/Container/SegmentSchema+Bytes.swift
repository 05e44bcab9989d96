import HindcastCore

extension SegmentSchema {
  private enum Tag {
    static let timeUnit: UInt16 = 1
    static let hasCreatedTime: UInt16 = 2
    static let recordIdentifier: UInt16 = 3
    static let feature: UInt16 = 4
  }

  private enum FieldTag {
    static let id: UInt16 = 1
    static let name: UInt16 = 2
    static let type: UInt16 = 3
  }

  /// The tags' lines of the registry.
  static let registryLines = [
    "schema tag,\(Tag.timeUnit),time unit", "schema tag,\(Tag.hasCreatedTime),has created time",
    "schema tag,\(Tag.recordIdentifier),record identifier", "schema tag,\(Tag.feature),feature",
    "column tag,\(FieldTag.id),field id", "column tag,\(FieldTag.name),name",
    "column tag,\(FieldTag.type),type",
  ]

  func bytes() -> Buffer {
    var bytes = MutableBuffer()
    Self.put(Tag.timeUnit, to: &bytes) { $0.put(UInt8(timeUnit.rawValue)) }
    Self.put(Tag.hasCreatedTime, to: &bytes) { $0.put(UInt8(hasCreatedTime ? 1 : 0)) }
    for field in recordIdentifiers {
      Self.put(Tag.recordIdentifier, to: &bytes) { Self.put(field, to: &$0) }
    }
    for field in features { Self.put(Tag.feature, to: &bytes) { Self.put(field, to: &$0) } }
    return bytes.freeze()
  }

  private static func put(_ field: Field, to bytes: inout MutableBuffer) {
    put(FieldTag.id, to: &bytes) { $0.put(field.id) }
    put(FieldTag.name, to: &bytes) { $0.put(text: field.name) }
    put(FieldTag.type, to: &bytes) { field.type.put(to: &$0) }
  }

  private static func put(
    _ tag: UInt16, to bytes: inout MutableBuffer, payload: (inout MutableBuffer) -> Void
  ) {
    var inner = MutableBuffer()
    payload(&inner)
    bytes.put(tag)
    bytes.put(UInt16(1))
    bytes.put(UInt32(inner.byteCount))
    bytes.append(contentsOf: inner.span(of: UInt8.self))
  }
}

extension SegmentSchema {
  /// Reads a schema whose checksum is right, and checks it (step 12).
  init(_ section: Buffer, place: Place) throws(HindcastError) {
    var fields = FieldReader(section, place: place, code: .segmentBadSchema)
    var timeUnits: [TimeUnit] = []
    var createdFlags: [Bool] = []
    var identifiers: [Field] = []
    var features: [Field] = []
    while !fields.isAtEnd {
      var (tag, mustUnderstand, payload) = try Self.tagged(&fields)
      switch tag {
      case Tag.timeUnit:
        guard let unit = TimeUnit(rawValue: Int(try payload.integer(UInt8.self))) else {
          throw payload.refusal("the time unit is unknown")
        }
        timeUnits.append(unit)
      case Tag.hasCreatedTime:
        let flag = try payload.integer(UInt8.self)
        guard flag <= 1 else { throw payload.refusal("the created-time flag is neither 0 nor 1") }
        createdFlags.append(flag == 1)
      case Tag.recordIdentifier: identifiers.append(try Self.field(&payload))
      case Tag.feature: features.append(try Self.field(&payload))
      default:
        guard !mustUnderstand else { throw Self.unknown(tag, payload) }
        continue
      }
      guard payload.isAtEnd else { throw payload.refusal("a field has bytes left over") }
    }
    guard timeUnits.count == 1, createdFlags.count == 1, !identifiers.isEmpty,
      identifiers.allSatisfy(\.type.isIdentifier),
      Set((identifiers + features).map(\.id)).count == identifiers.count + features.count
    else { throw fields.refusal("a field is missing, there twice, or of a type it can't have") }
    self.init(
      recordIdentifiers: identifiers, features: features, timeUnit: timeUnits[0],
      hasCreatedTime: createdFlags[0])
  }

  private static func field(_ fields: inout FieldReader) throws(HindcastError) -> Field {
    var id: UInt32?
    var name: String?
    var type: DataType?
    var knownCount = 0
    while !fields.isAtEnd {
      var (tag, mustUnderstand, payload) = try tagged(&fields)
      switch tag {
      case FieldTag.id: id = try payload.integer(UInt32.self)
      case FieldTag.name: name = try payload.text()
      case FieldTag.type: type = try DataType(&payload)
      default:
        guard !mustUnderstand else { throw unknown(tag, payload) }
        continue
      }
      knownCount += 1
      guard payload.isAtEnd else { throw payload.refusal("a field has bytes left over") }
    }
    guard let id, id != 0, let name, let type, knownCount == 3 else {
      throw fields.refusal("a column lacks its id, name or type, or has one twice")
    }
    return Field(id: id, name: name, type: type)
  }

  private static func tagged(
    _ fields: inout FieldReader
  ) throws(HindcastError) -> (tag: UInt16, mustUnderstand: Bool, payload: FieldReader) {
    let tag = try fields.integer(UInt16.self)
    let flags = try fields.integer(UInt16.self)
    guard flags <= 1 else { throw fields.refusal("tag \(tag) has unknown flags") }
    let byteCount = try fields.integer(UInt32.self)
    return (tag, flags == 1, try fields.part(Int(byteCount)))
  }

  private static func unknown(_ tag: UInt16, _ payload: FieldReader) -> HindcastError {
    payload.place.error(
      .segmentUnknownSchemaTag,
      "the schema has a field of tag \(tag) that this program does not know: use a newer one",
      at: payload.offset)
  }
}
