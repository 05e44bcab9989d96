import HindcastCore
import HindcastFormat

/// The property of the writer's fuzzer: rows that were written are read back as they were, by page
/// and by segment; the same batches give the same bytes, other batches of the same rows the same
/// pages.
func checkWriter(_ input: Buffer) throws(Finding) {
  var source = ByteSource(input)
  do {
    if source.flag() {
      let type = source.element(of: PageInput.types)
      let count = min(8192, 1 + Int(source.byte()) * (source.flag() ? 32 : 1))
      try checkWritesBack(ColumnGenerator.column(type, count: count, from: &source))
    } else {
      try checkSegmentRoundTrip(&source)
    }
  } catch let finding as Finding {
    throw finding
  } catch {
    throw Finding("refused: \(error)")
  }
}

private func checkSegmentRoundTrip(_ source: inout ByteSource) throws {
  let profile = source.element(of: Profile.allCases)
  let cut = 1 + Int(source.byte()) * (source.flag() ? 16 : 1)
  let (batch, schema) = try RowGenerator.rows(from: &source)
  let file = try written([batch], schema, profile)
  let reader = try SegmentReader(file: MemoryFile(file), expecting: nil)
  try reader.verify()
  try expect(reader.schema == schema, "another schema")
  try reader.expectRows(of: batch)
  try reader.checkLookups(batch)
  let again = try written([batch], schema, profile)
  try expect(areEqual(file.bytes, again.bytes), "the same rows gave other bytes")
  let parts = stride(from: 0, to: batch.count, by: cut).map { start in
    batch.slice(start..<min(batch.count, start + cut))
  }
  let cutFile = try written(parts, schema, profile)
  try expectSamePages(reader, try SegmentReader(file: MemoryFile(cutFile), expecting: nil))
}

/// Batches decide in which order pages of several columns are complete, and nothing else: pages
/// are the same, at other places.
private func expectSamePages(_ a: SegmentReader, _ b: SegmentReader) throws {
  try expect(a.columns.count == b.columns.count, "other columns")
  for (column, other) in zip(a.columns, b.columns) {
    try expect(column.pageCount == other.pageCount, "other pages in other batches")
    for index in 0..<column.pageCount {
      let (page, otherPage) = (try column.describePage(index), try other.describePage(index))
      let areSame =
        page.encoding == otherPage.encoding && page.codec == otherPage.codec
        && page.nullCount == otherPage.nullCount
        && page.storedByteCount == otherPage.storedByteCount
        && page.contentByteCount == otherPage.contentByteCount
      guard areSame, try column.zone(index) == other.zone(index) else {
        throw Finding("other batches: \(page) became \(otherPage)")
      }
      let rows = try column.page(index)
      try rows.expectRows(of: try other.page(index), from: 0, "other batches")
    }
  }
}
