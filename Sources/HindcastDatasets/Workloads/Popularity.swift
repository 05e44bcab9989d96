/// How rows are spread over entities.
enum Popularity: Sendable {
  /// Every entity alike.
  case uniform(entities: Int)
  /// Only entities whose number is a multiple of `step`.
  case multiples(of: Int, entities: Int)
  /// One in `step`, scattered.
  case sample(oneIn: Int, entities: Int)
  /// The entity of rank r with a weight of r^-exponent, ranks scattered over the numbers.
  case zipf(ZipfWeights)

  /// The number of entities, rows or not.
  var entities: Int {
    switch self {
    case .uniform(let entities), .multiples(_, let entities), .sample(_, let entities): entities
    case .zipf(let weights): weights.entities
    }
  }

  /// The share of all rows that is expected of an entity.
  func share(_ entity: Int) -> Double {
    switch self {
    case .uniform(let entities): 1 / Double(entities)
    case .multiples(let step, let entities):
      entity % step == 0 ? 1 / Double((entities + step - 1) / step) : 0
    case .sample(let step, let entities):
      Scatter.rank(entity, of: entities) % step == 0
        ? 1 / Double((entities + step - 1) / step) : 0
    case .zipf(let weights): weights.share(entity)
    }
  }
}

/// A fixed one-to-one map of 0 ..< n, so that neighbours in rank are no neighbours in number.
enum Scatter {
  static func rank(_ entity: Int, of count: Int) -> Int {
    // A prime above every count that is no factor of it is coprime to it.
    let factor = 2_147_483_647
    return (entity * factor + count / 3) % count
  }
}

/// Zipf's law over a fixed number of entities.
struct ZipfWeights: Sendable {
  let entities: Int
  private let exponent: Double
  private let total: Double

  init(entities: Int, exponent: Double) {
    self.entities = entities
    self.exponent = exponent
    total = (1...entities).reduce(into: 0) { $0 += Self.weight($1, exponent) }
  }

  func share(_ entity: Int) -> Double {
    Self.weight(Scatter.rank(entity, of: entities) + 1, exponent) / total
  }

  private static func weight(_ rank: Int, _ exponent: Double) -> Double {
    PortableMath.exp(-exponent * PortableMath.ln(Double(rank)))
  }
}
