import HindcastCore
import HindcastFormat
import Testing

/// The kernels of alp and alp-rd: whatever is not marked comes back with its very bits.
@Suite struct FloatKernelTests {
  private let oddDoubles: [Double] = [
    -0.0, .nan, .signalingNaN, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p51, 0x1p52,
    0x1p53, 0x1p63, -0x1p63, 0x1p64, 1e300, -1e-300, .pi, 0x1p-1074, 4.35e17,
  ]

  @Test(arguments: 0...22)
  func doublesComeBack(_ exponent: Int) {
    var generator = SeededGenerator(seed: testSeed())
    var power = 1.0
    for _ in 0..<exponent { power *= 10 }
    for count in [Int](0...40) + [64, 127, 200, 1000] {
      let values = (0..<count).map { _ -> UInt64 in
        let number = Int64(truncatingIfNeeded: generator.next())
        switch generator.next() % 8 {
        case 0: return generator.next()
        case 1: return oddDoubles.randomElement(using: &generator)?.bitPattern ?? 0
        default: return (Double(number >> 20) / power).bitPattern
        }
      }
      var integers = [UInt64](repeating: 7, count: count)
      var map = [UInt8](repeating: 0xFF, count: (count + 7) / 8)
      var integerSpan = integers.mutableSpan
      var mapSpan = map.mutableSpan
      let exceptions = encodeDecimals(
        values.span, exponent: exponent, into: &integerSpan, places: &mapSpan)
      #expect(exceptions == Bits.population(map.span, count: map.count * 8))
      let encoded = integers
      var target = integers.mutableSpan
      decodeDecimals(&target, exponent: exponent)
      for index in 0..<count {
        let decoded = Double(Int64(bitPattern: encoded[index])) / power
        #expect(integers[index] == decoded.bitPattern)
        let value = Double(bitPattern: values[index])
        if !Bits.get(map.span, index) {
          #expect(integers[index] == values[index])
        } else if let number = Int64(exactly: (value * power).rounded()) {
          let isBack = (Double(number) / power).bitPattern == values[index]
          #expect(!isBack || number.magnitude >= 1 << 51, "\(value) is a decimal")
        }
      }
    }
  }

  @Test func oddDoublesAreExceptions() {
    let values = oddDoubles.map(\.bitPattern)
    for exponent in 0...22 {
      var integers = [UInt64](repeating: 0, count: values.count)
      var map = [UInt8](repeating: 0, count: (values.count + 7) / 8)
      var integerSpan = integers.mutableSpan
      var mapSpan = map.mutableSpan
      _ = encodeDecimals(
        values.span, exponent: exponent, into: &integerSpan, places: &mapSpan)
      for index in values.indices {
        let isException = Bits.get(map.span, index)
        #expect(isException, "\(oddDoubles[index])")
      }
    }
  }

  @Test(arguments: 0...10)
  func floatsComeBack(_ exponent: Int) {
    var generator = SeededGenerator(seed: testSeed())
    var power: Float = 1
    for _ in 0..<exponent { power *= 10 }
    let odd: [Float] = [-0.0, .nan, .infinity, 0x1p22, 0x1p23, 1e38, .leastNonzeroMagnitude, .pi]
    for count in [Int](0...40) + [64, 127, 200, 1000] {
      let values = (0..<count).map { _ -> UInt32 in
        let number = Int32(truncatingIfNeeded: generator.next())
        switch generator.next() % 8 {
        case 0: return UInt32(bitPattern: number)
        case 1: return odd.randomElement(using: &generator)?.bitPattern ?? 0
        default: return (Float(number >> 12) / power).bitPattern
        }
      }
      var integers = [UInt32](repeating: 7, count: count)
      var map = [UInt8](repeating: 0xFF, count: (count + 7) / 8)
      var integerSpan = integers.mutableSpan
      var mapSpan = map.mutableSpan
      let exceptions = encodeDecimals(
        values.span, exponent: exponent, into: &integerSpan, places: &mapSpan)
      #expect(exceptions == Bits.population(map.span, count: map.count * 8))
      #expect(count < 100 || exceptions < count / 2)
      let encoded = integers
      var target = integers.mutableSpan
      decodeDecimals(&target, exponent: exponent)
      for index in 0..<count {
        let decoded = Float(Int32(bitPattern: encoded[index])) / power
        #expect(integers[index] == decoded.bitPattern)
        if !Bits.get(map.span, index) { #expect(integers[index] == values[index]) }
      }
    }
  }

  @Test func digitsSplitAndJoin() {
    var generator = SeededGenerator(seed: testSeed())
    for rightBits in 48...63 { checkDigits(UInt64.self, rightBits, using: &generator) }
    for rightBits in 16...31 { checkDigits(UInt32.self, rightBits, using: &generator) }
  }

  private func checkDigits<T: NodeInteger>(
    _: T.Type, _ rightBits: Int, using generator: inout SeededGenerator
  ) {
    for count in 0...200 {
      let values = randomNumbers(T.self, count, using: &generator)
      var left = [UInt16](repeating: 1, count: count)
      var right = [T](repeating: 1, count: count)
      var leftSpan = left.mutableSpan
      var rightSpan = right.mutableSpan
      cutFloats(values.span, rightBits: rightBits, lefts: &leftSpan, rights: &rightSpan)
      for index in 0..<count {
        #expect(T(left[index]) == values[index] >> T(rightBits))
        #expect(right[index] >> T(rightBits) == 0)
      }
      var joined = right.mutableSpan
      joinFloats(left.span, rightBits: rightBits, into: &joined)
      #expect(right == values)
      // A hostile left or right may have any bits: the sum is modulo 2^(8w).
      var hostile = [T](repeating: .max, count: count)
      var hostileSpan = hostile.mutableSpan
      let lefts = [UInt16](repeating: .max, count: count)
      joinFloats(lefts.span, rightBits: rightBits, into: &hostileSpan)
      let high: T = T(UInt16.max) << T(rightBits)
      #expect(hostile.allSatisfy { $0 == high &- 1 })
    }
  }
}
