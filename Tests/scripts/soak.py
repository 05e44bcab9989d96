#!/usr/bin/env python3
"""A store under kills: a streaming writer, a compactor and two readers, one of which is killed (-9)
every so often and starts again. Exits 1 with what went wrong.

usage: soak.py HINDCAST FOLDER [--seconds 600] [--interval 1] [--seed N]

Row i is of record i modulo RECORDS, at START + i milliseconds, and every value in it follows from
i. A writer that was killed is followed by one that goes on after the last row acknowledged. So
every snapshot has rows 0 to P - 1, for a P between what was acknowledged and what was sent, and a
label at the time of row i is answered with i, or with the last row below P of the same record.
"""
import argparse
import collections
import csv
import datetime
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

RECORDS = 97
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
FEATURES = "number,square,check"
GROUPS = """
groups:
  - name: events
    record_identifiers: {record: int64}
    event_time: at
    time_unit: ms
    features: {number: int64, square: float64, check: utf8}
"""


def instant(i):
    return (START + datetime.timedelta(milliseconds=i)).isoformat()


def check_text(i):
    return f"{(i * 2654435761) % (1 << 32):08x}" * (1 + i % 5)


def row(i):
    return json.dumps({"record": i % RECORDS, "at": instant(i), "number": i, "square": i * i * 0.5,
                       "check": check_text(i)})


