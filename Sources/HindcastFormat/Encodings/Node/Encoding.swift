import HindcastCore

/// The encodings of the specification (03-encodings), by number.
enum Encoding: UInt8, CaseIterable {
  case null = 0
  case constant, plain, packed, delta, runLength, dictionary, nullable, bitmap, list
  case patched, sparse, alp, alpRD, fsst, alphabet, scaled

  /// The name that `inspect` shows.
  var name: String {
    switch self {
    case .null: "null"
    case .constant: "constant"
    case .plain: "plain"
    case .packed: "packed"
    case .delta: "delta"
    case .runLength: "run-length"
    case .dictionary: "dictionary"
    case .nullable: "nullable"
    case .bitmap: "bitmap"
    case .list: "list"
    case .patched: "patched"
    case .sparse: "sparse"
    case .alp: "alp"
    case .alpRD: "alp-rd"
    case .fsst: "fsst"
    case .alphabet: "alphabet"
    case .scaled: "scaled"
    }
  }
}

/// The first 8 bytes of a node.
struct NodeHeader {
  static let byteCount = 8

  var encoding: Encoding
  var parameter: UInt8
  var count: Int

  static func write(
    _ encoding: Encoding, parameter: UInt8 = 0, count: Int, to out: inout MutableBuffer
  ) {
    out.put(encoding.rawValue)
    out.put(parameter)
    out.put(UInt16(0))
    out.put(UInt32(count))
  }
}

/// A number that nodes hold: 1, 2, 4 or 8 bytes, or 16 for decimals.
package protocol NodeInteger: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}
extension UInt8: NodeInteger {}
extension UInt16: NodeInteger {}
extension UInt32: NodeInteger {}
extension UInt64: NodeInteger {}
extension UInt128: NodeInteger {}

extension NodeInteger {
  @inline(__always) static var byteCount: Int { MemoryLayout<Self>.size }
  @inline(__always) static var isWide: Bool { MemoryLayout<Self>.size == 16 }
  /// The bytes that a scalar takes in a body: 8, or 16 for decimals.
  @inline(__always) static var scalarByteCount: Int { isWide ? 16 : 8 }

  /// Adds this number as a scalar of a node's body.
  func putScalar(to out: inout MutableBuffer) {
    if Self.isWide { out.put(self) } else { out.put(UInt64(truncatingIfNeeded: self)) }
  }
}
