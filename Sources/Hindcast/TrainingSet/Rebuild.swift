public import HindcastCore
public import HindcastStore

/// A training set built again from its manifest: the same labels by the same request, on the same
/// snapshot or, to train anew, on another.
public struct Rebuild {
  private let earlier: Manifest
  private let snapshot: Snapshot
  /// How the set is built; the request, and the labels' time, are the manifest's.
  public var options: BuildOptions

  /// Reads a manifest.
  /// - Parameters:
  ///   - path: The manifest, or the training set that it lies beside.
  ///   - labels: The label file, or `-` for standard input: a manifest holds no path.
  ///   - output: The output file, or `-` for standard output.
  ///   - other: The snapshot to read instead of the manifest's.
  /// - Throws: ``HindcastError`` if the manifest can't be read or is of another store, or its
  ///   snapshot is gone.
  public init(
    manifest path: String, store: Store, labels: String, output: String,
    instead other: SnapshotSelector? = nil
  ) throws(HindcastError) {
    let path = path.hasSuffix(Manifest.suffix) ? path : path + Manifest.suffix
    earlier = try Manifest(decoding: TextFile.read(path), file: path)
    try earlier.check(store, file: path)
    snapshot = try store.snapshot(other ?? .number(earlier.snapshot))
    options = BuildOptions(
      labels: labels, time: try earlier.labelTime(), request: try earlier.request(),
      output: output)
    options.requestFile = path
  }

  /// Builds the set as ``TrainingSet/build(progress:)`` does, and compares the manifests.
  public consuming func run(
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) -> RebuildReport {
    let report = try TrainingSet(snapshot: snapshot, options: options).build(progress: progress)
    return RebuildReport(
      build: report, snapshot: earlier.snapshot,
      differences: report.manifest.differences(from: earlier))
  }
}

/// What building a training set again gave.
public struct RebuildReport: Sendable {
  /// The build.
  public var build: BuildReport
  /// The snapshot that the set was built on before.
  public var snapshot: UInt64
  /// What the two manifests do not share, in words; the bytes of the label file are no part of it.
  public var differences: [String]

  /// Whether another snapshot was read than before, which may give other values.
  public var isOnOtherSnapshot: Bool { build.manifest.snapshot != snapshot }
  /// Whether the set is what it was, or was not meant to be.
  public var passes: Bool { isOnOtherSnapshot || differences.isEmpty }
}

extension Manifest {
  /// What differs in the labels, the rules and the values.
  fileprivate func differences(from earlier: Manifest) -> [String] {
    var found = labels.differences(from: earlier.labels)
    for (view, before) in zip(views, earlier.views) {
      if view.counts != before.counts || view.certificate != before.certificate {
        found.append("\(view.alias): what became of the labels is not what it was")
      }
      if !view.hasRule(of: before) {
        found.append("\(view.alias): the manifest's rule is none that was built by")
      }
    }
    if result != earlier.result { found.append("the values are not what they were") }
    return found
  }
}

extension Manifest.Labels {
  fileprivate func differences(from earlier: Self) -> [String] {
    if rows != earlier.rows {
      return ["there are \(rows) labels, not \(earlier.rows)"]
    }
    guard columns.map(\.name) == earlier.columns.map(\.name) else {
      return [
        "the label columns are \(columns.map(\.name).joined(separator: ", ")), "
          + "not \(earlier.columns.map(\.name).joined(separator: ", "))"
      ]
    }
    return zip(columns, earlier.columns).compactMap { column, before in
      if column.type != before.type {
        return "label column \(column.name) is \(column.type), not \(before.type)"
      }
      return column == before ? nil : "label column \(column.name) has other values"
    }
  }
}

extension Manifest.View {
  fileprivate func hasRule(of other: Self) -> Bool {
    var (a, b) = (self, other)
    (a.counts, a.certificate) = (b.counts, b.certificate)
    return a == b
  }
}
