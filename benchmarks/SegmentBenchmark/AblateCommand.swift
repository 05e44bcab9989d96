import ArgumentParser
import HindcastCore
import HindcastFormat

/// `ablate`: what each encoding is worth.
struct AblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Write a table without each encoding in turn; compare sizes and scans.",
    discussion: """
      Segments are written to memory and scanned there on all cores: the median of --runs scans. \
      The first line leaves nothing out.
      """)

  @Argument(help: "The Parquet file: entity, event_time, features.") var input: String
  @Option(help: "balanced, fast or small.") var profile: Profile = .balanced
  @Option(help: "Scans of each.") var runs = 5

  /// By their names in the registry; flat ones and what types need can't be left out.
  private static let encodings = [
    "delta", "run-length", "dictionary", "patched", "sparse", "alp", "alp-rd", "fsst", "alphabet",
    "scaled",
  ]

  func run() throws {
    let table = try InputTable(input)
    let schema = SegmentSchema(table.group)
    let batches = try table.batches.map { try $0.versions(table.group) }
    var sizes = ColumnSizes(schema: schema)
    for batch in batches { sizes.add(batch) }
    for name in [nil] + Self.encodings.map(Optional.some) {
      guard let options = EncodingOptions(leavingOut: [name].compactMap { $0 }) else {
        throw ValidationError("there is no encoding \(name ?? "")")
      }
      let file = MemoryWritableFile()
      let watch = Stopwatch()
      var writer = try SegmentWriter(
        file: file, uid: SegmentUID(seed: 1), schema: schema, profile: profile, sizes: sizes,
        options: options)
      for batch in batches { try writer.append(batch) }
      let summary = try writer.finish()
      let writeSeconds = watch.seconds
      let bytes = file.buffer
      var seconds: [Double] = []
      for _ in 0..<runs {
        let reader = try SegmentReader(file: MemoryFile(bytes), expecting: nil)
        let watch = Stopwatch()
        _ = try sumColumns(reader, nil)
        seconds.append(watch.seconds)
      }
      seconds.sort()
      var line = JSONLine()
      line.add("job", "ablate")
      line.add("without", name ?? "nothing")
      line.add("bytes", summary.byteCount)
      line.add("writeSeconds", writeSeconds)
      line.add("scanSeconds", seconds[seconds.count / 2])
      print(line.text)
    }
  }
}
