import Foundation
import Hindcast
import HindcastCore
import HindcastDatasets
import HindcastInterchange
import HindcastStore

/// Generates a dataset's features straight into a new store, in parts of one commit each; its
/// labels go to a Parquet file.
struct DatasetStore {
  private let dataset: Dataset
  private let folder: String

  /// Rows of a part, which is sorted in memory.
  private static let partRows = 16 << 20
  private static let memoryBytes = 4 << 30

  init(_ dataset: Dataset, folder: String) {
    self.dataset = dataset
    self.folder = folder
  }

  func write(progress: any ProgressSink) throws -> DatasetFiles.Written {
    let files = DatasetFiles(dataset, folder: folder, format: .parquet)
    try files.createFolder()
    let path = folder + "/store"
    let store = try Store.create(at: path)
    do {
      return try fill(store, files, progress)
    } catch {
      // It was made here, and a part of a dataset is of no use.
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
  }

  private func fill(
    _ store: Store, _ files: DatasetFiles, _ progress: any ProgressSink
  ) throws -> DatasetFiles.Written {
    let definitions = try GroupDefinition.parse(yaml: dataset.groupsYAML, file: "groups.yaml")
    _ = try applyDefinitions(definitions, to: store, isDryRun: false)
    var written: [(path: String, rows: Int)] = []
    for table in dataset.tables {
      guard let group = table.group else {
        written.append(try files.write(table, progress: progress))
        continue
      }
      let rows = try store.withWriter { writer in
        try append(table, to: group, writer, progress)
      }
      written.append(("\(folder)/store (\(group))", rows))
    }
    return DatasetFiles.Written(
      files: written, nextCommands: files.nextCommands.filter { $0.contains(" build ") })
  }

  private func append(
    _ table: DatasetTable, to name: String, _ writer: StoreWriter, _ progress: any ProgressSink
  ) throws -> Int {
    let options = AppendOptions(
      memoryBytes: Self.memoryBytes, note: "dataset \(dataset.name)", segmentsPerIngest: 0)
    var appender = try writer.append(to: name, options: options)
    let layout = try GeneratedRows(table, of: appender.group)
    var (rowCount, partCount) = (0, 0)
    do {
      try table.generate { columns in
        try Interruption.check()
        let batch = try layout.versions(columns)
        try appender.append(batch)
        rowCount += batch.count
        partCount += batch.count
        progress.update(
          phase: table.name, done: rowCount, total: table.expectedRows, unit: "rows")
        guard partCount >= Self.partRows else { return }
        _ = try appender.commit()
        appender = try writer.append(to: name, options: options)
        partCount = 0
      }
      _ = try appender.commit()
    } catch {
      appender.cancel()
      throw error
    }
    return rowCount
  }
}

/// Where a group finds its columns among those of a generated table.
private struct GeneratedRows {
  private let encoder: KeyEncoder
  private let identifiers: [Int]
  private let eventTime: Int
  private let createdTime: Int?
  private let deleted: Int?
  private let features: [Int]

  init(_ table: DatasetTable, of group: FeatureGroup) throws {
    func place(_ name: String) throws -> Int {
      guard let index = table.fields.firstIndex(where: { $0.name == name }) else {
        throw HindcastError(.missingColumn, "the generated table has no column '\(name)'")
      }
      return index
    }
    identifiers = try group.recordIdentifiers.map { try place($0.name) }
    eventTime = try place(group.eventTime)
    createdTime = try group.createdTime.map(place)
    deleted = try group.deletedFlag.map(place)
    features = try group.features.map { try place($0.name) }
    encoder = try KeyEncoder(
      layout: KeyLayout(group), sources: group.recordIdentifiers.map(\.type),
      names: group.recordIdentifiers.map(\.name))
  }

  func versions(_ columns: [Column]) throws(HindcastError) -> VersionBatch {
    var tombstones: Buffer?
    if let deleted, case .bits(let bits) = columns[deleted].body { tombstones = bits }
    return VersionBatch(
      keys: try encoder.encode(identifiers.map { columns[$0] }).keys,
      eventTimes: columns[eventTime].fixed, createdTimes: createdTime.map { columns[$0] },
      tombstones: tombstones, features: features.map { columns[$0] })
  }
}
