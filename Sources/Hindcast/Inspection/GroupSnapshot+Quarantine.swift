public import HindcastStore

extension GroupSnapshot {
  /// That answers lack versions because their segments were damaged; nil if they lack none.
  public var quarantineWarning: String? {
    guard !quarantined.isEmpty else { return nil }
    let rowCount = quarantined.reduce(0) { $0 + $1.reference.rowCount }
    return
      "answers lack \(Quantities.count(rowCount, "version")) of "
      + "\(Quantities.count(quarantined.count, "damaged segment")) in quarantine: "
      + "see 'hindcast verify'"
  }
}
