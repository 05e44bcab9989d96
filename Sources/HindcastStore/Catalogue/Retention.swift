import HindcastCore

/// Which snapshots a store keeps: all from one on, and the named ones before it.
struct Retention {
  /// All snapshots from this one on are kept.
  private(set) var firstKept: UInt64 = 1
  /// Named snapshots, by name.
  private(set) var names: [String: UInt64] = [:]
  /// What was given up, in order.
  private(set) var expiries: [Expiry] = []

  /// Snapshots that a commit gave up.
  struct Expiry {
    /// All of them; named ones among them stay until their last name goes.
    let numbers: Range<UInt64>
    let commitNumber: UInt64
    let time: Instant
  }

  init() {}

  /// What a checkpoint holds.
  init(firstKept: UInt64, names: [String: UInt64], expiries: [Expiry]) {
    self.firstKept = firstKept
    self.names = names
    self.expiries = expiries
  }

  /// Whether a snapshot can be read, if there ever was one of the number.
  func keeps(_ number: UInt64) -> Bool {
    number >= firstKept || names.values.contains(number)
  }

  /// The named snapshots before the first of those that are kept without a name, in order.
  var namedBefore: [UInt64] {
    Set(names.values.filter { $0 < firstKept }).sorted()
  }

  /// Whether any snapshot of the range is kept; `namedBefore` is the property of that name.
  func keepsAny(of numbers: Range<UInt64>, namedBefore: [UInt64]) -> Bool {
    guard !numbers.isEmpty else { return false }
    return numbers.upperBound > firstKept || namedBefore.contains(where: numbers.contains)
  }

  /// How a snapshot was given up; nil if it is kept.
  func expiry(of number: UInt64) -> Expiry? {
    keeps(number) ? nil : expiries.last { $0.numbers.contains(number) }
  }

  /// The names of a snapshot, sorted.
  func names(of number: UInt64) -> [String] {
    names.filter { $0.value == number }.map(\.key).sorted()
  }
}

extension Retention {
  /// Gives a snapshot before commit `commit` a name that is free; false if that can't be.
  mutating func name(_ number: UInt64, _ name: String, in commit: Commit) -> Bool {
    guard SnapshotName.isValid(name), names[name] == nil, number >= 1, number < commit.number,
      keeps(number)
    else { return false }
    names[name] = number
    return true
  }

  /// Takes a name away; false if there is none.
  mutating func forget(_ name: String, in commit: Commit) -> Bool {
    guard let number = names.removeValue(forKey: name) else { return false }
    if !keeps(number) { note(number..<number + 1, commit) }
    return true
  }

  /// Keeps only named snapshots before `first`; false if it does not lie after what is kept now.
  mutating func expire(before first: UInt64, in commit: Commit) -> Bool {
    guard first > firstKept, first < commit.number else { return false }
    note(firstKept..<first, commit)
    firstKept = first
    return true
  }

  /// The same as if the snapshots before `first` had been expired.
  func expiring(before first: UInt64) -> Retention {
    var copy = self
    copy.firstKept = max(firstKept, first)
    return copy
  }

  private mutating func note(_ numbers: Range<UInt64>, _ commit: Commit) {
    expiries.append(Expiry(numbers: numbers, commitNumber: commit.number, time: commit.time))
  }
}

/// The names that snapshots can have.
enum SnapshotName {
  /// The most bytes of a name.
  static let byteLimit = 128

  /// What a person would take for something else than a name.
  static let reserved: Set<String> = ["latest", "now"]

  /// Whether `name` is a letter, then letters, digits, `_`, `-` and `.`: never a number.
  static func isValid(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...byteLimit).contains(bytes.count), isLetter(bytes[0]) else { return false }
    return bytes.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0) || "_-.".utf8.contains($0)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
