/// Draws indices by given weights, with a guide table that leads close to the answer.
struct DiscreteSampler: Sendable {
  private let cumulative: [Double]
  private let guide: [Int]

  /// Prepares the weights, which need not sum to one.
  init(weights: [Double]) {
    let total = weights.reduce(0, +)
    var sum = 0.0
    var cumulative = weights.map { weight in
      sum += weight / total
      return sum
    }
    cumulative[cumulative.count - 1] = 2
    self.cumulative = cumulative
    guide = (0..<256).map { slot in
      cumulative.firstIndex { $0 > Double(slot) / 256 } ?? 0
    }
  }

  /// The Poisson distribution of the given mean, cut far out in its tail.
  init(poissonMean mean: Double) {
    var probability = PortableMath.exp(-mean)
    self.init(
      weights: (0...Int(mean * 4 + 20)).map { count in
        if count > 0 { probability *= mean / Double(count) }
        return probability
      })
  }

  /// An index.
  func draw(_ random: inout Random) -> Int {
    let point = random.uniform()
    var index = guide[Int(point * 256)]
    while cumulative[index] <= point { index += 1 }
    return index
  }
}
