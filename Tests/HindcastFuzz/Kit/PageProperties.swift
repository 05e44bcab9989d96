import HindcastCore
import HindcastFormat

/// Columns larger than this are not written again, to keep inputs quick.
let greatestWeight = 1 << 18

/// The property of the page fuzzer: a content is refused with a segment's code, or it is a column
/// that can be described, read by position, and written back.
func checkPage(_ input: Buffer) throws(Finding) {
  guard let page = PageInput(input) else { return }
  let column: Column
  do {
    column = try PageContent.decode(page.content, type: page.type, count: page.count)
  } catch {
    try expectSegmentCode(error)
    return try checkPositionsOfDamage(page)
  }
  try expect(column.count == page.count && column.type == page.type, "another column")
  try column.checkForm()
  do {
    try checkDescription(page)
    try checkPositions(page, column)
  } catch let finding as Finding {
    throw finding
  } catch {
    throw Finding("a page that decodes is refused: \(error)")
  }
  try checkWritesBack(column)
}

/// What decodes has a description.
private func checkDescription(_ page: PageInput) throws {
  let text = try PageContent.describe(page.content, type: page.type, count: page.count)
  try expect(!text.isEmpty, "an empty description")
}

// A further way to read a page gets a check beside this one: whatever it answers must be what the
// decoded column has.

/// Reading by position is decoding and then gathering.
private func checkPositions(_ page: PageInput, _ column: Column) throws {
  guard column.weight <= greatestWeight else { return }
  for positions in Positions.samples(of: column.count, seed: page.content.byteCount) {
    let taken = try PageContent.take(
      page.content, type: page.type, count: page.count, positions: positions)
    try taken.checkForm()
    let rows = Buffer(positions.map { UInt32($0) })
    try column.gather(rows.span(of: UInt32.self)).expectRows(of: taken, from: 0, "taken")
    try expect(taken.count == positions.count, "\(taken.count) rows of \(positions.count)")
    for position in positions.prefix(16) {
      let value = try PageContent.value(
        page.content, type: page.type, count: page.count, at: Int(position))
      try expect(value == column[Int(position)], "value \(position): \(value)")
    }
  }
}

/// Reading by position stops at other damage than decoding, or at none, but never traps.
private func checkPositionsOfDamage(_ page: PageInput) throws(Finding) {
  for positions in Positions.samples(of: page.count, seed: page.content.byteCount) {
    do {
      let taken = try PageContent.take(
        page.content, type: page.type, count: page.count, positions: positions)
      try taken.checkForm()
      for position in positions.prefix(16) {
        _ = try PageContent.value(
          page.content, type: page.type, count: page.count, at: Int(position))
      }
    } catch let finding as Finding {
      throw finding
    } catch let error as HindcastError {
      try expectSegmentCode(error)
    } catch {
      throw Finding("\(error)")
    }
  }
}

/// Which rows of a page are read by position.
enum Positions {
  /// Ascending positions: all, some at random, the same one twice.
  static func samples(of count: Int, seed: Int) -> [[Int32]] {
    guard count > 0 else { return [] }
    var scatter = Scatter(seed: UInt64(seed))
    let step = 1 + UInt64(count / 16)
    var some: [Int32] = []
    var position = scatter.next() % step
    while position < UInt64(count) {
      some.append(Int32(position))
      // Now and then the same row again.
      position += scatter.next() % (2 * step)
    }
    let last = Int32(count - 1)
    return [some, [last, last]] + (count <= 1024 ? [Array(0...last)] : [])
  }
}

/// If it parsed, it serialises back, and to the same bytes whatever lies under its nulls.
func checkWritesBack(_ column: Column) throws(Finding) {
  guard column.weight <= greatestWeight else { return }
  let content = PageContent.encode(column)
  do {
    let copy = try PageContent.decode(content, type: column.type, count: column.count)
    try copy.checkForm()
    try column.expectRows(of: copy, from: 0, "written back")
    let again = PageContent.encode(copy)
    try expect(areEqual(again.bytes, content.bytes), "the same rows gave other bytes")
  } catch let finding as Finding {
    throw finding
  } catch {
    throw Finding("what was written is refused: \(error)")
  }
}

/// Bytes of a segment are refused with a code of the specification.
func expectSegmentCode(_ error: HindcastError) throws(Finding) {
  try expect(error.code.name.hasPrefix("segment_"), "\(error.code): \(error.message)")
}
