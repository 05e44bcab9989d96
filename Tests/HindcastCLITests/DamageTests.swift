import Foundation
import Testing

/// Disks that refuse and files that are not as they were: clear messages, never a wrong answer.
@Suite("Damage and disks on the command line")
struct DamageTests {
  private static let build = [
    "build", "--labels", "labels.csv", "--label-time", "label_time", "--features", "balances",
    "--output",
  ]

  private func files(_ sandbox: Sandbox, _ folder: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: sandbox.folder.appending(path: ".hindcast/\(folder)"), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test("one flipped byte of a segment is found, wherever it is")
  func flippedByte() throws {
    let sandbox = try Sandbox.withBalances()
    #expect(try sandbox.run(Self.build + ["whole.csv"]).code == 0)
    let whole = try sandbox.read("whole.csv")
    let segment = try #require(try files(sandbox, "segments").first)
    let bytes = try Data(contentsOf: segment)
    let stride = max(1, bytes.count / 60)
    for offset in Array(Swift.stride(from: 0, to: bytes.count, by: stride)) + [bytes.count - 1] {
      var damaged = bytes
      damaged[offset] ^= 0x40
      try damaged.write(to: segment)
      let outcome = try sandbox.run(Self.build + ["t.csv"])
      if outcome.code == 0 {
        #expect(try sandbox.read("t.csv") == whole, "byte \(offset)")
      } else {
        #expect(outcome.code == 1 && outcome.messages.contains(".hseg"), "byte \(offset)")
      }
      try bytes.write(to: segment)
    }
  }

  @Test("verify finds damage that a build does not touch")
  func verify() throws {
    let sandbox = try Sandbox.withBalances()
    let healthy = try sandbox.expectSuccess("verify", "--deep", "--json")
    #expect(healthy.output.contains("\"problems\": []"))
    let segment = try #require(try files(sandbox, "segments").first)
    var bytes = try Data(contentsOf: segment)
    bytes[80] ^= 1
    try bytes.write(to: segment)
    let outcome = try sandbox.run("verify", "--deep")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains(segment.lastPathComponent), "\(outcome.output)")
  }

