package import HindcastCore

/// An input of the page fuzzer: a page's content, with what its reader knows of it from elsewhere.
///
/// ```
/// 0  1  type: an index of `types`, modulo their number
/// 1  2  count of rows, little-endian, modulo 8193
/// 3     the content
/// ```
package struct PageInput {
  /// The type of the values.
  package var type: DataType
  /// The number of rows, at most 8192.
  package var count: Int
  /// The page's content, after decompression.
  package var content: Buffer

  /// The types that pages have; new ones go to the end, so that inputs keep their meaning.
  package static let types: [DataType] =
    scalars + scalars.map { .list($0) } + [
      .set(.int64), .set(.utf8), .vector(dimension: 1), .vector(dimension: 3),
      .vector(dimension: 4), .vector(dimension: 64),
    ]

  private static let scalars: [DataType] = [
    .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
    .utf8, .binary, .date, .timestamp(.microsecond, zone: "UTC"),
    .decimal128(precision: 38, scale: 4),
  ]

  private static let greatestCount = 8192
  private static let headByteCount = 3

  /// Reads an input; nil if it is too short.
  package init?(_ input: Buffer) {
    guard input.byteCount >= Self.headByteCount else { return nil }
    let bytes = input.span(of: UInt8.self)
    type = Self.types[Int(bytes[0]) % Self.types.count]
    count = (Int(bytes[1]) | Int(bytes[2]) << 8) % (Self.greatestCount + 1)
    content = Buffer(copying: bytes.extracting(Self.headByteCount...))
  }

  /// The input of a page; nil if the fuzzer does not know its type.
  package static func bytes(type: DataType, count: Int, content: Buffer) -> [UInt8]? {
    let same = types.firstIndex { $0 == type } ?? types.firstIndex { isAlike($0, type) }
    guard let index = same, count <= greatestCount else { return nil }
    let head = [UInt8(index), UInt8(truncatingIfNeeded: count), UInt8(count >> 8)]
    return head + content.array(of: UInt8.self)
  }

  /// Whether pages of the two types have the same form.
  private static func isAlike(_ a: DataType, _ b: DataType) -> Bool {
    guard a.layout == b.layout else { return false }
    guard a.layout == .list else { return true }
    return a.element?.layout == b.element?.layout
  }
}
