/// The name of a batch, which its bytes tell from others: texts that look alike are not the same.
struct BatchID: Hashable, Comparable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: BatchID, b: BatchID) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  static func < (a: BatchID, b: BatchID) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
