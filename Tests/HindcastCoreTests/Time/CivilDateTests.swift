import HindcastCore
import Testing

@Suite("Civil dates")
struct CivilDateTests {
  /// A calendar that only knows how to step to the next day.
  private struct Counter {
    var year: Int
    var month = 1
    var day = 1

    private var monthLength: Int {
      switch month {
      case 2: year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    }

    mutating func step() {
      day += 1
      if day > monthLength { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test("every day of a cycle of 400 years, forth and back", arguments: [-401, -1, 1_600, 1_969])
  func wholeCycle(firstYear: Int) throws {
    var counter = Counter(year: firstYear)
    let first = try #require(CivilDate(year: firstYear, month: 1, day: 1)).daysSince1970
    for days in first...first + 146_100 {
      let date = CivilDate(daysSince1970: days)
      let agrees = (date.year, date.month, date.day) == (counter.year, counter.month, counter.day)
      guard agrees, date.daysSince1970 == days else {
        Issue.record("day \(days) is \(date), not \(counter)")
        return
      }
      counter.step()
    }
  }

  @Test("known days")
  func knownDays() {
    #expect(CivilDate(year: 1970, month: 1, day: 1)?.daysSince1970 == 0)
    #expect(CivilDate(year: 1969, month: 12, day: 31)?.daysSince1970 == -1)
    #expect(CivilDate(year: 0, month: 1, day: 1)?.daysSince1970 == -719_528)
    #expect(CivilDate(year: 9999, month: 12, day: 31)?.daysSince1970 == 2_932_896)
    #expect(CivilDate(year: 2000, month: 3, day: 1)?.daysSince1970 == 11_017)
  }

  @Test("far days come back exactly")
  func farDays() {
    for days in [-1 << 40, 1 << 40, -(1 << 40) + 1, 106_751_991_167_300, -106_751_991_167_301] {
      #expect(CivilDate(daysSince1970: days).daysSince1970 == days)
    }
  }

  @Test("days that do not exist")
  func refusals() {
    let absent = [
      (2023, 2, 29), (1900, 2, 29), (2100, 2, 29), (2024, 2, 30), (2024, 4, 31), (2024, 0, 1),
      (2024, 13, 1), (2024, 1, 0), (2024, 1, 32), (2024, 1, -1),
    ]
    for (year, month, day) in absent {
      #expect(CivilDate(year: year, month: month, day: day) == nil, "\(year)-\(month)-\(day)")
    }
    #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
    #expect(CivilDate(year: 0, month: 2, day: 29) != nil)
  }

  @Test("the text has four digits of year, a sign outside 0 to 9999")
  func text() {
    let dates = [(5, "0005-03-09"), (-5, "-0005-03-09"), (12_345, "+12345-03-09")]
    for (year, text) in dates {
      #expect(CivilDate(year: year, month: 3, day: 9)?.description == text)
    }
  }
}
