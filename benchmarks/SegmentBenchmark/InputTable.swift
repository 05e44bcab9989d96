import HindcastCore
import HindcastFormat
import HindcastInterchange

/// A table of versions in memory: the Arrow batches of a file, as the reader made them.
///
/// Its columns are a record identifier `entity`, a timestamp `event_time`, and features.
struct InputTable {
  /// The group that the table is the history of.
  let group: FeatureGroup
  /// The rows, in the order of the file.
  let batches: [Batch]

  /// Some consecutive rows.
  struct Batch {
    let entities: Column
    let eventTimes: Column
    let features: [Column]
  }

  var rowCount: Int { batches.reduce(0) { $0 + $1.entities.count } }

  /// Reads all of a file.
  /// - Throws: ``HindcastError`` if a column is missing or has a type that the contract lacks.
  init(_ path: String) throws(HindcastError) {
    let stream = try TableReader.open(path)
    let names = stream.schema.fields.map(\.name)
    guard let entity = names.firstIndex(of: "entity"), let time = names.firstIndex(of: "event_time")
    else { throw HindcastError(.missingColumn, "the table needs 'entity' and 'event_time'") }
    let features = names.indices.filter { $0 != entity && $0 != time }
    var batches: [Batch] = []
    while let batch = try stream.next() {
      var columns: [Column] = []
      for index in features { columns.append(try batch.column(index)) }
      batches.append(
        Batch(
          entities: try batch.column(entity), eventTimes: try batch.column(time),
          features: columns))
    }
    self.batches = batches
    group = try Self.group(stream.schema, entity: entity, time: time, features: features)
  }

  private static func group(
    _ schema: ArrowSchemaReference, entity: Int, time: Int, features: [Int]
  ) throws(HindcastError) -> FeatureGroup {
    func field(_ index: Int, id: Int) throws(HindcastError) -> Field {
      let field = schema.fields[index]
      guard let type = field.type else {
        throw HindcastError(.typeMismatch, "column '\(field.name)' has no type of the contract")
      }
      return Field(id: UInt32(id), name: field.name, type: type)
    }
    guard case .timestamp(let unit, _) = schema.fields[time].type else {
      throw HindcastError(.typeMismatch, "'event_time' must be a timestamp")
    }
    var fields: [Field] = []
    for (place, index) in features.enumerated() { fields.append(try field(index, id: place + 2)) }
    let group = FeatureGroup(
      name: "f0", recordIdentifiers: [try field(entity, id: 1)], eventTime: "event_time",
      timeUnit: unit, features: fields)
    try group.validate()
    return group
  }
}

extension InputTable.Batch {
  /// The rows as versions, their identifiers encoded as keys.
  /// - Throws: ``HindcastError`` if an identifier or an event time is null.
  func versions(_ group: FeatureGroup) throws(HindcastError) -> VersionBatch {
    guard entities.nullCount == 0, eventTimes.nullCount == 0 else {
      throw HindcastError(.invalidValue, "a record identifier or an event time is null")
    }
    let encoder = try KeyEncoder(
      layout: KeyLayout(group), sources: [entities.type], names: ["entity"])
    return VersionBatch(
      keys: try encoder.encode([entities]).keys, eventTimes: eventTimes.fixed, features: features)
  }
}
