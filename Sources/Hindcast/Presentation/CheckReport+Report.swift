import HindcastCore

extension CheckReport: Report {
  /// What the first labels found, and how many nulls each output would hold.
  public var text: String {
    var table = TextTable([
      ("view", .left), ("labels with a record", .right), ("matched", .right), ("missing", .right),
      ("expired", .right), ("deleted", .right), ("unusable", .right),
    ])
    var nulls = TextTable([("output", .left), ("null", .right)])
    for view in views {
      let counts = [
        view.counts.matched, view.counts.missing, view.counts.expired, view.counts.deleted,
        view.counts.unusable,
      ]
      table.append([view.alias, share(view.labelsWithRecord)] + counts.map(share))
      for (column, count) in view.nulls { nulls.append([column, share(count)]) }
    }
    return "The first \(Quantities.count(sampledLabels, "label")); nothing was written.\n\n"
      + table.text + "\n" + nulls.text
  }

  private func share(_ count: Int) -> String {
    sampledLabels == 0 ? "-" : Quantities.percent(Double(count) / Double(sampledLabels))
  }

  /// The same in numbers.
  public var json: JSONValue {
    [
      "sampled_labels": .number(sampledLabels),
      "views": .array(views.map(Self.json)),
      "warnings": .array(warnings.map { .string($0) }),
    ]
  }

  private static func json(_ view: View) -> JSONValue {
    let nulls = view.nulls.map { JSONValue.Member($0.column, .number($0.count)) }
    return [
      "alias": .string(view.alias), "labels_with_record": .number(view.labelsWithRecord),
      "matched": .number(view.counts.matched), "missing": .number(view.counts.missing),
      "expired": .number(view.counts.expired), "deleted": .number(view.counts.deleted),
      "unusable": .number(view.counts.unusable), "nulls": .object(nulls),
    ]
  }
}
