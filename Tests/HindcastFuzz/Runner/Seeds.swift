import Foundation
import HindcastCore
import HindcastFormat
import HindcastFuzzKit

/// Writes what a search starts from, a folder a target: segments and their pages as they are, and
/// a few inputs of scattered bytes for the writer.
func writeSeeds(to folder: String, from segments: some Collection<String>) -> Bool {
  do {
    for target in FuzzTarget.allCases {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(target.rawValue)", withIntermediateDirectories: true)
    }
    for path in segments {
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      let file = try Data(contentsOf: URL(filePath: path))
      try file.write(to: URL(filePath: "\(folder)/reader/\(name)"))
      for (number, page) in pages(of: Buffer(Array(file))).enumerated() {
        try Data(page).write(to: URL(filePath: "\(folder)/pages/\(name)-\(number)"))
      }
    }
    for seed in 0..<64 as Range<UInt64> {
      var state = seed
      let bytes = (0..<256).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      try Data(bytes).write(to: URL(filePath: "\(folder)/writer/scattered-\(seed)"))
    }
    return true
  } catch {
    print("seeds: \(error)")
    return false
  }
}

/// The inputs of the pages of a segment's features that no codec compressed.
private func pages(of file: Buffer) -> [[UInt8]] {
  let opened = try? SegmentReader(
    file: MemoryFile(file), expecting: nil, ignoringChecksums: true)
  guard let reader = opened else { return [] }
  var inputs: [[UInt8]] = []
  for field in reader.schema.features {
    guard let column = reader.feature(id: field.id) else { continue }
    for index in 0..<min(4, column.pageCount) {
      guard let page = try? column.describePage(index), page.codec == "none" else { continue }
      let start = page.byteOffset
      let content = Buffer(
        copying: file.span(of: UInt8.self).extracting(start..<start + page.storedByteCount))
      let input = PageInput.bytes(type: field.type, count: page.rowCount, content: content)
      if let input { inputs.append(input) }
    }
  }
  return inputs
}
