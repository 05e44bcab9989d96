extension Column {
  /// The same values as a wider type.
  ///
  /// The types must go together by ``DataType/widens(to:)``; anything else traps. O(rows); nothing
  /// is copied if the values lie in memory alike.
  public func widened(to wider: DataType) -> Column {
    precondition(type.widens(to: wider), "\(type) does not widen to \(wider)")
    guard type.layout != wider.layout, case .fixed(let width) = wider.layout else {
      return reinterpreted(as: wider)
    }
    let source = fixed
    var target = MutableBuffer(byteCount: count * width)
    switch type {
    case .int8: widen(source.span(of: Int8.self), width: width, into: &target, count)
    case .int16: widen(source.span(of: Int16.self), width: width, into: &target, count)
    case .int32: widen(source.span(of: Int32.self), width: width, into: &target, count)
    case .uint8: widen(source.span(of: UInt8.self), width: width, into: &target, count)
    case .uint16: widen(source.span(of: UInt16.self), width: width, into: &target, count)
    case .uint32: widen(source.span(of: UInt32.self), width: width, into: &target, count)
    default: widenFloats(source.span(of: UInt32.self), into: &target, count)
    }
    return Column(
      type: wider, count: count, nullCount: nullCount, validity: validity,
      body: .fixed(target.freeze()))
  }
}

/// Integers in `width` bytes each; the sign is kept where there is one.
private func widen<Narrow: FixedWidthInteger & BitwiseCopyable>(
  _ source: Span<Narrow>, width: Int, into target: inout MutableBuffer, _ count: Int
) {
  switch width {
  case 2: widen(source, as: UInt16.self, into: &target, count)
  case 4: widen(source, as: UInt32.self, into: &target, count)
  default: widen(source, as: UInt64.self, into: &target, count)
  }
}

private func widen<
  Narrow: FixedWidthInteger & BitwiseCopyable, Wide: FixedWidthInteger & BitwiseCopyable
>(
  _ source: Span<Narrow>, as _: Wide.Type, into target: inout MutableBuffer, _ count: Int
) {
  var values = target.mutableSpan(of: Wide.self)
  for index in 0..<count { values[index] = Wide(truncatingIfNeeded: source[index]) }
}

private func widenFloats(
  _ source: Span<UInt32>, into target: inout MutableBuffer, _ count: Int
) {
  var values = target.mutableSpan(of: UInt64.self)
  for index in 0..<count { values[index] = widenedFloat(source[index]) }
}
