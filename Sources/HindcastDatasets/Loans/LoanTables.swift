import HindcastCore

/// One of the tables of the loans dataset.
struct LoanTable: TableSource {
  enum Kind {
    case profiles, balances, statements
  }

  var kind: Kind
  var customers: Int
  var leaks: Bool
  var order: Dataset.RowOrder

  static let seed: UInt64 = 0x10A5
  static let firstIdentifier = 100_000
  private static let utc = DataType.timestamp(.microsecond, zone: "UTC")
  private static let regions = [
    "north", "south", "east", "west", "coast", "lakes", "hills", "city",
  ]

  var fields: [DatasetField] {
    let customer = DatasetField("customer_id", .int64)
    let card = [
      DatasetField("utilisation", .float64), DatasetField("arrears", .float64),
      DatasetField("balance", .float64),
    ]
    return switch kind {
    case .profiles:
      [
        customer, DatasetField("valid_from", Self.utc), DatasetField("region", .utf8),
        DatasetField("income", .float64), DatasetField("credit_limit", .float64),
      ]
    case .balances:
      [customer, DatasetField("changed_at", Self.utc), DatasetField("closed", .bool)] + card
    case .statements:
      [
        customer, DatasetField("month_end", Self.utc), DatasetField("published_at", Self.utc),
        DatasetField("withdrawn", .bool),
      ] + card
    }
  }

  func generate<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    switch order {
    case .entity:
      let batch = BatchFill(fields, timeColumn: 1, capacity: batchRows)
      for number in 0..<customers {
        let rows = self.rows(of: number)
        for row in rows {
          append(row, number, to: batch)
          if batch.isFull { try sink(batch.take()) }
        }
      }
      if batch.count > 0 { try sink(batch.take()) }
    case .time:
      // A month at a time; every customer's story is told again for each.
      let batch = BatchFill(fields, timeColumn: 1)
      for month in 1...LoanCalendar.months {
        let from = month == 1 ? Int64.min : LoanCalendar.monthEnd(month - 1)
        let to = month == LoanCalendar.months ? Int64.max : LoanCalendar.monthEnd(month)
        for number in 0..<customers {
          for row in rows(of: number) where row.time > from && row.time <= to {
            append(row, number, to: batch)
          }
        }
        try batch.takeByTime(batchRows: batchRows, sink)
      }
    }
  }

  /// A row of any of the tables.
  private enum Row {
    case profile(Int64, region: Int, income: Double, limit: Double)
    case balance(LoanBalance, isClosed: Bool)
    case statement(LoanStatement)

    var time: Int64 {
      switch self {
      case .profile(let time, _, _, _): time
      case .balance(let balance, _): balance.time
      case .statement(let statement): statement.monthEnd
      }
    }
  }

  private func rows(of number: Int) -> [Row] {
    let customer = LoanCustomer(number, seed: Self.seed, leaks: leaks)
    switch kind {
    case .profiles: return profileRows(customer)
    case .balances:
      var rows = customer.balances().map { Row.balance($0, isClosed: false) }
      if let closed = customer.closed {
        let last = LoanBalance(time: closed, odds: 0, arrears: 0, limit: 0)
        rows.append(.balance(last, isClosed: true))
      }
      return rows
    case .statements: return customer.statements(customer.balances()).map { .statement($0) }
    }
  }

  private func profileRows(_ customer: LoanCustomer) -> [Row] {
    var random = Random(Self.seed ^ 0x0F11E, customer.number)
    var income = customer.income
    var time = customer.opened
    var rows: [Row] = []
    while time < LoanCalendar.end {
      rows.append(
        .profile(time, region: customer.region, income: income, limit: customer.limit))
      time += Int64(200 + random.below(300)) * LoanCalendar.day
      income = (income * (1.01 + 0.04 * random.uniform()) / 100).rounded() * 100
    }
    return rows
  }

  private func append(_ row: Row, _ number: Int, to batch: BatchFill) {
    batch.columns[0].append(Int64(Self.firstIdentifier + number))
    batch.columns[1].append(row.time)
    switch row {
    case .profile(_, let region, let income, let limit):
      batch.columns[2].append(Array(Self.regions[region].utf8))
      batch.columns[3].append(income)
      batch.columns[4].append(limit)
    case .balance(let balance, let isClosed):
      batch.columns[2].append(isClosed)
      appendCard(
        isClosed ? nil : balance.odds, balance.arrears, balance.limit, to: batch, from: 3)
    case .statement(let statement):
      batch.columns[2].append(statement.published)
      batch.columns[3].append(statement.isWithdrawn)
      appendCard(
        statement.isWithdrawn ? nil : statement.odds, statement.arrears, statement.limit, to: batch,
        from: 4)
    }
  }

  /// The three features of a card; all null where there are no odds.
  private func appendCard(
    _ odds: Double?, _ arrears: Double, _ limit: Double, to batch: BatchFill, from first: Int
  ) {
    guard let odds else {
      for index in first..<first + 3 { batch.columns[index].appendNull() }
      return
    }
    let utilisation = (PortableMath.sigmoid(odds) * 10_000).rounded() / 10_000
    batch.columns[first].append(utilisation)
    batch.columns[first + 1].append(arrears)
    batch.columns[first + 2].append(cents(utilisation * limit))
  }
}

/// The labels of the loans dataset: applications in time order, and whether they defaulted.
struct LoanApplicationTable: TableSource {
  var customers: Int
  var leaks: Bool

  /// People without any history who apply; one in a hundred applications.
  private var strangers: Int { customers / 100 }

  private static let purposes = ["car", "home", "studies", "other"]
  static let fields = [
    DatasetField("customer_id", .int64),
    DatasetField("application_time", .timestamp(.microsecond, zone: "UTC")),
    DatasetField("amount", .int64), DatasetField("purpose", .utf8),
    DatasetField("defaulted", .bool),
  ]

  func generate<E: Error>(
    batchRows: Int, _ sink: ([Column]) throws(E) -> Void
  ) throws(E) {
    let batch = BatchFill(Self.fields, timeColumn: 1)
    for month in 4...21 {
      let from = LoanCalendar.monthEnd(month - 1)
      let to = LoanCalendar.monthEnd(month)
      for number in 0..<customers + strangers {
        let customer = LoanCustomer(number, seed: LoanTable.seed, leaks: leaks)
        guard let loan = customer.application, loan.time >= from, loan.time < to else { continue }
        batch.columns[0].append(Int64(LoanTable.firstIdentifier + number))
        batch.columns[1].append(loan.time)
        batch.columns[2].append(loan.amount)
        batch.columns[3].append(Array(Self.purposes[loan.purpose].utf8))
        batch.columns[4].append(loan.defaults)
      }
      try batch.takeByTime(batchRows: batchRows, sink)
    }
  }
}
