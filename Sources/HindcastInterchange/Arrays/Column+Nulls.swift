package import HindcastCore

extension Column {
  /// A column of nothing but nulls.
  package static func nulls(type: DataType, count: Int) -> Column {
    let validity = MutableBuffer(byteCount: Bits.byteCount(count)).freeze()
    let body: Body
    switch type.layout {
    case .bits: body = .bits(validity)
    case .fixed(let width): body = .fixed(MutableBuffer(byteCount: count * width).freeze())
    case .bytes:
      body = .bytes(
        offsets: MutableBuffer(byteCount: (count + 1) * 4).freeze(), data: MutableBuffer().freeze())
    case .list:
      body = .list(
        offsets: MutableBuffer(byteCount: (count + 1) * 4).freeze(),
        child: nulls(type: type.element ?? .bool, count: 0))
    }
    return Column(type: type, count: count, nullCount: count, validity: validity, body: body)
  }
}
