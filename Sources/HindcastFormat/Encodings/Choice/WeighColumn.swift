import HindcastCore

extension NodeWriter {
  /// What the writer weighs for the values of a page, and the bytes that each would take.
  ///
  /// Sizes are of the values' node: without that of the nulls, and before a codec. Empty for
  /// types of which there is nothing to choose.
  func candidates(_ column: Column) -> [EncodingCandidate] {
    guard column.count > 1, column.nullCount < column.count else { return [] }
    switch column.body {
    case .bits(let bits):
      return boolCandidates(bits.span(of: UInt8.self), count: column.count)
    case .fixed(let values):
      guard case .fixed(let width) = column.type.layout else { return [] }
      if case .vector = column.type { return [] }
      return numberCandidates(values, width: width, column)
    case .bytes(let offsets, let data):
      let strings = ByteStrings(offsets: exactly(offsets, 4 * (column.count + 1)), data: data)
      let lengths = strings.lengths()
      return BytesPlan(strings, lengths.span(of: UInt32.self), self).candidates
    case .list: return []
    }
  }

  private func numberCandidates(
    _ values: Buffer, width: Int, _ column: Column
  ) -> [EncodingCandidate] {
    switch width {
    case 1: numberCandidates(values, UInt8.self, column)
    case 2: numberCandidates(values, UInt16.self, column)
    case 4: numberCandidates(values, UInt32.self, column)
    case 8: numberCandidates(values, UInt64.self, column)
    default: numberCandidates(values, UInt128.self, column)
    }
  }

  private func numberCandidates<T: NodeInteger>(
    _ values: Buffer, _: T.Type, _ column: Column
  ) -> [EncodingCandidate] {
    let span = values.span(of: T.self).extracting(0..<column.count)
    return IntegerPlan(span, kind: column.type.numberKind, self).candidates
  }
}
