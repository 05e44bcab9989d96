import HindcastCore

extension Dataset {
  /// A bank's credit cards and its loan applications: about 2 million feature rows at scale 1.
  static func loans(_ options: Options) -> Dataset {
    let customers = max(100, Int(26_000 * options.scale))
    func table(_ kind: LoanTable.Kind, _ name: String, rowsPerCustomer: Double) -> DatasetTable {
      let source = LoanTable(
        kind: kind, customers: customers, leaks: options.leaks, order: options.order)
      return DatasetTable(
        name: name, group: name, fields: source.fields,
        expectedRows: Int(Double(customers) * rowsPerCustomer), source: source)
    }
    let tables = [
      table(.profiles, "profiles", rowsPerCustomer: 2.5),
      table(.balances, "balances", rowsPerCustomer: 49),
      table(.statements, "statements", rowsPerCustomer: 24),
    ]
    let applications = DatasetTable(
      name: "applications", group: nil, fields: LoanApplicationTable.fields,
      expectedRows: customers + customers / 100,
      source: LoanApplicationTable(customers: customers, leaks: options.leaks))
    return Dataset(
      name: "loans",
      summary: "credit cards, their late statements, and loan applications with their outcomes",
      tables: tables + [applications], groups: tables.map(loanGroup), labelTime: "application_time")
  }

  private static func loanGroup(_ table: DatasetTable) -> GroupText {
    let customer = table.fields[0]
    switch table.name {
    case "profiles":
      return GroupText(
        name: table.name, description: "what a customer told the bank",
        recordIdentifiers: [customer], eventTime: "valid_from",
        features: Array(table.fields[2...]))
    case "balances":
      return GroupText(
        name: table.name, description: "the card as it is, known at once",
        recordIdentifiers: [customer], eventTime: "changed_at", deleted: "closed",
        timeToLive: "90d", features: Array(table.fields[3...]))
    default:
      return GroupText(
        name: table.name, description: "the card at month end, known when the statement is out",
        recordIdentifiers: [customer], eventTime: "month_end", createdTime: "published_at",
        deleted: "withdrawn", timeToLive: "62d", features: Array(table.fields[4...]))
    }
  }
}
