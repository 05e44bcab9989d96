public import HindcastStore

extension GroupSnapshot {
  /// The versions that answers lack, because their segments were damaged.
  var quarantinedVersionCount: Int { quarantined.reduce(0) { $0 + $1.reference.rowCount } }

  /// That answers lack versions because their segments were damaged; nil if they lack none.
  public var quarantineWarning: String? {
    guard !quarantined.isEmpty else { return nil }
    return
      "answers lack \(Quantities.count(quarantinedVersionCount, "version")) of "
      + "\(Quantities.count(quarantined.count, "damaged segment")) in quarantine: "
      + "see 'hindcast verify'"
  }
}
