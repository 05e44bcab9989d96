import HindcastCore
import HindcastInterchange
import Testing

/// Columns as other writers lay them out, sliced so that no buffer starts at its beginning.
private let oddTypes = """
  import pyarrow as pa, pyarrow.parquet as pq, decimal
  text = ["no", "alpha", None, "", "Zoë", "a text longer than twelve bytes", None, "end"]
  ints = [9, 1, None, 2, 3, 4, None, 5]
  def meta(name, array):
    return pa.field(name, array.type, metadata={"unit": "of " + name, "\\xfc": "k"})
  arrays = {
    "large": pa.array(text, pa.large_utf8()),
    "view": pa.array(text, pa.string_view()),
    "dictionary": pa.array(text).dictionary_encode(),
    "blob_view": pa.array([None if t is None else t.encode() for t in text], pa.binary_view()),
    "large_blob": pa.array([None if t is None else t.encode() for t in text], pa.large_binary()),
    "fixed": pa.array([b"xx", b"ab", None, b"cd", b"ef", b"gh", None, b"ij"], pa.binary(2)),
    "date64": pa.array([None if i is None else i * 86400000 for i in ints], pa.date64()),
    "large_list": pa.array([None if i is None else [i, None] for i in ints], pa.large_list(pa.int16())),
    "fixed_list": pa.array([None if i is None else [i, i] for i in ints], pa.list_(pa.int32(), 2)),
    "vector": pa.array([None if i is None else [i, -i] for i in ints], pa.list_(pa.float32(), 2)),
    "flags": pa.array([None if i is None else i % 2 == 0 for i in ints]),
    "decimal": pa.array([None if i is None else decimal.Decimal(i) for i in ints], pa.decimal128(9, 2)),
    "zoned": pa.array(ints, pa.timestamp("ms", "Europe/Berlin")),
    "nothing": pa.nulls(8),
    "struct": pa.array([None if i is None else {"a": i} for i in ints]),
    "duration": pa.array(ints, pa.duration("s")),
    "half": pa.array([None if i is None else float(i) for i in ints]).cast(pa.float16()),
  }
  table = pa.Table.from_arrays(
    list(arrays.values()), schema=pa.schema([meta(n, a) for n, a in arrays.items()], {"who": "me"}))
  part = table.slice(1, 6).combine_chunks()
  """

@Suite("Columns as others lay them out", .enabled(if: Python.isThere))
struct ForeignTypesTests {
  private let folder = TemporaryFolder()

  private func makeFiles() throws {
    let script =
      oddTypes + """

        with pa.ipc.new_file("odd.arrow", table.schema) as f: f.write_table(part)
        with pa.ipc.new_stream("odd.arrows", table.schema) as f: f.write_table(part)
        """
    let (output, isGood) = try Python.run(script, in: folder)
    try #require(isGood, "\(output)")
  }

