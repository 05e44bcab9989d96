import Testing

@Suite("Build, latest, get and audit on the command line")
struct BuildTests {
  private static let build = [
    "build", "--labels", "labels.csv", "--label-time", "label_time", "--features",
    "balances:utilisation,status",
  ]

  @Test("every outcome of L1, and the label rows as they were")
  func outcomes() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.run(Self.build + ["--output", "train.csv", "--json"])
    #expect(outcome.code == 0, "\(outcome.messages)")
    for count in [
      "\"matched\": 4", "\"missing\": 1", "\"expired\": 1", "\"deleted\": 1", "\"unusable\": 1",
    ] {
      #expect(outcome.output.contains(count), "\(count)")
    }
    #expect(outcome.output.contains("\"certificate_holds\": true"))
    let lines = try sandbox.read("train.csv").split(separator: "\n").map(unquoted)
    #expect(
      lines == [
        "application,customer_id,label_time,utilisation,status",
        "a,1,2024-01-11T00:00:00Z,0.25,good", "b,1,2024-01-12T00:00:00Z,0.5,good",
        "c,2,2024-01-14T23:59:59Z,0.1,", "d,2,2024-01-15T00:00:00Z,,",
        "e,3,2024-01-31T00:00:00Z,,new",
        "f,3,2024-01-31T00:00:01Z,,", "g,9,2024-01-31T00:00:00Z,,", "h,,2024-01-31T00:00:00Z,,",
      ])
    #expect(sandbox.has("train.csv.manifest.json"))
  }

  private func unquoted(_ line: Substring) -> String { String(line.filter { $0 != "\"" }) }

  @Test("strategies agree, and the audit passes, whatever the format")
  func strategies() throws {
    let sandbox = try Sandbox.withBalances()
    let outputs = [
      ("merge", "a.parquet"), ("nested", "b.arrow"), ("auto", "c.jsonl"), ("probe", "d.arrow"),
      ("hash", "e.csv"),
    ]
    for (strategy, output) in outputs {
      let outcome = try sandbox.run(Self.build + ["--output", output, "--strategy", strategy])
      #expect(outcome.code == 0, "\(outcome.messages)")
      let audit = try sandbox.run("audit", output)
      #expect(audit.code == 0, "\(audit.output)\(audit.messages)")
    }
    let manifests = try outputs.map { try sandbox.read($0.1 + ".manifest.json") }
    #expect(Set(manifests).count == 1)
  }

  @Test("what is no number is audited in every format", arguments: ["jsonl", "csv", "arrow"])
  func notANumber(ending: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      "id,at,x\n1,2024-01-01,nan\n2,2024-01-01,1.5\n3,2024-01-01,-inf\n", to: "a.csv")
    try sandbox.write(
      "id,t\n1,2024-01-02\n2,2024-01-02\n3,2024-01-02\n4,2024-01-02\n", to: "l.csv")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess(
      "group", "create", "g", "--schema-from", "a.csv", "--record-id", "id", "--event-time", "at",
      "--type", "id=int64", "--type", "x=float64")
    try sandbox.expectSuccess("ingest", "g", "a.csv")
    try sandbox.expectSuccess(
      "build", "--labels", "l.csv", "--label-time", "t", "--features", "g", "--output",
      "o.\(ending)")
    #expect(try sandbox.expectSuccess("audit", "o.\(ending)").output.contains("4"))
  }

  @Test("the same bytes, whatever the number of threads")
  func threads() throws {
    let sandbox = try Sandbox.withBalances()
    for threads in ["1", "2", "7"] {
      try sandbox.shell("mkdir \(threads)")
      let outcome = try sandbox.run(
        Self.build + ["--threads", threads, "--output", "\(threads)/t.parquet"])
      #expect(outcome.code == 0, "\(outcome.messages)")
    }
    let compared = try sandbox.shell("cmp 1/t.parquet 2/t.parquet && cmp 1/t.parquet 7/t.parquet")
    #expect(compared.code == 0)
    let none = try sandbox.run(Self.build + ["--threads", "0", "--output", "t.parquet"])
    #expect(none.code == 64 && none.messages.contains("--threads is at least 1, not 0"))
  }

  @Test("codecs and row groups are as asked for, and audits pass")
  func layouts() throws {
    let sandbox = try Sandbox.withBalances()
    let options = [
      ("a.parquet", ["--compression", "none", "--row-group-rows", "3"]),
      ("b.parquet", ["--compression", "zstd", "--compression-level", "9"]),
      ("c.arrow", ["--compression", "lz4"]), ("d.parquet", ["--compression", "snappy"]),
    ]
    for (output, layout) in options {
      let outcome = try sandbox.run(Self.build + ["--output", output] + layout)
      #expect(outcome.code == 0, "\(outcome.messages)")
      #expect(try sandbox.run("audit", output).code == 0)
    }
    let none = try sandbox.run(Self.build + ["--output", "e.parquet", "--row-group-rows", "0"])
    #expect(none.code == 64 && !sandbox.has("e.parquet"))
    let unknown = try sandbox.run(Self.build + ["--output", "e.parquet", "--compression", "rar"])
    #expect(unknown.code == 64 && unknown.messages.contains("zstd"))
  }

  @Test("an explained build says what each strategy would have cost")
  func explanation() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.run(Self.build + ["--output", "t.parquet", "--explain"])
    #expect(outcome.code == 0)
    for part in ["resolve", "gather", "estimated", "of one core", "merge", "probe", "hash"] {
      #expect(outcome.messages.contains(part), "\(part): \(outcome.messages)")
    }
    let asked = try sandbox.run(
      Self.build + ["--output", "t.parquet", "--explain", "--strategy", "probe"])
    #expect(asked.messages.contains("probe, 1 segment, as asked"), "\(asked.messages)")
  }

  @Test("strategies are compared on a store of one's own")
  func benchmark() throws {
    let sandbox = try Sandbox.withBalances()
    let bench = ["bench", "join"] + Self.build.dropFirst()
    let outcome = try sandbox.run(
      bench + ["--runs", "2", "--strategies", "merge,probe,hash,nested,auto"])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("results equal"))
    let json = try sandbox.run(bench + ["--runs", "1", "--json"])
    #expect(json.output.contains("\"equal\": true") && json.output.contains("keys_compared"))
    let unknown = try sandbox.run(bench + ["--strategies", "guess"])
    #expect(unknown.code == 64 && unknown.messages.contains("There is no strategy 'guess'"))
    #expect(try sandbox.run(bench + ["--runs", "0"]).code != 0)
  }

  @Test("an audit finds a changed cell")
  func auditFinds() throws {
    let sandbox = try Sandbox.withBalances()
    #expect(try sandbox.run(Self.build + ["--output", "t.csv"]).code == 0)
    let changed = try sandbox.read("t.csv").replacing("0.25", with: "0.26")
    try sandbox.write(changed, to: "t.csv")
    let audit = try sandbox.run("audit", "t.csv")
    #expect(audit.code == 1)
    #expect(
      audit.output.contains("DIFFER") && audit.output.contains("row 1, column \"utilisation\""))
  }

  @Test("the same build writes the same bytes")
  func reproducible() throws {
    let sandbox = try Sandbox.withBalances()
    for name in ["one", "two"] {
      try sandbox.shell("mkdir \(name)")
      #expect(try sandbox.run(Self.build + ["--output", "\(name)/t.parquet"]).code == 0)
    }
    let compared = try sandbox.shell(
      "for name in t.parquet t.parquet.manifest.json; do cmp one/$name two/$name; done"
    )
    #expect(compared.code == 0)
  }

  @Test("labels whose answers do not fit are gathered in parts, which changes no value")
  func parts() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      groups:
        - name: notes
          record_identifiers: {record: int64}
          event_time: at
          features: {text: utf8, words: "list[utf8]", number: int64}
      """, to: "groups.yaml")
    let lines = (0..<600).map { index in
      let text = String(repeating: "\(index),", count: index % 7 == 0 ? 3_000 : 500)
      let words = index % 5 == 0 ? "null" : "[\"a\(index)\",null,\"\"]"
      return "{\"record\":\(index % 400),\"at\":\"2024-01-0\(index / 400 + 1)T00:00:00Z\","
        + "\"text\":\"\(text)\",\"words\":\(words),\"number\":\(index)}\n"
    }
    try sandbox.write(lines[..<500].joined(), to: "first.jsonl")
    try sandbox.write(lines[500...].joined(), to: "second.jsonl")
    // In no order, with records that are not there.
    let labels = (0..<450).map { "\($0 * 77 % 450),2024-01-03T00:00:00Z\n" }
    try sandbox.write("record,label_time\n" + labels.joined(), to: "labels.csv")
    try sandbox.expectSuccess("init")
    try sandbox.expectSuccess("apply", "groups.yaml")
    try sandbox.expectSuccess("ingest", "notes", "first.jsonl")
    try sandbox.expectSuccess("ingest", "notes", "second.jsonl")
    var hashes: Set<String> = []
    for memory in ["1MiB", "1GiB"] {
      let asked = ["--labels", "labels.csv", "--label-time", "label_time", "--memory", memory]
      let build = try sandbox.run(
        ["build"] + asked + [
          "--features", "notes", "--with-event-times", "--output", "\(memory).parquet",
        ])
      #expect(build.code == 0, "\(build.messages)")
      #expect(try sandbox.run("audit", "\(memory).parquet").code == 0)
      let manifest = try sandbox.read("\(memory).parquet.manifest.json")
      hashes.formUnion(
        manifest.split(separator: "\n").map(String.init).filter { $0.contains("xxh128") })
      let difference = try sandbox.run(
        ["snapshots", "diff", "3", "4"] + asked + [
          "--features", "notes", "--output", "\(memory).jsonl",
        ])
      #expect(difference.code == 0 && difference.output.contains("100 get"), "\(difference.output)")
    }
    // Those of two label columns, and of the result.
    #expect(hashes.count == 3, "\(hashes)")
    #expect(try sandbox.shell("cmp 1MiB.jsonl 1GiB.jsonl").code == 0)
  }

  @Test("label columns whose batches have dictionaries of their own go into an Arrow file")
  func dictionaries() throws {
    let sandbox = try Sandbox.withBalances()
    func build(_ labels: String, _ output: String) throws -> Sandbox.Outcome {
      try sandbox.run(
        "build", "--labels", labels, "--labels-format", "arrow", "--label-time", "label_time",
        "--features", "balances:limit", "--names", "full", "--output", output)
    }
    let fixtures = Sandbox.root.appending(path: "Tests/fixtures").path
    #expect(try build("\(fixtures)/dictionaries.arrows", "train.arrow").code == 0)
    try sandbox.shell(
      "hindcast build --labels train.arrow --label-time label_time --features b=balances:limit "
        + "--names full --output words.csv")
    let words = try sandbox.read("words.csv").split(separator: "\n").dropFirst()
      .map { Self.cell($0, 2) }
    let expected = (0..<3).flatMap { ["w\($0)", "w\($0 + 1)", "w\($0 + 2)", ""] }
    #expect(words == expected)
    let refused = try build("\(fixtures)/dictionaries-too-many.arrows", "more.arrow")
    #expect(refused.code == 1 && refused.messages.contains("column \"word\" has dictionaries"))
    #expect(!sandbox.has("more.arrow"))
    #expect(try build("\(fixtures)/dictionaries-too-many.arrows", "more.parquet").code == 0)
  }

  private static func cell(_ line: Substring, _ index: Int) -> String {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    return cells[index].filter { $0 != "\"" }
  }

  @Test("of two builds to one output both files are of the same")
  func sameOutput() throws {
    let sandbox = try Sandbox.withBalances()
    let script =
      """
      head -4 labels.csv > few.csv
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        for labels in labels few; do
          hindcast build --labels $labels.csv --label-time label_time --features balances \
            --output train.csv > /dev/null 2>&1 &
        done
        wait
        rows=$(($(wc -l < train.csv) - 1))
        grep -Eq '"rows" : '$rows'[^0-9]' train.csv.manifest.json || echo "$rows rows differ"
      done
      """
    let outcome = try sandbox.shell(script)
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.output)\(outcome.messages)")
  }

  @Test("options: strict, delay, max age, known late, aliases, names, event times")
  func options() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.run(
      [
        "build", "--labels", "labels.csv", "--label-time", "label_time", "--features",
        "now=balances:utilisation", "late=balances:utilisation", "old=balances:utilisation",
        "--names", "full", "--with-event-times", "--known-late", "late", "--delay", "old=5d",
        "--max-age", "old=none", "--strict", "now", "--key", "now:customer_id=customer_id",
        "--output", "t.csv", "--json",
      ])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("\"created_time\": \"RELAXED\""))
    #expect(outcome.output.contains("\"min_label_minus_created_ns\": -"))
    let lines = try sandbox.read("t.csv").split(separator: "\n")
    #expect(lines[0].contains("late__event_time"))
    #expect(lines[1].replacing("\"", with: "").hasPrefix("a,1,2024-01-11T00:00:00Z,0.25,"))
    #expect(lines[1].contains("0.5"))
  }

  @Test("a request file serves training and scoring unchanged")
  func requestFile() throws {
    let sandbox = try Sandbox.withBalances()
    let spec = """
      label_time: label_time
      features:
        - balances:utilisation
        - {ref: "b=balances:status", max_age: none, delay: 1d, strict: true}
      names: full
      """
    try sandbox.write(spec, to: "spec.yaml")
    try sandbox.expectSuccess(
      "build", "--labels", "labels.csv", "--spec", "spec.yaml", "--output", "t.csv")
    try sandbox.expectSuccess(
      "latest", "--ids", "labels.csv", "--spec", "spec.yaml", "--as-of", "2024-01-31T00:00:00Z",
      "--output", "l.csv")
    let header = try sandbox.read("t.csv").split(separator: "\n")[0]
    #expect(try sandbox.read("l.csv").split(separator: "\n")[0] == header)
    #expect(header.contains("b__status"))
    try sandbox.write(spec.replacing("max_age", with: "maxage"), to: "bad.yaml")
    let bad = try sandbox.run(
      "build", "--labels", "labels.csv", "--spec", "bad.yaml", "--output", "u.csv")
    #expect(bad.code == 1 && bad.messages.contains("Did you mean 'max_age'?"))
  }

  @Test("a check answers the first labels and writes nothing; few matches are a warning")
  func check() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.run(Self.build + ["--check", "--json"])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("\"sampled_labels\": 8"))
    #expect(outcome.output.contains("\"labels_with_record\": 6"))
    #expect(!sandbox.has("-.manifest.json"))
    try sandbox.write(
      "customer_id,t\n1,1970-01-20T17:00:00Z\n7,1970-01-20T17:00:00Z\n", to: "w.csv")
    let wrong = try sandbox.run(
      "build", "--labels", "w.csv", "--label-time", "t", "--features", "balances", "--output",
      "w.parquet")
    #expect(wrong.code == 0 && wrong.messages.contains("warning: balances: only 0 of 2"))
    #expect(wrong.messages.contains("hundredfold"), "\(wrong.messages)")
  }

  @Test("get answers what a label of that time gets")
  func get() throws {
    let sandbox = try Sandbox.withBalances()
    func answer(_ id: String, _ time: String) throws -> String {
      try sandbox.expectSuccess("get", "balances", id, "--as-of", time).output
    }
    #expect(try answer("1", "2024-01-11T00:00:00Z").contains("\"utilisation\":0.25"))
    #expect(try answer("1", "2024-01-12T00:00:00Z").contains("\"utilisation\":0.5"))
    #expect(try answer("2", "2024-01-15T00:00:00Z").contains("\"outcome\":\"deleted\""))
    #expect(try answer("3", "2024-01-31T00:00:01Z").contains("\"outcome\":\"expired\""))
    #expect(try answer("9", "2024-01-31T00:00:01Z").contains("\"outcome\":\"missing\""))
    let beyond = "170141183460469231731687303715884105727"
    #expect(try answer(beyond, "2024-01-15T00:00:00Z").contains("\"outcome\":\"missing\""))
    let mixed = try sandbox.expectSuccess("get", "balances", "1", beyond, "--as-of", "1706000000s")
    #expect(mixed.lines.map { $0.contains("\"matched\"") } == [true, false], "\(mixed.output)")
    let strict = try sandbox.expectSuccess(
      "get", "balances", "1", "--as-of", "2024-01-01T00:00:00Z", "--strict")
    #expect(strict.output.contains("\"outcome\":\"missing\""))
    let two = try sandbox.expectSuccess(
      "get", "balances", "1", "2", "--features", "status", "--max-age", "none", "--as-of",
      "1707000000s")
    #expect(two.lines.count == 2 && two.output.contains("\"features\":{\"status\":null}"))
  }

  @Test("a deletion hides a record from its time on, and is echoed")
  func delete() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.expectSuccess(
      "delete", "balances", "1", "--event-time", "2024-01-25", "--created-time", "2024-01-26")
    #expect(outcome.output.contains("known since 2024-01-26T00:00:00Z"))
    func outcomeAt(_ time: String) throws -> String {
      try sandbox.expectSuccess("get", "balances", "1", "--as-of", time).output
    }
    #expect(try outcomeAt("2024-01-25T12:00:00Z").contains("\"outcome\":\"matched\""))
    #expect(try outcomeAt("2024-01-26T00:00:00Z").contains("\"outcome\":\"deleted\""))
    let now = try sandbox.expectSuccess(
      "delete", "balances", "--id", "customer_id=3", "--event-time", "2024-01-25", "--json")
    #expect(now.output.contains("\"created_time\": \"20"))
    try sandbox.write("customer_id\n2\n3\n", to: "ids.csv")
    let many = try sandbox.expectSuccess(
      "delete", "balances", "--from", "ids.csv", "--event-time", "2024-02-01")
    #expect(many.output.contains("2 tombstones"))
  }

  @Test("a deletion says which records later versions revive, and which had none")
  func deletionNotes() throws {
    let sandbox = try Sandbox.withBalances()
    let early = try sandbox.expectSuccess(
      "delete", "balances", "1", "--event-time", "2024-01-10", "--created-time", "2024-01-11")
    // The version of the same event time became known a day later, the next is ten days younger.
    #expect(early.output.contains("1 record is there again later: 2 versions after"))
    let late = try sandbox.expectSuccess(
      "delete", "balances", "1", "9", "--event-time", "2024-01-20", "--created-time", "2024-01-20",
      "--json")
    #expect(late.output.contains("\"later_versions\": 0"))
    #expect(late.output.contains("\"records_without_version\": 1"))
    let none = try sandbox.expectSuccess("delete", "balances", "99", "--event-time", "2024-01-20")
    #expect(none.output.contains("1 record had no version at all"))
    try sandbox.write("customer_id,x\n,1\n", to: "ids.csv")
    let refused = try sandbox.run(
      "delete", "balances", "--from", "ids.csv", "--event-time", "2024-01-20")
    #expect(refused.messages.contains("null can't be a record identifier"))
    #expect(!refused.messages.contains("--rejects"))
  }

  @Test("output to standard output is an Arrow stream, and the report goes elsewhere")
  func standardOutput() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.shell(
      "hindcast build --labels labels.csv --label-time label_time --features balances --output - "
        + "--output-format csv > out.csv && wc -l < out.csv")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("9") && outcome.messages.contains("matched"))
  }

  @Test("a closed pipe is quiet")
  func closedPipe() throws {
    let sandbox = try Sandbox.withBalances()
    let outcome = try sandbox.shell("(hindcast --help; echo $? >&2) | head -c 1 > /dev/null")
    #expect(outcome.messages == "0\n")
  }

  @Test("a benchmark of no labels reports; numbers of runs that can't be are refused")
  func emptyBenchmark() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.shell("head -1 labels.csv > none.csv")
    let bench = ["bench", "join", "--labels", "none.csv"] + Self.build.dropFirst(3)
    let outcome = try sandbox.run(bench + ["--runs", "1", "--strategies", "merge, auto"])
    #expect(outcome.code == 0 && outcome.output.contains("0 labels"), "\(outcome.messages)")
    let endless = try sandbox.run(bench + ["--runs", "\(Int.max)"])
    #expect(endless.code == 1 && endless.messages.contains("1 to 1000 runs"))
  }

  @Test("codecs and levels that a format does not have are refused before any work")
  func codecRefusals() throws {
    let sandbox = try Sandbox.withBalances()
    let cases = [
      (["t.arrow", "--compression", "snappy"], "arrow file can't be compressed with snappy"),
      (["t.csv", "--compression", "gzip"], "csv file can't be compressed with gzip"),
      (["t.parquet", "--compression-level", "1000"], "zstd has levels from -131072 to 22"),
      (["t.arrow", "--compression-level", "3"], "'none' has no levels"),
    ]
    for (arguments, message) in cases {
      let outcome = try sandbox.run(Self.build + ["--output"] + arguments)
      #expect(outcome.code == 1 && outcome.messages.contains(message), "\(outcome.messages)")
      #expect(!sandbox.has(arguments[0]))
    }
    let lz4 = try sandbox.run(Self.build + ["--output", "t.parquet", "--compression", "lz4"])
    #expect(lz4.code == 0 && lz4.messages.isEmpty, "\(lz4.messages)")
    #expect(try sandbox.run("audit", "t.parquet").code == 0)
  }

  @Test("no output without its manifest, inside the store, or beside a device")
  func outputPlaces() throws {
    let sandbox = try Sandbox.withBalances()
    for length in [225, 240, 250] {
      try sandbox.shell("mkdir names\(length)")
      let path = "names\(length)/" + String(repeating: "n", count: length - 8) + ".parquet"
      let outcome = try sandbox.run(Self.build + ["--output", path])
      let files = try sandbox.shell("ls -A names\(length) | wc -l").output
      #expect(outcome.code == (length <= 241 ? 0 : 1), "\(outcome.messages)")
      #expect(files.contains(length <= 241 ? "2" : "0"), "\(files)")
    }
    try sandbox.write("label_time: label_time\nfeatures: [balances]\n", to: "request.yaml")
    try sandbox.shell("cp labels.csv train.csv.manifest.json")
    for (labels, output) in [
      ("labels.csv", "request.yaml"), ("train.csv.manifest.json", "train.csv"),
    ] {
      let outcome = try sandbox.run(
        "build", "--labels", labels, "--labels-format", "csv", "--spec", "request.yaml", "--output",
        output, "--output-format", "csv")
      #expect(outcome.code == 1 && outcome.messages.contains("would replace"), "\(outcome)")
    }
    let rejects = try sandbox.run(
      "ingest", "balances", "balances.csv", "--rejects", ".hindcast/segments/bad.csv")
    #expect(rejects.code == 1 && rejects.messages.contains("inside the store"), "\(rejects)")
    for name in ["bad", "bad.csv.gz"] {
      let unknown = try sandbox.run("ingest", "balances", "balances.csv", "--rejects", name)
      #expect(unknown.code == 1 && unknown.messages.contains("end it with .parquet, .csv"))
    }
    let inside = try sandbox.run(Self.build + ["--output", ".hindcast/segments/t.parquet"])
    #expect(inside.code == 1 && inside.messages.contains("inside the store"))
    let device = try sandbox.run(
      Self.build + ["--output", "/dev/null", "--output-format", "csv"])
    #expect(device.code == 0)
    #expect(try sandbox.shell("ls /dev/null.manifest.json").code != 0)
  }

  @Test("without a thread or a file to spare a build is done, or fails; it never waits")
  func scarceResources() throws {
    let sandbox = try Sandbox.withBalances()
    let build = Self.build.joined(separator: " ")
    for limit in ["ulimit -v 400000", "ulimit -v 250000", "ulimit -Hn 16", "ulimit -Sn 16"] {
      let outcome = try sandbox.shell("\(limit); timeout 20 hindcast \(build) --output t.parquet")
      #expect(outcome.code != 124, "\(limit)")
    }
  }
}
