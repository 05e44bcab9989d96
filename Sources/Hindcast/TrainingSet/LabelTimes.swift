import HindcastCore
import HindcastInterchange

/// The label time column by rule T1: timestamps, dates, ISO 8601 text, or integers with a stated
/// unit.
struct LabelTimes {
  private let index: Int
  private let options: CastOptions
  /// The types to read the column as, the first one that is exact.
  private let candidates: [DataType]

  /// Checks the column's type.
  /// - Throws: ``HindcastError`` for floating point, integers without a unit, and what is no time.
  init(index: Int, unit: TimeUnit?, stream: ArrowStream) throws(HindcastError) {
    self.index = index
    options = stream.castOptions(integerUnit: unit)
    let field = stream.schema.fields[index]
    let location = HindcastError.Location(file: stream.path, column: field.name)
    switch field.type {
    case .timestamp(let unit, let zone): candidates = [.timestamp(unit, zone: zone)]
    case .date: candidates = [.date]
    case .utf8 where unit == nil:
      candidates = [.timestamp(.microsecond, zone: nil), .timestamp(.nanosecond, zone: nil)]
    case let type? where type == .utf8 || type.isInteger:
      guard let unit else {
        throw HindcastError(
          .invalidArgument,
          "the time is an integer (\(type)): say in which unit with --label-time-unit s|ms|us|ns",
          at: location)
      }
      candidates = [.timestamp(unit, zone: nil)]
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
      candidates = [.timestamp(.second, zone: nil)]
    }
  }

  /// The times of a chunk as timestamps or dates.
  /// - Throws: ``HindcastError`` that lists the first cells that are no time.
  func column(of batches: [ArrowBatch], file: String) throws(HindcastError) -> Column {
    var first: HindcastError?
    for type in candidates {
      do throws(HindcastError) {
        return try batches.column(index, as: type, options, file: file)
      } catch {
        first = first ?? error
      }
    }
    throw first ?? HindcastError(.typeMismatch, "the label time can't be read")
  }
}
