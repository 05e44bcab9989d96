import HindcastStore
import Testing

@Suite struct ChunkedArrayTests {
  @Test func elementsAreThoseThatWereAdded() {
    var list = ChunkedArray<Int>()
    for count in 0..<200 {
      #expect(Array(list) == Array(0..<count))
      #expect(list.count == count && list.last == (count > 0 ? count - 1 : nil))
      list.append(count)
    }
    let thirds = ChunkedArray(list.filter { $0 % 3 == 0 })
    #expect(Array(thirds) == Array(stride(from: 0, to: 200, by: 3)))
  }

  @Test func copiesGoTheirOwnWays() {
    for count in [0, 1, 63, 64, 65, 128] {
      let old = ChunkedArray(0..<count)
      var new = old
      var other = old
      new.append(-1)
      other.append(-2)
      #expect(Array(old) == Array(0..<count))
      #expect(Array(new) == Array(0..<count) + [-1])
      #expect(Array(other) == Array(0..<count) + [-2])
    }
  }
}
