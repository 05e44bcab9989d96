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

  @Test("rows of 100 KB each leave peak memory where it was, whatever reads or writes them")
  func wideRows() throws {
    let sandbox = try Sandbox()
    _ = try sandbox.python(
      "Tests/scripts/wide_texts.py", "wide.parquet", "12000", "100000")
    try sandbox.must(["init"])
    try sandbox.must([
      "group", "create", "notes", "--schema-from", "wide.parquet", "--record-id", "id",
      "--event-time", "ts",
    ])
    let ingest = ["ingest", "notes", "wide.parquet", "--memory", "64MiB"]
    let commands = [
      ingest, ingest,
      [
        "build", "--labels", "wide.parquet", "--label-time", "ts", "--names", "full",
        "--features", "notes", "--memory", "256MiB", "--output", "out.parquet",
      ],
      ["compact", "notes", "--full", "--memory", "64MiB"],
      ["delete", "notes", "7", "--erase"],
      ["expire", "notes", "--before", "1970-01-01T01:00:00Z", "--memory", "64MiB"],
    ]
    // The texts take 1.2 GB in memory, of the labels as much again. Of the file's rows a whole page
    // has to be there, in which libarrow put 100 MB.
    for command in commands {
      let peak = try sandbox.peak(command)
      #expect(peak < 900 << 20, "\(command): \(peak >> 20) MiB")
    }
    try sandbox.must(["verify", "--deep"])
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
