import HindcastCore

extension CastWork {
  /// Integers of any width as integers of another, each exactly or refused.
  mutating func integers(_ source: Column, to target: DataType) -> Column {
    if source.type == target { return source }
    switch target {
    case .int8: return narrowed(source, to: target, Int8.self)
    case .int16: return narrowed(source, to: target, Int16.self)
    case .int32: return narrowed(source, to: target, Int32.self)
    case .int64: return narrowed(source, to: target, Int64.self)
    case .uint8: return narrowed(source, to: target, UInt8.self)
    case .uint16: return narrowed(source, to: target, UInt16.self)
    case .uint32: return narrowed(source, to: target, UInt32.self)
    default: return narrowed(source, to: target, UInt64.self)
    }
  }

  private mutating func narrowed<To: FixedWidthInteger & BitwiseCopyable>(
    _ source: Column, to target: DataType, _: To.Type
  ) -> Column {
    mapIntegers(source, to: target, reason: "does not fit \(target)") { To(exactly: $0) }
  }

  /// Every integer of `source` through `transform`; where it gives nil, the cell is refused.
  private mutating func mapIntegers<To: BitwiseCopyable>(
    _ source: Column, to target: DataType, reason: String, _ transform: (Int128) -> To?
  ) -> Column {
    func map<From: FixedWidthInteger & BitwiseCopyable>(_: From.Type) -> (Buffer, [Int32]) {
      var target = MutableBuffer(byteCount: source.count * MemoryLayout<To>.stride)
      var refused: [Int32] = []
      let values = source.fixed.span(of: From.self)
      var results = target.mutableSpan(of: To.self)
      for row in 0..<source.count where !source.isNull(row) {
        if let result = transform(Int128(values[row])) {
          results[row] = result
        } else {
          refused.append(Int32(truncatingIfNeeded: row))
        }
      }
      return (target.freeze(), refused)
    }
    let (values, refused): (Buffer, [Int32]) =
      switch source.type {
      case .int8: map(Int8.self)
      case .int16: map(Int16.self)
      case .int32, .date: map(Int32.self)
      case .uint8: map(UInt8.self)
      case .uint16: map(UInt16.self)
      case .uint32: map(UInt32.self)
      case .uint64: map(UInt64.self)
      case .decimal128: map(Int128.self)
      default: map(Int64.self)
      }
    report(refused, source) { _ in reason }
    let column = Column(
      type: target, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .fixed(values))
    return column.nulling(refused)
  }

  /// Ticks of one unit as ticks of another, without rounding (rule T2).
  mutating func times(
    _ source: Column, from: TimeUnit, to: TimeUnit, _ target: DataType
  ) -> Column {
    if from == to { return source.reinterpreted(as: target) }
    let reason =
      from > to
      ? "is finer than the column's unit \(to); times are never rounded"
      : "does not fit 64 bits of the column's unit \(to)"
    let ticks = source.reinterpreted(as: .int64)
    guard from > to else {
      let factor = Int128(from.nanoseconds / to.nanoseconds)
      return mapIntegers(ticks, to: target, reason: reason) { Int64(exactly: $0 * factor) }
    }
    let divisor = to.nanoseconds / from.nanoseconds
    return mapIntegers(ticks, to: target, reason: reason) { tick in
      let (quotient, remainder) = Int64(truncatingIfNeeded: tick)
        .quotientAndRemainder(dividingBy: divisor)
      return remainder == 0 ? quotient : nil
    }
  }

  /// Days as the ticks of their midnight in UTC.
  mutating func dates(_ source: Column, to unit: TimeUnit, _ target: DataType) -> Column {
    let perDay = Int128(86_400 * (1_000_000_000 / unit.nanoseconds))
    return mapIntegers(
      source, to: target, reason: "does not fit 64 bits of the column's unit \(unit)"
    ) { Int64(exactly: $0 * perDay) }
  }

  /// 0 and 1 as false and true.
  mutating func bits(_ source: Column) -> Column {
    let bytes: Column = mapIntegers(source, to: .uint8, reason: "is neither 0 nor 1") {
      $0 == 0 || $0 == 1 ? UInt8($0) : nil
    }
    return packed(bytes.fixed, bytes)
  }

  /// Integers and decimals as decimals of another precision and scale, exactly.
  mutating func decimals(_ source: Column, precision: Int, scale: Int) -> Column {
    let target = DataType.decimal128(precision: precision, scale: scale)
    let ownScale = if case .decimal128(_, let scale) = source.type { scale } else { 0 }
    return mapIntegers(source, to: target, reason: "does not fit \(target) exactly") {
      rescaled($0, by: scale - ownScale, precision: precision)
    }
  }

  /// Integers and floats as floats, where the value stays what it was.
  mutating func floats(_ source: Column, to target: DataType) -> Column {
    let reason = "is not exact as \(target)"
    switch (source.type, target) {
    case (.float32, _): return widened(source)
    case (.float64, _): return halved(source)
    case (_, .float32): return mapIntegers(source, to: target, reason: reason) { exactFloat($0) }
    default: return mapIntegers(source, to: target, reason: reason) { exactDouble($0) }
    }
  }

  private func widened(_ source: Column) -> Column {
    let values = source.fixed.span(of: Float.self)
    var target = MutableBuffer(byteCount: source.count * 8)
    var results = target.mutableSpan(of: Double.self)
    for row in 0..<source.count { results[row] = Double(values[row]) }
    return Column(
      type: .float64, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .fixed(target.freeze()))
  }

  private mutating func halved(_ source: Column) -> Column {
    let values = source.fixed.span(of: Double.self)
    var target = MutableBuffer(byteCount: source.count * 4)
    var results = target.mutableSpan(of: Float.self)
    var refused: [Int32] = []
    for row in 0..<source.count where !source.isNull(row) {
      let narrow = Float(values[row])
      results[row] = narrow
      if !values[row].isNaN, Double(narrow) != values[row] {
        refused.append(Int32(truncatingIfNeeded: row))
      }
    }
    report(refused, source) { _ in "is not exact as float32" }
    let column = Column(
      type: .float32, count: source.count, nullCount: source.nullCount, validity: source.validity,
      body: .fixed(target.freeze()))
    return column.nulling(refused)
  }
}

// Every source is at most 64 bits wide, so the way through Int64 or UInt64 loses nothing.
private func exactDouble(_ number: Int128) -> Double? {
  let value = number < 0 ? Double(Int64(number)) : Double(UInt64(number))
  return Int128(exactly: value) == number ? value : nil
}

private func exactFloat(_ number: Int128) -> Float? {
  let value = number < 0 ? Float(Int64(number)) : Float(UInt64(number))
  return Int128(exactly: value) == number ? value : nil
}
