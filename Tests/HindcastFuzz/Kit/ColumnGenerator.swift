import HindcastCore

/// Makes columns of any type from the bytes of an input.
///
/// Numbers come in stretches, each of a shape that some encoding is for: what a byte decides is
/// small, so that a short input describes a long column, and mutating it changes a part of it.
struct ColumnGenerator {
  private enum Shape: CaseIterable {
    case constant, series, literal, random, narrow, pool, extremes, decimals, repeated, sparse
  }

  /// A column of `count` rows of `type`.
  static func column(_ type: DataType, count: Int, from source: inout ByteSource) -> Column {
    let validity = validity(count, from: &source)
    let nulls = validity.map { count - Bits.population($0.span(of: UInt8.self), count: count) }
    let body = body(type, count: count, validity: validity, from: &source)
    return Column(
      type: type, count: count, nullCount: nulls ?? 0, validity: validity, body: body)
  }

  private static func body(
    _ type: DataType, count: Int, validity: Buffer?, from source: inout ByteSource
  ) -> Column.Body {
    switch type.layout {
    case .bits:
      return .bits(bits(numbers(count, byteCount: 1, from: &source).map { $0 & 1 == 1 }))
    case .fixed(let width):
      let size = width > 16 || width == 12 ? 4 : width
      let total = count * (width / size)
      // Wide vectors come round again, so that an input stays quick.
      let numbers = numbers(min(total, 1 << 14), byteCount: size, from: &source)
      return .fixed(fixed((0..<total).lazy.map { numbers[$0 & (1 << 14 - 1)] }, byteCount: size))
    case .bytes:
      let style = source.number(below: 5)
      let numbers = numbers(count, byteCount: 8, from: &source)
      return texts(numbers, style: style, validity: validity)
    case .list:
      let lengths = numbers(count, byteCount: 1, from: &source).enumerated().map { row, number in
        isNull(validity, row) ? 0 : Int(number & 7)
      }
      return list(type, lengths, from: &source)
    }
  }

  private static func list(
    _ type: DataType, _ lengths: [Int], from source: inout ByteSource
  ) -> Column.Body {
    var offsets = MutableBuffer(byteCount: 4)
    var end = 0
    for length in lengths {
      end += length
      offsets.append(Int32(end))
    }
    let element = type.element ?? .bool
    var child = column(element, count: end, from: &source)
    if case .set = type { child = ascending(element, lengths, from: &source) }
    return .list(offsets: offsets.freeze(), child: child)
  }

  /// Elements that increase within each list, none of them null: what a set holds.
  private static func ascending(
    _ element: DataType, _ lengths: [Int], from source: inout ByteSource
  ) -> Column {
    let start = UInt128(source.byte())
    let step = 1 + UInt128(source.byte())
    let numbers = lengths.flatMap { length in (0..<length).map { start + UInt128($0) * step } }
    let body: Column.Body
    switch element.layout {
    case .fixed(let width): body = .fixed(fixed(numbers, byteCount: width))
    default: body = texts(numbers, style: 0, validity: nil)
    }
    return Column(
      type: element, count: numbers.count, nullCount: 0, validity: nil, body: body)
  }

  /// `count` numbers of `byteCount` bytes.
  static func numbers(
    _ count: Int, byteCount: Int, from source: inout ByteSource
  ) -> [UInt128] {
    var numbers: [UInt128] = []
    numbers.reserveCapacity(count)
    while numbers.count < count {
      guard !source.isAtEnd else {
        return numbers + Array(repeating: 0, count: count - numbers.count)
      }
      let shape = source.element(of: Shape.allCases)
      let size = Int(source.byte())
      let length = min(count - numbers.count, size < 128 ? 1 + size : (size - 126) * 64)
      append(shape, length, byteCount, to: &numbers, from: &source)
    }
    numbers.removeLast(numbers.count - count)
    return numbers
  }

