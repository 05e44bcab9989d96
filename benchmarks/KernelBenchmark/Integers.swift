import HindcastCore
import HindcastFormat

/// The values of a page of 16 KiB of 8-byte numbers.
let pageCount = 2048

func measureIntegers(_ report: Report) {
  measurePacking(report, UInt8.self, "u8", [1, 3, 8])
  measurePacking(report, UInt16.self, "u16", [3, 11, 16])
  measurePacking(report, UInt32.self, "u32", [3, 11, 19, 29, 32])
  measurePacking(report, UInt64.self, "u64", [1, 3, 7, 11, 17, 27, 35, 51, 57, 61, 64])
  measurePacking(report, UInt128.self, "u128", [3, 17, 51, 61])
  measureSums(report, UInt32.self, "u32")
  measureSums(report, UInt64.self, "u64")
  measureSums(report, UInt128.self, "u128")
  measureRuns(report)
  measureWidths(report)
}

private func measurePacking<T: NodeInteger>(
  _ report: Report, _: T.Type, _ name: String, _ widths: [Int]
) {
  var numbers = Numbers()
  for bits in widths {
    let mask: T = bits == T.bitWidth ? .max : 1 << T(bits) - 1
    let values = (0..<pageCount).map { _ in T(truncatingIfNeeded: numbers.next()) & mask &+ 100 }
    let byteCount = pageCount * MemoryLayout<T>.size
    var stream = MutableBuffer(byteCount: (pageCount * bits + 63) / 64 * 8)
    report.measure("pack \(name) \(bits) bits", count: pageCount, byteCount: byteCount) {
      var target = stream.mutableSpan(of: UInt8.self)
      pack(values.span, base: 100, bits: bits, into: &target)
      return sample(stream.span(of: UInt8.self))
    }
    let packed = stream.freeze()
    var result = MutableBuffer(byteCount: byteCount)
    report.measure("unpack \(name) \(bits) bits", count: pageCount, byteCount: byteCount) {
      var target = result.mutableSpan(of: T.self)
      unpack(packed.bytes, bits: bits, base: 100, into: &target)
      return sample(result.span(of: T.self))
    }
  }
}

private func measureSums<T: NodeInteger>(_ report: Report, _: T.Type, _ name: String) {
  var numbers = Numbers()
  let byteCount = pageCount * MemoryLayout<T>.size
  let values = (0..<pageCount).map { _ in T(truncatingIfNeeded: numbers.next() & 1023) }
  let bases = [T](repeating: 7, count: pageCount / 128)
  var result = MutableBuffer(byteCount: byteCount)
  result.copy(values.span, to: 0)
  report.measure("prefix sums \(name)", count: pageCount, byteCount: byteCount) {
    var target = result.mutableSpan(of: T.self)
    prefixSums(bases: bases.span, into: &target)
    return UInt64(truncatingIfNeeded: target[1] ^ target[pageCount - 128])
  }
  report.measure("sum \(name)", count: pageCount, byteCount: byteCount) {
    UInt64(truncatingIfNeeded: wrappingSum(values.span))
  }
  var baseBuffer = MutableBuffer(byteCount: bases.count * MemoryLayout<T>.size)
  report.measure("differences \(name)", count: pageCount, byteCount: byteCount) {
    var baseTarget = baseBuffer.mutableSpan(of: T.self)
    var target = result.mutableSpan(of: T.self)
    differences(of: values.span, bases: &baseTarget, into: &target)
    return sample(result.span(of: T.self))
  }
}

private func measureRuns(_ report: Report) {
  var numbers = Numbers()
  for length in [2, 5, 50] {
    var ends: [UInt32] = []
    while Int(ends.last ?? 0) < pageCount {
      let next = Int(ends.last ?? 0) + 1 + Int(numbers.next() % UInt64(2 * length - 1))
      ends.append(UInt32(min(next, pageCount)))
    }
    let values = ends.map { _ in numbers.next() }
    var result = MutableBuffer(byteCount: pageCount * 8)
    report.measure("expand runs of \(length) u64", count: pageCount, byteCount: pageCount * 8) {
      var target = result.mutableSpan(of: UInt64.self)
      expandRuns(values.span, ends.span, from: 0, into: &target)
      return sample(result.span(of: UInt64.self))
    }
  }
}

private func measureWidths(_ report: Report) {
  var numbers = Numbers()
  let equal = (0..<pageCount).map { _ in 512 + numbers.next() & 511 }
  let mixed = (0..<pageCount).map { _ in numbers.next() >> (numbers.next() & 63) }
  for (name, values) in [("equal", equal), ("mixed", mixed)] {
    report.measure("bit widths u64 \(name)", count: pageCount, byteCount: pageCount * 8) {
      let counts = widthHistogram(values.span, base: 0)
      return UInt64(counts[10] + 3 * counts[20])
    }
  }
}
