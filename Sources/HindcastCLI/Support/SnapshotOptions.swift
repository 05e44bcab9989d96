import ArgumentParser
import Hindcast
import HindcastCore
import HindcastStore

/// Which snapshot a verb reads.
struct SnapshotOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "The snapshot; the latest, or a manifest's, without it.", valueName: "n|name"),
    transform: Arguments.snapshot)
  var snapshot: SnapshotSelector?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "Instead, the snapshot that was the latest at this time: a time, or now.",
      valueName: "time"),
    transform: AsOfTime.parse)
  var asKnown: AsOfTime?

  func validate() throws {
    if snapshot != nil, asKnown != nil {
      throw ValidationError("--snapshot and --as-known both say which snapshot: give one of them")
    }
  }

  /// Which snapshot is meant: the latest, if none is named.
  var selector: SnapshotSelector { named ?? .latest }

  /// Which snapshot is named; nil if none is.
  var named: SnapshotSelector? { asKnown.map { .asKnown($0.instant) } ?? snapshot }
}
