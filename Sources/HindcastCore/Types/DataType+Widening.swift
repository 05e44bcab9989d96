extension DataType {
  /// Whether a column of this type may become one of type `wider`: every value is kept as it is.
  ///
  /// That holds for equal types; for integers whose range lies in the wider type's; for float32 in
  /// float64; for decimals of more digits and the same scale.
  public func widens(to wider: DataType) -> Bool {
    switch (self, wider) {
    case (.float32, .float64): true
    case (.decimal128(let precision, let scale), .decimal128(let widerPrecision, let widerScale)):
      scale == widerScale && precision <= widerPrecision
    case _ where isInteger && wider.isInteger:
      self == wider
        || integerWidth < wider.integerWidth
          && (isUnsignedInteger || !wider.isUnsignedInteger)
    default: self == wider
    }
  }

  private var integerWidth: Int {
    guard case .fixed(let width) = layout else { return 0 }
    return width
  }
}

extension Value {
  /// The same value in a type that ``DataType/widens(to:)`` allows.
  public func widened(to wider: DataType) -> Value {
    switch (self, wider) {
    case (.float32(let bits), .float64): .float64(widenedFloat(bits))
    default: self
    }
  }
}

/// The bits of a float32 as a float64's.
///
/// A conversion by the processor would set a bit of some NaNs.
@inline(__always)
func widenedFloat(_ bits: UInt32) -> UInt64 {
  let value = Float(bitPattern: bits)
  guard value.isNaN else { return Double(value).bitPattern }
  return UInt64(bits & 0x8000_0000) << 32 | 0x7FF0_0000_0000_0000
    | UInt64(bits & 0x007F_FFFF) << 29
}
