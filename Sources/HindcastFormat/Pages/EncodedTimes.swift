public import HindcastCore

/// A page of times whose values stay encoded, for searches that read few of them.
public struct EncodedTimes: Sendable {
  private let page: EncodedPage

  fileprivate init(_ page: EncodedPage) { self.page = page }

  /// The time at `index`, which must be one of the page's and not null.
  /// - Throws: ``HindcastError`` (`segment_bad_page`) if its bytes are malformed.
  public func time(at index: Int) throws(HindcastError) -> Int64 {
    Int64(bitPattern: try page.word(at: index))
  }

  /// The first index of `range`, in which times ascend, whose time is over `bound`, or the range's
  /// end.
  ///
  /// O(log range) times read.
  /// - Throws: ``HindcastError`` as ``time(at:)``.
  public func upperBound(_ bound: Int64, in range: Range<Int>) throws(HindcastError) -> Int {
    try page.upperBound(UInt64(bitPattern: bound), in: range)
  }
}

extension ColumnReader {
  /// Page `index` of a column of times without nulls, to be read by place.
  ///
  /// From the cache of look-ups if it is there, and not kept.
  /// - Throws: ``HindcastError`` as ``page(_:)``.
  public func encodedTimes(_ index: Int) throws(HindcastError) -> EncodedTimes {
    EncodedTimes(try pageOnce(index))
  }
}
