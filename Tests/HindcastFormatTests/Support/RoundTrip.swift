import HindcastCore
import HindcastFormat
import Testing

/// Encodes a column, and checks that decoding all of it, reading each value by its place and taking
/// some of them give back every bit; returns the tree of encodings.
@discardableResult
func roundTrip(
  _ column: Column, options: EncodingOptions = EncodingOptions(),
  _ location: SourceLocation = #_sourceLocation
) throws -> String {
  let content = PageContent.encode(column, options: options)
  let (type, count) = (column.type, column.count)
  let tree = try PageContent.describe(content, type: type, count: count)
  #expect(content.byteCount % 8 == 0, sourceLocation: location)
  let decoded = try PageContent.decode(content, type: type, count: count)
  let values = column.values
  #expect(decoded.values == values, "\(type) \(tree)", sourceLocation: location)
  #expect(decoded.nullCount == column.nullCount, sourceLocation: location)
  for index in stride(from: 0, to: count, by: max(1, count / 97)) {
    let value = try PageContent.value(content, type: type, count: count, at: index)
    #expect(value == values[index], "\(type) \(tree) at \(index)", sourceLocation: location)
  }
  for step in [1, 3, 129] {
    let positions = (0..<count).filter { $0 % step == 0 }
    let taken = try PageContent.take(
      content, type: type, count: count, positions: positions.map { Int32($0) })
    #expect(
      taken.values == positions.map { values[$0] }, "\(type) \(tree) by \(step)",
      sourceLocation: location)
  }
  return tree
}
