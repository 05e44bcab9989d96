import HindcastCore

extension NodeWriter {
  /// Adds a *patched* node, or the node of its values alone if none needs a patch.
  func writePatched<T: NodeInteger>(
    _ plan: PatchedPlan<T>, _ values: Span<T>, kind: NumberKind, to out: inout MutableBuffer
  ) {
    let count = values.count
    var places = MutableBuffer(byteCount: Bits.byteCount(count))
    var fitting = MutableBuffer(byteCount: count * T.byteCount)
    var patches = MutableBuffer(capacity: plan.patchCount * T.byteCount)
    split(values, plan, places: &places, fitting: &fitting, patches: &patches)
    guard patches.byteCount > 0 else {
      return writeFlat(values, plan.base, bits: plan.bits, to: &out)
    }
    NodeHeader.write(.patched, count: count, to: &out)
    child(of: .patched).writeFlat(fitting.span(of: T.self), plan.base, bits: plan.bits, to: &out)
    child(1, of: .patched).writeBools(places.span(of: UInt8.self), count: count, to: &out)
    child(2, of: .patched).writeFlat(patches.span(of: T.self), kind: kind, to: &out)
  }
}

/// Parts values that fit into the plan's bits from those that do not; the base stands in for them.
private func split<T: NodeInteger>(
  _ values: Span<T>, _ plan: PatchedPlan<T>, places: inout MutableBuffer,
  fitting: inout MutableBuffer, patches: inout MutableBuffer
) {
  var placeSpan = places.mutableSpan(of: UInt8.self)
  var target = fitting.mutableSpan(of: T.self)
  let width = plan.bits
  for index in values.indices {
    let value = values[index]
    if T.bitWidth &- (value &- plan.base).leadingZeroBitCount <= width {
      target[index] = value
    } else {
      target[index] = plan.base
      Bits.set(&placeSpan, index)
      patches.append(value)
    }
  }
}
