import HindcastCore
import HindcastFormat

/// Columns larger than this are not written again, to keep inputs quick.
let greatestWeight = 1 << 18

/// The property of the page fuzzer: a content is refused with a segment's code, or it is a column
/// that can be described and written back.
func checkPage(_ input: Buffer) throws(Finding) {
  guard let page = PageInput(input) else { return }
  let column: Column
  do {
    column = try PageContent.decode(page.content, type: page.type, count: page.count)
  } catch {
    // Describing stops at other damage than decoding, but never traps.
    _ = try? PageContent.describe(page.content, type: page.type, count: page.count)
    try checkPositions(page, nil)
    return try expectSegmentCode(error)
  }
  try expect(column.count == page.count && column.type == page.type, "another column")
  try column.checkForm()
  try checkDescription(page)
  try checkPositions(page, column)
  try checkWritesBack(column)
}

/// What is read by position is what the decoded column has there; of a page that does not decode, it
/// is anything but a trap.
private func checkPositions(_ page: PageInput, _ column: Column?) throws(Finding) {
  guard page.count > 0 else { return }
  let step = max(1, page.count / 7)
  let positions = stride(from: 0, to: page.count, by: step).map { Int32($0) }
  let taken = try? PageContent.take(
    page.content, type: page.type, count: page.count, positions: positions)
  for (index, position) in positions.enumerated() {
    let value = try? PageContent.value(
      page.content, type: page.type, count: page.count, at: Int(position))
    guard let column, column.weight <= greatestWeight else { continue }
    try expect(value == column[Int(position)], "another value at \(position)")
    try expect(taken?[index] == value, "another value was taken from \(position)")
  }
}

/// What decodes has a description.
private func checkDescription(_ page: PageInput) throws(Finding) {
  do {
    let text = try PageContent.describe(
      page.content, type: page.type, count: page.count)
    try expect(!text.isEmpty, "an empty description")
  } catch let finding as Finding {
    throw finding
  } catch {
    throw Finding("a page that decodes can't be described: \(error)")
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
