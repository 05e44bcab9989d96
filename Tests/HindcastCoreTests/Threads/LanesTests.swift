import HindcastCore
import Synchronization
import Testing

@Suite struct LanesTests {
  /// What pieces did, in the order of their ends.
  private final class Record: Sendable {
    let done = Mutex<[(lane: Int, round: Int)]>([])
    func add(_ lane: Int, _ round: Int) { done.withLock { $0.append((lane, round)) } }
    var all: [(lane: Int, round: Int)] { done.withLock { $0 } }
  }

  private func pieces(_ lanes: Int, round: Int, _ record: Record) -> [Lanes.Piece] {
    (0..<lanes).map { lane in
      Lanes.Piece(lane: lane) { () throws(HindcastError) in record.add(lane, round) }
    }
  }

  @Test(arguments: [false, true])
  func aLaneKeepsItsOrder(overlaps: Bool) throws {
    let lanes = Lanes(overlaps: overlaps)
    let record = Record()
    for round in 0..<200 {
      lanes.add(pieces(5, round: round, record))
      try lanes.wait(exceptLast: 1)
      #expect(record.all.count { $0.round < round } == 5 * round)
    }
    try lanes.wait()
    for lane in 0..<5 {
      #expect(record.all.filter { $0.lane == lane }.map(\.round) == Array(0..<200))
    }
  }

  @Test(arguments: [false, true])
  func theFirstFailureIsReportedAndEndsTheWork(overlaps: Bool) throws {
    let lanes = Lanes(overlaps: overlaps)
    let record = Record()
    let failing = (0..<3).map { index in
      Lanes.Piece(lane: index) { () throws(HindcastError) in
        if index > 0 { throw HindcastError(.io, "piece \(index)") }
      }
    }
    lanes.add(pieces(3, round: 0, record))
    lanes.add(failing)
    #expect { try lanes.wait() } throws: { ($0 as? HindcastError)?.message == "piece 1" }
    lanes.add(pieces(3, round: 2, record))
    lanes.drain()
    #expect { try lanes.wait() } throws: { ($0 as? HindcastError)?.message == "piece 1" }
    #expect(record.all.count { $0.round == 0 } == 3)
  }

  @Test func workThatIsUnderWayIsDoneBeforeTheLanesEnd() {
    let record = Record()
    do {
      let lanes = Lanes(threads: 1)
      for round in 0..<50 { lanes.add(pieces(1, round: round, record)) }
    }
    #expect(record.all.count == 50)
  }
}
