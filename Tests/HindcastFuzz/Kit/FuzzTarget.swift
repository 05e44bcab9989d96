package import HindcastCore

/// What can be fuzzed: a property of any bytes at all.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// The input is a segment's file; its checksums are not looked at.
  case reader
  /// The input is the content of one page: see ``PageInput``.
  case pages
  /// The input drives a generator of rows, which are written and read back.
  case writer

  /// Checks the property for one input.
  ///
  /// O(values that the input describes).
  /// - Throws: ``Finding`` if it does not hold. Traps of the code under test are findings too.
  package func check(_ input: Buffer) throws(Finding) {
    switch self {
    case .reader: try checkSegment(input)
    case .pages: try checkPage(input)
    case .writer: try checkWriter(input)
    }
  }
}
