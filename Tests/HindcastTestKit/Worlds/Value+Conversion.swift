public import HindcastCore

extension Value {
  /// The same identifier component in another type that compares with its own (rule L2); nil if
  /// that can't hold it.
  ///
  /// Null stays null.
  public func converted(from: DataType, to: DataType) -> Value? {
    guard case .integer(let number) = self else { return self }
    if case .timestamp(let unit, _) = from, case .timestamp(let other, _) = to {
      let (ticks, rest) = (number * Int128(unit.nanoseconds))
        .quotientAndRemainder(dividingBy: Int128(other.nanoseconds))
      return rest == 0 && Int64(exactly: ticks) != nil ? .integer(ticks) : nil
    }
    let (low, high) = SplitMix64.range(to)
    return (low...high).contains(number) ? self : nil
  }
}

extension WorldLabel {
  /// The record in other types; nil if a component has no value there.
  public func record(from types: [DataType], as others: [DataType]) -> [Value]? {
    var values: [Value] = []
    for (index, value) in record.enumerated() {
      guard let value = value.converted(from: types[index], to: others[index]) else { return nil }
      values.append(value)
    }
    return values
  }
}
