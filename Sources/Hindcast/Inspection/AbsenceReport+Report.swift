import HindcastCore
public import HindcastStore

extension AbsenceReport: Report {
  /// The verdict, and where anything was found.
  public var text: String {
    var lines: [String] = []
    let work =
      "\(Quantities.count(segmentCount, "segment file")) read"
      + (searchedFileCount > 0
        ? ", the bytes of \(Quantities.count(searchedFileCount, "file")) searched" : "")
    lines.append(
      isAbsent
        ? "Absent: no file of the store holds this record (\(work))."
        : "NOT ABSENT, or not proven to be (\(work)).")
    lines += holders.map { "  \($0) holds the record" }
    if !holders.isEmpty {
      lines.append("  'hindcast verify' says whether an erasure is pending, and on what it waits.")
    }
    lines += unreadable.map { "  \($0.description) can't be read" }
    lines += occurrences.map {
      "note: its bytes are in \($0.description), maybe as a part of something else"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same.
  public var json: JSONValue {
    [
      "absent": .bool(isAbsent), "segment_files": .number(segmentCount),
      "searched_files": .number(searchedFileCount),
      "holders": .array(holders.map { .string($0) }),
      "unreadable": .array(unreadable.map { .string($0.description) }),
      "occurrences": .array(
        occurrences.map { place in
          [
            "file": .optional(place.file),
            "byte_offset": place.byteOffset.map { .number($0) } ?? .null,
          ]
        }),
    ]
  }
}
