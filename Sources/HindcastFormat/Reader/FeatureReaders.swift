import HindcastCore
import Synchronization

/// The readers of a segment's features, each made when it is first asked for.
final class FeatureReaders: Sendable {
  private let schema: SegmentSchema
  private let entries: [ColumnEntry]
  private let source: SegmentSource
  private let state = Mutex(State())

  private struct State {
    var readers: [UInt32: ColumnReader] = [:]
    /// The places of the features; made when one is first asked for.
    var places: [UInt32: Int] = [:]
  }

  /// - Parameter entries: in the schema's order.
  init(_ schema: SegmentSchema, _ entries: [ColumnEntry], _ source: SegmentSource) {
    self.schema = schema
    self.entries = entries
    self.source = source
  }

  /// The reader of the feature of field `id`; nil if there is none.
  func reader(_ id: UInt32) -> ColumnReader? {
    state.withLock { state in
      if let reader = state.readers[id] { return reader }
      if state.places.isEmpty {
        for (place, field) in schema.features.enumerated() { state.places[field.id] = place }
      }
      guard let place = state.places[id] else { return nil }
      let field = schema.features[place]
      let reader = ColumnReader(
        entries[place], type: field.type, name: field.name, source: source)
      state.readers[id] = reader
      return reader
    }
  }
}
