import HindcastCore
import HindcastInterchange

/// A small table of every type, with nulls and awkward values.
func everyType() throws -> [(name: String, column: Column)] {
  func column(_ type: DataType, _ values: [Value]) throws -> Column {
    try Column(type: type, values: values)
  }
  let nan = Value.float64(0x7FF8_0000_0000_1234)
  return [
    ("flag", try column(.bool, [.bool(true), .null, .bool(false)])),
    ("i8", try column(.int8, [.integer(-128), .integer(127), .null])),
    ("i16", try column(.int16, [.integer(-32_768), .null, .integer(1)])),
    ("i32", try column(.int32, [.integer(Int128(Int32.min)), .null, .integer(7)])),
    ("i64", try column(.int64, [.integer(Int128(Int64.min)), .null, .integer(Int128(Int64.max))])),
    ("u8", try column(.uint8, [.integer(255), .null, .integer(0)])),
    ("u16", try column(.uint16, [.integer(65_535), .null, .integer(0)])),
    ("u32", try column(.uint32, [.integer(Int128(UInt32.max)), .null, .integer(0)])),
    ("u64", try column(.uint64, [.integer(Int128(UInt64.max)), .null, .integer(0)])),
    ("f32", try column(.float32, [.float(-0.0), .null, .float(.leastNonzeroMagnitude)])),
    ("f64", try column(.float64, [nan, .double(-0.0), .double(0.1)])),
    ("text", try column(.utf8, [.text("Zoë \"x\", y\n"), .text(""), .null])),
    ("blob", try column(.binary, [.bytes([0, 255, 10]), .bytes([]), .null])),
    ("day", try column(.date, [.integer(-719_528), .null, .integer(19_782)])),
    ("at", try column(.timestamp(.microsecond, zone: "UTC"), [.integer(-1), .null, .integer(1)])),
    (
      "local",
      try column(.timestamp(.nanosecond, zone: nil), [.integer(0), .null, .integer(123_456_789)])
    ),
    (
      "money",
      try column(
        .decimal128(precision: 38, scale: 4), [.integer(-1), .null, .integer(123_456_789_012)])
    ),
    (
      "tags",
      try column(.list(.utf8), [.list([.text("a"), .null, .text("")]), .null, .list([])])
    ),
    ("ids", try column(.set(.int32), [.list([.integer(-1), .integer(3)]), .null, .list([])])),
    (
      "embedding",
      try column(
        .vector(dimension: 2),
        [.list([.float(1.5), .float(-2)]), .null, .list([.float(0), .float(.infinity)])])
    ),
  ]
}

/// All rows of a stream, by column name.
func readAll(_ stream: ArrowStream) throws -> [String: [Value]] {
  var table: [String: [Value]] = [:]
  for field in stream.schema.fields { table[field.name] = [] }
  do throws(HindcastError) {
    while let batch = try stream.next() {
      for (index, field) in stream.schema.fields.enumerated() {
        table[field.name, default: []] += try batch.column(index).values
      }
    }
  } catch {
    throw error.inFile(stream.path)
  }
  return table
}

/// Writes one batch to a new file.
func write(
  _ columns: [(name: String, column: Column)], to path: String,
  options: WriteOptions = WriteOptions()
) throws {
  let batch = ArrowBatch(count: columns.first?.column.count ?? 0, columns: columns)
  let writer = try TableWriter(path: path, schema: batch.schema, options: options)
  try writer.write(batch)
  try writer.close()
}
