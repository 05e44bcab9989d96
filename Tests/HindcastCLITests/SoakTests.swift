import Foundation
import HindcastTestKit
import Testing

/// Processes that are killed at any moment; `Tests/scripts/soak.py` runs for as long as one likes.
@Suite(.serialized) struct SoakTests {
  @Test("a writer, a compactor and two readers, one of which is killed again and again")
  func kills() throws {
    let sandbox = try Sandbox()
    try sandbox.soak(["--seconds", "20", "--interval", "0.3"])
  }
}

extension Sandbox {
  fileprivate func soak(_ options: [String]) throws {
    setenv("HINDCAST_ARROW", Self.arrowLibrary, 0)
    let script = Self.root.appending(path: "Tests/scripts/soak.py").path
    let outcome = try PythonTool.run(
      [script, Self.binary.path, folder.appending(path: "soak").path] + options)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    print(outcome.output)
  }

  private static var arrowLibrary: String { root.appending(path: "bin/libhindcast_arrow.so").path }
}
