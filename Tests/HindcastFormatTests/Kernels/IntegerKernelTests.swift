import HindcastCore
import HindcastFormat
import Testing

/// The kernels of delta, run-length and patched against plain loops.
@Suite struct IntegerKernelTests {
  @Test func prefixSumsAndDifferences() {
    var generator = SeededGenerator(seed: testSeed())
    checkSums(UInt8.self, using: &generator)
    checkSums(UInt16.self, using: &generator)
    checkSums(UInt32.self, using: &generator)
    checkSums(UInt64.self, using: &generator)
    checkSums(UInt128.self, using: &generator)
  }

  private func checkSums<T: NodeInteger>(_: T.Type, using generator: inout SeededGenerator) {
    for count in [Int](0...200) + [255, 256, 257, 511, 512, 513, 1000, 1024, 1025] {
      let values = randomNumbers(T.self, count, using: &generator)
      let blocks = (count + 127) / 128
      var bases = [T](repeating: 1, count: blocks)
      var deltas = [T](repeating: 2, count: count)
      var baseSpan = bases.mutableSpan
      var deltaSpan = deltas.mutableSpan
      differences(of: values.span, bases: &baseSpan, into: &deltaSpan)
      #expect(bases == (0..<blocks).map { values[$0 * 128] })
      for index in 0..<count where index % 128 != 0 {
        #expect(deltas[index] == values[index] &- values[index - 1])
      }
      for index in stride(from: 7, to: count, by: 61) {
        let rest = deltas.span.extracting(index / 128 * 128 + 1..<max(index + 1, 1))
        #expect(index % 128 == 0 || bases[index / 128] &+ wrappingSum(rest) == values[index])
      }
      // What stands at the first place of a block does not count.
      for block in 0..<blocks { deltas[block * 128] = T(truncatingIfNeeded: generator.next()) }
      var result = deltas.mutableSpan
      prefixSums(bases: bases.span, into: &result)
      #expect(deltas == values, "\(T.self), \(count) values")
    }
  }

  @Test func sumsOfEveryLength() {
    var generator = SeededGenerator(seed: testSeed())
    let values = randomNumbers(UInt64.self, 200, using: &generator)
    var total: UInt64 = 0
    for count in 0...200 {
      #expect(wrappingSum(values.span.extracting(0..<count)) == total)
      if count < 200 { total &+= values[count] }
    }
  }

  @Test func runsOfEveryLength() {
    var generator = SeededGenerator(seed: testSeed())
    checkRuns(UInt8.self, using: &generator)
    checkRuns(UInt32.self, using: &generator)
    checkRuns(UInt64.self, using: &generator)
    checkRuns(UInt128.self, using: &generator)
  }

  private func checkRuns<T: NodeInteger>(_: T.Type, using generator: inout SeededGenerator) {
    for round in 0..<200 {
      let lengths = (0..<Int(generator.next() % 12) + 1).map { _ in
        1 + Int(generator.next() % UInt64(round / 8 + 1))
      }
      let values = randomNumbers(T.self, lengths.count, using: &generator)
      var ends: [UInt32] = []
      for length in lengths { ends.append((ends.last ?? 0) + UInt32(length)) }
      let count = Int(ends.last ?? 0)
      let expected = zip(values, lengths).flatMap { Array(repeating: $0, count: $1) }
      // From any place of the first run to any of the last.
      let start = Int(generator.next() % UInt64(lengths[0]))
      let end = count - Int(generator.next() % UInt64(lengths[lengths.count - 1]))
      guard start < end else { continue }
      var result = [T](repeating: 5, count: end - start)
      var target = result.mutableSpan
      expandRuns(values.span, ends.span, from: start, into: &target)
      #expect(result == Array(expected[start..<end]))
    }
  }

  @Test func widthsOfNumbers() {
    var generator = SeededGenerator(seed: testSeed())
    checkWidths(UInt8.self, using: &generator)
    checkWidths(UInt16.self, using: &generator)
    checkWidths(UInt32.self, using: &generator)
    checkWidths(UInt64.self, using: &generator)
    checkWidths(UInt128.self, using: &generator)
  }

  private func checkWidths<T: NodeInteger>(_: T.Type, using generator: inout SeededGenerator) {
    for count in 0...200 {
      let base = T(truncatingIfNeeded: generator.next())
      let values = randomNumbers(T.self, count, using: &generator)
      var expected = [Int](repeating: 0, count: 129)
      for value in values {
        var rest = value &- base
        var width = 0
        while rest != 0 {
          rest >>= 1
          width += 1
        }
        expected[width] += 1
      }
      let counts = widthHistogram(values.span, base: base)
      #expect(counts.indices.map { counts[$0] } == Array(expected[...64]), "\(T.self)")
    }
  }
}

/// Numbers of every width, with the extremes among them.
func randomNumbers<T: NodeInteger>(
  _: T.Type, _ count: Int, using generator: inout SeededGenerator
) -> [T] {
  (0..<count).map { _ in
    let number = T(truncatingIfNeeded: UInt128(generator.next()) << 64 | UInt128(generator.next()))
    switch generator.next() % 8 {
    case 0: return 0
    case 1: return .max
    case 2: return number
    default: return number >> T(generator.next() % UInt64(T.bitWidth))
    }
  }
}
