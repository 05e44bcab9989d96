/// An array whose copies have their elements in common, so that adding one to a copy costs little.
///
/// Each commit of a stream makes a catalogue of the one before it: with an array, all of a log's
/// commits would be copied for each.
package struct ChunkedArray<Element> {
  /// The chunks that are full.
  private var chunks: [[Element]] = []
  private var last: [Element] = []

  private static var chunkShift: Int { 6 }

  package init() {}

  package init(_ elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Adds an element at the end.
  ///
  /// O(elements / 64 + 64) where a copy is alive, else O(1).
  package mutating func append(_ element: Element) {
    last.append(element)
    guard last.count == 1 << Self.chunkShift else { return }
    chunks.append(last)
    last = []
  }
}

extension ChunkedArray: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { chunks.count << Self.chunkShift + last.count }

  package subscript(position: Int) -> Element {
    let (chunk, place) = (position >> Self.chunkShift, position & (1 << Self.chunkShift - 1))
    return chunk < chunks.count ? chunks[chunk][place] : last[place]
  }
}

extension ChunkedArray: Sendable where Element: Sendable {}
