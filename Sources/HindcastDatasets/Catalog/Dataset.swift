public import HindcastCore

/// Generated data to try things on: tables, their feature groups, and what to do with them.
public struct Dataset: Sendable {
  /// The names of all datasets.
  public static let names = ["loans", "w1", "w2", "w3", "w4", "w5", "late"]

  /// The name.
  public let name: String
  /// One line on what the data is, for people.
  public let summary: String
  /// The feature tables, then the labels.
  public let tables: [DatasetTable]
  /// The feature groups, as `hindcast apply` reads them.
  public let groupsYAML: String
  /// The time column of the labels.
  public let labelTime: String

  /// The order of a table's rows.
  public enum RowOrder: String, Sendable, CaseIterable {
    /// By entity, then time.
    case entity
    /// By time, then entity, as rows arrive.
    case time
  }

  /// What to make.
  public struct Options: Sendable {
    /// Multiplies the number of rows and of entities.
    public var scale: Double
    /// The order of the rows.
    public var order: RowOrder
    /// Whether the data hides the future in late statements (loans only).
    public var leaks: Bool

    /// Creates options.
    public init(scale: Double = 1, order: RowOrder = .entity, leaks: Bool = true) {
      self.scale = scale
      self.order = order
      self.leaks = leaks
    }
  }

  /// The dataset of the given name.
  /// - Throws: ``HindcastError`` if there is none of that name, or the scale is not positive.
  public init(named name: String, options: Options = Options()) throws(HindcastError) {
    guard options.scale > 0, options.scale <= 1_000 else {
      throw HindcastError(
        .invalidArgument, "scale \(options.scale) must be more than 0 and at most 1000")
    }
    switch name {
    case "loans": self = .loans(options)
    case "w1": self = .w1(options)
    case "w2": self = .w2(options)
    case "w3": self = .w3(options)
    case "w4": self = .w4(options)
    case "w5": self = .w5(options)
    case "late": self = .late(options)
    default:
      throw HindcastError(
        .notFound,
        "no dataset '\(name)'; there are \(Self.names.joined(separator: ", "))")
    }
  }

  init(
    name: String, summary: String, tables: [DatasetTable], groups: [GroupText], labelTime: String
  ) {
    self.name = name
    self.summary = summary
    self.tables = tables
    self.groupsYAML = GroupText.yaml(groups)
    self.labelTime = labelTime
  }

  /// The command lines that load the dataset from `directory` and build a training set.
  public func nextCommands(directory: String, fileExtension: String = "parquet") -> [String] {
    let store = "--store \(directory)/store"
    let features = tables.filter { $0.group != nil }
    let references = features.map { "--features \($0.group ?? "")" }.joined(separator: " ")
    var lines = [
      "hindcast init \(directory)/store", "hindcast apply \(store) \(directory)/groups.yaml",
    ]
    for table in features {
      lines.append(
        "hindcast ingest \(store) \(table.group ?? "") \(directory)/\(table.name).\(fileExtension)")
    }
    for table in tables where table.group == nil {
      lines.append(
        "hindcast build \(store) --labels \(directory)/\(table.name).\(fileExtension) "
          + "--label-time \(labelTime) \(references) --names full "
          + "--output \(directory)/training.parquet"
      )
    }
    return lines
  }
}
