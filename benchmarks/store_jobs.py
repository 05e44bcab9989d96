#!/usr/bin/env python3
"""What a store takes for streams, bulk ingest, many segments, opening and compaction, on W1 in the
order of time, beside DuckDB and ClickHouse where they do the same job.

usage: store_jobs.py --data FOLDER [--jobs stream,open,ingest,parts,spread,compaction,space]
                     [--rows N] [--runs 3] [--no-record]
FOLDER holds W1's files (see README.md). Results are medians of alternating runs.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from common.processes import ROOT, Run, folder_bytes, machine, record, today
from common.tables import aligned

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
TOOL = os.environ.get("STORE_BENCHMARK", f"{ROOT}/bin/StoreBenchmark")
DUCKDB = """import duckdb, sys
duckdb.connect(sys.argv[2]).execute(f"create table w1 as select * from '{sys.argv[1]}'")"""
CLICKHOUSE = """import sys
from chdb import session
s = session.Session(sys.argv[2])
s.query("create database if not exists d engine = Atomic")
s.query(f"create table d.w1 engine = MergeTree order by (entity, event_time) as "
        f"select * from file('{sys.argv[1]}', Parquet) settings schema_inference_make_columns_nullable=0")
if sys.argv[3:]: s.query("optimize table d.w1 final")"""


class Jobs:
    def __init__(self, options):
        self.data = os.path.abspath(options.data)
        self.runs = options.runs
        self.rows = options.rows
        self.folder = f"{ROOT}/.build/bench/store-jobs"
        os.makedirs(self.folder, exist_ok=True)

    def path(self, name):
        return f"{self.folder}/{name}"

    def fresh(self, name):
        shutil.rmtree(self.path(name), ignore_errors=True)
        if os.path.isfile(self.path(name)):
            os.remove(self.path(name))
        return self.path(name)

    def table(self, order):
        """W1's rows in one order, as many as wanted."""
        import pyarrow.parquet as pq

        source = f"{self.data}/{order}/f0.parquet"
        file = pq.ParquetFile(source)
        if not self.rows or self.rows >= file.metadata.num_rows:
            return source
        path = self.path(f"{order}-{self.rows}.parquet")
        if not os.path.exists(path):
            groups = -(-self.rows * file.metadata.num_row_groups // file.metadata.num_rows)
            pq.write_table(file.read_row_groups(range(groups)).slice(0, self.rows), path,
                           compression="zstd")
        return path

    def store(self, name):
        """An empty store with the group of W1's features."""
        path = self.fresh(name)
        definition = self.path("w1.yaml")
        with open(definition, "w") as file:
            file.write("groups:\n  - name: w1\n    record_identifiers: {entity: int64}\n"
                       "    event_time: event_time\n    features:\n")
            for feature, kind in self.types().items():
                file.write(f"      {feature}: {kind}\n")
        Run([HINDCAST, "init", path])
        Run([HINDCAST, "apply", definition, "--store", path])
        return path

    def types(self):
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = {pa.string(): "utf8", pa.large_string(): "utf8", pa.bool_(): "bool",
                 pa.float64(): "float64", pa.float32(): "float32", pa.int64(): "int64",
                 pa.int32(): "int32", pa.int16(): "int16", pa.int8(): "int8"}
        schema = pq.ParquetFile(f"{self.data}/time/f0.parquet").schema_arrow
        return {field.name: names[field.type] for field in schema
                if field.name not in ("entity", "event_time")}

    def alternate(self, jobs):
        """Runs each of the named commands in turn; medians of seconds and peaks."""
        results = {name: [] for name in jobs}
        for _ in range(self.runs):
            for name, make in jobs.items():
                command = make()
                # What the run before left to the disk would be written during this one.
                os.sync()
                results[name].append(Run(command))
        return {name: (statistics.median(run.seconds for run in runs),
                       max(run.peak for run in runs), [round(run.seconds, 2) for run in runs])
                for name, runs in results.items()}

    def build(self, store):
        return [HINDCAST, "build", "--labels", f"{self.data}/entity/labels.parquet", "--label-time",
                "label_time", "--features", "w1", "--store", store, "--output",
                self.path("out.parquet"), "--json"]

    def stream(self):
        lines = []
        for arguments in (["--mode", "pipelined", "--window", "8"], ["--mode", "wait"],
                          ["--mode", "tasks", "--batch", "1", "--rows", "200000"]):
            runs = [json.loads(Run([TOOL, "stream", self.fresh("stream")] + arguments).output)
                    for _ in range(self.runs)]
            run = sorted(runs, key=lambda run: run["rowsPerSecond"])[len(runs) // 2]
            lines.append([run["mode"], str(run["batchRows"]), f"{run['rowsPerSecond']:,.0f}",
                          f"{run['rowsPerCommit']:,.0f}", f"{run['medianMilliseconds']:.2f}",
                          f"{run['p99Milliseconds']:.2f}", f"{run['fdatasyncMilliseconds']:.2f}"])
        return ["Durable streaming, 14 features; `StoreBenchmark stream`.", ""] + aligned(
            ["producer", "rows a batch", "rows/s", "rows/fdatasync", "ack median ms", "ack p99 ms",
             "fdatasync ms"], lines)

    def open(self):
        path = self.path("many-commits")
        runs = [json.loads(Run([TOOL, "open", path]).output) for _ in range(self.runs)]
        first = statistics.median(run["firstMilliseconds"] for run in runs)
        warm = statistics.median(run["medianMilliseconds"] for run in runs)
        return [f"Opening a store of {runs[0]['commits']:,} commits and {runs[0]['segments']:,} "
                f"segments, up to its group's list of segments: {first:.1f} ms in a fresh process, "
                f"{warm:.1f} ms again (`StoreBenchmark open`)."]

    def ingest(self):
        table = self.table("time")
        python = sys.executable
        ingest = lambda: [HINDCAST, "ingest", "w1", table, "--store", self.store("ingest")]
        compact = lambda: [HINDCAST, "compact", "w1", "--full", "--store", self.path("ingest")]
        merged = "clickhouse, then OPTIMIZE FINAL"
        results = self.alternate({
            "hindcast": ingest,
            "compact --full after it": compact,
            "duckdb": lambda: [python, "-c", DUCKDB, table, self.fresh("w1.duckdb")],
            "clickhouse": lambda: [python, "-c", CLICKHOUSE, table, self.fresh("chdb")],
            merged: lambda: [python, "-c", CLICKHOUSE, table, self.fresh("chdb"), "merged"]})
        ours = results["hindcast"][0]
        lines = [[name, f"{seconds:.2f}", f"{seconds / ours:.2f}", f"{peak / 2**20:,.0f}"]
                 for name, (seconds, peak, _) in results.items()]
        both = ours + results["compact --full after it"][0]
        return [
            "Bulk ingest of W1 in the order of time, from Parquet. It leaves segments that follow one "
            "another in time, ClickHouse parts that it goes on to merge; one of all takes "
            f"`compact --full`, or OPTIMIZE FINAL: both of each {results[merged][0] / both:.2f} x.",
            ""] + aligned(["", "seconds", "beside ours", "peak MiB"], lines)

    def fill(self, name, parts):
        """A store filled from tables, one commit each."""
        store = self.store(name)
        for part in parts:
            path = self.path("part.parquet")
            import pyarrow.parquet as pq

            pq.write_table(part, path, compression="lz4")
            Run([HINDCAST, "ingest", "w1", path, "--store", store])
        return store

    def one_segment(self):
        """A store that holds W1 in one segment, and nothing else."""
        store = self.store("one")
        Run([HINDCAST, "ingest", "w1", self.table("time"), "--store", store])
        Run([HINDCAST, "compact", "w1", "--full", "--store", store])
        Run([HINDCAST, "snapshots", "expire", "--keep-last", "1", "--store", store])
        return store

    def rows_of(self, order="time"):
        import pyarrow.parquet as pq

        return pq.read_table(self.table(order))

    def arrivals(self, table, count):
        """The rows by the part in which they arrive: 5% are late by some parts."""
        import numpy as np

        random = np.random.default_rng(1)
        part = np.arange(table.num_rows) * count // table.num_rows
        late = random.random(table.num_rows) < 0.05
        part = np.where(late, np.minimum(part + random.integers(1, 5, table.num_rows), count - 1), part)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(count + 1))
        for index in range(count):
            yield table.take(order[ends[index]:ends[index + 1]])

    def scattered(self, table, count):
        """Parts each of which covers all time."""
        import numpy as np

        for index in range(count):
            yield table.take(np.arange(index, table.num_rows, count))

    def log(self, store, table):
        """Streams the last rows."""
        import pyarrow as pa

        command = [HINDCAST, "ingest", "w1", "-", "--format", "arrow", "--store", store]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        with pa.ipc.new_stream(process.stdin, table.schema) as writer:
            writer.write_table(table, max_chunksize=1000)
        process.stdin.close()
        if process.wait() != 0:
            sys.exit("the stream failed")

    def parts(self):
        return self.segments("parts", self.arrivals, 1.5, "by time of arrival, 5% of rows late")

    def spread(self):
        return self.segments("spread", self.scattered, 4, "each of which covers all time")

    def segments(self, name, cut, goal, what):
        table = self.rows_of()
        logged = table.slice(table.num_rows - 100_000)
        rest = table.slice(0, table.num_rows - 100_000)
        many = self.fill(name, cut(rest, 100))
        self.log(many, logged)
        one = self.one_segment()
        results = self.alternate({"one segment": lambda: self.build(one),
                                  "100 segments and a log": lambda: self.build(many)})
        ratio = results["100 segments and a log"][0] / results["one segment"][0]
        lines = [[key, f"{seconds:.2f}", str(all_)] for key, (seconds, _, all_) in results.items()]
        return [f"A build of W1's labels on 100 segments {what}, and a log of 100,000 rows: "
                f"{ratio:.2f} x the time on one (goal {goal}).", ""] + aligned(
            ["", "seconds", "runs"], lines)

    def compaction(self):
        store = self.fill("compacted", self.arrivals(self.rows_of(), 20))
        alone, beside = [], []
        for _ in range(self.runs):
            alone.append(Run(self.build(store)).seconds)
            copy = self.fresh("copy")
            shutil.copytree(store, copy)
            compactor = subprocess.Popen(
                [HINDCAST, "compact", "w1", "--full", "--rate", "50MiB", "--store", copy],
                stdout=subprocess.DEVNULL)
            time.sleep(0.5)
            beside.append(Run(self.build(copy)).seconds)
            compactor.kill()
            compactor.wait()
        ratio = statistics.median(beside) / statistics.median(alone)
        return [f"A build beside a compaction in another process (at 50 MiB/s): {ratio:.2f} x "
                f"its time alone ({statistics.median(alone):.2f} s)."]

    def space(self):
        many = self.fill("many", self.scattered(self.rows_of(), 200))
        Run([HINDCAST, "compact", "w1", "--full", "--store", many])
        Run([HINDCAST, "snapshots", "expire", "--keep-last", "1", "--store", many])
        one = self.one_segment()
        ratio = folder_bytes(f"{many}/segments") / folder_bytes(f"{one}/segments")
        return [f"W1 ingested in 200 parts, compacted, earlier snapshots expired: {ratio:.3f} x the "
                "bytes of one ingest, compacted."]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--jobs", default="stream,open,ingest,parts,spread,compaction,space")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    options = parser.parse_args()
    jobs = Jobs(options)
    rows = f", {options.rows:,} rows of W1" if options.rows else ""
    lines = [f"### Store, {options.jobs.replace(',', ', ')}, {today()}", "",
             f"`benchmarks/store_jobs.py --data FOLDER --jobs {options.jobs}`{rows}, on {machine()}, "
             f"medians of {options.runs} alternating runs."]
    for name in options.jobs.split(","):
        entry = getattr(jobs, name)()
        print("\n".join(entry), flush=True)
        lines += [""] + entry
    if not options.no_record:
        record(lines)


if __name__ == "__main__":
    main()
