/// The limits of the specification (01-container.md, "Limits").
enum Limits {
  static let valueByteCount = 64 << 20
  static let keyByteCount = 64 << 10
  static let pageRowShift = 13
  /// The decoded values of one page.
  static let pageValueByteCount = 256 << 20
  /// The content of a page of variable-width values.
  static let contentByteCount = 288 << 20
  static let nodeDepth = 8
  /// The values that the nodes of a page have in all, for each of its values.
  static let nodeWork = 32
  /// The values of a delta node that share a base.
  static let deltaBlock = 128
  static let alignment = 64
}
