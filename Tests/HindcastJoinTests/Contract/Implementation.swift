import HindcastTestKit

/// Everything that answers labels; each obeys the same contract.
enum Implementation: CaseIterable, Sendable {
  /// The plainest code.
  case reference
  /// The engine's strategies, all labels in one chunk.
  case merge
  case probe
  case hash
  case auto
  /// The same in chunks of three labels.
  case chunkedMerge
  /// The reference behind the engine, on a store.
  case nested
  /// The online view.
  case online

  func answers(_ world: World) throws -> [WorldAnswer] {
    switch self {
    case .reference: try world.referenceAnswers()
    case .merge: try Engine(world).answers(world, strategy: .merge)
    case .probe: try Engine(world).answers(world, strategy: .probe)
    case .hash: try Engine(world).answers(world, strategy: .hash)
    case .auto: try Engine(world).answers(world, strategy: .auto)
    case .chunkedMerge: try Engine(world).answers(world, chunkRows: 3)
    case .nested: try Engine(world).answers(world, strategy: .nested)
    case .online: try Engine(world).onlineAnswers(world)
    }
  }
}
