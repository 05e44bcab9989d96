import HindcastCore
import Testing

@Suite("Buffers")
struct BufferTests {
  @Test("appended elements and bytes come back in order")
  func appends() {
    var buffer = MutableBuffer()
    buffer.append(UInt8(7))
    buffer.append(UInt32(0x0403_0201))
    buffer.append(contentsOf: [UInt16(0x0605), 0x0807].span)
    buffer.append(contentsOf: Buffer([UInt8(9), 10]).bytes)
    buffer.append(contentsOf: [UInt8]().span)
    #expect(buffer.byteCount == 11)
    #expect(buffer.freeze().array(of: UInt8.self) == [7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  }

  @Test("new bytes are zero, also where longer ones were before")
  func resizes() {
    var buffer = MutableBuffer(byteCount: 3, capacity: 100)
    buffer.append(UInt64.max)
    buffer.resize(byteCount: 4)
    buffer.resize(byteCount: 200)
    let bytes = buffer.freeze().array(of: UInt8.self)
    #expect(bytes.count == 200)
    #expect(bytes[..<3].allSatisfy { $0 == 0 })
    #expect(bytes[3] == 0xFF)
    #expect(bytes[4...].allSatisfy { $0 == 0 })
  }

  @Test("a buffer grows past its capacity without losing bytes")
  func grows() {
    var buffer = MutableBuffer()
    for number in 0..<10_000 { buffer.append(number) }
    #expect(buffer.freeze().array(of: Int.self) == Array(0..<10_000))
  }

  @Test("a rest that is shorter than an element is left out")
  func rest() {
    let buffer = Buffer([UInt8(1), 0, 0, 0, 2])
    #expect(buffer.array(of: UInt32.self) == [1])
    #expect(Buffer([UInt8]()).array(of: UInt64.self) == [])
    #expect(Buffer([Int64]()).bytes.byteCount == 0)
  }
}
