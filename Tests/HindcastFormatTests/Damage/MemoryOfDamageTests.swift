import CAllocationMeter
import HindcastCore
import HindcastFormat
import Testing

/// What damaged files take where no checksum protects them: random changes, by a printed seed.
///
/// A file explains its own length, a few times, and the values of one page within the limits of the
/// specification: rows times width where the width is fixed, else 256 MiB of values.
@Suite("Memory of damaged files")
struct MemoryOfDamageTests {
  private static let roundCount = 200

  @Test("opening and each page stay within bounds", arguments: GoldenFiles.names())
  func memory(_ name: String) throws {
    let original = try GoldenFiles.bytes(name)
    let seed = testSeed("memory(\(name))")
    var generator = SeededGenerator(seed: seed)
    for round in 0..<Self.roundCount {
      let bytes = Buffer(changed(original, using: &generator))
      var opened: SegmentReader?
      let peak = peakByteCount {
        opened = try? SegmentReader(
          file: MemoryFile(bytes), expecting: nil, ignoringChecksums: true)
      }
      let place = "seed \(seed), round \(round)"
      if peak > 64 << 10 + 16 * bytes.byteCount { Issue.record("\(place): opens in \(peak)") }
      guard let reader = opened else { continue }
      for column in reader.damagedColumns { check(column, bytes.byteCount, place) }
      let fences = peakByteCount { _ = try? reader.fences() }
      if fences > Self.limit(.binary, rows: reader.runsPerPage, bytes.byteCount) {
        Issue.record("\(place): fences take \(fences)")
      }
    }
  }

  private func check(_ column: ColumnReader, _ fileByteCount: Int, _ place: String) {
    let limit = Self.limit(column.type, rows: column.rowsPerPage, fileByteCount)
    // No column has more pages than the file has room for, so that this ends soon.
    #expect(column.pageCount <= fileByteCount / 64, "\(place)")
    for index in 0..<column.pageCount {
      let peak = peakByteCount { _ = try? column.page(index) }
      if peak > limit { Issue.record("\(place): page \(index), \(column.type): \(peak) bytes") }
    }
  }

  /// What reading a page may take, in bytes.
  private static func limit(_ type: DataType, rows: Int, _ fileByteCount: Int) -> Int {
    // Errors, a codec's context, the page as stored.
    let fixed = 256 << 10 + 2 * fileByteCount
    switch type.layout {
    case .bits: return fixed + rows * 16
    // The content, the values, and those of nodes below, at most 16 bytes each.
    case .fixed(let width): return fixed + rows * (3 * width + 64)
    case .bytes, .list: return fixed + 5 << 28
    }
  }

  private func changed(
    _ original: [UInt8], using generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = original
    let words: [UInt64] = [0, 1, 0xFF, .max, 1 << 63, 1 << 31, 1 << 20, UInt64(bytes.count)]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      // Not the trailer, which says where everything is.
      let offset = Int.random(in: 0..<bytes.count - 72, using: &generator)
      guard Bool.random(using: &generator) else {
        bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        continue
      }
      let word = words.randomElement(using: &generator) ?? 0
      for index in 0..<(1 << Int.random(in: 0...3, using: &generator)) {
        bytes[offset + index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * index))
      }
    }
    return bytes
  }
}

extension SegmentReader {
  fileprivate var damagedColumns: [ColumnReader] {
    [eventTimes] + [createdTimes, tombstones].compactMap { $0 }
      + schema.features.compactMap { feature(id: $0.id) }
  }
}
