extension VersionBatch {
  /// Rows of several batches of one group, in the given order; a row may be given more than once.
  ///
  /// O(rows x columns + bytes). There must be a batch, and every place must be in one of them; this
  /// is checked and traps.
  /// - Throws: `limit_exceeded` if the result holds more than 2 GiB of one column.
  package static func gather(
    _ places: Span<RowPlace>, from batches: [VersionBatch]
  ) throws(HindcastError) -> VersionBatch {
    let counts = batches.map(\.count)
    for index in places.indices {
      precondition(Int(places[index].row) < counts[Int(places[index].batch)])
    }
    var createdTimes: Column?
    if batches[0].createdTimes != nil {
      createdTimes = try unsafe gatherColumn(places, batches.compactMap(\.createdTimes))
    }
    var features: [Column] = []
    features.reserveCapacity(batches[0].features.count)
    for feature in batches[0].features.indices {
      features.append(try unsafe gatherColumn(places, batches.map { $0.features[feature] }))
    }
    return VersionBatch(
      keys: try unsafe gatherKeys(places, batches.map(\.keys)),
      eventTimes: unsafe gatherWords(places, batches.map(\.eventTimes), UInt64.self),
      createdTimes: createdTimes,
      tombstones: batches.allSatisfy { $0.tombstones == nil }
        ? nil : unsafe gatherBits(places, batches.map(\.tombstones), default: 0x00),
      features: features)
  }
}

@unsafe private func gatherKeys(
  _ places: Span<RowPlace>, _ keys: [KeyVector]
) throws(HindcastError) -> KeyVector {
  let prefixes = unsafe gatherWords(places, keys.map(\.prefixes), UInt64.self)
  let heaps = keys.compactMap(\.heap)
  guard !heaps.isEmpty else { return KeyVector(count: places.count, prefixes: prefixes) }
  precondition(heaps.count == keys.count)
  let (offsets, bytes) = try unsafe gatherBytes(
    places, heaps.map(\.offsets), heaps.map(\.bytes), Int.self)
  return KeyVector(
    count: places.count, prefixes: prefixes, heap: KeyVector.Heap(offsets: offsets, bytes: bytes))
}

/// Rows of several columns of one type; the places must be in them.
@unsafe private func gatherColumn(
  _ places: Span<RowPlace>, _ columns: [Column]
) throws(HindcastError) -> Column {
  let type = columns[0].type
  precondition(columns.allSatisfy { $0.type.layout == type.layout })
  var validity: Buffer?
  var nullCount = 0
  if columns.contains(where: { $0.nullCount > 0 }) {
    let bits = unsafe gatherBits(places, columns.map(\.validity), default: 0xFF)
    nullCount = places.count - Bits.population(bits.span(of: UInt8.self), count: places.count)
    validity = bits
  }
  let body: Column.Body
  switch type.layout {
  case .bits: body = .bits(unsafe gatherBits(places, columns.map(\.memory[0]), default: 0))
  case .fixed(let width): body = .fixed(unsafe gatherFixed(places, columns.map(\.fixed), width))
  case .bytes:
    let (offsets, bytes) = try unsafe gatherBytes(
      places, columns.map(\.memory[0]), columns.map(\.memory[1]), Int32.self)
    body = .bytes(offsets: offsets, data: bytes)
  case .list:
    let children = columns.compactMap(\.child)
    let (offsets, elements) = try unsafe elementPlaces(
      places, columns.map(\.memory[0]), children.map(\.count))
    let child = try unsafe gatherColumn(elements.span(of: RowPlace.self), children)
    body = .list(offsets: offsets, child: child)
  }
  return Column(
    type: type, count: places.count, nullCount: nullCount, validity: validity, body: body)
}

extension Column {
  /// The buffers of the values: bits, fixed bytes, or offsets and what they lead to.
  fileprivate var memory: [Buffer] {
    switch body {
    case .bits(let bits): [bits]
    case .fixed(let values): [values]
    case .bytes(let offsets, let data): [offsets, data]
    case .list(let offsets, _): [offsets]
    }
  }

  fileprivate var child: Column? {
    guard case .list(_, let child) = body else { return nil }
    return child
  }
}

/// Bits of bit maps; those of a map that is nil are those of `byte`.
@unsafe private func gatherBits(
  _ places: Span<RowPlace>, _ maps: [Buffer?], default byte: UInt8
) -> Buffer {
  let filler = maps.contains { $0 == nil } ? filler(places, byte) : nil
  let buffers = maps.compactMap { $0 ?? filler }
  let starts = unsafe buffers.map { unsafe $0.address.assumingMemoryBound(to: UInt8.self) }
  defer { withExtendedLifetime(buffers) {} }
  return unsafe starts.withUnsafeBufferPointer { starts in
    Bits.pack(places.count) { index in
      let place = unsafe places[unchecked: index]
      let source = unsafe starts[Int(place.batch)][Int(place.row &>> 3)]
      return UInt32(source) &>> (place.row & 7) & 1
    }
  }
}

/// As many bytes as the places' bits may need, all alike.
private func filler(_ places: Span<RowPlace>, _ byte: UInt8) -> Buffer {
  var greatest: UInt32 = 0
  for index in places.indices { greatest = max(greatest, places[index].row) }
  return Buffer([UInt8](repeating: byte, count: Bits.byteCount(Int(greatest) + 1)))
}

