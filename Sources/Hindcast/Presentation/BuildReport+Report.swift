import HindcastCore

extension BuildReport: Report {
  /// What became of the labels in each view, the certificate, and where the manifest is.
  public var text: String {
    let result = manifest.result
    let rows =
      manifest.asOf.map { "\(Quantities.count(manifest.labels.rows, "row")) as of \($0)" }
      ?? Quantities.count(manifest.labels.rows, "label")
    let summary =
      "\(rows), "
      + "\(Quantities.count(result.columns.count, "feature column")), "
      + "snapshot \(manifest.snapshot)\n"
    let place = manifestPath.map { "\nManifest: \($0)\n" } ?? ""
    return summary + "\n" + countTable + "\n" + certificateTable + place
  }

  private var countTable: String {
    var table = TextTable([
      ("view", .left), ("matched", .right), ("missing", .right), ("expired", .right),
      ("deleted", .right), ("unusable", .right),
    ])
    for view in manifest.views {
      let counts = view.counts
      let numbers = [
        counts.matched, counts.missing, counts.expired, counts.deleted, counts.unusable,
      ]
      table.append([view.alias] + numbers.map { Quantities.count($0) })
    }
    return table.text
  }

  private var certificateTable: String {
    let time = manifest.asOf == nil ? "label" : "as of"
    var table = TextTable([
      ("certificate", .left), ("least \(time) - event time", .right),
      ("least \(time) - created time", .right), ("cells known late", .right), ("", .left),
    ])
    for view in manifest.views {
      let proof = view.certificate
      let verdict =
        view.createdTime == "RELAXED" ? "RELAXED" : proof.holds ? "holds" : "DOES NOT HOLD"
      table.append([
        view.alias, Self.span(proof.minLabelMinusEventNs), Self.span(proof.minLabelMinusCreatedNs),
        Quantities.count(proof.cellsKnownLate), verdict,
      ])
    }
    return table.text
  }

  private static func span(_ nanoseconds: String?) -> String {
    guard let nanoseconds = nanoseconds.flatMap({ Int128($0) }) else { return "-" }
    return TimeSpan(nanoseconds: nanoseconds).parts
  }

  /// The manifest's numbers, the warnings and the manifest's place.
  public var json: JSONValue {
    [
      "snapshot": .number(manifest.snapshot), "labels": .number(manifest.labels.rows),
      "as_of": .optional(manifest.asOf),
      "columns": .array(manifest.result.columns.map { .string($0) }),
      "result_xxh128": .string(manifest.result.xxh128),
      "views": .array(manifest.views.map(Self.json)),
      "warnings": .array(warnings.map { .string($0) }), "manifest": .optional(manifestPath),
      "plan": plan.json,
    ]
  }

  private static func json(_ view: Manifest.View) -> JSONValue {
    [
      "alias": .string(view.alias), "group": .string(view.group),
      "matched": .number(view.counts.matched), "missing": .number(view.counts.missing),
      "expired": .number(view.counts.expired), "deleted": .number(view.counts.deleted),
      "unusable": .number(view.counts.unusable), "created_time": .string(view.createdTime),
      "min_label_minus_event_ns": number(view.certificate.minLabelMinusEventNs),
      "min_label_minus_created_ns": number(view.certificate.minLabelMinusCreatedNs),
      "cells_known_late": .number(view.certificate.cellsKnownLate),
      "certificate_holds": .bool(view.certificate.holds),
    ]
  }

  private static func number(_ text: String?) -> JSONValue {
    text.flatMap { Int128($0) }.map { .integer($0) } ?? .null
  }
}
