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
      let (tag, mustUnderstand, outer) = try Self.enterTagged(&fields)
      switch tag {
      case Tag.timeUnit:
        guard let unit = TimeUnit(rawValue: Int(try fields.integer(UInt8.self))) else {
          throw fields.refusal("the time unit is unknown")
        }
        timeUnits.append(unit)
      case Tag.hasCreatedTime:
        let flag = try fields.integer(UInt8.self)
        guard flag <= 1 else { throw fields.refusal("the created-time flag is neither 0 nor 1") }
        createdFlags.append(flag == 1)
      case Tag.recordIdentifier: identifiers.append(try Self.field(&fields))
      case Tag.feature: features.append(try Self.field(&fields))
      default: try Self.skipUnknown(tag, mustUnderstand, &fields)
      }
      try Self.leave(&fields, outer)
    }
    guard timeUnits.count == 1, createdFlags.count == 1, !identifiers.isEmpty,
      identifiers.allSatisfy(\.type.isIdentifier),
      Self.areUnique(identifiers, features)
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
      let (tag, mustUnderstand, outer) = try enterTagged(&fields)
      switch tag {
      case FieldTag.id: id = try fields.integer(UInt32.self)
      case FieldTag.name: name = try fields.text()
      case FieldTag.type: type = try DataType(&fields)
      default:
        try skipUnknown(tag, mustUnderstand, &fields)
        knownCount -= 1
      }
      knownCount += 1
      try leave(&fields, outer)
    }
    guard let id, id != 0, let name, let type, knownCount == 3 else {
      throw fields.refusal("a column lacks its id, name or type, or has one twice")
    }
    return Field(id: id, name: name, type: type)
  }

  /// Reads the head of a tagged field and enters its payload.
  private static func enterTagged(
    _ fields: inout FieldReader
  ) throws(HindcastError) -> (tag: UInt16, mustUnderstand: Bool, outer: Int) {
    let tag = try fields.integer(UInt16.self)
    let flags = try fields.integer(UInt16.self)
    guard flags <= 1 else { throw fields.refusal("tag \(tag) has unknown flags") }
    let byteCount = try fields.integer(UInt32.self)
    return (tag, flags == 1, try fields.enter(Int(byteCount)))
  }

  /// Leaves a payload that must have been read to its end.
  private static func leave(_ fields: inout FieldReader, _ outer: Int) throws(HindcastError) {
    guard fields.isAtEnd else { throw fields.refusal("a field has bytes left over") }
    fields.leave(outer)
  }

  /// Passes over a field of a later version, if that is allowed.
  private static func skipUnknown(
    _ tag: UInt16, _ mustUnderstand: Bool, _ fields: inout FieldReader
  ) throws(HindcastError) {
    guard !mustUnderstand else {
      throw fields.place.error(
        .segmentUnknownSchemaTag,
        "the schema has a field of tag \(tag) that this program does not know: use a newer one",
        at: fields.offset)
    }
    try fields.skip(fields.end - fields.offset)
  }

  /// Whether no two fields have one id; ids mostly ascend.
  private static func areUnique(_ identifiers: [Field], _ features: [Field]) -> Bool {
    var previous: UInt32 = 0
    var ascend = true
    for field in identifiers {
      ascend = ascend && field.id > previous
      previous = field.id
    }
    for field in features {
      ascend = ascend && field.id > previous
      previous = field.id
    }
    if ascend { return true }
    return Set((identifiers + features).map(\.id)).count == identifiers.count + features.count
  }
}
