import HindcastCore
import HindcastInterchange
import Testing

@Suite(
  "Parquet's columns of few different texts, read as dictionaries", .enabled(if: Python.isThere))
struct FewTextsTests {
  private let folder = TemporaryFolder()

  private func writeTable(_ columns: String, rowGroup: Int) throws {
    let script = """
      import pyarrow as pa, pyarrow.parquet as pq
      n = 65_000
      texts = ["", "a", "\u{e9}\u{20ac}", "x" * 15, "x" * 16, "x" * 17, "y" * 100]
      few = [None if i % 11 == 0 else texts[i * i % 7] for i in range(n)]
      pq.write_table(pa.table({\(columns)}), "t.parquet", row_group_size=\(rowGroup))
      """
    let (output, isGood) = try Python.run(script, in: folder)
    try #require(isGood, "\(output)")
  }

  private func open(_ options: ReadOptions) throws -> ArrowStream {
    try TableReader.open(folder.file("t.parquet"), options: options)
  }

  @Test("the values are those of the plain columns, and no batch leaves its row group")
  func values() throws {
    let kinds = ["large_string", "string_view", "binary", "large_binary"]
    let others = kinds.map { kind in
      let cells =
        kind.contains("binary") ? "[None if t is None else t.encode() for t in few]" : "few"
      return "\"\(kind)\": pa.array(\(cells), pa.\(kind)())"
    }
    let columns =
      [
        "\"few\": few", "\"whole\": [texts[i % 7] for i in range(n)]",
        "\"many\": [str(i) for i in range(n)]", "\"number\": [i % 3 for i in range(n)]",
        "\"list\": [[t, None] for t in few]", "\"none\": pa.nulls(n, pa.string())",
      ] + others
    try writeTable(columns.joined(separator: ", "), rowGroup: 30_000)
    let plain = try open(ReadOptions())
    let coded = try open(ReadOptions(asDictionaries: true, batchRows: 16_000))
    let differing = zip(plain.schema.fields, coded.schema.fields).filter { $0 != $1 }.map(\.0.name)
    #expect(Set(differing).isSuperset(of: ["few", "whole", "binary"]))
    #expect(Set(differing).isDisjoint(with: ["many", "number", "list"]))
    for (one, other) in zip(plain.schema.fields, coded.schema.fields) {
      #expect(one.type == other.type, "\(one.name)")
    }
    #expect(try readAll(coded) == readAll(plain))

    let again = try open(ReadOptions(asDictionaries: true, batchRows: 16_000))
    var counts: [Int] = []
    while let batch = try again.next() { counts.append(batch.count) }
    #expect(counts == [15_000, 15_000, 15_000, 15_000, 5_000])
  }

  @Test("small row groups are read together, as before")
  func smallRowGroups() throws {
    try writeTable("\"few\": few", rowGroup: 1_000)
    let coded = try open(ReadOptions(asDictionaries: true))
    #expect(try coded.schema == open(ReadOptions()).schema)
    #expect(try coded.next()?.count == 65_000)
  }

  @Test("batches are cut by what their texts take once they are spelled out")
  func longTexts() throws {
    try writeTable("\"few\": [\"long\" * 10_000] * 20_000", rowGroup: 20_000)
    let stream = try open(ReadOptions(asDictionaries: true, batchBytes: 1 << 20))
    #expect(try stream.schema != open(ReadOptions()).schema)
    var rows = 0
    while let batch = try stream.next() {
      guard case .bytes(_, let data) = try batch.column(0).body else { return }
      #expect(data.byteCount <= 1 << 20)
      #expect(data.byteCount == 40_000 * batch.count)
      rows += batch.count
    }
    #expect(rows == 20_000)
  }

  @Test("a text that is not UTF-8 is found in its row", arguments: [false, true])
  func invalidText(asDictionaries: Bool) throws {
    let cells = "[b\"\\xff\" if i >= 40_000 else b\"ok\" for i in range(n)]"
    try writeTable(
      "\"few\": pa.array(\(cells), pa.binary()).view(pa.string())", rowGroup: 30_000)
    let stream = try open(ReadOptions(asDictionaries: asDictionaries))
    let error = #expect(throws: HindcastError.self) { try readAll(stream) }
    #expect(error?.code == .invalidValue)
    #expect(error?.location?.row == 40_001)
    #expect(error?.location?.column == "few")
  }
}
