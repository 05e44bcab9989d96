import HindcastCore
import HindcastDatasets
import Testing

/// Everything a table generates, as one column of values each.
private func rows(_ table: DatasetTable, batchRows: Int = 65_536) -> [[Value]] {
  var rows: [[Value]] = []
  table.generate(batchRows: batchRows) { (columns: [Column]) in
    #expect(columns.map(\.type) == table.fields.map(\.type))
    #expect((1...batchRows).contains(columns[0].count))
    for row in 0..<columns[0].count { rows.append(columns.map { $0[row] }) }
  }
  return rows
}

private func integers(_ rows: [[Value]], _ column: Int) -> [Int128] {
  rows.map { row in
    guard case .integer(let number) = row[column] else { return -1 }
    return number
  }
}

@Suite("Datasets")
struct DatasetTests {
  @Test("any batch size gives the same rows, as does a second run", arguments: Dataset.names)
  func deterministic(name: String) throws {
    let first = try Dataset(named: name, options: .init(scale: 0.0004))
    let second = try Dataset(named: name, options: .init(scale: 0.0004))
    for (a, b) in zip(first.tables, second.tables) {
      #expect(rows(a) == rows(b, batchRows: 77))
    }
  }

  @Test("both orders hold the same rows, each sorted", arguments: Dataset.names)
  func orders(name: String) throws {
    let byEntity = try Dataset(named: name, options: .init(scale: 0.0004, order: .entity))
    let byTime = try Dataset(named: name, options: .init(scale: 0.0004, order: .time))
    for (a, b) in zip(byEntity.tables, byTime.tables) {
      let entityRows = rows(a)
      let timeRows = rows(b, batchRows: 1_000)
      #expect(Set(entityRows) == Set(timeRows))
      #expect(entityRows.count == timeRows.count)
      let times = integers(timeRows, 1)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "\(name) \(b.name)")
      guard a.group != nil else { continue }
      let keys = zip(integers(entityRows, 0), integers(entityRows, 1)).map { ($0, $1) }
      #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 }, "\(name) \(a.name)")
    }
  }

  @Test("row counts are near what is announced", arguments: Dataset.names)
  func counts(name: String) throws {
    for table in try Dataset(named: name, options: .init(scale: 0.002)).tables {
      let count = Double(rows(table).count)
      #expect(abs(count / Double(table.expectedRows) - 1) < 0.15, "\(table.name): \(count)")
    }
  }

  @Test("times of an entity are distinct unless rows are corrected")
  func distinctTimes() throws {
    for name in ["w1", "w2", "w3", "w4", "w5"] {
      for table in try Dataset(named: name, options: .init(scale: 0.001)).tables
      where table.group != nil {
        let keys = rows(table).map { Array($0.prefix(2)) }
        #expect(Set(keys).count == keys.count, "\(name) \(table.name)")
      }
    }
  }

  @Test("one label in a hundred is exact, one in two hundred unknown")
  func labels() throws {
    let dataset = try Dataset(named: "w1", options: .init(scale: 0.02))
    let features = Set(rows(dataset.tables[0]).map { Array($0.prefix(2)) })
    let labels = rows(dataset.tables[1])
    let exact = labels.count { features.contains(Array($0.prefix(2))) }
    let unknown = integers(labels, 0).count { $0 >= 2_000 }
    #expect((120...290).contains(exact))
    #expect((60...150).contains(unknown))
  }

  @Test("a created time never lies before its event, and corrections follow")
  func lateness() throws {
    let table = try Dataset(named: "late", options: .init(scale: 0.0002)).tables[0]
    let all = rows(table)
    #expect(zip(integers(all, 1), integers(all, 2)).allSatisfy { $0 <= $1 })
    #expect(all.contains { $0[3] == .bool(true) })
    #expect(Set(all.map { Array($0.prefix(2)) }).count < all.count)
  }

  @Test("without the leak, statements are known at once and say nothing of a default")
  func loansWithoutLeak() throws {
    let options = Dataset.Options(scale: 0.01, leaks: false)
    let dataset = try Dataset(named: "loans", options: options)
    let statements = rows(dataset.tables[2])
    let known = zip(integers(statements, 1), integers(statements, 2)).count { $0 == $1 }
    #expect(Double(known) > 0.9 * Double(statements.count))
    let leaking = try Dataset(named: "loans", options: .init(scale: 0.01))
    #expect(rows(dataset.tables[3]) == rows(leaking.tables[3]), "the outcomes are the same")
  }

  @Test("unknown names and scales are refused")
  func refusals() {
    #expect(throws: HindcastError.self) { try Dataset(named: "w9") }
    #expect(throws: HindcastError.self) { try Dataset(named: "w1", options: .init(scale: 0)) }
    #expect(throws: HindcastError.self) { try Dataset(named: "w1", options: .init(scale: .nan)) }
  }
}
