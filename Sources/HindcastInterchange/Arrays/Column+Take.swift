package import HindcastCore

extension Column {
  /// The rows at the given indices; -1 makes a null.
  package func taking(_ indices: [Int32]) -> Column {
    let validity = takenValidity(indices)
    let nullCount = validity.map {
      indices.count - Bits.population($0.span(of: UInt8.self), count: indices.count)
    }
    let body: Body
    switch self.body {
    case .bits(let bits): body = .bits(takenBits(bits, indices))
    case .fixed(let values): body = .fixed(takenFixed(values, indices))
    case .bytes(let offsets, let data):
      let (ends, bytes) = takenBytes(offsets, data, indices)
      body = .bytes(offsets: ends, data: bytes)
    case .list(let offsets, let child):
      let ends = offsets.span(of: Int32.self)
      var elements: [Int32] = []
      var newEnds: [Int32] = [0]
      for index in indices {
        if index >= 0, !isNull(Int(index)) { elements += ends[Int(index)]..<ends[Int(index) + 1] }
        newEnds.append(Int32(elements.count))
      }
      body = .list(offsets: Buffer(newEnds), child: child.taking(elements))
    }
    return Column(
      type: type, count: indices.count, nullCount: nullCount ?? 0, validity: validity, body: body)
  }

  /// The bytes of data that ``taking(_:)`` would copy for utf8 and binary; 0 for other types.
  func takenByteCount(_ indices: [Int32]) -> Int {
    guard case .bytes(let offsets, _) = body else { return 0 }
    let ends = offsets.span(of: Int32.self)
    var total = 0
    for index in indices where index >= 0 {
      total += Int(ends[Int(index) + 1]) - Int(ends[Int(index)])
    }
    return total
  }

  private func takenValidity(_ indices: [Int32]) -> Buffer? {
    guard nullCount > 0 || indices.contains(where: { $0 < 0 }) else { return nil }
    var target = MutableBuffer(byteCount: Bits.byteCount(indices.count))
    var bits = target.mutableSpan(of: UInt8.self)
    for (row, index) in indices.enumerated() where index >= 0 && !isNull(Int(index)) {
      Bits.set(&bits, row)
    }
    return target.freeze()
  }

  private func takenBits(_ source: Buffer, _ indices: [Int32]) -> Buffer {
    let bits = source.span(of: UInt8.self)
    var target = MutableBuffer(byteCount: Bits.byteCount(indices.count))
    var taken = target.mutableSpan(of: UInt8.self)
    for (row, index) in indices.enumerated() where index >= 0 && Bits.get(bits, Int(index)) {
      Bits.set(&taken, row)
    }
    return target.freeze()
  }

  private func takenFixed(_ source: Buffer, _ indices: [Int32]) -> Buffer {
    guard case .fixed(let width) = type.layout else { return source }
    switch width {
    case 4: return takenWords(UInt32.self, source, indices)
    case 8: return takenWords(UInt64.self, source, indices)
    default: break
    }
    let bytes = source.span(of: UInt8.self)
    var target = MutableBuffer(byteCount: indices.count * width)
    for (row, index) in indices.enumerated() where index >= 0 {
      let start = Int(index) * width
      target.copy(bytes.extracting(start..<start + width), to: row * width)
    }
    return target.freeze()
  }

  private func takenWords<Word: FixedWidthInteger & BitwiseCopyable>(
    _: Word.Type, _ source: Buffer, _ indices: [Int32]
  ) -> Buffer {
    let words = source.span(of: Word.self)
    var target = MutableBuffer(byteCount: indices.count * MemoryLayout<Word>.size)
    var taken = target.mutableSpan(of: Word.self)
    for (row, index) in indices.enumerated() where index >= 0 { taken[row] = words[Int(index)] }
    return target.freeze()
  }

  private func takenBytes(
    _ offsets: Buffer, _ data: Buffer, _ indices: [Int32]
  ) -> (Buffer, Buffer) {
    let ends = offsets.span(of: Int32.self)
    let bytes = data.span(of: UInt8.self)
    var newEnds = MutableBuffer(capacity: (indices.count + 1) * 4)
    var newData = MutableBuffer(capacity: takenByteCount(indices))
    newEnds.append(Int32(0))
    for index in indices {
      if index >= 0, !isNull(Int(index)) {
        newData.append(
          contentsOf: bytes.extracting(Int(ends[Int(index)])..<Int(ends[Int(index) + 1])))
      }
      newEnds.append(Int32(truncatingIfNeeded: newData.byteCount))
    }
    return (newEnds.freeze(), newData.freeze())
  }
}
