/// A property that does not hold: what a fuzzer looks for.
package struct Finding: Error, CustomStringConvertible {
  /// What was expected, and what came instead.
  package let description: String

  /// Creates a finding.
  package init(_ description: String) { self.description = description }
}

/// Throws unless `condition` holds.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(Finding) {
  guard condition else { throw Finding(message()) }
}
