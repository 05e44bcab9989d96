public import HindcastCore
import HindcastInterchange
import HindcastJoin
public import HindcastStore

/// Builds a training set again from its manifest, by a full scan through the reference
/// implementation, and compares every cell, count, certificate and hash.
///
/// Shares with the engine the reading of files and segments, and nothing of the join.
public struct Audit {
  /// Labels that are compared at a time.
  private static let chunkRows = 1 << 16

  private let manifest: Manifest
  private let snapshot: Snapshot
  private var source: LabelSource
  private var views: [ViewAudit] = []
  private let hash: ResultHash
  private let labelHash: ResultHash
  private let hashedLabels: [(name: String, type: DataType)]
  private var report: AuditReport

  /// Opens a training set and its manifest, `FILE.manifest.json`.
  /// - Throws: ``HindcastError`` if one of them can't be read, or they are of another store.
  public init(store: Store, file: String) throws(HindcastError) {
    let path = file + Manifest.suffix
    manifest = try Self.manifest(of: file, at: path)
    try manifest.check(store, file: file)
    snapshot = try Self.snapshot(manifest.snapshot, store, file)
    let request = try manifest.request()
    var bound: [(BoundView, GroupSnapshot)] = []
    for view in request.views {
      let group = try snapshot.group(named: view.group)
      bound.append((try BoundView(view, to: group.definition), group))
    }
    let names = try OutputNames(request, bound.map(\.0), labelColumns: [])
    source = try LabelSource(
      BuildOptions(
        labels: file, time: manifest.labelTime(), request: request, output: ""),
      keyColumns: bound.flatMap { LabelSource.keyColumns(of: $0.0) },
      isText: manifest.labels.areText,
      types: zip(bound, names.features).flatMap { bound, names in
        zip(names, bound.0.features.map(\.type)).map { ($0, $1) }
      })
    for (index, (view, group)) in bound.enumerated() {
      let eventTimeName = names.eventTimes.isEmpty ? nil : names.eventTimes[index]
      views.append(
        try ViewAudit(
          view, group, keyTypes: source.types(of: view.labelKeys), names: names.features[index],
          eventTimeName: eventTimeName))
    }
    let outputs = views.flatMap(\.outputs)
    hashedLabels = manifest.labels.columns.compactMap { column in
      guard column.xxh128 != nil, let type = DataType(column.type) else { return nil }
      return (column.name, type)
    }
    labelHash = ResultHash(names: hashedLabels.map(\.name), types: hashedLabels.map(\.type))
    hash = ResultHash(names: outputs.map(\.name), types: outputs.map(\.type))
    report = AuditReport(file: file, snapshot: manifest.snapshot)
  }

  private static func snapshot(
    _ number: UInt64, _ store: Store, _ file: String
  ) throws(HindcastError) -> Snapshot {
    do throws(HindcastError) {
      return try store.snapshot(number)
    } catch {
      guard error.code == .expired else { throw error }
      throw HindcastError(
        .expired,
        "it can't be audited any more, which says nothing against it: the snapshot it was built on "
          + "is gone", at: .init(file: file), cause: error)
    }
  }

  private static func manifest(
    of file: String, at path: String
  ) throws(HindcastError) -> Manifest {
    do throws(HindcastError) {
      return try Manifest(decoding: TextFile.read(path), file: path)
    } catch {
      guard error.code == .notFound else { throw error }
      throw HindcastError(
        .notFound,
        "an audit needs the manifest \(path), which 'hindcast build' writes beside its output",
        at: .init(file: file), cause: error)
    }
  }

  /// Compares everything.
  ///
  /// O(labels x versions of their records); a chunk of labels and the whole history of their
  /// records in memory.
  public consuming func run(
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) -> AuditReport {
    while let chunk = try source.next(
      rows: Self.chunkRows, memoryBytes: BuildOptions.defaultMemoryBytes)
    {
      for (index, column) in try read(hashedLabels, of: chunk).enumerated() {
        labelHash.add(column, to: index)
      }
      var first = 0
      for index in views.indices {
        var columns = try read(views[index].outputs, of: chunk)
        let keys = try source.keys(views[index].bound.labelKeys, of: chunk)
        report.add(
          try views[index].compare(&columns, isText: source.isTextFile, keys: keys, chunk))
        for (place, column) in columns.enumerated() { hash.add(column, to: first + place) }
        first += columns.count
      }
      report.rowCount = source.rowCount
      progress.update(
        phase: "audit", done: source.rowCount, total: manifest.result.rows, unit: "labels")
    }
    check()
    return report
  }

  private func read(
    _ outputs: [(name: String, type: DataType)], of chunk: LabelChunk
  ) throws(HindcastError) -> [Column] {
    var columns: [Column] = []
    for output in outputs {
      columns.append(try source.column(named: output.name, as: output.type, of: chunk))
    }
    return columns
  }

  private mutating func check() {
    let found = hash.finish()
    if found != manifest.result.xxh128 {
      report.disagreements.append(
        "result hash: the manifest has \(manifest.result.xxh128), the file gives \(found)")
    }
    checkLabels()
    if source.rowCount != manifest.result.rows || source.rowCount != manifest.labels.rows {
      report.disagreements.append(
        "rows: the manifest has \(manifest.result.rows), the file \(source.rowCount)")
    }
    for (view, entry) in zip(views, manifest.views) {
      if entry.createdTime == "RELAXED" { report.relaxedViews.append(entry.alias) }
      report.lateCellCount += view.lateCellCount
      if view.erasedLabelCount > 0 { report.erasingCommits += view.erasingCommits }
      report.disagreements += view.disagreements(with: entry)
    }
    report.erasingCommits = Set(report.erasingCommits).sorted()
  }
}

extension Audit {
  /// The label columns are those that were built on, with the same values, and nothing was added.
  private mutating func checkLabels() {
    let outputs = views.flatMap(\.outputs).map(\.name)
    if outputs != manifest.result.columns {
      report.disagreements.append("the manifest's columns are not those of its own request")
    }
    let expected = manifest.labels.columns.map(\.name) + outputs
    if expected != source.columnNames {
      report.disagreements.append(
        "the file's columns are \(source.columnNames.joined(separator: ", ")), "
          + "not \(expected.joined(separator: ", "))")
    }
    let hashes = Dictionary(
      manifest.labels.columns.map { ($0.name, $0.xxh128) }, uniquingKeysWith: { first, _ in first })
    for (column, hash) in zip(hashedLabels, labelHash.finishColumns())
    where hashes[column.name] != hash {
      report.disagreements.append("label column \(column.name) is not what it was when built")
    }
  }
}
