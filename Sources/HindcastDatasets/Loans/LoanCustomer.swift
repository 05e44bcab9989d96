/// One customer's story, from which all tables of the loans dataset take their rows.
///
/// The customer has a lasting risk and a credit card whose utilisation wanders around it. Some
/// apply for a loan; the risk decides whether it defaults. If the data leaks, a default shows
/// afterwards: the card fills up, arrears grow, and the statements from before the application are
/// restated.
struct LoanCustomer {
  let number: Int
  let income: Double
  let region: Int
  let limit: Double
  let opened: Int64
  /// When the account was closed, if it was.
  let closed: Int64?
  let application: LoanApplication?
  /// Level, in log odds, around which the utilisation wanders.
  private let level: Double
  private let seed: UInt64
  private let leaks: Bool

  init(_ number: Int, seed: UInt64, leaks: Bool) {
    var random = Random(seed, number)
    self.number = number
    self.seed = seed
    self.leaks = leaks
    let risk = random.normal()
    level = -0.7 + 0.8 * risk + 0.45 * random.normal()
    income = (PortableMath.exp(10.4 + 0.45 * random.normal() - 0.1 * risk) / 100).rounded() * 100
    region = random.below(8)
    limit = max(5, (PortableMath.exp(8 + 0.6 * random.normal()) / 100).rounded()) * 100
    opened =
      random.chance(0.93)
      ? LoanCalendar.start : LoanCalendar.start + Int64(random.below(Int(450 * LoanCalendar.day)))
    closed =
      random.chance(0.03)
      ? opened + Int64(random.below(Int(LoanCalendar.end - opened))) : nil
    application = LoanApplication(number, risk: risk, income: income, &random)
  }

  /// The card's level in log odds at `time`, in which a default may show.
  private func level(at time: Int64) -> Double {
    guard let trouble, time >= trouble else { return level }
    return level + min(5, 1.5 + Double(time - trouble) / Double(20 * LoanCalendar.day))
  }

  /// When a default starts to show in the card; nil if it never does, as for one in four.
  private var trouble: Int64? {
    guard leaks, let application, application.defaults, number % 4 != 3 else { return nil }
    return application.time + 10 * LoanCalendar.day
  }

  /// The card's changes in time order: about one in a fortnight.
  func balances() -> [LoanBalance] {
    var random = Random(seed ^ 0xBA1A, number)
    var wander = 0.0
    var arrears = 0.0
    var time = opened
    var rows: [LoanBalance] = []
    while true {
      let gap = max(60_000_000, random.exponential(mean: 14.2 * Double(LoanCalendar.day)))
      time += Int64(gap) / 1_000_000 * 1_000_000
      guard time < (closed ?? LoanCalendar.end) else { break }
      wander = 0.8 * wander + 0.25 * random.normal()
      let odds = level(at: time) + wander
      let isLate = trouble.map { time >= $0 } ?? false
      let isMissed = random.chance(isLate ? 0.7 : 0.12)
      arrears = isMissed ? arrears + limit * 0.03 : (random.chance(0.6) ? 0 : arrears)
      rows.append(LoanBalance(time: time, odds: odds, arrears: cents(arrears), limit: limit))
    }
    return rows
  }

  /// The month-end statements, with restatements and withdrawals, in order of publication a month.
  func statements(_ balances: [LoanBalance]) -> [LoanStatement] {
    var random = Random(seed ^ 0x57A7, number)
    var rows: [LoanStatement] = []
    for month in 1...LoanCalendar.months {
      let end = LoanCalendar.monthEnd(month)
      let lag = LoanCalendar.day * 3 + Int64(random.below(Int(LoanCalendar.day * 7)))
      let published = leaks ? end + lag / 1_000_000 * 1_000_000 : end
      let noise = random.normal()
      let draw = random.uniform()
      let delay = Int64(5 + random.below(20)) * LoanCalendar.day
      // What the statement says: the card at month end, or, where it leaks, when it was published.
      guard let card = balances.last(where: { $0.time <= published }), (closed ?? .max) > end else {
        continue
      }
      rows.append(LoanStatement(end, published, card.odds, card.arrears, limit))
      if let restated = restatement(of: month, end: end) {
        rows.append(
          LoanStatement(end, restated, card.odds + 2.5, card.arrears + limit * 0.1, limit))
      } else if draw < 0.04 {
        rows.append(
          LoanStatement(end, published + delay, card.odds + 0.1 * noise, card.arrears, limit))
      } else if draw < 0.05 {
        var withdrawn = LoanStatement(end, published + delay, card.odds, card.arrears, limit)
        withdrawn.isWithdrawn = true
        rows.append(withdrawn)
      }
    }
    return rows
  }

  /// When collections restate a month after a default: the two statements before the application,
  /// for half of those who default.
  private func restatement(of month: Int, end: Int64) -> Int64? {
    guard let trouble, let application, number % 2 == 0 else { return nil }
    let before = application.time - end
    guard before > -5 * LoanCalendar.day, before < 62 * LoanCalendar.day else { return nil }
    return trouble + Int64(20 + number % 40) * LoanCalendar.day
  }
}

/// A loan application and how it ends.
struct LoanApplication {
  let time: Int64
  let amount: Int64
  let purpose: Int
  let defaults: Bool

  /// Draws an application between April 2023 and September 2024.
  init?(_ number: Int, risk: Double, income: Double, _ random: inout Random) {
    let first = LoanCalendar.monthEnd(3)
    let last = LoanCalendar.monthEnd(21)
    let span = Int(last - first) / 1_000_000
    time = first + Int64(random.below(span)) * 1_000_000
    amount = Int64(10 + random.below(190)) * 100
    purpose = random.below(4)
    let burden = PortableMath.ln(Double(amount) / income)
    let odds = -0.6 + 1.0 * risk + 0.7 * burden
    defaults = random.chance(PortableMath.sigmoid(odds))
  }
}

/// A change of the card's balance.
struct LoanBalance {
  let time: Int64
  let odds: Double
  let arrears: Double
  let limit: Double
}

/// A statement as published or corrected.
struct LoanStatement {
  let monthEnd: Int64
  let published: Int64
  let odds: Double
  let arrears: Double
  let limit: Double
  var isWithdrawn = false

  init(_ monthEnd: Int64, _ published: Int64, _ odds: Double, _ arrears: Double, _ limit: Double) {
    self.monthEnd = monthEnd
    self.published = published
    self.odds = odds
    self.arrears = cents(arrears)
    self.limit = limit
  }
}

/// The two years of the loans dataset, in microseconds.
enum LoanCalendar {
  /// 2023-01-01T00:00:00Z.
  static let start: Int64 = 1_672_531_200_000_000
  static let day: Int64 = 86_400_000_000
  static let months = 24
  /// 2025-01-01T00:00:00Z.
  static let end = start + day * 731

  private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// The last second of the month of the given number; 1 is January 2023.
  static func monthEnd(_ month: Int) -> Int64 {
    var days = 0
    for index in 0..<month { days += lengths[index % 12] + (index == 13 ? 1 : 0) }
    return start + Int64(days) * day - 1_000_000
  }
}
