import Foundation
public import HindcastCore
public import HindcastInterchange
public import HindcastJoin

/// What to build: labels, features, the rule, and where it goes.
public struct BuildOptions: Sendable {
  /// The label file, or `-` for standard input.
  public var labels: String
  /// The labels' format; nil goes by the file's name.
  public var labelsFormat: FileFormat?
  /// What a label's time is.
  public var time: LabelTime
  /// The features and the rule of each view.
  public var request: FeatureRequest
  /// The file that the request was read from, if any: the output must not replace it.
  public var requestFile: String?
  /// The output file, or `-` for standard output.
  public var output: String
  /// The output's format; nil goes by the file's name.
  public var outputFormat: FileFormat?
  /// The output's codec and row groups.
  public var write = WriteOptions()
  /// The snapshot to read; nil is the latest.
  public var snapshot: UInt64?
  /// How rows are found.
  public var strategy: Strategy
  /// About how much memory the build may take.
  public var memoryBytes: Int

  /// The default of ``memoryBytes``: a quarter of the machine's.
  public static var defaultMemoryBytes: Int {
    Int(clamping: ProcessInfo.processInfo.physicalMemory / 4)
  }

  /// Creates options with defaults.
  public init(labels: String, time: LabelTime, request: FeatureRequest, output: String) {
    self.labels = labels
    self.time = time
    self.request = request
    self.output = output
    strategy = .auto
    memoryBytes = Self.defaultMemoryBytes
  }
}

/// Where a label's time comes from.
public enum LabelTime: Hashable, Sendable {
  /// A column; `unit` is needed where it holds integers.
  case column(String, unit: TimeUnit?)
  /// One instant for all: batch scoring from the online view.
  case instant(Instant)
}

/// What a build did.
public struct BuildReport: Sendable {
  /// The manifest, also written beside the output.
  public var manifest: Manifest
  /// Where the manifest was written; nil where the output went to standard output.
  public var manifestPath: String?
  /// What a person should look at.
  public var warnings: [String]
  /// How it was done.
  public var plan: BuildPlan
}
