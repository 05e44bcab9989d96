import HindcastCore
import Synchronization

/// A page that was read, checked and decompressed, with its values still encoded.
///
/// Safe to share between threads.
final class EncodedPage: Sendable {
  let node: ColumnNode
  let content: Buffer
  let place: Place
  /// Whether it was used since a cache last looked at it.
  let wasUsed = Atomic<Bool>(true)

  /// Checks the structure of a page's content (step 20 of the specification).
  ///
  /// O(nodes), and the lengths, places and run ends that the values are found by.
  init(
    _ content: Buffer, type: DataType, count: Int, isNullable: Bool, place: Place
  ) throws(HindcastError) {
    self.content = content
    self.place = place
    do throws(NodeFault) {
      var cursor = NodeCursor(content.bytes, count: count)
      node = try ColumnNode(&cursor, type: type, count: count, isNullable: isNullable)
      guard cursor.isAtEnd else { throw cursor.bad("the page has bytes left over") }
    } catch { throw error.error(at: place) }
  }

  /// An estimate of the memory that it takes, in bytes.
  var memoryByteCount: Int { content.byteCount + 512 }

  /// All values.
  func decode() throws(HindcastError) -> Column {
    try fromNode { (node, content) throws(NodeFault) in try node.decode(content) }
  }

  /// The values at `positions`, ascending, each one of the page's.
  func take(_ positions: Span<Int32>) throws(HindcastError) -> Column {
    do throws(NodeFault) {
      return try node.take(content, positions)
    } catch { throw error.error(at: place) }
  }

  /// The value at `index`, which must be one of the page's.
  func value(at index: Int) throws(HindcastError) -> Value {
    try fromNode { (node, content) throws(NodeFault) in try node.value(content, at: index) }
  }

  /// What `body` reads of the page; what it refuses is said to be of this page.
  @inline(__always)
  func fromNode<Result>(
    _ body: (ColumnNode, Buffer) throws(NodeFault) -> Result
  ) throws(HindcastError) -> Result {
    do throws(NodeFault) { return try body(node, content) } catch { throw error.error(at: place) }
  }

  func refusal(_ message: String) -> HindcastError { place.error(.segmentBadPage, message) }
}
