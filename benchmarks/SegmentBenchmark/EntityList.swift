import HindcastCore
import HindcastFormat

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The records that a look-up asks for.
struct EntityList {
  /// Their keys, in the order of the file.
  let keys: KeyVector

  /// Reads a text file with an int64 identifier a line.
  /// - Throws: ``HindcastError`` if it can't be read or a line is no number.
  init(_ path: String, for segment: SegmentReader) throws(HindcastError) {
    guard let file = unsafe fopen(path, "r") else {
      throw HindcastError(.notFound, "the list can't be opened", at: .init(file: path))
    }
    defer { unsafe fclose(file) }
    var line: UnsafeMutablePointer<CChar>? = nil
    var capacity = 0
    defer { unsafe free(line) }
    var entities: [Int64] = []
    while unsafe getline(&line, &capacity, file) > 0, let start = unsafe line {
      let text = unsafe String(cString: start)
      guard let entity = Int64(text.prefix { $0 != "\n" }) else {
        throw HindcastError(
          .invalidValue, "this is no identifier", at: .init(file: path, row: entities.count + 1))
      }
      entities.append(entity)
    }
    let encoder = try KeyEncoder(
      layout: segment.keyLayout, sources: [.int64], names: ["entity"])
    keys = try encoder.encode([Column(type: .int64, entities)]).keys
  }
}
