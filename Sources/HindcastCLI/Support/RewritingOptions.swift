import ArgumentParser
import HindcastStore

/// What a rewriting of segments may take.
struct RewritingOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Write at most so much in a second.", valueName: "size"),
    transform: Arguments.byteCount)
  var rate: Int?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("The memory for merging; 512MiB without it.", valueName: "size"),
    transform: Arguments.byteCount)
  var memory: Int?

  func validate() throws {
    if rate == 0 { throw ValidationError("--rate is at least 1 byte a second") }
  }

  func apply(to options: inout CompactionOptions) {
    options.bytesPerSecond = rate
    if let memory { options.memoryBytes = memory }
  }
}
