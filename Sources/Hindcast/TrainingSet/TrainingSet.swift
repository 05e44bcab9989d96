public import HindcastCore
import HindcastInterchange
import HindcastJoin
public import HindcastStore

/// Builds training sets: label rows as they are, then the feature values known at each label's
/// time.
///
/// ```
/// labels -> chunk -> per view: keys, times -> resolve -> gather -> columns -> output
/// ```
/// A chunk is resolved while the one before is gathered and the one before that is written; of
/// large values it is gathered in parts. Memory is bounded by the chunk, whatever the sizes of
/// labels and history.
public struct TrainingSet {
  private let snapshot: Snapshot
  let options: BuildOptions
  var source: LabelSource
  var views: [ViewJoin]
  private let names: OutputNames
  /// What the outputs take for one label, about.
  private let outputBytes: Int

  /// Opens the labels and checks everything that can be checked before any work: names, types,
  /// keys.
  /// - Throws: ``HindcastError`` that says what does not fit.
  public init(snapshot: Snapshot, options: BuildOptions) throws(HindcastError) {
    self.snapshot = snapshot
    self.options = options
    try Self.checkInputs(options)
    try Self.checkName(options.output)
    guard options.output == "-" || !isInside(options.output, folder: snapshot.storePath) else {
      throw HindcastError(
        .invalidArgument, "the output would lie inside the store: name a file elsewhere",
        at: .init(file: options.output))
    }
    var groups: [GroupSnapshot] = []
    var bound: [BoundView] = []
    for view in options.request.views {
      let group = try snapshot.group(named: view.group)
      groups.append(group)
      bound.append(try BoundView(view, to: group.definition))
    }
    let outputBytes = ChunkSize.outputBytes(bound.flatMap { $0.features.map(\.type) })
    self.outputBytes = outputBytes
    source = try LabelSource(
      options, keyColumns: bound.flatMap(LabelSource.keyColumns),
      batchRows: ChunkSize.batchRows(
        outputBytes: outputBytes, memoryBytes: options.memoryBytes))
    names = try OutputNames(options.request, bound, labelColumns: source.columnNames)
    views = []
    for (index, view) in bound.enumerated() {
      views.append(
        try ViewJoin(
          view, group: groups[index], strategy: options.strategy,
          keyTypes: source.types(of: view.labelKeys), outputNames: names.features[index],
          eventTimeName: names.eventTimes.isEmpty ? nil : names.eventTimes[index]))
    }
    source.sortedRows = ChunkSize.sortedRows(segmentCount: groups.map(\.segments.count).max() ?? 0)
  }

  /// Refuses to replace what is read.
  private static func checkInputs(_ options: BuildOptions) throws(HindcastError) {
    let inputs = [("label file", options.labels), ("request file", options.requestFile)]
    let outputs = [
      ("output", options.output), ("output's manifest", options.output + Manifest.suffix),
    ]
    for (input, path) in inputs {
      for (output, target) in outputs {
        guard let path, isSameFile(path, target) else { continue }
        throw HindcastError(
          .invalidArgument, "the \(output) would replace the \(input): give it another name",
          at: .init(file: target))
      }
    }
  }

  /// Refuses names beside which no manifest has room.
  private static func checkName(_ path: String) throws(HindcastError) {
    let name = path.split(separator: "/").last ?? ""
    guard name.utf8.count + Manifest.suffix.utf8.count <= 255 else {
      throw HindcastError(
        .invalidArgument,
        "the name is too long for the manifest beside it: 241 bytes are the most",
        at: .init(file: path))
    }
  }

  /// Builds the set and writes it with its manifest.
  ///
  /// Either both files are complete or neither is there.
  /// - Throws: ``HindcastError`` if a file can't be read or written, or a value can't be used.
  public consuming func build(
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) -> BuildReport {
    let outputs = views.flatMap(\.outputs)
    let fields = outputs.map { ArrowField(name: $0.name, type: $0.type) }
    var write = options.write
    write.rowGroupBytes = min(write.rowGroupBytes, options.memoryBytes / 4)
    let writer = try TableWriter(
      path: options.output, format: options.outputFormat,
      schema: source.schema.appending(fields), options: write)
    let queue = OutputQueue(
      to: writer, fields: fields,
      hash: ResultHash(names: outputs.map(\.name), types: outputs.map(\.type)),
      labelHashes: LabelHashes(source.schema))
    let chunks = ResolvedChunks(
      source, views, chunkRows: chunkRows, memoryBytes: options.memoryBytes)
    do throws(HindcastError) {
      var steps: [[BuildPlan.Step]] = []
      var rowCount = 0
      while let chunk = try chunks.next() {
        for labels in try chunk.views.parts(chunk.labels.count, memoryBytes: options.memoryBytes) {
          let gathered = try chunk.views.gather(labels)
          steps.append(gathered.steps)
          try queue.append(
            .init(batches: chunk.labels.part(labels).batches, columns: gathered.columns))
          rowCount += labels.count
          progress.update(phase: "build", done: rowCount, total: nil, unit: "labels")
        }
      }
      (source, views) = chunks.rest
      for steps in steps { views.add(gather: steps) }
      let hashes = try queue.finish()
      return try finish(writer, hashes.result, hashes.labels, outputs.map(\.name))
    } catch {
      chunks.drain()
      queue.drain()
      writer.cancel()
      throw error
    }
  }

  /// How many labels are answered at a time.
  var chunkRows: Int {
    ChunkSize.rows(outputBytes: outputBytes, memoryBytes: options.memoryBytes)
  }

  private consuming func finish(
    _ writer: TableWriter, _ hash: String, _ labelColumns: [Manifest.LabelColumn],
    _ columns: [String]
  ) throws(HindcastError) -> BuildReport {
    var labels = try source.account()
    labels.columns = labelColumns
    let manifest = Manifest(
      store: snapshot.storeIdentifier, snapshot: snapshot.number,
      labels: labels, asOf: source.instant?.iso8601,
      names: options.request.names.rawValue, withEventTimes: options.request.withEventTimes,
      views: views.map(\.account),
      result: Manifest.Result(columns: columns, rows: source.rowCount, xxh128: hash))
    // Both are durable before either has its name, so that a full disk leaves what was there.
    try writer.finish()
    let path = writer.isStream ? nil : options.output + Manifest.suffix
    var pending: AtomicFile?
    if let path { pending = try AtomicFile(manifest.encoded(), for: path) }
    try Hindcast.publish(writer, pending)
    return BuildReport(
      manifest: manifest, manifestPath: path, warnings: views.flatMap(Warnings.after),
      plan: BuildPlan(views: views.map(\.plan)))
  }
}

/// Gives a training set and its manifest their names.
private func publish(
  _ writer: TableWriter, _ manifest: consuming AtomicFile?
) throws(HindcastError) {
  guard let manifest else { return try writer.close() }
  let lock = PublicationLock(for: manifest.path)
  try writer.close()
  try manifest.publish()
  _ = consume lock
}