class Role:
    """A process that is run again and again, and may be killed at any moment."""

    def __init__(self, soak, name):
        self.soak, self.name = soak, name
        self.lock = threading.Lock()
        self.process, self.was_killed = None, False
        self.kills = self.runs = 0

    def start(self, arguments, **streams):
        with self.lock:
            self.was_killed = False
            self.runs += 1
            self.process = subprocess.Popen(
                [self.soak.hindcast, *arguments, "--store", self.soak.store], text=True, **streams)
            return self.process

    def kill(self):
        """Kills the process if one is running."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return False
            self.was_killed = True
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1
            return True

    def finished(self, process):
        """The exit code; None if the process was killed."""
        code = process.wait()
        with self.lock:
            self.process = None
            return None if self.was_killed and code == -signal.SIGKILL else code

    def run(self, *arguments, allowed=()):
        """Runs a command to its end: its output, or None if it was killed or failed as allowed."""
        with open(f"{self.soak.folder}/{self.name}.err", "w+") as errors:
            process = self.start([*arguments, "--json"], stdout=subprocess.PIPE, stderr=errors)
            alarm = threading.Timer(self.soak.patience, self.hangs, (process, arguments))
            alarm.start()
            output = process.stdout.read()
            code = self.finished(process)
            alarm.cancel()
            errors.seek(0)
            messages = errors.read()
        if code is None:
            return None
        if code == 0:
            return output
        error = error_code(messages)
        if code != 1 or error not in allowed:
            self.soak.fail(f"{self.name}: {arguments} exits {code}: {messages}{output}")
        self.soak.counts[f"{self.name} {error}"] += 1
        return None

    def hangs(self, process, arguments):
        self.soak.fail(f"{self.name}: {arguments} is not done after {self.soak.patience} s")
        process.kill()


class Soak:
    patience = 120

    def __init__(self, hindcast, folder, seed):
        self.hindcast, self.folder, self.store = hindcast, folder, f"{folder}/store"
        self.random = random.Random(seed)
        self.seed = seed
        self.problems, self.counts = [], collections.Counter()
        self.stopping = threading.Event()
        self.sent = 0  # rows 0 ..< sent may be in the store
        self.acknowledged = 0  # rows 0 ..< acknowledged are
        self.written = 0  # rows sent, those sent twice counted twice
        self.marks = collections.deque([(2, 0)], maxlen=2_000)  # snapshot, rows that it has
        self.names = {}  # snapshots with a name, which are never given up
        self.roles = [Role(self, name) for name in ("writer", "compactor", "builder", "looker")]

    def fail(self, problem):
        print(problem, flush=True)
        self.problems.append(problem)
        self.stopping.set()

    def must(self, *arguments):
        done = subprocess.run([self.hindcast, *arguments, "--store", self.store],
                              capture_output=True, text=True)
        if done.returncode != 0:
            self.fail(f"{arguments} exits {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    # The writer.

    def write(self, role):
        dice = random.Random(self.seed + 1)
        while not self.stopping.is_set():
            self.stream(role, dice, dice.uniform(0.5, 5))
            time.sleep(dice.uniform(0, 0.2))

    def stream(self, role, dice, seconds):
        """One stream, until it is killed or its time is over."""
        with open(f"{self.folder}/writer.err", "w+") as errors:
            process = role.start(["ingest", "events", "-", "--format", "jsonl", "--json"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
            first = self.acknowledged
            reader = threading.Thread(target=self.acknowledge, args=(process.stdout, first))
            reader.start()
            self.feed(process.stdin, dice, first, time.monotonic() + seconds)
            alarm = threading.Timer(self.patience, role.hangs, (process, ["ingest"]))
            alarm.start()
            code = role.finished(process)
            reader.join()
            alarm.cancel()
            errors.seek(0)
            messages = errors.read()
        if code == 0 and self.acknowledged != self.sent_by_stream:
            self.fail(f"writer: exits 0 having acknowledged {self.acknowledged} of "
                      f"{self.sent_by_stream} rows")
        if code == 1 and error_code(messages) == "busy":
            self.counts["writer busy"] += 1  # the compactor published something
        elif code not in (0, None):
            self.fail(f"writer: exits {code}: {messages}")

    def feed(self, pipe, dice, first, end):
        position = self.sent_by_stream = first
        try:
            while time.monotonic() < end and not self.stopping.is_set():
                count = dice.choice([1, 1, 3, 20, 100, 500])
                self.sent = max(self.sent, position + count)
                self.written += count
                position += count
                text = "".join(row(i) + "\n" for i in range(position - count, position))
                if dice.random() < 0.2:  # a line in two writes
                    cut = dice.randrange(len(text))
                    pipe.write(text[:cut])
                    pipe.flush()
                    text = text[cut:]
                pipe.write(text)
                pipe.flush()
                self.sent_by_stream = position
                time.sleep(dice.choice([0, 0, 0.001, 0.02]))
            pipe.close()
        except BrokenPipeError:
            try:
                pipe.close()
            except BrokenPipeError:
                pass

    def acknowledge(self, pipe, first):
        last = (0, 0)
        for line in pipe:
            if not line.endswith("\n"):
                break  # killed while it wrote
            said = json.loads(line)
            now = (said["row"], said["snapshot"])
            if now[0] <= last[0] or now[1] < last[1] or first + now[0] > self.sent:
                self.fail(f"writer: acknowledges {now} after {last}, {self.sent - first} sent")
            last = now
            self.acknowledged = first + now[0]
            self.marks.append((now[1], self.acknowledged))

    # The compactor.

    def compact(self, role):
        dice = random.Random(self.seed + 2)
        while not self.stopping.is_set():
            kind = dice.random()
            if kind < 0.4:
                role.run("compact", "events", allowed=["busy"])
            elif kind < 0.6:
                role.run("compact", "--full", allowed=["busy"])
            elif kind < 0.75:
                role.run("snapshots", "expire", "--keep-last", str(dice.choice([1, 5, 100, 3000])),
                         allowed=["busy"])
            elif kind < 0.85:
                name = f"s{len(self.names)}"
                snapshot, rows = self.marks[-1]
                # Killed or not, it may have the name: who asks for it may hear that it has not.
                done = role.run("snapshots", "tag", str(snapshot), name,
                                allowed=["busy", "expired", "already_exists"])
                self.names[name] = (snapshot, rows, done is not None)
            else:
                role.run("verify", *(["--deep"] if dice.random() < 0.3 else []))
            time.sleep(dice.uniform(0, 0.3))

    # The readers.

    def build(self, role):
        """Builds for random labels, at the latest snapshot or an earlier one; and again."""
        dice = random.Random(self.seed + 3)
        past = []
        while not self.stopping.is_set():
            if past and dice.random() < 0.4:
                self.build_again(role, *dice.choice(past))
                continue
            labels = f"{self.folder}/labels{dice.randrange(50)}.csv"
            past = [old for old in past if old[1] != labels]
            asked = sorted(dice.randrange(self.sent + 50) for _ in range(dice.choice([10, 300])))
            asked += list(range(max(0, self.acknowledged - 20), self.acknowledged))
            write_labels(labels, asked)
            least, options, allowed = self.choose_snapshot(dice)
            manifest = self.build_once(role, labels, options, allowed)
            if manifest is None:
                continue
            check_answers(self, f"{self.folder}/build.csv", asked, least)
            past.append((manifest["snapshot"], labels, digest(manifest)))

    def choose_snapshot(self, dice):
        """The rows that must be there, the options, the errors that may come."""
        kind = dice.random()
        named = [(name, *rest) for name, rest in self.names.items()]
        if kind < 0.2 and named:
            name, _, rows, is_sure = dice.choice(named)
            return rows, ["--snapshot", name], [] if is_sure else ["not_found"]
        if kind < 0.5:
            snapshot, rows = dice.choice(list(self.marks)[-200:])
            return rows, ["--snapshot", str(snapshot)], ["expired"]
        return self.acknowledged, [], []

    def build_once(self, role, labels, options, allowed):
        done = role.run("build", "--labels", labels, "--label-time", "label_time", "--features",
                        f"events:{FEATURES}", "--output", f"{self.folder}/build.csv", *options,
                        allowed=allowed)
        if done is None:
            return None
        with open(f"{self.folder}/build.csv.manifest.json") as file:
            return json.load(file)

    def build_again(self, role, snapshot, labels, hash_before):
        named = any(old == snapshot and is_sure for old, _, is_sure in self.names.values())
        manifest = self.build_once(role, labels, ["--snapshot", str(snapshot)],
                                   [] if named else ["expired"])
        if manifest is None:
            return
        self.counts["repeated builds"] += 1
        if digest(manifest) != hash_before:
            self.fail(f"builder: snapshot {snapshot}, {labels}: another result than before")

    def look(self, role):
        """Looks records up by 'get', 'latest' and 'history' at the latest snapshot."""
        dice = random.Random(self.seed + 4)
        while not self.stopping.is_set():
            least = self.acknowledged
            asked = dice.randrange(least + 1)
            kind = dice.random()
            if kind < 0.4:
                self.get(role, dice, least, asked)
            elif kind < 0.8:
                records = [dice.randrange(RECORDS) for _ in range(50)]
                write_labels(f"{self.folder}/ids.csv", records)
                done = role.run("latest", "--ids", f"{self.folder}/ids.csv", "--features",
                                f"events:{FEATURES}", "--as-of", instant(asked), "--output",
                                f"{self.folder}/latest.csv")
                if done is not None:
                    last = [asked - (asked - record) % RECORDS for record in records]
                    check_answers(self, f"{self.folder}/latest.csv", last, least)
            elif kind < 0.9:
                role.run("stats", "events")
            else:
                self.history(role, dice.randrange(RECORDS), least)

    def get(self, role, dice, least, asked):
        records = [dice.randrange(RECORDS) for _ in range(5)]
        done = role.run("get", "events", *map(str, records), "--as-of", instant(asked))
        if done is None:
            return
        answers = [json.loads(line) for line in done.splitlines()]
        if [answer["record"] for answer in answers] != records:
            self.fail(f"looker: get {records} answers {answers}")
        for record, answer in zip(records, answers):
            values = answer["features"]
            check_answer(self, asked - (asked - record) % RECORDS, values, least, self.sent)

    def history(self, role, record, least):
        done = role.run("history", "events", str(record))
        if done is None:
            return
        numbers = {version["features"]["number"] for version in json.loads(done)["versions"]}
        missing = set(range(record, least, RECORDS)) - numbers
        if missing:
            self.fail(f"looker: history of {record} lacks {sorted(missing)[:5]}")
        if numbers and max(numbers) >= self.sent:
            self.fail(f"looker: history of {record} has {max(numbers)}, {self.sent} were sent")

    # All together.

    def run(self, seconds, interval):
        os.makedirs(self.folder)
        with open(f"{self.folder}/groups.yaml", "w") as file:
            file.write(GROUPS)
        subprocess.run([self.hindcast, "init", self.store], check=True, stdout=subprocess.DEVNULL)
        self.must("apply", f"{self.folder}/groups.yaml")
        works = [self.write, self.compact, self.build, self.look]
        threads = [threading.Thread(target=self.guard, args=(work, role))
                   for work, role in zip(works, self.roles)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.stopping.is_set():
            self.stopping.wait(interval * self.random.uniform(0.5, 1.5))
            # Someone is killed every time; most often the writer.
            roles = self.random.sample([self.roles[0], *self.roles], k=len(self.roles) + 1)
            next((role for role in roles if role.kill()), None)
        took = seconds - max(0, end - time.monotonic())
        self.stopping.set()
        for thread in threads:
            thread.join()
        self.check_end()
        print(self.summary(took))
        return not self.problems

    def guard(self, work, role):
        try:
            work(role)
        except Exception as error:  # a thread that ends would look like success
            self.fail(f"{role.name}: {type(error).__name__}: {error}")
            raise

    def check_end(self):
        self.must("verify", "--deep")
        numbers = list(range(self.sent))
        write_labels(f"{self.folder}/all.csv", numbers)
        self.must("build", "--labels", f"{self.folder}/all.csv", "--label-time", "label_time",
                  "--features", f"events:{FEATURES}", "--output", f"{self.folder}/build.csv")
        check_answers(self, f"{self.folder}/build.csv", numbers, self.acknowledged)
        # The next writer clears up, and the next merge.
        subprocess.run([self.hindcast, "ingest", "events", "-", "--format", "jsonl", "--store",
                        self.store], input=row(self.sent) + "\n", text=True, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.must("compact", "--full")
        left = os.listdir(f"{self.store}/tmp")
        if left:
            self.fail(f"left in tmp: {left}")
        self.must("snapshots", "expire", "--keep-last", "1")
        self.must("verify", "--deep")
        stats = json.loads(self.must("stats", "--json"))
        self.counts["rows in the end"] = rows = stats["groups"][0]["rows"]
        if not self.acknowledged < rows <= self.written + 1:
            self.fail(f"{rows} rows, {self.acknowledged} acknowledged, {self.written} sent")

    def summary(self, seconds):
        roles = ", ".join(f"{role.name} {role.kills} of {role.runs}" for role in self.roles)
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        return (f"{seconds:.0f} s, seed {self.seed}; killed: {roles}; rows acknowledged "
                f"{self.acknowledged}, sent {self.sent}, all in all {self.written}; {counts}; "
                f"{len(self.problems)} problems")


def write_labels(path, numbers):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["asked", "record", "label_time"])
        writer.writerows([i, i % RECORDS, instant(i)] for i in numbers)


def check_answers(soak, path, asked, least):
    """Checks the answers to labels at the times of rows: all of one prefix of the rows."""
    sent = soak.sent
    with open(path, newline="") as file:
        answers = list(csv.DictReader(file))
    if len(answers) != len(asked):
        return soak.fail(f"{path}: {len(answers)} rows for {len(asked)} labels")
    present, absent = least - 1, sent
    for i, answer in zip(asked, answers):
        found = check_answer(soak, i, answer, least, sent)
        present = max(present, found)
        if found != i:
            absent = min(absent, found + RECORDS)
    if present >= absent:
        soak.fail(f"{path}: row {present} is there, row {absent} is not")


def check_answer(soak, i, answer, least, sent):
    """Checks what a label at the time of row i got; returns that row's number, or below 0."""
    null = answer["number"] in ("", None)
    found = i % RECORDS - RECORDS if null else int(answer["number"])
    right = found == i or (least - RECORDS <= found < i and (i - found) % RECORDS == 0)
    if not right or found >= sent:
        soak.fail(f"label {i} is answered by {found}; {least} acknowledged, {sent} sent: {answer}")
    elif not null and (answer["check"] != check_text(found)
                       or float(answer["square"]) != found * found * 0.5):
        soak.fail(f"row {found} has other values: {answer}")
    return found


def error_code(messages):
    """The code of a failure that was reported with --json."""
    last = messages.splitlines()[-1:]
    return json.loads(last[0]).get("error") if last and last[0].startswith("{") else None


def digest(manifest):
    return manifest["result"]["xxh128"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hindcast")
    parser.add_argument("folder", help="a new folder for the store and all files")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--interval", type=float, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    soak = Soak(os.path.abspath(options.hindcast), options.folder, options.seed)
    sys.exit(0 if soak.run(options.seconds, options.interval) else 1)


main()
