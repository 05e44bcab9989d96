public import HindcastCore

extension HindcastError.Code {
  /// The file is shorter than it says it is.
  public static let segmentTruncated = Self("segment_truncated")
  /// The file is no segment.
  public static let segmentBadMagic = Self("segment_bad_magic")
  /// Bytes are not those that were written.
  public static let segmentChecksumMismatch = Self("segment_checksum_mismatch")
  /// The trailer contradicts the file.
  public static let segmentBadTrailer = Self("segment_bad_trailer")
  /// The section table contradicts the file or itself.
  public static let segmentBadSectionTable = Self("segment_bad_section_table")
  /// A section that must be understood is not known to this version.
  public static let segmentUnknownSection = Self("segment_unknown_section")
  /// A section that every segment has is not there.
  public static let segmentMissingSection = Self("segment_missing_section")
  /// The header contradicts the trailer.
  public static let segmentBadHeader = Self("segment_bad_header")
  /// The segment has a major version that this version does not know.
  public static let segmentUnsupportedVersion = Self("segment_unsupported_version")
  /// The segment uses a feature that this version does not know.
  public static let segmentUnsupportedFeature = Self("segment_unsupported_feature")
  /// The summary contradicts itself.
  public static let segmentBadSummary = Self("segment_bad_summary")
  /// The schema does not have its form.
  public static let segmentBadSchema = Self("segment_bad_schema")
  /// A schema field that must be understood is not known to this version.
  public static let segmentUnknownSchemaTag = Self("segment_unknown_schema_tag")
  /// The column directory contradicts the schema or the summary.
  public static let segmentBadColumnDirectory = Self("segment_bad_column_directory")
  /// A page directory entry contradicts the file or the limits.
  public static let segmentBadPageDirectory = Self("segment_bad_page_directory")
  /// A page is compressed in a way that this version does not know.
  public static let segmentUnknownCodec = Self("segment_unknown_codec")
  /// A page does not decompress to the length it should have.
  public static let segmentDecompressionFailed = Self("segment_decompression_failed")
  /// A page's nodes do not have their form.
  public static let segmentBadPage = Self("segment_bad_page")
  /// A page uses an encoding that this version does not know there.
  public static let segmentUnknownEncoding = Self("segment_unknown_encoding")
  /// A page's encodings are nested too deep.
  public static let segmentNestingTooDeep = Self("segment_nesting_too_deep")
  /// A page would decode to more than the format allows.
  public static let segmentLimitExceeded = Self("segment_limit_exceeded")
  /// Rows are not in segment order.
  public static let segmentBadOrder = Self("segment_bad_order")
  /// A zone is not the range of its page.
  public static let segmentBadZone = Self("segment_bad_zone")
  /// Bytes between pieces are not zero, or pieces overlap.
  public static let segmentBadPadding = Self("segment_bad_padding")
  /// The run pages contradict each other or are not in order.
  public static let segmentBadRuns = Self("segment_bad_runs")
}

/// The place in a segment that is being read, so that every refusal can name it.
///
/// Passing it on costs no more than a pointer and a number.
struct Place: Sendable {
  /// What the places in one section or column have in common.
  final class Origin: Sendable {
    let file: String
    let section: String
    let column: String?

    init(file: String, section: String, column: String? = nil) {
      self.file = file
      self.section = section
      self.column = column
    }
  }

  let origin: Origin
  let byteOffset: Int

  init(_ origin: Origin, byteOffset: Int) {
    self.origin = origin
    self.byteOffset = byteOffset
  }

  init(file: String, section: String, byteOffset: Int, column: String? = nil) {
    origin = Origin(file: file, section: section, column: column)
    self.byteOffset = byteOffset
  }

  /// A refusal at `offset` bytes after this place.
  func error(
    _ code: HindcastError.Code, _ message: String, at offset: Int = 0
  ) -> HindcastError {
    let (sum, overflow) = byteOffset.addingReportingOverflow(offset)
    return HindcastError(
      code, message,
      at: .init(
        file: origin.file, section: origin.section, byteOffset: overflow ? byteOffset : sum,
        column: origin.column))
  }
}
