import HindcastCore
import HindcastReference
import HindcastStore

/// The reference implementation as a strategy: every label against every version of its record.
///
/// Quadratic, and the whole history of the labels' records in memory: the yardstick for the others.
enum NestedStrategy {
  /// Makes the reference's winners those of `winners`.
  static func resolve(
    _ input: ResolveInput, _ view: BoundView, _ group: GroupSnapshot, into winners: inout Winners
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
      let found = history.entries[winner]
      winners.set(
        entry, segment: Int32(found.segment), row: found.row,
        eventTime: found.version.eventTime, createdTime: found.version.createdTime)
    }
  }
}
