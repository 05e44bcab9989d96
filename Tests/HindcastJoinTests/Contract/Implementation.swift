import HindcastTestKit

/// Everything that answers labels; each obeys the same contract.
enum Implementation: CaseIterable, Sendable {
  /// The plainest code.
  case reference

  func answers(_ world: World) throws -> [WorldAnswer] {
    switch self {
    case .reference: try world.referenceAnswers()
    }
  }
}
