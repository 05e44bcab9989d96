import HindcastCore

/// Every number and name of the format as the code has them, to be compared with the
/// specification's registry.
package enum FormatRegistry {
  /// One line of the registry: `registry,id,name`.
  package static var lines: [String] {
    var lines = SectionTable.Kind.allCases.map { "section,\($0.rawValue),\($0.name)" }
    lines += SegmentSchema.registryLines
    lines += TimeUnit.allCases.map { "time unit,\($0.rawValue),\($0)" }
    lines += typeExamples.map { name, type in "type,\(type.number),\(name)" }
    lines += ColumnEntry.Kind.allCases.map { "column kind,\($0.rawValue),\($0.name)" }
    lines += BlockCodec.allCases.map { "codec,\($0.rawValue),\($0.name)" }
    lines += Encoding.allCases.map { "encoding,\($0.rawValue),\($0.name)" }
    return lines + HindcastError.Code.allOfSegments.map { "error,,\($0.name)" }
  }

  private static let typeExamples: [(String, DataType)] =
    [
      DataType.bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32,
      .float64, .utf8, .binary, .date,
    ].map { ($0.description, $0) } + [
      ("timestamp", .timestamp(.second, zone: nil)),
      ("decimal128", .decimal128(precision: 1, scale: 0)), ("list", .list(.bool)),
      ("set", .set(.bool)), ("vector", .vector(dimension: 1)),
    ]
}

extension DataType {
  /// The number by which a schema names this type.
  fileprivate var number: UInt8 {
    var bytes = MutableBuffer()
    put(to: &bytes)
    return bytes.span(of: UInt8.self)[0]
  }
}

extension HindcastError.Code {
  fileprivate static let allOfSegments: [Self] = [
    .segmentTruncated, .segmentBadMagic, .segmentChecksumMismatch, .segmentBadTrailer,
    .segmentBadSectionTable, .segmentUnknownSection, .segmentMissingSection, .segmentBadHeader,
    .segmentUnsupportedVersion, .segmentUnsupportedFeature, .segmentBadSummary, .segmentBadSchema,
    .segmentUnknownSchemaTag, .segmentBadColumnDirectory, .segmentBadPageDirectory,
    .segmentUnknownCodec, .segmentDecompressionFailed, .segmentBadPage, .segmentUnknownEncoding,
    .segmentNestingTooDeep, .segmentLimitExceeded, .segmentBadRuns, .segmentBadOrder,
    .segmentBadZone, .segmentBadPadding,
  ]
}
