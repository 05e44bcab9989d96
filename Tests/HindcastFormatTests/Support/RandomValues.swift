import HindcastCore

/// Every feature type that the format stores.
let allTypes: [DataType] = [
  .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
  .utf8, .binary, .date, .timestamp(.millisecond, zone: "Europe/Zurich"),
  .timestamp(.nanosecond, zone: nil), .decimal128(precision: 38, scale: 4), .list(.int32),
  .list(.utf8), .list(.bool), .set(.int64), .list(.decimal128(precision: 9, scale: 2)),
  .vector(dimension: 3),
]

/// How a column's values are spread, so that every encoding is chosen somewhere.
enum Shape: CaseIterable { case constant, small, random, sorted, runs, few, extreme }

/// Random cells of a type in a given shape.
func randomValues(
  _ type: DataType, _ shape: Shape, count: Int, nullShare: Double,
  using generator: inout SeededGenerator
) -> [Value] {
  var position: Int128 = 0
  let pool = (0..<5).map { _ in Int128(Int64.random(in: .min ... .max, using: &generator)) }
  return (0..<count).map { index in
    if Double.random(in: 0..<1, using: &generator) < nullShare { return .null }
    let number: Int128
    switch shape {
    case .constant: number = 77
    case .small: number = Int128.random(in: 0...12, using: &generator)
    case .random: number = Int128(Int64.random(in: .min ... .max, using: &generator))
    case .sorted:
      position += Int128.random(in: 0...9, using: &generator)
      number = position
    case .runs: number = Int128(index / 40) * 1_000_003
    case .few: number = pool[Int.random(in: 0..<5, using: &generator)]
    case .extreme: number = Bool.random(using: &generator) ? .max : .min
    }
    return cell(type, number)
  }
}

/// A cell of a type, made from a number; every bit of the number that fits is used.
func cell(_ type: DataType, _ number: Int128) -> Value {
  switch type {
  case .bool: .bool(number & 1 == 1)
  case .int8: .integer(Int128(Int8(truncatingIfNeeded: number)))
  case .int16: .integer(Int128(Int16(truncatingIfNeeded: number)))
  case .int32, .date: .integer(Int128(Int32(truncatingIfNeeded: number)))
  case .int64, .timestamp: .integer(Int128(Int64(truncatingIfNeeded: number)))
  case .uint8: .integer(Int128(UInt8(truncatingIfNeeded: number)))
  case .uint16: .integer(Int128(UInt16(truncatingIfNeeded: number)))
  case .uint32: .integer(Int128(UInt32(truncatingIfNeeded: number)))
  case .uint64: .integer(Int128(UInt64(truncatingIfNeeded: number)))
  case .float32: .float32(UInt32(truncatingIfNeeded: number))
  case .float64: .float64(UInt64(truncatingIfNeeded: number))
  case .decimal128: .integer(number)
  case .utf8, .binary: .text(number % 3 == 0 ? "" : "v\(number)")
  case .list(let element), .set(let element):
    .list(
      (0..<Int(truncatingIfNeeded: number & 3)).map { index in
        number & 7 == 3 && index == 0 && type != .set(element)
          ? .null : cell(element, number &+ Int128(index))
      })
  case .vector(let dimension):
    .list((0..<dimension).map { .float32(UInt32(truncatingIfNeeded: number) &+ UInt32($0)) })
  }
}
