import HindcastCore
import HindcastFormat
import HindcastStore

/// What the disk takes to make 4 KiB at the end of a file durable.
enum SynchronizationProbe {
  static func medianSeconds(in folder: String) throws -> Double {
    let fileSystem = LocalFileSystem()
    let path = folder + "/tmp/probe"
    let file = try fileSystem.createFile(path)
    let bytes = Buffer([UInt8](repeating: 7, count: 4096))
    var seconds: [Double] = []
    for _ in 0..<200 {
      try file.append(bytes.bytes)
      let start = ContinuousClock.now
      try file.synchronize()
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    try file.close()
    try fileSystem.removeFile(path)
    return seconds.sorted()[seconds.count / 2]
  }
}
