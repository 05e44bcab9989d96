import HindcastCore

/// The body of a *dictionary* node of numbers: the distinct values, and a code for each place.
final class DictionaryNode<T: NodeInteger>: Sendable {
  private let values: IntegerNode<T>
  private let codes: DictionaryCodes

  init(_ header: NodeHeader, _ cursor: inout NodeCursor, depth: Int) throws(NodeFault) {
    let distinctCount = try cursor.peekCount(
      atMost: header.count, of: "distinct values", depth: depth + 1)
    values = try IntegerNode(&cursor, count: distinctCount, depth: depth + 1)
    codes = try DictionaryCodes(
      &cursor, count: header.count, distinctCount: distinctCount, depth: depth + 1)
  }

  func decode(
    _ content: RawSpan, _ range: Range<Int>, into target: inout MutableSpan<T>
  ) throws(NodeFault) {
    let values = try self.values.decoded(content, count: codes.distinctCount)
    let codes = try self.codes.decode(content, range)
    expandCodes(codes.span(of: UInt32.self), values.span(of: T.self), into: &target)
  }

  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> T {
    try values.value(content, at: try codes.value(content, at: index))
  }

  var description: String {
    "dictionary[\(codes.distinctCount)](\(values.description), \(codes.description))"
  }
}

/// The codes of a dictionary of `distinctCount` values.
struct DictionaryCodes: Sendable {
  let distinctCount: Int
  private let node: IntegerNode<UInt32>
  private let offset: Int

  init(
    _ cursor: inout NodeCursor, count: Int, distinctCount: Int, depth: Int
  ) throws(NodeFault) {
    self.distinctCount = distinctCount
    offset = cursor.offset
    node = try IntegerNode(&cursor, count: count, depth: depth)
  }

  /// The codes of `range`, `UInt32`, each one of the dictionary.
  func decode(_ content: RawSpan, _ range: Range<Int>) throws(NodeFault) -> Buffer {
    var buffer = MutableBuffer(byteCount: range.count * 4)
    var codes = buffer.mutableSpan(of: UInt32.self)
    try node.decode(content, range, into: &codes)
    var greatest: UInt32 = 0
    for index in codes.indices { greatest = max(greatest, codes[index]) }
    try check(greatest)
    return buffer.freeze()
  }

  /// The code at `index`, which is one of the dictionary.
  func value(_ content: RawSpan, at index: Int) throws(NodeFault) -> Int {
    let code = try node.value(content, at: index)
    try check(code)
    return Int(code)
  }

  private func check(_ code: UInt32) throws(NodeFault) {
    guard code < distinctCount else { throw .bad("a code is beyond its dictionary", at: offset) }
  }

  var description: String { node.description }
}

/// Looks up each code, which must be checked.
private func expandCodes<T: NodeInteger>(
  _ codes: Span<UInt32>, _ values: Span<T>, into target: inout MutableSpan<T>
) {
  precondition(codes.count == target.count)
  for index in codes.indices {
    unsafe target[unchecked: index] = values[unchecked: Int(codes[unchecked: index])]
  }
}
