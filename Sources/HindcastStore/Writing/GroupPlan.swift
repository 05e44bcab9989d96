import HindcastCore

/// Turns group changes, one after the other, into the edits of one commit.
struct GroupPlan {
  private(set) var edits: [Edit] = []
  private var names: [String: UInt32] = [:]
  private var definitions: [UInt32: FeatureGroup] = [:]
  private var nextGroupID: UInt32

  init(_ catalogue: Catalogue) {
    nextGroupID = catalogue.nextGroupID
    for group in catalogue.liveGroups {
      names[group.definition.name] = group.id
      definitions[group.id] = group.definition
    }
  }

  mutating func add(_ change: GroupChange) throws(HindcastError) {
    switch change {
    case .create(let group):
      try checkFree(group.name)
      let id = nextGroupID
      nextGroupID += 1
      put(id, try GroupEvolution.created(group))
    case .update(let wanted, let renamed, let dropping):
      let (id, current) = try find(wanted.name)
      let evolved = try GroupEvolution.evolved(
        current, to: wanted, renamed: renamed, dropping: dropping)
      if evolved != current { put(id, evolved) }
    case .rename(let name, let newName):
      let (id, current) = try find(name)
      guard name != newName else { return }
      try checkFree(newName)
      var renamed = current
      renamed.name = newName
      try renamed.validate()
      names[name] = nil
      put(id, renamed)
    case .drop(let name):
      let (id, _) = try find(name)
      names[name] = nil
      definitions[id] = nil
      edits.append(.dropGroup(id: id))
    }
  }

  /// Whether rows of the log, which are read under the definition that their group has, would be
  /// read under one that lays them out otherwise.
  func changesRows(in catalogue: Catalogue) -> Bool {
    edits.contains { edit in
      guard case .putGroup(let id, let definition) = edit, let group = catalogue.group(id: id)
      else {
        return false
      }
      return !group.logged.isEmpty && !group.definition.holdsRows(of: definition)
    }
  }

  private mutating func put(_ id: UInt32, _ group: FeatureGroup) {
    names[group.name] = id
    definitions[id] = group
    edits.append(.putGroup(id: id, group))
  }

  private func find(_ name: String) throws(HindcastError) -> (UInt32, FeatureGroup) {
    guard let id = names[name], let group = definitions[id] else {
      throw Names.unknown("group", name, among: names.keys.sorted())
    }
    return (id, group)
  }

  private func checkFree(_ name: String) throws(HindcastError) {
    guard names[name] == nil else {
      throw HindcastError(
        .alreadyExists, "there is a group '\(name)' already: update it, or choose another name")
    }
  }
}
