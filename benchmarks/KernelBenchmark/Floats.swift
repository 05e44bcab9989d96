import HindcastCore
import HindcastFormat

func measureFloats(_ report: Report) {
  measureDecimals(report)
  measureDigits(report)
}

private func measureDecimals(_ report: Report) {
  var numbers = Numbers()
  let doubles = (0..<pageCount).map { _ in (Double(numbers.next() % 1_000_000) / 100).bitPattern }
  let floats = (0..<pageCount).map { _ in (Float(numbers.next() % 100_000) / 100).bitPattern }
  let noise = (0..<pageCount).map { _ in Double.random(in: 0..<1, using: &numbers).bitPattern }
  var result = MutableBuffer(byteCount: pageCount * 8)
  var exceptions = MutableBuffer(byteCount: pageCount / 8)
  for (name, values) in [("decimals", doubles), ("noise", noise)] {
    report.measure("alp encode f64 \(name)", count: pageCount, byteCount: pageCount * 8) {
      var target = result.mutableSpan(of: UInt64.self)
      var bits = exceptions.mutableSpan(of: UInt8.self)
      return UInt64(encodeDecimals(values.span, exponent: 2, into: &target, places: &bits))
    }
  }
  report.measure("alp encode f32", count: pageCount, byteCount: pageCount * 4) {
    var target = result.mutableSpan(of: UInt32.self)
    var integers = target._mutatingExtracting(0..<pageCount)
    var bits = exceptions.mutableSpan(of: UInt8.self)
    return UInt64(encodeDecimals(floats.span, exponent: 2, into: &integers, places: &bits))
  }
  for exponent in [0, 2] {
    report.measure("alp decode f64 e\(exponent)", count: pageCount, byteCount: pageCount * 8) {
      var target = result.mutableSpan(of: UInt64.self)
      decodeDecimals(&target, exponent: exponent)
      return 0
    }
    report.measure("alp decode f32 e\(exponent)", count: pageCount, byteCount: pageCount * 4) {
      var all = result.mutableSpan(of: UInt32.self)
      var target = all._mutatingExtracting(0..<pageCount)
      decodeDecimals(&target, exponent: exponent)
      return 0
    }
  }
}

private func measureDigits(_ report: Report) {
  var numbers = Numbers()
  let values = (0..<pageCount).map { _ in Double.random(in: 0..<1, using: &numbers).bitPattern }
  var left = MutableBuffer(byteCount: pageCount * 2)
  var right = MutableBuffer(byteCount: pageCount * 8)
  report.measure("alp-rd split", count: pageCount, byteCount: pageCount * 8) {
    var leftTarget = left.mutableSpan(of: UInt16.self)
    var rightTarget = right.mutableSpan(of: UInt64.self)
    cutFloats(values.span, rightBits: 52, lefts: &leftTarget, rights: &rightTarget)
    return sample(right.span(of: UInt64.self))
  }
  report.measure("alp-rd join", count: pageCount, byteCount: pageCount * 8) {
    var target = right.mutableSpan(of: UInt64.self)
    joinFloats(left.span(of: UInt16.self), rightBits: 52, into: &target)
    return UInt64(target[0] & 1)
  }
}
