import HindcastCore

/// The state of a simulated disk: what programs see, and what a power cut would leave of it.
struct SimulatedDisk {
  var nodes: [Int: Node] = [0: .directory(Directory())]
  private var nextNode = 1

  enum Node {
    case file(File)
    case directory(Directory)
  }

  struct File {
    var bytes: [UInt8] = []
    /// As many bytes from the start were made durable, those of ``overwritten`` as they were.
    var durableCount = 0
    /// Zeros whose place was taken since, and what took it is not durable.
    var overwritten = 0..<0
    /// Bytes that the system forgot after a failed synchronisation: programs see them, the disk
    /// never gets them.
    var dropped: [Range<Int>] = []

    /// Writes bytes where zeros are, at the end, or behind it, with zeros between.
    mutating func write(_ new: some Collection<UInt8>, at offset: Int) {
      bytes += Array(repeating: 0, count: max(0, offset - bytes.count))
      let place = offset..<min(offset + new.count, bytes.count)
      bytes.replaceSubrange(place, with: new)
      let below = place.clamped(to: 0..<durableCount)
      guard !below.isEmpty else { return }
      let start = overwritten.isEmpty ? below.lowerBound : overwritten.lowerBound
      overwritten = start..<below.upperBound
    }

    /// Makes all durable, but what was dropped.
    mutating func synchronize() {
      durableCount = bytes.count
      overwritten = 0..<0
    }

    /// Writes bytes at an offset and makes all durable, but what was dropped elsewhere.
    mutating func rewrite(_ new: [UInt8], at offset: Int) {
      let end = offset + new.count
      bytes += Array(repeating: 0, count: max(0, end - bytes.count))
      bytes.replaceSubrange(offset..<end, with: new)
      synchronize()
      dropped = dropped.flatMap { range in
        [range.clamped(to: 0..<offset), range.clamped(to: end..<max(end, range.upperBound))]
      }.filter { !$0.isEmpty }
    }

    mutating func dropUnsynchronized() {
      if durableCount < bytes.count { dropped.append(durableCount..<bytes.count) }
      if !overwritten.isEmpty { dropped.append(overwritten) }
    }
  }

  struct Directory {
    var entries: [String: Int] = [:]
    var durableEntries: [String: Int] = [:]
    /// Changes since the directory was last synchronised: a new node for a name, or none.
    var pending: [(name: String, node: Int?)] = []
  }

  static func parts(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init)
  }

  func node(_ path: String) -> Int? {
    var current = 0
    for part in Self.parts(path) {
      guard case .directory(let directory) = nodes[current], let next = directory.entries[part]
      else { return nil }
      current = next
    }
    return current
  }

  /// The directory that holds a path, and the name in it.
  func place(_ path: String) -> (directory: Int, name: String)? {
    let parts = Self.parts(path)
    guard let name = parts.last, let parent = node(parts.dropLast().joined(separator: "/")),
      case .directory = nodes[parent]
    else { return nil }
    return (parent, name)
  }

  mutating func add(_ node: Node) -> Int {
    nodes[nextNode] = node
    nextNode += 1
    return nextNode - 1
  }

  mutating func setEntry(_ place: (directory: Int, name: String), to node: Int?) {
    guard case .directory(var directory) = nodes[place.directory] else { return }
    directory.entries[place.name] = node
    directory.pending.append((place.name, node))
    nodes[place.directory] = .directory(directory)
  }

  /// Sets an entry as no program does: no power cut undoes it.
  mutating func setDurableEntry(_ place: (directory: Int, name: String), to node: Int?) {
    guard case .directory(var directory) = nodes[place.directory] else { return }
    directory.entries[place.name] = node
    directory.durableEntries[place.name] = node
    directory.pending.removeAll { $0.name == place.name }
    nodes[place.directory] = .directory(directory)
  }

  mutating func updateFile(_ node: Int, _ change: (inout File) -> Void) {
    guard case .file(var file) = nodes[node] else { return }
    nodes[node] = nil
    change(&file)
    nodes[node] = .file(file)
  }

  mutating func synchronizeDirectory(_ node: Int) {
    guard case .directory(var directory) = nodes[node] else { return }
    directory.durableEntries = directory.entries
    directory.pending = []
    nodes[node] = .directory(directory)
  }
}

extension SimulatedDisk {
  /// What a power cut leaves: durable bytes and entries, and of the rest a random part.
  ///
  /// Bytes that were not synchronised are lost, torn or turned to garbage at the grain of a sector;
  /// changes of directories are kept or lost one by one.
  func afterPowerCut(_ random: inout SplitMix64, sectorSize: Int = 512) -> SimulatedDisk {
    var disk = self
    for (id, node) in nodes.sorted(by: { $0.key < $1.key }) {
      switch node {
      case .file(var file):
        guard
          file.durableCount < file.bytes.count || !file.dropped.isEmpty
            || !file.overwritten.isEmpty
        else { continue }
        Self.tear(&file, sectorSize, &random)
        disk.nodes[id] = .file(file)
      case .directory(let directory):
        var entries = directory.durableEntries
        for change in directory.pending where Bool.random(using: &random) {
          entries[change.name] = change.node
        }
        disk.nodes[id] = .directory(Directory(entries: entries, durableEntries: entries))
      }
    }
    return disk
  }

  private static func tear(_ file: inout File, _ sectorSize: Int, _ random: inout SplitMix64) {
    for range in file.dropped {
      let isZero = Bool.random(using: &random)
      for index in range where index < file.bytes.count {
        file.bytes[index] = isZero ? 0 : .random(in: .min ... .max, using: &random)
      }
    }
    // A file system that writes the length first leaves all of it, with holes.
    let kept =
      Bool.random(using: &random)
      ? file.bytes.count : .random(in: file.durableCount...file.bytes.count, using: &random)
    file.bytes.removeSubrange(kept...)
    tear(&file, file.overwritten, sectorSize, &random)
    tear(&file, file.durableCount..<kept, sectorSize, &random)
    file.synchronize()
    file.dropped = []
  }

  /// Keeps, loses or spoils bytes by the sector; what is lost is zero, as it was before.
  private static func tear(
    _ file: inout File, _ range: Range<Int>, _ sectorSize: Int, _ random: inout SplitMix64
  ) {
    var sector = range.lowerBound / sectorSize
    while sector * sectorSize < range.upperBound {
      let fate = Int.random(in: 0..<4, using: &random)
      let start = max(sector * sectorSize, range.lowerBound)
      for index in start..<min(range.upperBound, sector * sectorSize + sectorSize) {
        if fate == 2 { file.bytes[index] = 0 }
        if fate == 3 { file.bytes[index] = .random(in: .min ... .max, using: &random) }
      }
      sector += 1
    }
  }
}
