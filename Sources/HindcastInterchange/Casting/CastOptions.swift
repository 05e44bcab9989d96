public import HindcastCore

/// How values of a file become values of a declared type.
public struct CastOptions: Sendable {
  /// The unit of integers that stand for times; nil refuses them (rule T1).
  public var integerUnit: TimeUnit?
  /// Whether the file knows only text, as CSV and JSON lines do: then text is parsed as any type.
  ///
  /// From other files only times and dates are.
  public var isTextSource: Bool

  /// Creates options.
  public init(integerUnit: TimeUnit? = nil, isTextSource: Bool = false) {
    self.integerUnit = integerUnit
    self.isTextSource = isTextSource
  }
}

extension ArrowStream {
  /// The options that go with the file's format.
  public func castOptions(integerUnit: TimeUnit? = nil) -> CastOptions {
    CastOptions(integerUnit: integerUnit, isTextSource: format == .csv || format == .jsonl)
  }
}

extension DataType {
  /// Checks, before any work, that a column of this type can be cast; single values may still fail.
  /// - Throws: ``HindcastError`` (`type_mismatch`) that names the column and says what to do.
  public func checkCast(
    to target: DataType, named column: String, options: CastOptions
  ) throws(HindcastError) {
    if let advice = refusal(to: target, options) {
      throw HindcastError(
        .typeMismatch, "the column is \(self), and \(target) is wanted\(advice)",
        at: .init(column: column))
    }
  }

  /// Why this type can't become `target`, to follow a sentence; nil if it can.
  private func refusal(to target: DataType, _ options: CastOptions) -> String? {
    switch (self, target) {
    case _ where self == target: return nil
    case (.timestamp, .timestamp), (.date, .timestamp): return nil
    case (.utf8, .timestamp), (.utf8, .date): return nil
    case (.utf8, _) where options.isTextSource:
      guard let element = target.element else { return nil }
      return DataType.utf8.refusal(to: element, options)
    case (_, .timestamp) where isInteger:
      return options.integerUnit == nil ? "; state the unit of its integers (s, ms, us or ns)" : nil
    case (_, .timestamp) where isFloat:
      return "; floating point is not exact enough for times: store it as an integer"
    case (_, .bool) where isInteger: return nil
    case (_, _) where isInteger && target.isInteger: return nil
    case (_, .decimal128) where isInteger: return nil
    case (_, .float32) where isInteger, (_, .float64) where isInteger: return nil
    case (.float32, .float64), (.float64, .float32): return nil
    case (.decimal128, .decimal128): return nil
    case (_, _) where isFloat && target.isInteger:
      return "; pandas turns integers with nulls into float64: store them with astype(\"Int64\")"
    default: return elementRefusal(to: target, options)
    }
  }

  private func elementRefusal(to target: DataType, _ options: CastOptions) -> String? {
    guard let element, let wanted = target.element else { return "" }
    return element == wanted ? nil : element.refusal(to: wanted, options)
  }
}
