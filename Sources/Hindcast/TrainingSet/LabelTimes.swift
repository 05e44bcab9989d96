import HindcastCore
import HindcastInterchange

/// The label time column by rule T1: timestamps, dates, ISO 8601 text, or integers with a stated
/// unit.
struct LabelTimes {
  private let index: Int
  private let options: CastOptions
  private let field: HindcastError.Location
  /// What a chunk is read as.
  private let type: DataType
  /// What a chunk of texts is read as where `type` is not exact.
  private var finerType: DataType?
  /// Whether a text so far was finer than a microsecond, and whether one was beyond nanoseconds.
  private var (isFiner, isFar) = (false, false)

  /// Checks the column's type.
  /// - Throws: ``HindcastError`` for floating point, integers without a unit, and what is no time.
  init(index: Int, unit: TimeUnit?, stream: ArrowStream) throws(HindcastError) {
    self.index = index
    options = stream.castOptions(integerUnit: unit)
    let field = stream.schema.fields[index]
    let location = HindcastError.Location(file: stream.path, column: field.name)
    self.field = location
    switch field.type {
    case .timestamp(let unit, let zone): type = .timestamp(unit, zone: zone)
    case .date: type = .date
    case .utf8 where unit == nil:
      type = .timestamp(.microsecond, zone: nil)
      finerType = .timestamp(.nanosecond, zone: nil)
    case let type? where type == .utf8 || type.isInteger:
      guard let unit else {
        throw HindcastError(
          .invalidArgument,
          "the time is an integer (\(type)): say in which unit with --label-time-unit s|ms|us|ns",
          at: location)
      }
      self.type = .timestamp(unit, zone: nil)
    case .float32, .float64:
      throw HindcastError(
        .typeMismatch,
        "the time is floating point, which can't hold instants exactly: store a timestamp or an "
          + "integer", at: location)
    default:
      guard field.isNullType else {
        throw HindcastError(
          .typeMismatch,
          "\(field.typeName) is no time: use a timestamp, a date, ISO 8601 text or an integer",
          at: location)
      }
      type = .timestamp(.second, zone: nil)
    }
  }

  /// The times of a chunk as timestamps or dates.
  ///
  /// Texts are microseconds, or nanoseconds in a chunk with one that is finer. Times that have no
  /// unit in common are refused even in different chunks, so that how many labels are in a chunk
  /// never decides.
  /// - Throws: ``HindcastError`` that lists the first cells that are no time.
  mutating func column(of batches: [ArrowBatch], file: String) throws(HindcastError) -> Column {
    var problems = CellProblems(file: file)
    if let column = try batches.column(index, as: type, options, &problems) {
      if finerType != nil, !isFar { isFar = !Self.fitsNanoseconds(column) }
      try checkUnits()
      return column
    }
    if let finerType {
      var finerProblems = CellProblems(file: file)
      if let column = try batches.column(index, as: finerType, options, &finerProblems) {
        isFiner = true
        try checkUnits()
        return column
      }
      if finerProblems.count <= problems.count { problems = finerProblems }
    }
    throw problems.error ?? HindcastError(.typeMismatch, "the label time can't be read", at: field)
  }

  private func checkUnits() throws(HindcastError) {
    guard isFiner, isFar else { return }
    throw HindcastError(
      .invalidValue,
      "one time is finer than a microsecond, another is outside 1677-09-21 to 2262-04-11: no unit "
        + "holds both in 64 bits", at: field)
  }

  private static func fitsNanoseconds(_ microseconds: Column) -> Bool {
    let ticks = microseconds.fixed.span(of: Int64.self)
    let (least, most) = (Int64.min / 1_000, Int64.max / 1_000)
    var fits = true
    for row in 0..<microseconds.count { fits = fits && ticks[row] >= least && ticks[row] <= most }
    return fits
  }
}