  @Test("a commit that is missing in the middle, or damaged")
  func commits() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.expectSuccess("ingest", "balances", "balances.csv")
    let commit = try files(sandbox, "commits")[2]
    let bytes = try Data(contentsOf: commit)
    try FileManager.default.removeItem(at: commit)
    let missing = try sandbox.run("snapshots")
    #expect(missing.code == 1 && missing.messages.contains("commits"), "\(missing.messages)")
    var damaged = bytes
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: commit)
    let outcome = try sandbox.run("snapshots")
    #expect(outcome.code == 1 && outcome.messages.contains(commit.lastPathComponent))
    try bytes.write(to: commit)
    #expect(try sandbox.run("snapshots").code == 0)
  }

  @Test("a store that a newer version wrote")
  func newerVersion() throws {
    let sandbox = try Sandbox.withBalances()
    let file = sandbox.folder.appending(path: ".hindcast/hindcast.store")
    let bytes = try Data(contentsOf: file)
    var refusals = 0
    for offset in 0..<min(24, bytes.count) {
      var newer = bytes
      newer[offset] = 0x7F
      try newer.write(to: file)
      let outcome = try sandbox.run("snapshots")
      if bytes[offset] != 0x7F { #expect(outcome.code == 1 && !outcome.messages.isEmpty) }
      if outcome.messages.contains("newer") { refusals += 1 }
    }
    #expect(refusals > 0)
  }

  @Test("a folder that can't be written")
  func readOnly() throws {
    guard getuid() != 0 else {
      print("SKIPPED: permissions do not bind root; see fullDisk for a disk that refuses")
      return
    }
    let sandbox = try Sandbox.withBalances()
    let before = try sandbox.fingerprint()
    try sandbox.shell("chmod -R a-w .hindcast")
    let outcome = try sandbox.run("ingest", "balances", "balances.csv")
    #expect(outcome.code == 1 && outcome.messages.contains("ermission"))
    #expect(try sandbox.run("get", "balances", "1").code == 0)
    #expect(try sandbox.fingerprint() == before)
    try sandbox.shell("chmod -R u+w .hindcast")
  }

  @Test("a disk that is mounted read-only reads as before, and refuses to write")
  func readOnlyMount() throws {
    let sandbox = try Sandbox.withBalances()
    let script = """
      mkdir -p ro && mount -t tmpfs -o size=64m tmpfs ro && cp -r .hindcast ro/store \
      && mount -o remount,ro ro || exit 42
      hindcast get balances 1 --store ro/store
      hindcast verify --store ro/store
      hindcast ingest balances balances.csv --store ro/store && exit 43
      true
      """
    guard let outcome = try privately(sandbox, script) else { return }
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("read-only"), "\(outcome.messages)")
  }

  @Test("a full disk: nothing is committed, and the store is as it was")
  func fullDisk() throws {
    let sandbox = try Sandbox.withBalances()
    let script = """
      mkdir -p full && mount -t tmpfs -o size=1m tmpfs full && cp -r .hindcast full/store || exit 42
      cp -r full/store before
      { head -1 balances.csv; awk 'BEGIN { srand(1); for (i = 0; i < 150000; i++) \
      printf "%d,2024-01-01T00:00:00Z,,,%.17f,%d.%02d,s%d\\n", i, rand(), rand() * 1e8, i % 100, \
      rand() * 1e9 }'; } > big.csv
      hindcast ingest balances big.csv --store full/store && exit 43
      diff -r -x lock -x tmp full/store before || exit 44
      hindcast verify --deep --store full/store
      hindcast build --labels labels.csv --label-time label_time --features balances \
      --store full/store --output t.csv
      """
    guard let outcome = try privately(sandbox, script) else { return }
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.messages)")
    #expect(outcome.messages.contains("No space left"), "\(outcome.messages)")
  }

  /// Runs a script that mounts, in name spaces of its own; nil where that is not allowed.
  private func privately(_ sandbox: Sandbox, _ script: String) throws -> Sandbox.Outcome? {
    try sandbox.write("set -e\n" + script, to: "script.sh")
    let outcome = try sandbox.shell("unshare --mount --map-root-user sh script.sh")
    let isRefused = outcome.messages.contains("unshare") || outcome.code == 42
    if isRefused { print("SKIPPED: mounting is not allowed here (\(outcome.messages))") }
    return isRefused ? nil : outcome
  }

  @Test("an output that can't be written leaves nothing behind")
  func outputRefused() throws {
    let sandbox = try Sandbox.withBalances()
    try sandbox.shell("mkdir folder")
    for output in ["folder", "none/t.csv", "t.unknown"] {
      let outcome = try sandbox.run(Self.build + [output])
      #expect(outcome.code == 1 && outcome.messages.contains(output), "\(outcome.messages)")
    }
    let left = try sandbox.shell("ls -A . folder | grep -c '\\.tmp\\|manifest' || true")
    #expect(left.output == "0\n")
  }

  @Test("two writers: the second is told who writes")
  func twoWriters() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let script = """
      mkfifo pipe
      hindcast ingest balances - --format csv < pipe & writer=$!
      exec 3> pipe
      head -1 balances.csv >&3
      for i in $(seq 600); do
        grep -q "process $writer " .hindcast/lock 2> /dev/null && break
        sleep 0.1
      done
      hindcast ingest balances balances.csv > out 2> err && echo "there were two writers"
      tail -n +2 balances.csv >&3
      exec 3>&-
      wait $writer
      cat err
      """
    let outcome = try sandbox.shell(script)
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("process "), "\(outcome.output)")
    #expect(!outcome.output.contains("two writers"))
  }

  @Test("an interrupt leaves no partial output and an untouched store")
  func interrupt() throws {
    let sandbox = try Sandbox.withBalances(rows: false)
    let before = try sandbox.fingerprint()
    let script = """
      mkfifo pipe
      hindcast ingest balances - --format csv < pipe & writer=$!
      exec 3> pipe
      cat balances.csv >&3
      sleep 0.5
      kill -INT $writer
      (sleep 20; kill -KILL $writer) & guard=$!
      wait $writer && exit 43
      code=$?
      kill $guard
      exec 3>&-
      echo "code $code"
      """
    let outcome = try sandbox.shell("trap '' PIPE\n" + script)
    #expect(outcome.output.contains("code 130"), "\(outcome.output)\(outcome.messages)")
    #expect(try sandbox.fingerprint().filter { !$0.key.contains("/.hindcast/tmp/") } == before)
  }
}