  @Test("are read to the same values, batch by batch", arguments: [2, 100])
  func read(batchRows: Int) throws {
    try makeFiles()
    for name in ["odd.arrow", "odd.arrows"] {
      let stream = try TableReader.open(
        folder.file(name), options: ReadOptions(batchRows: batchRows))
      var columns: [String: [Value]] = [:]
      while let batch = try stream.next() {
        for (index, field) in batch.schema.fields.enumerated() where field.type != nil {
          columns[field.name, default: []] += try batch.column(index).values
        }
      }
      let text: [Value] = [
        .text("alpha"), .null, .text(""), .text("Zoë"), .text("a text longer than twelve bytes"),
        .null,
      ]
      let ints: [Int128?] = [1, nil, 2, 3, 4, nil]
      for name in ["large", "view", "dictionary", "blob_view", "large_blob"] {
        #expect(columns[name] == text, "\(name)")
      }
      func expect(_ name: String, _ make: (Int128) -> Value) {
        #expect(columns[name] == ints.map { $0.map(make) ?? .null }, "\(name)")
      }
      #expect(
        columns["fixed"] == [.text("ab"), .null, .text("cd"), .text("ef"), .text("gh"), .null])
      expect("date64") { .integer($0) }
      expect("large_list") { .list([.integer($0), .null]) }
      expect("fixed_list") { .list([.integer($0), .integer($0)]) }
      expect("vector") { .list([.float(Float($0)), .float(-Float($0))]) }
      expect("flags") { .bool($0 % 2 == 0) }
      expect("decimal") { .integer($0 * 100) }
      expect("zoned") { .integer($0) }
      #expect(columns["struct"] == nil && columns["duration"] == nil && columns["half"] == nil)
    }
  }

  @Test("an unsupported type is an error that names the column")
  func unsupported() throws {
    try makeFiles()
    let stream = try TableReader.open(folder.file("odd.arrow"))
    let batch = try #require(try stream.next())
    for name in ["struct", "duration", "half"] {
      let index = try stream.schema.requireIndex(of: name)
      let error = #expect(throws: HindcastError.self) { try batch.column(index) }
      #expect(error?.code == .typeMismatch)
      #expect(error?.location?.column == name)
    }
    var problems = CellProblems()
    let nothing = try batch.column(
      stream.schema.requireIndex(of: "nothing"), as: .float64, options: .init(), problems: &problems
    )
    #expect(nothing.nullCount == batch.count && problems.isEmpty)
  }

  @Test("pass through untouched, metadata too, with features after them")
  func passThrough() throws {
    try makeFiles()
    for ending in ["arrow", "parquet"] {
      let names = ["struct", "half", "duration", "nothing", "dictionary", "view", "zoned"]
      // Parquet has no place for a null type's or a struct's every detail; Arrow has.
      let stream = try TableReader.open(
        folder.file("odd.arrow"), options: ReadOptions(columns: names, batchRows: 4))
      var writer: TableWriter?
      while let batch = try stream.next() {
        let feature = Column(type: .int64, (0..<Int64(batch.count)).map { $0 + 10 })
        let field = Field(id: 1, name: "feature", type: .int64)
        let wider = appending(columns: [(field, feature)], to: batch)
        if writer == nil {
          writer = try TableWriter(path: folder.file("out.\(ending)"), schema: wider.schema)
        }
        try writer?.write(wider)
      }
      try writer?.close()
      let check =
        oddTypes + """

          names = \(names)
          if "\(ending)" == "arrow": out = pa.ipc.open_file("out.arrow").read_all()
          else: out = pq.read_table("out.parquet")
          print(out.schema.to_string())
          for name in names:
            field = table.schema.field(name)
            if name in ["nothing", "dictionary", "zoned", "view", "half"]:
              assert out.schema.field(name).type == field.type, name
            assert dict(field.metadata).items() <= dict(out.schema.field(name).metadata).items(), name
            assert out[name].to_pylist() == table.slice(1, 6)[name].to_pylist(), name
          assert out.schema.names[-1] == "feature"
          assert out["feature"].to_pylist() == [10, 11, 12, 13, 10, 11]
          assert out.schema.metadata[b"who"] == b"me"
          """
      let (output, isGood) = try Python.run(check, in: folder)
      #expect(isGood, "\(output)")
    }
  }

  @Test("a column that Parquet can't hold is named, and no file is left")
  func noParquetType() throws {
    let script = """
      import pyarrow as pa
      table = pa.table({"ok": [1], "odd": pa.array([(1, 2, 3)], pa.month_day_nano_interval())})
      with pa.ipc.new_file("odd.arrow", table.schema) as f: f.write_table(table)
      """
    _ = try Python.run(script, in: folder)
    let stream = try TableReader.open(folder.file("odd.arrow"))
    let error = #expect(throws: HindcastError.self) {
      try TableWriter(path: folder.file("out.parquet"), schema: stream.schema)
    }
    #expect(error?.code == .typeMismatch)
    #expect(error?.message.contains("\"odd\"") == true)
    let csvError = #expect(throws: HindcastError.self) {
      try TableWriter(path: folder.file("out.csv"), schema: stream.schema)
    }
    #expect(csvError?.location?.column == "odd")
    #expect(folder.names == ["odd.arrow"])
  }
}