  private static func append(
    _ shape: Shape, _ length: Int, _ byteCount: Int, to numbers: inout [UInt128],
    from source: inout ByteSource
  ) {
    let first = source.word(byteCount)
    var scatter = Scatter(seed: UInt64(truncatingIfNeeded: first))
    func wide() -> UInt128 { UInt128(scatter.next()) << 64 | UInt128(scatter.next()) }
    switch shape {
    case .constant: numbers += Array(repeating: first, count: length)
    case .series:
      let step = source.word(1 + source.number(below: byteCount))
      numbers += (0..<length).map { first &+ UInt128($0) &* step }
    case .literal:
      numbers.append(first)
      for _ in 1..<max(1, min(length, 64)) { numbers.append(source.word(byteCount)) }
    case .random: for _ in 0..<length { numbers.append(wide()) }
    case .narrow:
      let mask = UInt128.max >> UInt128(127 - source.number(below: 8 * byteCount))
      for _ in 0..<length { numbers.append(first &+ wide() & mask) }
    case .pool:
      let pool = (0...source.number(below: 32)).map { _ in wide() }
      for _ in 0..<length { numbers.append(pool[Int(scatter.next() >> 32) % pool.count]) }
    case .extremes:
      let top = UInt128(1) << UInt128(8 * byteCount - 1)
      let ends = [0, top, top - 1, .max, 1, first]
      for _ in 0..<length { numbers.append(ends[Int(scatter.next() >> 32) % ends.count]) }
    case .decimals: decimals(length, byteCount, first, to: &numbers, from: &source)
    case .repeated:
      let period = max(1, min(numbers.count, 1 + Int(first & 0xFF)))
      if numbers.isEmpty { numbers.append(first) }
      for _ in 0..<length { numbers.append(numbers[numbers.count - min(period, numbers.count)]) }
    case .sparse:
      let rarity = 2 + UInt64(source.byte())
      for _ in 0..<length { numbers.append(scatter.next() % rarity == 0 ? wide() : first) }
    }
  }

  /// The bits of decimal fractions: a walk, now and then with a value that is none.
  private static func decimals(
    _ length: Int, _ byteCount: Int, _ first: UInt128, to numbers: inout [UInt128],
    from source: inout ByteSource
  ) {
    let scale = Double([1, 10, 100, 1000, 10000, 1_000_000][source.number(below: 6)])
    let rarity = UInt64(source.byte())
    var scatter = Scatter(seed: UInt64(truncatingIfNeeded: first))
    var place = Int64(truncatingIfNeeded: first & 0xFFFF)
    for _ in 0..<length {
      place += Int64(scatter.next() % 64) - 30
      let number = Double(place) / scale
      let isOdd = rarity > 0 && scatter.next() % (rarity + 1) == 0
      let bits = isOdd ? scatter.next() : number.bitPattern
      numbers.append(
        byteCount == 4 ? UInt128(Float(number).bitPattern) : UInt128(bits))
    }
  }
}

extension ColumnGenerator {
  private static func validity(_ count: Int, from source: inout ByteSource) -> Buffer? {
    switch source.number(below: 4) {
    case 0: return bits(numbers(count, byteCount: 1, from: &source).map { $0 & 3 != 0 })
    case 1 where source.flag(): return bits(Array(repeating: false, count: count))
    default: return nil
    }
  }

  static func bits(_ flags: [Bool]) -> Buffer {
    var bits = MutableBuffer(byteCount: Bits.byteCount(flags.count))
    var target = bits.mutableSpan(of: UInt8.self)
    for (index, flag) in flags.enumerated() where flag { Bits.set(&target, index) }
    return bits.freeze()
  }

  private static func isNull(_ validity: Buffer?, _ row: Int) -> Bool {
    validity.map { !Bits.get($0.span(of: UInt8.self), row) } ?? false
  }

  private static func fixed(
    _ numbers: some Collection<UInt128>, byteCount: Int
  ) -> Buffer {
    var values = MutableBuffer(capacity: numbers.count * byteCount)
    for number in numbers {
      switch byteCount {
      case 1: values.append(UInt8(truncatingIfNeeded: number))
      case 2: values.append(UInt16(truncatingIfNeeded: number))
      case 4: values.append(UInt32(truncatingIfNeeded: number))
      case 8: values.append(UInt64(truncatingIfNeeded: number))
      default: values.append(number)
      }
    }
    return values.freeze()
  }

  private static func texts(
    _ numbers: [UInt128], style: Int, validity: Buffer?
  ) -> Column.Body {
    var offsets = MutableBuffer(byteCount: 4)
    var data = MutableBuffer()
    for (row, number) in numbers.enumerated() {
      if !isNull(validity, row) {
        data.append(contentsOf: text(UInt64(truncatingIfNeeded: number), style: style).span)
      }
      offsets.append(Int32(data.byteCount))
    }
    return .bytes(offsets: offsets.freeze(), data: data.freeze())
  }

  /// A byte string for a number: digits, words, bytes as they are, repetitions.
  private static func text(_ number: UInt64, style: Int) -> [UInt8] {
    let words = ["https://", "example.", "/item?id=", "London", " ", "été", "x", "-0", "\u{0}", ""]
    switch style {
    case 0:
      let digits = String(number, radix: 16)
      return Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8)
    case 1: return Array("user-\(number)@example.com".utf8)
    case 2:
      let places = (0..<Int(number & 7)).map { Int(number >> UInt64(4 + 5 * $0) & 31) % 10 }
      return places.flatMap { Array(words[$0].utf8) }
    case 3: return (0..<Int(number & 15)).map { UInt8(truncatingIfNeeded: number >> (4 * $0 + 4)) }
    default: return Array(repeating: UInt8(truncatingIfNeeded: number), count: Int(number & 0x1FF))
    }
  }
}
