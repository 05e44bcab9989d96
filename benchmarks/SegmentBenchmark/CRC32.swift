import HindcastCore

/// CRC-32 (ISO 3309, as zlib's) over the values of columns, so that any other program can make the
/// same from its own.
///
/// Column after column, in each row after row: a byte 1, then the value; or a byte 0 if it is null.
/// ```
/// integers, floats, times   little-endian bytes        bool    a byte, 0 or 1
/// texts                     length (4 bytes), bytes    vectors their floats
/// ```
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0xEDB8_8320
    }
  }

  private var state = UInt32.max

  /// The CRC of columns' values; lists are left out.
  static func of(_ columns: [Column]) -> UInt32 {
    var crc = CRC32()
    for column in columns {
      for row in 0..<column.count { crc.add(column, row) }
    }
    return ~crc.state
  }

  private mutating func add(_ column: Column, _ row: Int) {
    add(column.isNull(row) ? 0 : 1)
    guard !column.isNull(row) else { return }
    switch column.body {
    case .bits(let bits): add(Bits.get(bits.span(of: UInt8.self), row) ? 1 : 0)
    case .fixed(let values):
      guard case .fixed(let width) = column.type.layout else { return }
      let bytes = values.span(of: UInt8.self)
      for place in row * width..<(row + 1) * width { add(bytes[place]) }
    case .bytes(let offsets, let data):
      let ends = offsets.span(of: Int32.self)
      let length = UInt32(ends[row + 1] - ends[row])
      for shift in stride(from: 0, to: 32, by: 8) {
        add(UInt8(truncatingIfNeeded: length >> shift))
      }
      let bytes = data.span(of: UInt8.self)
      for place in Int(ends[row])..<Int(ends[row + 1]) { add(bytes[place]) }
    case .list: break
    }
  }

  private mutating func add(_ byte: UInt8) {
    state = state >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
  }
}
