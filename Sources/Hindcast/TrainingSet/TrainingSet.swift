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
/// A chunk is resolved while the one before is gathered and the one before that is written. Memory
/// is bounded by the chunk, whatever the sizes of labels and history.
public struct TrainingSet {
  private let snapshot: Snapshot
  let options: BuildOptions
  var source: LabelSource
  var views: [ViewJoin]
  private let names: OutputNames

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
    source = try LabelSource(
      options, keyColumns: bound.flatMap(LabelSource.keyColumns),
      outputCount: bound.reduce(0) { $0 + $1.features.count })
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

  /// What a manifest's name has behind the output's.
  private static let manifestSuffix = ".manifest.json"

  /// Refuses to replace what is read.
  private static func checkInputs(_ options: BuildOptions) throws(HindcastError) {
    let inputs = [("label file", options.labels), ("request file", options.requestFile)]
    let outputs = [
      ("output", options.output), ("output's manifest", options.output + manifestSuffix),
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
    guard name.utf8.count + manifestSuffix.utf8.count <= 255 else {
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
    let writer = try TableWriter(
      path: options.output, format: options.outputFormat,
      schema: source.schema.appending(fields), options: options.write)
    let queue = OutputQueue(
      to: writer, fields: fields,
      hash: ResultHash(names: outputs.map(\.name), types: outputs.map(\.type)),
      labelHashes: LabelHashes(source.schema))
    let chunks = ResolvedChunks(
      source, views, chunkRows: try chunkRows(), memoryBytes: options.memoryBytes)
    do throws(HindcastError) {
      var steps: [[BuildPlan.Step]] = []
      var rowCount = 0
      while let chunk = try chunks.next() {
        let gathered = try chunk.views.gather()
        steps.append(gathered.steps)
        try queue.append(.init(batches: chunk.labels.batches, columns: gathered.columns))
        rowCount += chunk.labels.count
        progress.update(phase: "build", done: rowCount, total: nil, unit: "labels")
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
  func chunkRows() throws(HindcastError) -> Int {
    var outputBytes = 0
    for view in views { outputBytes += try view.bytesPerLabel() }
    return ChunkSize.rows(outputBytes: outputBytes, memoryBytes: options.memoryBytes)
  }

  /// The feature columns of a chunk of labels.
  mutating func answer(_ chunk: LabelChunk) throws(HindcastError) -> [Column] {
    try views.answer(chunk, of: source)
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
    let path = writer.isStream ? nil : options.output + Self.manifestSuffix
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

/// How many labels are answered at a time.
enum ChunkSize {
  /// A key, a time, a sort entry and a winner.
  private static let resolvingBytes = 120
  /// What is left of that while features are gathered.
  private static let resolvedBytes = 48
  /// How much texts and lists shrink at most, it is assumed, when they are stored.
  private static let compression = 4

  /// As many labels as fit half of `memoryBytes`, with `outputBytes` of output each, of which the
  /// chunk before has as much while it is written, and while the next is resolved;
  /// 256...8,388,608.
  ///
  /// The other half is for pages, libraries and what a file's rows take beside that.
  static func rows(outputBytes: Int, memoryBytes: Int) -> Int {
    let bytes = resolvingBytes + resolvedBytes + 2 * outputBytes
    return min(max(memoryBytes / 2 / bytes, 256), 1 << 23)
  }

  /// How many labels are answered at a time where they come in the order of records: 65,536 to
  /// 262,144, the more the more segments each chunk is looked up in.
  static func sortedRows(segmentCount: Int) -> Int {
    min(max(segmentCount << 13, 1 << 16), 1 << 18)
  }

  /// What one output value takes: exact for fixed-width types, about for others.
  static func valueBytes(_ type: DataType, storedBytes: Int) -> Int {
    switch type.layout {
    case .bits: 1
    case .fixed(let width): width + 1
    // While texts are gathered they are there twice, with a place and a length each.
    case .bytes: max(64, 2 * compression * storedBytes + 16)
    case .list: max(256, 2 * compression * storedBytes + 64)
    }
  }
}
