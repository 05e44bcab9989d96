import HindcastCore

extension Dataset {
  /// 100,000 entities, 20 million rows of 14 features, a million labels.
  static func w1(_ options: Options) -> Dataset {
    let entities = scaled(100_000, options)
    let table = WorkloadTable(
      "f0", "14 features of all kinds, rows uniform over entities and time", seed: 101,
      rows: scaled(20_000_000, options), .uniform(entities: entities), .uniform, slices: 90,
      w1Features)
    return workload(
      "w1", "one group, 14 features, dense labels", [table], options,
      labels: scaled(1_000_000, options))
  }

  /// Five groups of 4 million rows with five rhythms, half a million labels.
  static func w2(_ options: Options) -> Dataset {
    let entities = scaled(100_000, options)
    let rows = scaled(4_000_000, options)
    let all = Popularity.uniform(entities: entities)
    let tables = [
      WorkloadTable(
        "f0", "events, uniform in time", seed: 202, rows: rows, all, .uniform, slices: 90,
        numbered(0, [.walk(step: 12), .gauss, .mostlyZero, .counter, .device, .flag], nulls: [1])),
      WorkloadTable(
        "f1", "a nightly batch of every entity", seed: 203, rows: rows, all,
        .nightly(nights: min(max(1, rows / entities), Timeline.days)), slices: 90,
        numbered(
          1, [.walk(step: 0.75), .gauss, .amount, .count, .small, .country], nulls: [0, 4, 5])
      ),
      WorkloadTable(
        "f2", "bursts: five active days an entity", seed: 204, rows: rows, all, .bursts, slices: 90,
        numbered(2, [.mostlyZero, .amount, .counter, .item, .hex, .flag], nulls: [1])),
      WorkloadTable(
        "f3", "a fifth of the entities, five times as often", seed: 205, rows: rows,
        .multiples(of: 5, entities: entities), .uniform, slices: 90,
        numbered(
          3, [.walk(step: 12), .walk(step: 0.75), .gauss, .gauss, .counter, .small], nulls: [3])),
      WorkloadTable(
        "f4", "hourly aggregates, recent ones more often", seed: 206, rows: rows, all, .recentHours,
        slices: 90,
        numbered(4, [.walk(step: 12), .gauss, .amount, .count, .item, .country], nulls: [0])),
    ]
    return workload(
      "w2", "five groups under one entity", tables, options, labels: scaled(500_000, options))
  }

  /// A million entities, 50 million rows, and labels of one entity in a hundred.
  static func w3(_ options: Options) -> Dataset {
    let entities = scaled(1_000_000, options)
    let table = WorkloadTable(
      "f0", "a long history of which little is asked", seed: 303,
      rows: scaled(50_000_000, options), .uniform(entities: entities), .uniform, slices: 30,
      [
        FeatureSpec("f_balance", .walk(step: 12)), FeatureSpec("f_g0", .gauss, nulls: 0.05),
        FeatureSpec("f_amount", .amount), FeatureSpec("i_counter", .counter),
        FeatureSpec("i_item", .item), FeatureSpec("s_country", .country, nulls: 0.05),
      ])
    return workload(
      "w3", "a huge history, few labels", [table], options, labels: scaled(20_000, options),
      popularity: .sample(oneIn: 100, entities: entities), exactRate: 0, absentRate: 0)
  }

  /// A million entities by Zipf's law, 10 million rows, a million labels as skewed.
  static func w4(_ options: Options) -> Dataset {
    let weights = ZipfWeights(entities: scaled(1_000_000, options), exponent: 1.2)
    let table = WorkloadTable(
      "f0", "a few very hot entities", seed: 404, rows: scaled(10_000_000, options),
      .zipf(weights), .uniform, slices: 18,
      [
        FeatureSpec("f_balance", .walk(step: 12)), FeatureSpec("f_g0", .gauss, nulls: 0.05),
        FeatureSpec("f_zero", .mostlyZero), FeatureSpec("i_counter", .counter),
        FeatureSpec("i_item", .item), FeatureSpec("i_small", .small, nulls: 0.05),
        FeatureSpec("s_country", .country, nulls: 0.05), FeatureSpec("b_flag", .flag),
      ])
    return workload(
      "w4", "Zipf's law in features and labels", [table], options,
      labels: scaled(1_000_000, options))
  }

  /// Ten million entities, a billion rows of 4 features, five million labels.
  static func w5(_ options: Options) -> Dataset {
    let entities = scaled(10_000_000, options)
    let table = WorkloadTable(
      "f0", "a history that no memory holds", seed: 506,
      rows: scaled(1_000_000_000, options), .uniform(entities: entities), .uniform, slices: 9,
      [
        FeatureSpec("f_balance", .walk(step: 12)), FeatureSpec("f_amount", .amount),
        FeatureSpec("i_counter", .counter), FeatureSpec("s_country", .country, nulls: 0.05),
      ])
    return workload(
      "w5", "a billion rows", [table], options, labels: scaled(5_000_000, options))
  }

  /// W1's entities with created times: rows known an hour late on average, 5% corrected, 1%
  /// deleted.
  static func late(_ options: Options) -> Dataset {
    let entities = scaled(100_000, options)
    var table = WorkloadTable(
      "f0", "rows known late, corrected and deleted", seed: 505,
      rows: scaled(10_000_000, options), .uniform(entities: entities), .uniform, slices: 90,
      Array(w1Features.prefix(10)))
    table.lateness = Lateness()
    return workload(
      "late", "created times, corrections and deletions", [table], options,
      labels: scaled(1_000_000, options))
  }

  private static var w1Features: [FeatureSpec] {
    [
      FeatureSpec("f_balance", .walk(step: 12), nulls: 0.05),
      FeatureSpec("f_price", .walk(step: 0.75)), FeatureSpec("f_g0", .gauss),
      FeatureSpec("f_g1", .gauss, nulls: 0.05), FeatureSpec("f_zero", .mostlyZero),
      FeatureSpec("f_amount", .amount), FeatureSpec("i_counter", .counter),
      FeatureSpec("i_small", .small, nulls: 0.05), FeatureSpec("i_count", .count),
      FeatureSpec("i_item", .item), FeatureSpec("s_country", .country, nulls: 0.05),
      FeatureSpec("s_device", .device), FeatureSpec("s_session", .hex, nulls: 0.05),
      FeatureSpec("b_flag", .flag),
    ]
  }

  private static func numbered(
    _ group: Int, _ kinds: [FeatureKind], nulls: Set<Int>
  ) -> [FeatureSpec] {
    kinds.enumerated().map { index, kind in
      FeatureSpec("g\(group)_\(index)", kind, nulls: nulls.contains(index) ? 0.05 : 0)
    }
  }

  private static func scaled(_ count: Int, _ options: Options) -> Int {
    max(1_000, Int(Double(count) * options.scale))
  }
}
