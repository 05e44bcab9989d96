import HindcastCore

/// Writes nodes in the encodings that take the fewest bytes, at one depth of a page's tree.
struct NodeWriter: Sendable {
  let options: EncodingOptions
  let depth: Int

  init(options: EncodingOptions = EncodingOptions(), depth: Int = 1) {
    self.options = options
    self.depth = depth
  }

  /// A writer of the children of a node.
  var deeper: NodeWriter { NodeWriter(options: options, depth: depth + 1) }

  /// Whether a node with this encoding and children may stand here.
  func allows(_ encoding: Encoding) -> Bool {
    depth < Limits.nodeDepth && !options.isLeftOut(encoding)
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
