import ArgumentParser
import Hindcast
import HindcastCore

/// How much of the machine a build may take.
struct ResourceOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "About how much memory is taken; a quarter of the machine's without it.", valueName: "size"),
    transform: Arguments.byteCount)
  var memory: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("How many threads work; one a core without it.", valueName: "n"))
  var threads: Int?

  /// Sets the limits.
  func apply(to options: inout BuildOptions) throws {
    if let memory { options.memoryBytes = memory }
    guard let threads else { return }
    guard threads > 0 else { throw ValidationError("--threads is at least 1, not \(threads)") }
    Parallel.limitThreads(to: threads)
  }
}
