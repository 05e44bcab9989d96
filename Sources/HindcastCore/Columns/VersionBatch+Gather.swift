extension KeyVector {
  /// The given keys, in the given order.
  ///
  /// O(rows + bytes).
  package func gather(_ rows: Span<UInt32>) -> KeyVector {
    var result = unsafe MutableBuffer(uninitializedByteCount: 8 * rows.count)
    var target = result.mutableSpan(of: UInt64.self)
    let source = prefixes.span(of: UInt64.self)
    for index in rows.indices { target[index] = source[Int(rows[index])] }
    return KeyVector(count: rows.count, prefixes: result.freeze(), heap: heap?.gather(rows))
  }
}

extension KeyVector.Heap {
  fileprivate func gather(_ rows: Span<UInt32>) -> KeyVector.Heap {
    let starts = offsets.span(of: Int.self)
    var ends = MutableBuffer(byteCount: 8 * (rows.count + 1))
    var target = ends.mutableSpan(of: Int.self)
    var end = 0
    for index in rows.indices {
      let row = Int(rows[index])
      end &+= starts[row + 1] &- starts[row]
      target[index + 1] = end
    }
    var data = MutableBuffer(capacity: end)
    let source = bytes.bytes
    for index in rows.indices {
      let row = Int(rows[index])
      data.append(contentsOf: source.extracting(starts[row]..<starts[row + 1]))
    }
    return KeyVector.Heap(offsets: ends.freeze(), bytes: data.freeze())
  }
}

extension VersionBatch {
  /// The given rows, in the given order.
  ///
  /// O(rows x columns + bytes).
  /// - Throws: `limit_exceeded` if the result holds more than 2 GiB of one column.
  package func gather(_ rows: Span<UInt32>) throws(HindcastError) -> VersionBatch {
    let times = Column(
      type: .int64, count: count, nullCount: 0, validity: nil, body: .fixed(eventTimes))
    var gathered: [Column] = []
    gathered.reserveCapacity(features.count)
    for feature in features { gathered.append(try feature.gather(rows)) }
    var flags: Buffer?
    if let tombstones {
      let column = Column(
        type: .bool, count: count, nullCount: 0, validity: nil, body: .bits(tombstones))
      if case .bits(let bits) = try column.gather(rows).body { flags = bits }
    }
    return VersionBatch(
      keys: keys.gather(rows), eventTimes: try times.gather(rows).fixed,
      createdTimes: try createdTimes.map { column throws(HindcastError) in try column.gather(rows)
      },
      tombstones: flags, features: gathered)
  }

  /// The rows of a range, copied; the batch itself if the range is all of it.
  package func slice(_ rows: Range<Int>) -> VersionBatch {
    if rows == 0..<count { return self }
    let part = VersionAccumulator(like: self)
    part.append(self, rows: rows)
    return part.finish()
  }
}
