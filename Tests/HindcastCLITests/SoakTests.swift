import Foundation
import Testing

/// Processes that are killed at any moment; `Tests/scripts/soak.py` goes on for as long as one likes.
@Suite(
  .serialized,
  .enabled(if: FileManager.default.isExecutableFile(atPath: RealDataset.python.path), "needs .venv")
)
struct SoakTests {
  @Test("a writer, a compactor and two readers, one of which is killed again and again")
  func kills() throws {
    let sandbox = try Sandbox()
    try sandbox.python(
      "Tests/scripts/soak.py", Sandbox.binary.path, "soak", "--seconds", "20", "--interval", "0.3")
  }
}
