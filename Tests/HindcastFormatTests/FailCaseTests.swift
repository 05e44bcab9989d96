import Foundation
import HindcastCore
import HindcastFuzzKit
import Testing

/// Inputs that a fuzzer once found something with; new ones come here by themselves.
@Suite("Fuzzers' fail cases")
struct FailCaseTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "HindcastFuzz/FailCases")

  @Test("every input holds its property now", arguments: FuzzTarget.allCases)
  func failCases(_ target: FuzzTarget) throws {
    let folder = Self.folder.appending(path: target.rawValue)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(!names.isEmpty)
    for name in names {
      let input = Buffer(Array(try Data(contentsOf: folder.appending(path: name))))
      #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.check(input) }
    }
  }

  @Test("golden files, the bad ones too, hold the reader's property")
  func goldenFiles() throws {
    for folder in [GoldenFiles.folder, GoldenFiles.bad] {
      for name in GoldenFiles.names(in: folder) {
        let input = Buffer(try GoldenFiles.bytes(name, in: folder))
        #expect(throws: Never.self, "\(name)") { try FuzzTarget.reader.check(input) }
      }
    }
  }

  @Test("scattered bytes hold every property", arguments: FuzzTarget.allCases)
  func scatteredBytes(_ target: FuzzTarget) {
    let seed = testSeed("scatteredBytes(\(target.rawValue))")
    var generator = SeededGenerator(seed: seed)
    for round in 0..<100 {
      let count = Int.random(in: 0..<400, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(throws: Never.self, "seed \(seed), round \(round)") {
        try target.check(Buffer(bytes))
      }
    }
  }
}
