import HindcastJoin
import HindcastTestKit
import Testing

@Suite("Trees of least numbers")
struct LeastTreeTests {
  private static func plain(_ leaves: [Int64], _ range: Range<Int>, _ bound: Int64) -> Int? {
    range.last { leaves[$0] <= bound }
  }

  @Test("every range of few leaves")
  func small() {
    var random = SplitMix64(seed: 1)
    for count in 0...40 {
      let leaves = (0..<count).map { _ in Int64.random(in: 0..<6, using: &random) }
      let tree = LeastTree(leaves)
      for start in 0...count {
        for end in start...count {
          for bound in Int64(-1)...6 {
            #expect(
              tree.last(in: start..<end, atMost: bound)
                == Self.plain(leaves, start..<end, bound))
          }
        }
      }
    }
  }

  @Test("ranges of many leaves, few of which are low")
  func large() {
    for seed in randomSeeds(40) {
      var random = SplitMix64(seed: seed)
      let count = Int.random(in: 1...9_000, using: &random)
      let rarity = Int.random(in: 1...3_000, using: &random)
      let leaves = (0..<count).map { _ in
        random.oneIn(rarity)
          ? Int64.random(in: 0..<4, using: &random)
          : Int64.max - Int64.random(in: 0...1, using: &random)
      }
      let tree = LeastTree(leaves)
      for _ in 0..<200 {
        let ends = (0..<2).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
        let bounds = [Int64.random(in: -1...4, using: &random), .max, .max - 1]
        let bound = bounds[Int.random(in: 0..<3, using: &random)]
        let found = tree.last(in: ends[0]..<ends[1], atMost: bound)
        #expect(found == Self.plain(leaves, ends[0]..<ends[1], bound), "seed \(seed)")
      }
    }
  }
}
