import HindcastCore

/// A rule of 03-encodings that the content of a page breaks, before it is known whose page it is.
struct NodeFault: Error {
  var code: HindcastError.Code
  var message: String
  /// Where in the content.
  var offset: Int

  static func bad(_ message: String, at offset: Int) -> NodeFault {
    NodeFault(code: .segmentBadPage, message: message, offset: offset)
  }

  static func limit(_ message: String, at offset: Int) -> NodeFault {
    NodeFault(code: .segmentLimitExceeded, message: message, offset: offset)
  }

  /// The error that a reader reports for a page at `place`.
  func error(at place: Place) -> HindcastError { place.error(code, message, at: offset) }
}
