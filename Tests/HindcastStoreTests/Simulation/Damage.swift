import HindcastCore
import HindcastStore
import HindcastTestKit

/// Damages a segment of the latest snapshot, and repairs the store.
struct Damage {
  private let disk: SimulatedFileSystem
  private let ledger: Ledger

  init(_ disk: SimulatedFileSystem, _ ledger: Ledger) { (self.disk, self.ledger) = (disk, ledger) }

  func run(_ name: String, _ random: SplitMix64) throws {
    var random = random
    guard let model = ledger.model.groups[name] else { return }
    let segments = try Store.open(at: "/store", on: disk).snapshot().group(named: name)
    guard let victim = segments.segments.filter({ !$0.isInMemory }).randomElement(using: &random)
    else { return }
    let uid = victim.reference.uid.description
    var reading = StoreReading()
    let rest = try reading.rows(segments) { $0.reference.uid != victim.reference.uid }
    ledger.damage(uid, loss: ledger.model.with(model.keeping(rest)))
    spoil("/store/segments/\(uid).hseg", &random)
    try repair()
  }

  /// Removes the file, or its end, or turns some of its bits.
  private func spoil(_ path: String, _ random: inout SplitMix64) {
    guard var bytes = disk.bytes(path) else { return }
    switch random.int(0...3) {
    case 0: return disk.replace(path, with: nil)
    case 1: bytes.removeLast(random.int(1...bytes.count))
    default:
      for _ in 0..<random.int(1...9) { bytes[random.int(0...bytes.count - 1)] ^= 0x10 }
    }
    disk.replace(path, with: bytes)
  }

  /// Takes what is damaged out of its group, or finishes an earlier repair.
  ///
  /// Nobody has opened the segments before, so that nothing of them is remembered.
  func repair() throws {
    ledger.beginRepair()
    let report = try Store.open(at: "/store", on: disk).repair(isDryRun: false)
    // What the disk refuses to read is no damage.
    if report.commit == nil, let error = report.others.first { throw error }
    ledger.acknowledge(report.commit?.number)
  }
}
