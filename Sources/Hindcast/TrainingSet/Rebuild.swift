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
  ///   - file: The manifest, or the training set that it lies beside.
  ///   - labels: The label file, or `-` for standard input: a manifest holds no path.
  ///   - output: The output file, or `-` for standard output.
  ///   - other: The snapshot to read instead of the manifest's.
  /// - Throws: ``HindcastError`` if the manifest can't be read or is of another store, or its
  ///   snapshot is gone.
  public init(
    manifest file: String, store: Store, labels: String, output: String,
    instead other: SnapshotSelector? = nil
  ) throws(HindcastError) {
    let path = try Self.path(of: file)
    earlier = try Manifest(decoding: TextFile.read(path), file: path)
    try earlier.check(store, file: path)
    snapshot = try Self.snapshot(other ?? .number(earlier.snapshot), store, path)
    do throws(HindcastError) {
      options = BuildOptions(
        labels: labels, time: try earlier.labelTime(), request: try earlier.request(),
        output: output)
    } catch {
      throw error.inFile(path)
    }
    options.requestFile = path
  }

  private static func snapshot(
    _ selector: SnapshotSelector, _ store: Store, _ path: String
  ) throws(HindcastError) -> Snapshot {
    do throws(HindcastError) {
      return try store.snapshot(selector)
    } catch {
      guard error.code == .expired else { throw error }
      throw HindcastError(
        .expired,
        "\(error.message); another one answers the same request with --snapshot or --as-known",
        at: .init(file: path))
    }
  }

  /// Where the manifest of a set is, or one that was given another name.
  private static func path(of file: String) throws(HindcastError) -> String {
    let beside = file + Manifest.suffix
    let files = LocalFileSystem()
    if try files.status(beside) != nil { return beside }
    guard try files.status(file) != nil else {
      throw HindcastError(
        .notFound, "there is no such manifest, and no set of this name with one beside it",
        at: .init(file: file))
    }
    return file
  }

  /// Builds the set as ``TrainingSet/build(progress:)`` does, and compares the manifests.
  public consuming func run(
    progress: any ProgressSink = SilentProgress()
  ) throws(HindcastError) -> RebuildReport {
    let report: BuildReport
    do throws(HindcastError) {
      report = try TrainingSet(snapshot: snapshot, options: options).build(progress: progress)
    } catch {
      guard error.code == .duplicateName else { throw error }
      // The request had no such names together with the labels that it was written for.
      throw HindcastError(
        .duplicateName,
        "these labels have columns that the set adds; name the label file that it was built from, "
          + "not the set itself", at: .init(file: options.labels), cause: error)
    }
    return RebuildReport(
      build: report, snapshot: earlier.snapshot,
      labelDifferences: report.manifest.labels.differences(from: earlier.labels),
      valueDifferences: report.manifest.valueDifferences(from: earlier))
  }
}

/// What building a training set again gave.
public struct RebuildReport: Sendable {
  /// The build.
  public var build: BuildReport
  /// The snapshot that the set was built on before.
  public var snapshot: UInt64
  /// In what the labels are not those that the set was built for, in words; the bytes of the label
  /// file are no part of it.
  public var labelDifferences: [String]
  /// In what rules, counts, certificates and values are not what they were, in words.
  public var valueDifferences: [String]

  /// Whether another snapshot was read than before, which may give other values.
  public var isOnOtherSnapshot: Bool { build.manifest.snapshot != snapshot }
  /// Whether the set is what it was, or was not meant to be.
  public var passes: Bool {
    isOnOtherSnapshot || labelDifferences.isEmpty && valueDifferences.isEmpty
  }
}

extension Manifest {
  fileprivate func valueDifferences(from earlier: Manifest) -> [String] {
    var found: [String] = []
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
