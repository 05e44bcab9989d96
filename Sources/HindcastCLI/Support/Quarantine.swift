import Hindcast
import HindcastStore

/// Damaged segments that a store goes on without.
enum Quarantine {
  /// Says on standard error that answers from a group lack versions, if they do.
  static func warn(of group: GroupSnapshot) {
    guard let warning = group.quarantineWarning else { return }
    StandardStreams.writeMessage("warning: \(group.definition.name): \(warning)\n")
  }
}
