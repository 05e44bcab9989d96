import HindcastCore

/// How many values need how many bits above `base`: 0 to 64; those that need more are left out.
///
/// Four neighbours count in four tables, as one counter can be raised only every fifth cycle: 0.45
/// ns a value whatever the widths, on one core of a Zen 4 at 3.7 GHz.
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func widthHistogram<T: NodeInteger>(
  _ values: Span<T>, base: T
) -> InlineArray<65, Int> {
  let stride = 160
  var tables = InlineArray<640, UInt32>(repeating: 0)
  var table = tables.mutableSpan
  for index in values.indices {
    let above = unsafe values[unchecked: index] &- base
    let width = T.bitWidth &- above.leadingZeroBitCount
    unsafe table[unchecked: width &+ (index & 3) &* stride] &+= 1
  }
  var counts = InlineArray<65, Int>(repeating: 0)
  for width in 0..<65 {
    for start in 0..<4 { counts[width] += Int(table[width + start * stride]) }
  }
  return counts
}
