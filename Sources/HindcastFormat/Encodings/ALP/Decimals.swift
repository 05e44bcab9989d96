import HindcastCore

/// Powers of ten that binary64 and binary32 hold exactly.
enum PowersOfTen {
  private static let doubles: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The greatest exponent of an *alp* node of `T`.
  static func greatest<T: NodeInteger>(_: T.Type) -> Int { T.byteCount == 8 ? 22 : 10 }

  static func double(_ exponent: Int) -> Double { doubles[exponent] }

  static func float(_ exponent: Int) -> Float { Float(doubles[exponent]) }
}

/// The bits of `integer / 10^exponent`, of the size of `T`.
func decimalBits<T: NodeInteger>(_ integer: T, exponent: Int) -> T {
  if T.byteCount == 8 {
    let number = Double(Int64(truncatingIfNeeded: integer)) / PowersOfTen.double(exponent)
    return T(truncatingIfNeeded: number.bitPattern)
  }
  let number = Float(Int32(truncatingIfNeeded: integer)) / PowersOfTen.float(exponent)
  return T(truncatingIfNeeded: number.bitPattern)
}

/// Turns integers into the bits of decimals, in place.
///
/// One correctly rounded division a value, so that each float that is the nearest to a decimal
/// comes back; the two multiplications of the paper (ALP, Afroozeh, Kuffo and Boncz, SIGMOD 2024)
/// cost less and miss some.
@specialized(where T == UInt32)
@specialized(where T == UInt64)
package func decodeDecimals<T: NodeInteger>(_ target: inout MutableSpan<T>, exponent: Int) {
  if T.byteCount == 8 {
    let divisor = PowersOfTen.double(exponent)
    for index in target.indices {
      let integer = unsafe Int64(truncatingIfNeeded: target[unchecked: index])
      unsafe target[unchecked: index] = T(
        truncatingIfNeeded: (Double(integer) / divisor).bitPattern)
    }
  } else {
    let divisor = PowersOfTen.float(exponent)
    for index in target.indices {
      let integer = unsafe Int32(truncatingIfNeeded: target[unchecked: index])
      unsafe target[unchecked: index] = T(
        truncatingIfNeeded: (Float(integer) / divisor).bitPattern)
    }
  }
}
