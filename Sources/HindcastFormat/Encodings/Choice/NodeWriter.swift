import HindcastCore

/// Writes nodes in the encodings that take the fewest bytes, at one depth of a page's tree.
struct NodeWriter: Sendable {
  let options: EncodingOptions
  let depth: Int
  private let history: EncodingHistory?
  /// Which node of a page's tree is written: the same on each page.
  private let place: UInt64

  /// - Parameter history: of the pages before of the same column; nil to weigh all encodings.
  init(options: EncodingOptions = EncodingOptions(), history: EncodingHistory? = nil) {
    self.init(options: options, depth: 1, history: history, place: 0)
  }

  private init(options: EncodingOptions, depth: Int, history: EncodingHistory?, place: UInt64) {
    self.options = options
    self.depth = depth
    self.history = history
    self.place = place
  }

  /// A writer of one of the children of a node with this encoding.
  func child(_ number: Int = 0, of encoding: Encoding) -> NodeWriter {
    NodeWriter(
      options: options, depth: depth + 1, history: history, place: place(number, encoding))
  }

  /// A writer of a node that stands beside others as deep as this one.
  func part(_ number: Int = 0, of encoding: Encoding) -> NodeWriter {
    NodeWriter(options: options, depth: depth, history: history, place: place(number, encoding))
  }

  private func place(_ number: Int, _ encoding: Encoding) -> UInt64 {
    (place &* 32 &+ UInt64(encoding.rawValue)) &* 4 &+ UInt64(number) &+ 1
  }

  /// Whether a node with this encoding and children may stand here.
  func allows(_ encoding: Encoding) -> Bool {
    depth < Limits.nodeDepth && !options.isLeftOut(encoding)
  }

  /// Whether to weigh an encoding for this node; to be asked once.
  func weighs(_ encoding: Encoding) -> Bool {
    allows(encoding) && history?.isDue(encoding, at: place) ?? true
  }

  /// Notes which encoding this node gets of those that were weighed.
  func settle(_ winner: Encoding?, among encodings: [Encoding]) {
    history?.settle(winner, among: encodings, at: place)
  }
}

/// Which encodings a writer may take.
package struct EncodingOptions: Hashable, Sendable {
  private var leftOut: UInt64 = 0
  /// Whether packed values take whole bytes.
  private(set) var hasWholeBytes = false

  /// All of them.
  package init() {}

  /// All but those named as in the registry; nil if a name is unknown.
  ///
  /// For measuring what an encoding is worth. *plain* and *bitmap* can't be left out.
  package init?(leavingOut names: [String]) {
    for name in names {
      guard let encoding = Encoding.allCases.first(where: { $0.name == name }) else { return nil }
      leftOut |= 1 << UInt64(encoding.rawValue)
    }
  }

  /// These, laid out for a codec that works on bytes.
  var bytewise: EncodingOptions {
    var options = self
    options.hasWholeBytes = true
    for encoding in [Encoding.fsst, .alphabet] {
      options.leftOut |= 1 << UInt64(encoding.rawValue)
    }
    return options
  }

  func isLeftOut(_ encoding: Encoding) -> Bool {
    leftOut >> UInt64(encoding.rawValue) & 1 != 0
  }
}

/// An encoding that was weighed for a node, and the bytes that it takes or would take.
struct EncodingCandidate: Hashable, Sendable {
  /// The encoding's name in the registry.
  var name: String
  /// The node's size, children included; estimated where the encoding was not written.
  var byteCount: Int
}

/// What the bits of a number mean: which order and differences are small.
enum NumberKind: Sendable {
  case unsigned
  case signed
  case float

  /// What is XORed to make the unsigned order that of the numbers.
  func flip<T: NodeInteger>(_: T.Type) -> T {
    self == .signed ? 1 &<< T(truncatingIfNeeded: T.bitWidth - 1) : 0
  }
}
