import HindcastCore
import HindcastFormat
import Testing

/// Whatever the bytes, a reader answers or refuses; it never traps.
@Suite struct DamageTests {
  @Test(arguments: 0..<3)
  func everyFlippedByteIsFoundOrHarmless(_ recipe: Int) throws {
    let segment = try Self.segment(recipe)
    let expected = SegmentContents(segment)
    let original = segment.bytes.array(of: UInt8.self)
    var found = 0
    for offset in original.indices {
      var bytes = original
      bytes[offset] ^= UInt8(1 << (offset % 8))
      do {
        // Only padding between pieces can change unseen.
        let contents = try Self.read(bytes, expecting: segment.summary.trailerChecksum)
        #expect(original[offset] == 0)
        #expect(contents == expected, "byte \(offset)")
      } catch {
        found += 1
        #expect(error.code.name.hasPrefix("segment_"), "\(error.code) at byte \(offset)")
        #expect(error.location?.file != nil && error.location?.section != nil)
      }
    }
    #expect(found > original.count / 2)
  }

  @Test(arguments: 0..<3)
  func everyTruncationIsRefused(_ recipe: Int) throws {
    let segment = try Self.segment(recipe)
    let original = segment.bytes.array(of: UInt8.self)
    for count in 0..<original.count {
      let error = #expect(throws: HindcastError.self) {
        _ = try Self.read(Array(original[..<count]), expecting: nil)
      }
      #expect(error?.code == .segmentTruncated, "\(count) of \(original.count) bytes")
    }
    let error = #expect(throws: HindcastError.self) {
      _ = try Self.read(original + [0], expecting: nil)
    }
    #expect(error?.code == .segmentTruncated)
  }

  /// Behind the checksums: every byte becomes several others, with all checksums taken as right.
  @Test(arguments: 0..<3)
  func noByteBehindTheChecksumsTraps(_ recipe: Int) throws {
    let segment = try Self.segment(recipe)
    let original = segment.bytes.array(of: UInt8.self)
    var codes: Set<String> = []
    for offset in original.indices {
      for change in [0x01, 0xFE] as [UInt8] {
        var bytes = original
        bytes[offset] ^= change
        Self.readIgnoringChecksums(bytes, &codes)
      }
    }
    let common: Set = [
      "segment_bad_magic", "segment_truncated", "segment_bad_header", "segment_bad_trailer",
      "segment_unsupported_version", "segment_unsupported_feature", "segment_unknown_section",
      "segment_bad_section_table", "segment_bad_summary",
      "segment_bad_schema", "segment_unknown_schema_tag", "segment_bad_column_directory",
      "segment_bad_page_directory", "segment_unknown_codec", "segment_bad_page",
      "segment_unknown_encoding", "segment_bad_runs",
    ]
    #expect(codes.isSuperset(of: common), "\(common.subtracting(codes))")
    #expect(codes.allSatisfy { $0.hasPrefix("segment_") }, "\(codes)")
  }

  @Test(arguments: 0..<3)
  func manyRandomChangesDoNotTrap(_ recipe: Int) throws {
    var generator = SeededGenerator(seed: testSeed())
    let segment = try Self.segment(recipe)
    let original = segment.bytes.array(of: UInt8.self)
    var codes: Set<String> = []
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let offset = Int.random(in: 0..<bytes.count - 64, using: &generator)
        let words: [UInt64] = [0, 1, 0xFF, .max, 1 << 63, 1 << 31, UInt64(bytes.count)]
        var word = words.randomElement(using: &generator) ?? 0
        for index in 0..<Int.random(in: 1...8, using: &generator) {
          bytes[offset + index] = UInt8(truncatingIfNeeded: word)
          word >>= 8
        }
      }
      Self.readIgnoringChecksums(bytes, &codes)
    }
    #expect(codes.allSatisfy { $0.hasPrefix("segment_") }, "\(codes)")
  }

  @Test func anotherSegmentsPieceIsRefused() throws {
    let segment = try Self.segment(0)
    #expect(throws: HindcastError.self) {
      _ = try SegmentReader(
        file: MemoryFile(segment.bytes), expecting: segment.summary.trailerChecksum &+ 1)
    }
  }

  private static func segment(_ index: Int) throws -> TestSegment {
    var generator = SeededGenerator(seed: UInt64(index))
    let recipe =
      switch index {
      case 0:
        SegmentRecipe(
          featureTypes: [.int32, .utf8, .bool, .float64, .list(.utf8)], rowCount: 40,
          hasCreatedTime: true, tombstoneShare: 0.2, nullShare: 0.2, profile: .fast, shape: .few)
      case 1:
        SegmentRecipe(
          keyTypes: [.utf8, .int32],
          featureTypes: [
            .decimal128(precision: 38, scale: 2), .set(.int64), .vector(dimension: 2), .int16,
          ], rowCount: 60, nullShare: 0, profile: .fast, shape: .small)
      default:
        SegmentRecipe(
          featureTypes: [.int64, .utf8, .bool, .int8], rowCount: 150, nullShare: 0,
          profile: .balanced, shape: .runs)
      }
    return try recipe.make(using: &generator)
  }

  private static func read(
    _ bytes: [UInt8], expecting checksum: UInt64?
  ) throws(HindcastError) -> SegmentContents {
    try SegmentContents(SegmentReader(file: MemoryFile(Buffer(bytes)), expecting: checksum))
  }

  private static func readIgnoringChecksums(_ bytes: [UInt8], _ codes: inout Set<String>) {
    do {
      let reader = try SegmentReader(
        file: MemoryFile(Buffer(bytes)), expecting: nil, ignoringChecksums: true)
      guard reader.rowCount < 1000 else { return }
      _ = try SegmentContents(reader)
    } catch {
      codes.insert(error.code.name)
    }
  }
}
