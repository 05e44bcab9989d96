public import HindcastCore

/// A chunk of labels as one view sees them: a key and a time a row, in label order.
public struct LabelVector: Sendable {
  /// The keys, in the group's layout, and the rows that have none.
  public let keys: KeyEncoder.Encoded
  /// Ticks of `unit` (`Int64` a row); arbitrary under a null.
  public let times: Buffer
  /// One bit a row, set where there is a time; nil if no time is null.
  public let timeValidity: Buffer?
  /// The unit of `times`.
  public let unit: TimeUnit
  /// What copies of this share.
  let facts = SharedLabelFacts()

  /// The number of labels.
  public var count: Int { keys.keys.count }

  /// Creates a chunk from encoded keys and a timestamp or date column of equal length.
  public init(keys: KeyEncoder.Encoded, times: Column) throws(HindcastError) {
    precondition(times.count == keys.keys.count)
    self.keys = keys
    timeValidity = times.validity
    switch times.type {
    case .timestamp(let unit, _):
      self.unit = unit
      self.times = times.fixed
    case .date:
      unit = .second
      self.times = Self.midnights(times)
    default:
      throw HindcastError(.typeMismatch, "\(times.type) is no time: use a timestamp or a date")
    }
  }

  private static func midnights(_ days: Column) -> Buffer {
    var seconds = MutableBuffer(byteCount: 8 * days.count)
    var target = seconds.mutableSpan(of: Int64.self)
    let source = days.fixed.span(of: Int32.self)
    for row in 0..<days.count { target[row] = Int64(source[row]) * 86_400 }
    return seconds.freeze()
  }

  /// Whether row `row` has a null key component or a null time.
  func isUnusable(_ row: Int) -> Bool {
    if let nulls = keys.nullRows, Bits.get(nulls.span(of: UInt8.self), row) { return true }
    guard let timeValidity else { return false }
    return !Bits.get(timeValidity.span(of: UInt8.self), row)
  }

  /// Whether no record can have row `row`'s key.
  func isAbsent(_ row: Int) -> Bool {
    guard let absent = keys.absentRows else { return false }
    return Bits.get(absent.span(of: UInt8.self), row)
  }
}