@unsafe private func gatherFixed(
  _ places: Span<RowPlace>, _ buffers: [Buffer], _ width: Int
) -> Buffer {
  switch width {
  case 1: unsafe gatherWords(places, buffers, UInt8.self)
  case 2: unsafe gatherWords(places, buffers, UInt16.self)
  case 4: unsafe gatherWords(places, buffers, UInt32.self)
  case 8: unsafe gatherWords(places, buffers, UInt64.self)
  case 16: unsafe gatherWords(places, buffers, SIMD2<UInt64>.self)
  default: unsafe gatherWide(places, buffers, width)
  }
}

@unsafe private func gatherWords<Word: BitwiseCopyable>(
  _ places: Span<RowPlace>, _ buffers: [Buffer], _: Word.Type
) -> Buffer {
  let starts = unsafe buffers.map { unsafe $0.address.assumingMemoryBound(to: Word.self) }
  var result = unsafe MutableBuffer(
    uninitializedByteCount: places.count * MemoryLayout<Word>.stride)
  var target = result.mutableSpan(of: Word.self)
  for index in places.indices {
    let place = places[index]
    target[index] = unsafe starts[Int(place.batch)][Int(place.row)]
  }
  withExtendedLifetime(buffers) {}
  return result.freeze()
}

@unsafe private func gatherWide(
  _ places: Span<RowPlace>, _ buffers: [Buffer], _ width: Int
) -> Buffer {
  let result = unsafe MutableBuffer(uninitializedByteCount: places.count * width)
  for index in places.indices {
    let place = places[index]
    let source = unsafe buffers[Int(place.batch)].address + Int(place.row) * width
    unsafe (result.address + index * width).copyMemory(from: source, byteCount: width)
  }
  return result.freeze()
}

/// The offsets of texts, and their bytes.
@unsafe private func gatherBytes<Offset: FixedWidthInteger & BitwiseCopyable>(
  _ places: Span<RowPlace>, _ offsets: [Buffer], _ data: [Buffer], _: Offset.Type
) throws(HindcastError) -> (offsets: Buffer, bytes: Buffer) {
  let ends = try unsafe gatherOffsets(places, offsets, Offset.self)
  let starts = unsafe offsets.map { unsafe $0.address.assumingMemoryBound(to: Offset.self) }
  let counts = data.map(\.byteCount)
  let count = Int(ends.span(of: Offset.self)[places.count])
  var result = unsafe MutableBuffer(uninitializedByteCount: count + chunk)
  var end = 0
  for index in places.indices {
    let (batch, row) = (Int(places[index].batch), Int(places[index].row))
    let start = unsafe Int(starts[batch][row])
    let length = unsafe Int(starts[batch][row + 1]) - start
    precondition(start >= 0 && length >= 0 && start + length <= counts[batch])
    let (source, target) = unsafe (data[batch].address + start, result.address + end)
    if length <= chunk, start + chunk <= counts[batch] {
      // One load and one store; what they bring too much, the next text covers.
      let bytes = unsafe source.loadUnaligned(as: SIMD16<UInt8>.self)
      unsafe target.storeBytes(of: bytes, as: SIMD16<UInt8>.self)
    } else {
      unsafe target.copyMemory(from: source, byteCount: length)
    }
    end += length
  }
  result.resize(byteCount: count)
  return (ends, result.freeze())
}

private let chunk = 16

/// The offsets that the places' rows have.
@unsafe private func gatherOffsets<Offset: FixedWidthInteger & BitwiseCopyable>(
  _ places: Span<RowPlace>, _ offsets: [Buffer], _: Offset.Type
) throws(HindcastError) -> Buffer {
  let starts = unsafe offsets.map { unsafe $0.address.assumingMemoryBound(to: Offset.self) }
  var result = unsafe MutableBuffer(
    uninitializedByteCount: (places.count + 1) * MemoryLayout<Offset>.stride)
  var target = result.mutableSpan(of: Offset.self)
  target[0] = 0
  var end = 0
  for index in places.indices {
    let (batch, row) = (Int(places[index].batch), Int(places[index].row))
    end &+= unsafe Int(starts[batch][row + 1] &- starts[batch][row])
    target[index + 1] = Offset(truncatingIfNeeded: end)
  }
  withExtendedLifetime(offsets) {}
  guard end <= Int(Offset.max) else {
    throw HindcastError(.limitExceeded, "a batch holds more than 2 GiB of one column")
  }
  return result.freeze()
}

/// The offsets of lists, and the places of their elements.
@unsafe private func elementPlaces(
  _ places: Span<RowPlace>, _ offsets: [Buffer], _ counts: [Int]
) throws(HindcastError) -> (offsets: Buffer, elements: Buffer) {
  let ends = try unsafe gatherOffsets(places, offsets, Int32.self)
  let count = Int(ends.span(of: Int32.self)[places.count])
  var result = MutableBuffer(capacity: count * MemoryLayout<RowPlace>.stride)
  for index in places.indices {
    let (batch, row) = (Int(places[index].batch), Int(places[index].row))
    let (start, end) = range(offsets[batch], row)
    precondition(start >= 0 && end <= counts[batch])
    for element in start..<end { result.append(RowPlace(batch: batch, row: element)) }
  }
  return (ends, result.freeze())
}

private func range(_ offsets: Buffer, _ row: Int) -> (start: Int, end: Int) {
  let source = offsets.span(of: Int32.self)
  return (Int(source[row]), Int(source[row + 1]))
}
