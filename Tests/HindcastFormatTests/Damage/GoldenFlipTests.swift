import CAllocationMeter
import Foundation
import HindcastCore
import HindcastFormat
import HindcastFuzzKit
import Testing

/// Every flip of every bit, and every truncation, of every golden file.
///
/// All flips with `HINDCAST_DAMAGE=all` (`make damage`); else a bit of every byte outside of pages,
/// and of some bytes of pages, by a seed that is printed.
@Suite("Damaged golden files")
struct GoldenFlipTests {
  private static let isExhaustive =
    ProcessInfo.processInfo.environment["HINDCAST_DAMAGE"] == "all"
  /// One byte in so many is tried inside pages.
  private static let rarity = 8

  /// What a codec's context takes, which is made when no other thread has left one.
  private static let codecByteCount = 192 << 10

  /// What damage under checksums is refused with: nothing behind a checksum is looked at.
  private static let codes: Set<HindcastError.Code> = [
    .segmentChecksumMismatch, .segmentBadMagic, .segmentTruncated,
  ]

  @Test("every flipped bit is found, or changes nothing", arguments: GoldenFiles.names())
  func everyFlip(_ name: String) throws {
    let bytes = Buffer(try GoldenFiles.bytes(name))
    let original = try SegmentReader(file: MemoryFile(bytes), expecting: nil)
    let rows = try original.batch()
    let usual = peakByteCount { _ = try? Self.read(MemoryFile(bytes)) }
    let bits = try bits(of: original, seed: testSeed(name))
    var found = 0
    for bit in bits {
      let file = DamagedFile(bytes, flipping: bit)
      var code: HindcastError.Code?
      let peak = peakByteCount { code = Self.refusal(of: file) }
      // Damage is found before it is believed, so it takes no more than a sound file.
      if peak > usual + Self.codecByteCount {
        Issue.record("bit \(bit): takes \(peak) bytes, \(usual) without damage")
      }
      if let code {
        if !Self.codes.contains(code) { Issue.record("bit \(bit): \(code)") }
        found += 1
      } else {
        try Self.expectHarmless(file, bit, rows)
      }
    }
    #expect(found > bits.count / 2)
  }

  @Test("every truncation is refused", arguments: GoldenFiles.names())
  func everyTruncation(_ name: String) throws {
    let bytes = Buffer(try GoldenFiles.bytes(name))
    for byteCount in 0..<bytes.byteCount {
      var code: HindcastError.Code?
      let peak = peakByteCount {
        code = Self.refusal(of: DamagedFile(bytes, cutTo: byteCount))
      }
      if code != .segmentTruncated || peak > 16 << 10 {
        Issue.record("cut to \(byteCount) bytes: \(code?.name ?? "read"), takes \(peak) bytes")
      }
    }
  }

  @Test("reading takes a few times the file and its largest page", arguments: GoldenFiles.names())
  func memory(_ name: String) throws {
    let bytes = Buffer(try GoldenFiles.bytes(name))
    var largest = 0
    let peak = peakByteCount { largest = (try? Self.read(MemoryFile(bytes))) ?? 0 }
    if hindcast_meter_counts() { #expect(peak > largest, "nothing was counted") }
    let limit = Self.codecByteCount + 2 * bytes.byteCount + 3 * largest
    #expect(peak <= limit, "the largest page takes \(largest) bytes")
  }

  /// The bits to flip, by the pages of the file: see the type.
  private func bits(of reader: SegmentReader, seed: UInt64) throws -> [Int] {
    guard !Self.isExhaustive else { return Array(0..<8 * reader.summary.byteCount) }
    var isPage = Array(repeating: false, count: reader.summary.byteCount)
    for field in reader.schema.features {
      guard let column = reader.feature(id: field.id) else { continue }
      for index in 0..<column.pageCount {
        let page = try column.describePage(index)
        for offset in page.byteOffset..<page.byteOffset + page.storedByteCount {
          isPage[offset] = true
        }
      }
    }
    var generator = SeededGenerator(seed: seed)
    return isPage.indices
      .filter { !isPage[$0] || Int.random(in: 0..<Self.rarity, using: &generator) == 0 }
      .map { 8 * $0 + Int.random(in: 0..<8, using: &generator) }
  }

  private static func read(_ file: any ReadableFile) throws(HindcastError) -> Int {
    try SegmentReader(file: file, expecting: nil).readEverything()
  }

  private static func refusal(of file: any ReadableFile) -> HindcastError.Code? {
    do {
      _ = try read(file)
      return nil
    } catch {
      return error.code
    }
  }

  /// Only padding between pieces is under no checksum: the values are the same, and verifying
  /// finds it.
  private static func expectHarmless(
    _ file: DamagedFile, _ bit: Int, _ rows: VersionBatch
  ) throws {
    let reader = try SegmentReader(file: file, expecting: nil)
    try reader.expectRows(of: rows)
    let error = #expect(throws: HindcastError.self) { try reader.verify() }
    #expect(error?.code == .segmentBadPadding, "bit \(bit)")
  }
}
