import Hindcast
import HindcastCore
import Testing

@Suite("Reports as text and JSON")
struct PresentationTests {
  @Test("JSON: order, escapes, numbers that JSON lacks")
  func json() {
    let document: JSONValue = [
      "b": 1, "a": [true, .null, .double(0.1), .double(-0.0), .float(0.1), .integer(.max)],
      "text": "quote \" slash \\ line \n bell \u{7} zoë", "nan": .double(.nan),
      "infinite": .double(-.infinity), "none": [],
    ]
    #expect(
      document.compact == #"{"b":1,"a":[true,null,0.1,-0.0,0.1,"#
        + #"170141183460469231731687303715884105727],"text":"quote \" slash \\ line \n bell \u0007 "#
        + #"zoë","nan":"NaN","infinite":"-Infinity","none":[]}"#)
    #expect(JSONValue.object([.init("a", [1])]).pretty == "{\n  \"a\": [\n    1\n  ]\n}")
    #expect(document["b"] == 1 && document["c"] == nil)
  }

  @Test("numbers for people")
  func quantities() {
    #expect(Quantities.count(0) == "0" && Quantities.count(999) == "999")
    #expect(Quantities.count(1_000) == "1,000" && Quantities.count(-1_234_567) == "-1,234,567")
    #expect(Quantities.count(1, "row") == "1 row" && Quantities.count(2, "row") == "2 rows")
    #expect(Quantities.bytes(0) == "0 B" && Quantities.bytes(1_023) == "1023 B")
    #expect(Quantities.bytes(1_536) == "1.5 KiB" && Quantities.bytes(Int.max) == "8.0 EiB")
    #expect(Quantities.percent(0.125) == "12.5%" && Quantities.seconds(3.04) == "3.0 s")
    #expect(Quantities.seconds(59.6) == "1 m 00 s" && Quantities.seconds(185) == "3 m 05 s")
    #expect(Quantities.fixed(-0.04, digits: 1) == "0.0" && Quantities.fixed(2.5, digits: 0) == "3")
  }

  @Test("tables are aligned and have no spaces at line ends")
  func table() {
    var table = TextTable([("name", .left), ("rows", .right), ("note", .left)])
    table.append(["a", "1,000", ""])
    table.append(["longer", "2", "x"])
    #expect(table.text == "name     rows  note\na       1,000\nlonger      2  x\n")
    #expect(TextTable.pairs([("a", "1"), ("bcd", "2")]) == "a    1\nbcd  2\n")
  }

  @Test("cells as text: times, dates, decimals, binary")
  func cells() {
    #expect(Value.integer(-1).text(as: .timestamp(.second, zone: nil)) == "1969-12-31T23:59:59Z")
    #expect(Value.integer(19_782).text(as: .date) == "2024-02-29")
    let decimals: [(Int128, Int, String)] = [
      (5, 2, "0.05"), (-5, 2, "-0.05"), (12_345, 2, "123.45"), (7, 0, "7"), (7, -2, "700"),
      (0, 3, "0.000"),
    ]
    for (unscaled, scale, text) in decimals {
      #expect(Value.integer(unscaled).text(as: .decimal128(precision: 38, scale: scale)) == text)
    }
    let cases: [([UInt8], String)] = [([], ""), ([1], "AQ=="), ([1, 2], "AQI="), ([255, 0, 254], "/wD+")]
    for (bytes, text) in cases {
      #expect(Value.bytes(bytes).text(as: .binary) == text)
    }
  }

  @Test("identifiers as typed, of every type")
  func identifiers() throws {
    func value(_ text: String, _ type: DataType) throws -> Value {
      try Value(identifier: text, of: Field(id: 1, name: "id", type: type))
    }
    #expect(try value("00123", .utf8) == .text("00123"))
    #expect(try value("-7", .int64) == .integer(-7))
    #expect(try value("true", .bool) == .bool(true))
    #expect(try value("2024-02-29", .date) == .integer(19_782))
    #expect(try value("AQI=", .binary) == .bytes([1, 2]))
    #expect(try value("5s", .timestamp(.millisecond, zone: nil)) == .integer(5_000))
    for (text, type) in [
      ("+7", DataType.int64), ("7.0", .int64), ("", .int64), ("yes", .bool), ("2024-02-30", .date),
      ("A", .binary), ("A===", .binary), ("5ms", .timestamp(.second, zone: nil)),
      ("5", .timestamp(.second, zone: nil)),
    ] {
      #expect(throws: HindcastError.self) { try value(text, type) }
    }
  }
}
