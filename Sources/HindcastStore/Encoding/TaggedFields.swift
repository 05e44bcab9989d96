import HindcastCore

/// Tagged fields as ``TaggedEncoder`` writes them, checked and split up.
struct TaggedFields {
  struct Field {
    let tag: UInt16
    let mustUnderstand: Bool
    let bytes: ArraySlice<UInt8>
  }

  let fields: [Field]
  private let file: String

  /// - Throws: `corrupt` if a field does not lie inside `bytes`.
  init(_ bytes: ArraySlice<UInt8>, file: String) throws(HindcastError) {
    self.file = file
    var rest = bytes
    var fields: [Field] = []
    while !rest.isEmpty {
      guard rest.count >= 8 else {
        throw Self.damaged("a field is cut short", file, rest.startIndex)
      }
      let start = rest.startIndex
      let flags = littleEndian(rest[(start + 2)..<(start + 4)])
      let length = Int(littleEndian(rest[(start + 4)..<(start + 8)]))
      guard length <= rest.count - 8 else {
        throw Self.damaged("a field of \(length) bytes reaches past the end", file, start)
      }
      fields.append(
        Field(
          tag: UInt16(littleEndian(rest[start..<(start + 2)])),
          mustUnderstand: flags & UInt64(TaggedEncoder.mustUnderstand) != 0,
          bytes: rest[(start + 8)..<(start + 8 + length)]))
      rest = rest[(start + 8 + length)...]
    }
    self.fields = fields
  }

  /// Refuses fields that are not among `known` or `more` but must be understood.
  func checkUnderstood(
    _ known: some Collection<UInt16>, _ more: Set<UInt16> = []
  ) throws(HindcastError) {
    for field in fields
    where field.mustUnderstand && !known.contains(field.tag) && !more.contains(field.tag) {
      throw HindcastError(
        .unsupportedVersion,
        "a newer version of Hindcast wrote something here (field \(field.tag)) that this version "
          + "does not know: use the newer version",
        at: .init(file: file, byteOffset: field.bytes.startIndex - 8))
    }
  }

  private static func damaged(_ what: String, _ file: String, _ offset: Int) -> HindcastError {
    HindcastError(.corrupt, what, at: .init(file: file, byteOffset: offset))
  }

  private func first(_ tag: UInt16) -> Field? {
    fields.first { $0.tag == tag }
  }

  private func missing(_ tag: UInt16) -> HindcastError {
    HindcastError(.corrupt, "field \(tag) is missing", at: .init(file: file))
  }

  func damaged(_ tag: UInt16) -> HindcastError {
    Self.damaged(
      "field \(tag) does not hold what it should", file, first(tag)?.bytes.startIndex ?? 0)
  }
}

extension TaggedFields {
  /// The integer of a field, nil if the field is not there.
  func optionalInteger<Value: FixedWidthInteger>(
    _ tag: UInt16, as _: Value.Type = Value.self
  ) throws(HindcastError) -> Value? {
    guard let field = first(tag) else { return nil }
    guard field.bytes.count == (Value.bitWidth > 64 ? 16 : 8) else { throw damaged(tag) }
    if Value.bitWidth > 64 {
      let low = littleEndian(field.bytes.prefix(8))
      let high = littleEndian(field.bytes.suffix(8))
      return Value(truncatingIfNeeded: UInt128(high) << 64 | UInt128(low))
    }
    let word = littleEndian(field.bytes)
    let value = Value.isSigned ? Value(exactly: Int64(bitPattern: word)) : Value(exactly: word)
    guard let value else { throw damaged(tag) }
    return value
  }

  /// The integer of a field that must be there.
  func integer<Value: FixedWidthInteger>(
    _ tag: UInt16, as type: Value.Type = Value.self
  ) throws(HindcastError) -> Value {
    guard let value = try optionalInteger(tag, as: type) else { throw missing(tag) }
    return value
  }

  /// A count: an integer of 0 to 2^48, so that counts can be added up.
  func count(_ tag: UInt16) throws(HindcastError) -> Int {
    let value = try integer(tag, as: Int.self)
    guard 0...(1 << 48) ~= value else { throw damaged(tag) }
    return value
  }

  func flag(_ tag: UInt16) throws(HindcastError) -> Bool {
    try optionalInteger(tag, as: UInt64.self) == 1
  }

  func optionalText(_ tag: UInt16) throws(HindcastError) -> String? {
    guard let field = first(tag) else { return nil }
    guard let text = String(validating: field.bytes, as: UTF8.self) else { throw damaged(tag) }
    return text
  }

  func text(_ tag: UInt16) throws(HindcastError) -> String {
    guard let text = try optionalText(tag) else { throw missing(tag) }
    return text
  }

  /// The texts in all fields of a tag, in order.
  func allTexts(_ tag: UInt16) throws(HindcastError) -> [String] {
    var texts: [String] = []
    for field in fields where field.tag == tag {
      guard let text = String(validating: field.bytes, as: UTF8.self) else { throw damaged(tag) }
      texts.append(text)
    }
    return texts
  }

  /// The bytes of a field that must be there, as many as there are.
  func bytes(_ tag: UInt16) throws(HindcastError) -> [UInt8] {
    guard let field = first(tag) else { throw missing(tag) }
    return Array(field.bytes)
  }

  func bytes(_ tag: UInt16, count: Int) throws(HindcastError) -> [UInt8] {
    guard let field = first(tag) else { throw missing(tag) }
    guard field.bytes.count == count else { throw damaged(tag) }
    return Array(field.bytes)
  }

  /// The structure that must be in a field.
  func nested(_ tag: UInt16) throws(HindcastError) -> TaggedFields {
    guard let field = first(tag) else { throw missing(tag) }
    return try TaggedFields(field.bytes, file: file)
  }

  /// The structure in a field, nil if the field is not there.
  func optionalNested(_ tag: UInt16) throws(HindcastError) -> TaggedFields? {
    first(tag) == nil ? nil : try nested(tag)
  }

  /// The structures in all fields of a tag, in order.
  func allNested(_ tag: UInt16) throws(HindcastError) -> [TaggedFields] {
    var result: [TaggedFields] = []
    for field in fields where field.tag == tag {
      result.append(try TaggedFields(field.bytes, file: file))
    }
    return result
  }
}

/// The number in up to eight little-endian bytes.
func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
