import HindcastCore

/// Turns differences into values, block by block of 128: the first of a block is its base, each
/// other one is the value before and its difference.
///
/// `bases` must hold a value for each begun block. What stands at the first place of a block is
/// not used. O(deltas.count).
///
/// One chain of additions: 0.27 ns a value of up to 8 bytes, which is one store a cycle. Four
/// blocks side by side are no faster for that reason, and with AVX-512 twenty times slower, as the
/// compiler then loads what it has just stored in other pieces.
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func prefixSums<T: NodeInteger>(bases: Span<T>, into deltas: inout MutableSpan<T>) {
  precondition(bases.count == (deltas.count + Limits.deltaBlock - 1) / Limits.deltaBlock)
  for block in bases.indices {
    let start = block &* Limits.deltaBlock
    let end = min(start &+ Limits.deltaBlock, deltas.count)
    var value = unsafe bases[unchecked: block]
    unsafe deltas[unchecked: start] = value
    for index in start &+ 1..<end {
      unsafe value &+= deltas[unchecked: index]
      unsafe deltas[unchecked: index] = value
    }
  }
}

/// The sum of `values` modulo 2^(8w): what a base and the differences after it add up to.
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func wrappingSum<T: NodeInteger>(_ values: Span<T>) -> T {
  var total: T = 0
  for index in values.indices { unsafe total &+= values[unchecked: index] }
  return total
}

/// The difference of each value to the one before, and the first of each block of 128.
///
/// `bases` takes a value for each begun block. The difference at the first place of a block, which
/// readers ignore, repeats its neighbour, so that it adds nothing to the range.
@specialized(where T == UInt8)
@specialized(where T == UInt16)
@specialized(where T == UInt32)
@specialized(where T == UInt64)
@specialized(where T == UInt128)
package func differences<T: NodeInteger>(
  of values: Span<T>, bases: inout MutableSpan<T>, into deltas: inout MutableSpan<T>
) {
  precondition(deltas.count == values.count)
  precondition(bases.count == (values.count + Limits.deltaBlock - 1) / Limits.deltaBlock)
  guard values.count > 0 else { return }
  for index in 1..<values.count {
    unsafe deltas[unchecked: index] = values[unchecked: index] &- values[unchecked: index &- 1]
  }
  for block in bases.indices {
    let start = block * Limits.deltaBlock
    bases[block] = values[start]
    if start + 1 < deltas.count {
      deltas[start] = deltas[start + 1]
    } else {
      deltas[start] = start > 0 ? deltas[start - 1] : 0
    }
  }
}
