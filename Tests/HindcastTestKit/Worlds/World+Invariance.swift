extension World {
  /// Checks the invariances of rules F1 and F3 on one implementation.
  ///
  /// - Parameters:
  ///   - seed: decides what is permuted, cut, added and renamed.
  ///   - answer: the implementation.
  /// - Returns: a report for each invariance that does not hold.
  public func brokenInvariances(
    seed: UInt64, _ answer: (World) throws -> [WorldAnswer]
  ) throws -> [String] {
    var random = SplitMix64(seed: seed)
    let answers = try answer(self)
    var reports: [String] = []
    func check(_ what: String, _ world: World, _ expected: [WorldAnswer]) throws {
      let got = try answer(world)
      guard got != expected else { return }
      let label = zip(got, expected).enumerated().first { $1.0 != $1.1 }?.offset
      let place = label.map {
        "label \($0) (\(describe(world.labels[$0]))): \(expected[$0]) became \(got[$0])"
      }
      reports.append("\(what), seed \(seed): \(place ?? "count")\nbefore: \(self)\nafter: \(world)")
    }
    let (permuted, permutation) = permutingLabels(&random)
    try check("labels permuted", permuted, permutation.map { answers[$0] })
    let parts = random.int(1...6)
    try check("split into \(parts) commits", splitIntoCommits(parts, &random), answers)
    try check("rows shuffled", shufflingRows(&random), answers)
    try check("other records added", addingOtherRecords(5, &random), answers)
    try check("identifiers renamed", renamingIdentifiers(&random), answers)
    if let last = random.pick(labels + [WorldLabel(record: [], ticks: nil)]).ticks {
      let early = labels.indices.filter { (labels[$0].ticks ?? .min) <= last }
      var prefix = self
      prefix.labels = early.map { labels[$0] }
      let later = prefix.addingLaterVersions(8, after: last, &random)
      try check("later versions added", later, early.map { answers[$0] })
    }
    return reports
  }
}
