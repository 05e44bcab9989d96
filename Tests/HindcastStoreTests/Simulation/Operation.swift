import HindcastCore
import HindcastStore
import HindcastTestKit

/// Rows for one group.
struct Load: Sendable {
  var group: String
  var rows: [WorldRow]
  var batchID: String?
}

/// How an ingest cuts its rows.
struct IngestShape: Sendable {
  var rowsPerSegment = 100
  /// The rows that fit into memory.
  var rowsPerPart = 100
  var segmentsPerIngest = 8
}

/// Something that a program does to a store.
enum Operation: Sendable {
  case create
  case createGroup(FeatureGroup, firstKey: Int)
  case dropGroup(String)
  /// A change of features, and the group after it.
  case evolve(ModelGroup, renamed: [String: String], dropping: Set<String>)
  case ingest(Load, IngestShape)
  /// An ingest that is given up.
  case cancel(Load)
  /// Two writers at once, as if locks did not work: the first opens, the second ingests, and then
  /// the first tries to.
  case intrude(first: Load, second: Load)
  /// Rows as they come; while others come in the store is tidied up, in turns that follow from a
  /// seed, or, without one, they wait for that.
  case stream([Load], logCommitLimit: Int, compacts: Bool, turns: UInt64?)
  case compact(String, isFull: Bool, memoryBytes: Int, rowsPerSegment: Int)
  case horizon(String, ticks: Int64)
  case tag(UInt64, String)
  case untag(String)
  case expire(keepLast: Int)
  case erase(String, record: [Value])
  /// A segment of a group is damaged, in a way that follows from a seed, and taken out of it.
  case repair(String, seed: UInt64)
  /// A reader holds a snapshot while some operations are done that follow from a seed.
  case hold(UInt64, seed: UInt64, count: Int)
}

extension Operation: CustomStringConvertible {
  var description: String {
    switch self {
    case .create: "create"
    case .createGroup(let group, _): "create group \(group.name)"
    case .dropGroup(let name): "drop group \(name)"
    case .evolve(let group, let renamed, let dropping):
      "evolve \(group.definition.name) to "
        + group.definition.features.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
        + " renamed \(renamed) dropping \(dropping)"
    case .ingest(let load, let shape): "ingest \(load), \(shape)"
    case .cancel(let load): "ingest \(load) and cancel"
    case .intrude(let first, let second): "ingest \(second) between another's steps: \(first)"
    case .stream(let loads, let limit, let compacts, let turns):
      "stream " + loads.map(\.description).joined(separator: "; ")
        + ", \(limit) commits a log\(compacts ? ", compacting" : "")"
        + (turns.map { ", tidying meanwhile in turns \($0)" } ?? "")
    case .compact(let name, let isFull, let memory, let rows):
      "compact \(name), full \(isFull), memory \(memory), \(rows) rows a segment"
    case .horizon(let name, let ticks): "expire \(name) before \(ticks)"
    case .tag(let number, let name): "tag \(number) as \(name)"
    case .untag(let name): "untag \(name)"
    case .expire(let count): "keep the last \(count) snapshots"
    case .erase(let name, let record): "erase \(record) from \(name)"
    case .repair(let name, let seed): "damage and repair \(name), seed \(seed)"
    case .hold(let number, let seed, let count):
      "\(count) operations from seed \(seed) while a reader holds snapshot \(number)"
    }
  }
}

extension Load: CustomStringConvertible {
  var description: String {
    "\(rows.count) rows into \(group)" + (batchID.map { " as \($0)" } ?? "")
  }
}
