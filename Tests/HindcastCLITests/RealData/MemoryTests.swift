import Foundation
import Testing

/// Memory goes by chunk and page sizes, never by how much history or how many labels there are.
@Suite(
  "Memory", .serialized,
  .enabled(if: FileManager.default.isExecutableFile(atPath: RealDataset.python.path), "needs .venv")
)
struct MemoryTests {
  /// Peak resident bytes of an ingest and of a build.
  private struct Peaks {
    let ingest: Int
    let build: Int
  }

  @Test("data ten times larger leaves peak memory where it was")
  func boundedMemory() throws {
    let small = try peaks(scale: "0.02")
    let large = try peaks(scale: "0.2")
    // The larger history is half a gigabyte in memory; what may differ is buffers filled further
    // and the allocator's slack.
    let slack = 128 << 20
    #expect(large.ingest < small.ingest + slack, "\(small) \(large)")
    #expect(large.build < small.build + slack, "\(small) \(large)")
    #expect(max(large.ingest, large.build) < 512 << 20, "\(large)")
  }

  private func peaks(scale: String) throws -> Peaks {
    let sandbox = try Sandbox()
    try sandbox.must(["dataset", "w1", "--scale", scale, "--order", "time", "--output", "data"])
    try sandbox.must(["init"])
    try sandbox.must(["apply", "data/groups.yaml"])
    let ingest = try sandbox.peak(["ingest", "f0", "data/f0.parquet", "--memory", "32MiB"])
    let build = try sandbox.peak([
      "build", "--labels", "data/labels.parquet", "--label-time", "label_time", "--features", "f0",
      "--memory", "32MiB", "--output", "out.parquet",
    ])
    return Peaks(ingest: ingest, build: build)
  }
}

extension Sandbox {
  /// Runs the command and returns its peak resident bytes.
  fileprivate func peak(_ arguments: [String]) throws -> Int {
    let text = try python(
      "Tests/scripts/peak_memory.py", arguments: [Sandbox.binary.path] + arguments)
    return try #require(text.split(separator: "\n").last.flatMap { Int($0) }, "\(text)")
  }
}
