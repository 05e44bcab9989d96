import HindcastCore
import HindcastReference
import HindcastStore

/// The reference implementation as a strategy: every label against every version of its record.
///
/// Quadratic, and the whole history of the labels' records in memory: the yardstick for the others.
enum NestedStrategy {
  /// Fills `resolution` with the reference's winners.
  static func resolve(
    _ input: ResolveInput, _ view: BoundView, _ group: GroupSnapshot,
    into resolution: inout Resolution
  ) throws(HindcastError) {
    let keys = input.labels.keys.keys
    let layout = KeyLayout(group.definition)
    let wanted = Set(input.order.rows.map { keys.bytes(Int($0)) })
    let history = try GroupHistory(group, features: [], keys: wanted)
    let join = try ReferenceJoin(
      group: history.reference(group.definition, featureCount: 0),
      options: ReferenceOptions(
        delay: view.rule.delay, isStrict: view.rule.isStrict, maxAge: view.rule.maxAge,
        allowsKnownLate: view.view.isKnownLate))
    let times = input.labels.times.span(of: Int64.self)
    for (entry, row) in input.order.rows.enumerated() {
      let label = ReferenceLabel(
        record: try layout.decode(keys.bytes(Int(row))),
        time: ReferenceTime(ticks: times[Int(row)], unit: input.labels.unit))
      guard let winner = join.answer(label).winner else { continue }
      resolution.segments[entry] = Int32(history.entries[winner].segment)
      resolution.rows[entry] = history.entries[winner].row
      resolution.eventTimes[entry] = history.entries[winner].version.eventTime
      guard !resolution.createdTimes.isEmpty else { continue }
      resolution.createdTimes[entry] = history.entries[winner].version.createdTime
    }
  }
}
