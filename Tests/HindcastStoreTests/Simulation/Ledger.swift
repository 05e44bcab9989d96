import HindcastStore
import Synchronization

/// What was acknowledged so far, and what is under way.
struct History: Sendable {
  /// What each snapshot up to the last acknowledged one holds.
  var models: [UInt64: Model] = [:]
  /// The last acknowledged commit; 0 as long as there is no store.
  var latest: UInt64 = 0
  /// What comes next if what is under way came through, in order.
  var pending: [Model] = []
  /// What is erased if what is under way comes through; it is all that is under way then.
  var pendingErasure: RecordErasure?
  /// What was erased.
  var erasures: [RecordErasure] = []
  /// Segments that were damaged: what needs them may fail.
  var damaged: Set<String> = []
  /// What holds once a repair has taken a damaged segment out of its group; nil if all are out.
  var loss: Model?

  var model: Model { models[latest] ?? Model() }

  /// Enters that `model` is what all snapshots after the last one, up to `number`, hold; except
  /// that those before `number` hold what came before, if it is a new one.
  mutating func acknowledge(_ model: Model, at number: UInt64) {
    guard number > latest else { return }
    if latest > 0 {
      for between in latest..<number { models[between] = self.model }
    }
    models[number] = model
    latest = number
  }

  /// The history if a record was never there.
  func erasing(_ erasure: RecordErasure) -> History {
    var history = self
    history.models = models.mapValues { $0.without(erasure) }
    history.erasures.append(erasure)
    return history
  }
}

/// A history that the thread of a stream writes to as well.
final class Ledger: Sendable {
  private let state: Mutex<History>

  init(_ history: History = History()) { state = Mutex(history) }

  var history: History { state.withLock { $0 } }
  /// What holds if all that was begun came through.
  var model: Model { state.withLock { $0.pending.last ?? $0.model } }

  /// Something is under way after which `model` holds.
  func begin(_ model: Model) { state.withLock { $0.pending.append(model) } }

  /// An erasure is under way.
  func begin(_ erasure: RecordErasure) {
    state.withLock { history in
      history.pending = [history.model.without(erasure)]
      history.pendingErasure = erasure
    }
  }

  /// A segment was damaged, and a repair is under way, after which `loss` holds.
  func damage(_ segment: String, loss: Model) {
    state.withLock { history in
      history.damaged.insert(segment)
      history.loss = loss
      history.pending = [loss]
    }
  }

  /// A repair of what was damaged before is under way, if anything was.
  func beginRepair() {
    state.withLock { history in history.pending = history.loss.map { [$0] } ?? [] }
  }

  /// The first thing under way is done; without a number it took no commit.
  func acknowledge(_ number: UInt64?) {
    state.withLock { history in
      guard !history.pending.isEmpty else { return }
      let model = history.pending.removeFirst()
      if let number { history.acknowledge(model, at: number) }
      // Without a commit nobody saw the record before.
      if let erasure = history.pendingErasure { history = history.erasing(erasure) }
      history.pendingErasure = nil
      history.loss = nil
    }
  }

  /// All commits up to `number` are done, the last ones of which changed nothing.
  func settle(_ number: UInt64) {
    state.withLock { history in history.acknowledge(history.model, at: number) }
  }
}
