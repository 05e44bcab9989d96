import HindcastCore
import HindcastFormat
import Testing

/// One page content for each rule of the encodings, and the code that refuses it.
@Suite struct MalformedNodeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var type: DataType
    var count: Int
    var hex: String
    var code: HindcastError.Code
    var testDescription: String { name }
  }

  /// A constant node of int shape: count 2, value 1.
  private static let two = "01000000 02000000 0100000000000000"

  static let cases: [Case] = [
    Case(name: "nothing", type: .int32, count: 1, hex: "", code: .segmentBadPage),
    Case(
      name: "wrong count", type: .int32, count: 3, hex: two, code: .segmentBadPage),
    Case(name: "left over", type: .int32, count: 2, hex: two + "00", code: .segmentBadPage),
    Case(
      name: "reserved byte", type: .int32, count: 2, hex: "01000100 02000000 0100000000000000",
      code: .segmentBadPage),
    Case(
      name: "unknown encoding", type: .int32, count: 2, hex: "11000000 02000000 0100000000000000",
      code: .segmentUnknownEncoding),
    Case(
      name: "encoding of another shape", type: .int32, count: 2,
      hex: "08000000 02000000 0100000000000000", code: .segmentUnknownEncoding),
    Case(
      name: "constant beyond its width", type: .int8, count: 2,
      hex: "01000000 02000000 0001000000000000", code: .segmentBadPage),
    Case(
      name: "packed without bits", type: .int8, count: 2, hex: "03000000 02000000" + "00000000" * 2,
      code: .segmentBadPage),
    Case(
      name: "packed beyond its width", type: .int8, count: 1,
      hex: "03090000 01000000" + "00000000" * 4, code: .segmentBadPage),
    Case(
      name: "packed words missing", type: .int8, count: 9,
      hex: "03080000 09000000" + "00000000" * 4,
      code: .segmentBadPage),
    Case(
      name: "deltas by run-length", type: .int32, count: 2,
      hex: "04000000 02000000" + "01000000 01000000 0700000000000000" + "05000000 02000000"
        + "01000000 01000000 0700000000000000" + "01000000 01000000 0200000000000000",
      code: .segmentUnknownEncoding),
    Case(
      name: "run ends that fall", type: .int32, count: 2,
      hex: "05000000 02000000" + two + "02000000 02000000 0200000001000000", code: .segmentBadPage),
    Case(
      name: "run ends that end early", type: .int32, count: 5,
      hex: "05000000 05000000" + two + "02000000 02000000 0100000002000000", code: .segmentBadPage),
    Case(
      name: "no runs", type: .int32, count: 5, hex: "05000000 05000000 02000000 00000000",
      code: .segmentBadPage),
    Case(
      name: "code beyond the dictionary", type: .int32, count: 2,
      hex: "06000000 02000000" + "01000000 01000000 0700000000000000" + two, code: .segmentBadPage),
    Case(
      name: "dictionary larger than its codes", type: .int32, count: 1,
      hex: "06000000 01000000" + two, code: .segmentBadPage),
    Case(
      name: "nine levels", type: .int32, count: 1,
      hex: "06000000 01000000" * 8 + "01000000 01000000 0700000000000000",
      code: .segmentNestingTooDeep),
    Case(
      name: "nullable without nulls", type: .int32, count: 2,
      hex: "07000000 02000000" + two + two, code: .segmentBadPage),
    Case(
      name: "nullable in nullable", type: .int32, count: 2,
      hex: "07000000 02000000" + "08000000 02000000 0100000000000000" + "07000000 02000000",
      code: .segmentUnknownEncoding),
    Case(
      name: "a null with a length", type: .utf8, count: 2,
      hex: "07000000 02000000" + "08000000 02000000 0100000000000000" + "02000000 02000000" + two
        + "0200000000000000 6162000000000000", code: .segmentBadPage),
    Case(
      name: "bytes longer than their lengths", type: .utf8, count: 2,
      hex: "02000000 02000000" + two + "0300000000000000 6162630000000000", code: .segmentBadPage),
    Case(
      name: "lengths beyond the page's limit", type: .utf8, count: 2,
      hex: "02000000 02000000" + "01000000 02000000 FFFFFF7F00000000", code: .segmentLimitExceeded),
    Case(
      name: "list elements beyond the limit", type: .list(.int64), count: 2,
      hex: "09000000 02000000" + "01000000 02000000 FFFFFF1F00000000", code: .segmentLimitExceeded),
    Case(
      name: "a length beyond the page", type: .utf8, count: 1,
      hex: "01000000 01000000 FFFFFFFFFFFFFF7F", code: .segmentBadPage),
    Case(
      name: "a bool that is 2", type: .bool, count: 1, hex: "01000000 01000000 0200000000000000",
      code: .segmentBadPage),
  ]

  @Test(arguments: cases)
  func isRefusedByName(_ malformed: Case) {
    let error = #expect(throws: HindcastError.self) {
      _ = try PageContent.decode(
        bytes(malformed.hex), type: malformed.type, count: malformed.count)
    }
    #expect(error?.code == malformed.code, "\(error.map { "\($0)" } ?? "")")
    _ = try? PageContent.describe(
      bytes(malformed.hex), type: malformed.type, count: malformed.count)
  }

  @Test(arguments: cases)
  func isRefusedByPosition(_ malformed: Case) {
    let error = #expect(throws: HindcastError.self) {
      _ = try PageContent.take(
        bytes(malformed.hex), type: malformed.type, count: malformed.count,
        positions: Array(0..<Int32(malformed.count)))
    }
    #expect(error?.code == malformed.code, "\(error.map { "\($0)" } ?? "")")
  }

  private func bytes(_ hex: String) -> Buffer {
    let digits = Array(hex.filter { $0 != " " })
    return Buffer(
      stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
      })
  }
}

private func * (text: String, count: Int) -> String { String(repeating: text, count: count) }
