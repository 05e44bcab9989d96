#!/usr/bin/env python3
"""The point-in-time join beside other engines, as whole processes.

Each process starts, reads features and labels, joins, and writes the training set; Hindcast reads
features from its store, made before, as DuckDB's own file is. All write Parquet with zstd level 1
and row groups of 131,072 rows, or uncompressed Arrow IPC. Files are in the page cache, runs
alternate, medians and peak memory are reported. The rows of all must be equal, or the script fails.

The data is that of the project's workload generator, in FOLDER/W1/entity/f0.parquet and so on.

usage: join_vs_peers.py --data FOLDER [--workloads W1,W2,W3,W4] [--runs 5] [--to parquet,arrow]
                        [--peers NAME,...|none] [--folder DIR] [--no-record]
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import sys

from common.processes import ROOT, Run, apart, machine, record, timed, today, wait_for_quiet
from common.tables import aligned
from joins.child import JOINS

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
CHILD = f"{ROOT}/benchmarks/joins/child.py"
OURS = "hindcast"


class Workload:
    """One workload's files, and what every run took."""

    def __init__(self, arguments, name):
        self.arguments = arguments
        self.name = name
        source = f"{arguments.data}/{name}/entity"
        self.files = sorted(glob.glob(f"{source}/f?.parquet"))
        self.labels = f"{source}/labels.parquet"
        self.folder = f"{arguments.folder}/joins-{name}"
        os.makedirs(self.folder, exist_ok=True)
        self.seconds, self.peaks, self.sizes, self.hashes = {}, {}, {}, {}
        self.processor = {}

    def prepare(self):
        """The store and DuckDB's files, if they are not there."""
        store = f"{self.folder}/store"
        if not os.path.exists(f"{store}/.complete"):
            shutil.rmtree(store, ignore_errors=True)
            timed([HINDCAST, "init", store])
            for index, file in enumerate(self.files):
                timed([HINDCAST, "group", "create", f"f{index}", "--store", store,
                       "--schema-from", file, "--record-id", "entity", "--event-time",
                       "event_time"])
                timed([HINDCAST, "ingest", "--store", store, f"f{index}", file])
            open(f"{store}/.complete", "w").close()
        if any(name.startswith("duckdb") for name in self.arguments.peers):
            import duckdb

            for file in self.files:
                if not os.path.exists(f"{file}.duckdb"):
                    with duckdb.connect(f"{file}.duckdb") as connection:
                        connection.execute(
                            f"CREATE TABLE features AS SELECT * FROM read_parquet('{file}')")

    def load_pages(self, name):
        """Puts what an engine reads into the page cache, from which others may have pushed it."""
        if name == OURS:
            paths = [os.path.join(place, file) for place, _, names in os.walk(
                f"{self.folder}/store") for file in names]
        elif "own file" in name or "pushdown" in name:
            paths = [f"{file}.duckdb" for file in self.files]
        else:
            paths = self.files
        for path in paths:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 24):
                    pass

    def command(self, name, kind):
        output = f"{self.folder}/{name.replace(' ', '-')}.{kind}"
        if name != OURS:
            return [sys.executable, CHILD, name, ",".join(self.files), self.labels, output,
                    kind], output
        command = [HINDCAST, "build", "--store", f"{self.folder}/store", "--labels", self.labels,
                   "--label-time", "label_time", "--output", output, "--features"]
        command += [f"f{index}" for index in range(len(self.files))]
        if kind == "parquet":
            command += ["--compression", "zstd", "--compression-level", "1",
                        "--row-group-rows", "131072"]
        return command, output

    def run(self, name, kind):
        command, output = self.command(name, kind)
        if os.path.exists(output):
            os.remove(output)
        self.load_pages(name)
        wait_for_quiet(self.arguments.disturbance)
        run = Run(command)
        key = (name, kind)
        self.seconds.setdefault(key, []).append(run.seconds)
        self.processor.setdefault(key, []).append(run.cpu_seconds)
        self.peaks[key] = max(self.peaks.get(key, 0), run.peak)
        self.sizes[key] = os.path.getsize(output)
        if key not in self.hashes:
            self.hashes[key] = json.loads(timed([sys.executable, __file__, "--hash", output])[2])
        print(f"  {self.name} {kind:8} {name:26} {run.seconds:8.3f} s   "
              f"{run.peak / 2**20:7.0f} MiB   others {run.disturbance:4.0%}", flush=True)

    def median(self, name, kind):
        return statistics.median(self.seconds[(name, kind)])

    def lines(self, kind):
        names = [OURS] + self.arguments.peers
        ours = self.median(OURS, kind)
        rows = []
        for name in names:
            key = (name, kind)
            runs = self.seconds[key]
            rows.append([
                name, f"{self.median(name, kind):.3f}", f"{min(runs):.3f}", f"{max(runs):.3f}",
                f"{statistics.median(self.processor[key]):.2f}",
                f"{self.peaks[key] / 2**20:,.0f}", f"{self.sizes[key] / 2**20:,.1f}",
                f"{self.median(name, kind) / ours:.2f}"])
        header = ["engine", "median s", "least", "most", "processor s", "peak MiB",
                  "output MiB", "times ours"]
        return [f"{self.name} to {kind}:", ""] + aligned(header, rows) + [""]


def result_hash(path):
    """A hash of a training set's values in their order, whatever the widths of their types."""
    import polars as pl

    table = pl.read_ipc(path) if path.endswith("arrow") else pl.read_parquet(path)
    columns = []
    for name, type_ in table.schema.items():
        column = pl.col(name)
        if type_.is_integer():
            column = column.cast(pl.Int64)
        elif isinstance(type_, pl.Datetime):
            column = column.dt.replace_time_zone(None).cast(pl.Datetime("us"))
        elif type_ == pl.Categorical:
            column = column.cast(pl.String)
        elif type_.is_float():
            column = column.fill_nan(None)
        columns.append(column)
    table = table.select(columns)
    hashes = {
        name: f"{table.select(pl.int_range(pl.len()).alias('place'), name).hash_rows().sum():x}"
        for name in table.columns}
    return {"rows": len(table), "columns": hashes}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data")
    parser.add_argument("--workloads", default="W1,W2,W3,W4")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--to", default="parquet,arrow")
    parser.add_argument("--peers", default=",".join(JOINS))
    parser.add_argument("--disturbance", type=float, default=0.1)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--hash", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.hash:
        print(json.dumps(result_hash(arguments.hash)))
        return
    arguments.peers = [] if arguments.peers == "none" else arguments.peers.split(",")
    lines, same = [], True
    for name in arguments.workloads.split(","):
        workload = Workload(arguments, name)
        apart(workload.prepare)
        for kind in arguments.to.split(","):
            for _ in range(arguments.runs):
                for engine in [OURS] + arguments.peers:
                    workload.run(engine, kind)
            lines += workload.lines(kind)
        expected = workload.hashes[(OURS, arguments.to.split(",")[0])]
        different = [key for key, found in workload.hashes.items() if found != expected]
        for key in different:
            found = workload.hashes[key]
            columns = [column for column in expected["columns"]
                       if found["columns"].get(column) != expected["columns"][column]]
            lines.append(f"DIFFERENT: {key}: {found['rows']} rows, columns {columns}")
        same = same and not different
    command = "benchmarks/join_vs_peers.py " + " ".join(
        "FOLDER" if before == "--data" else argument
        for before, argument in zip([""] + sys.argv[1:], sys.argv[1:]))
    head = [f"### Joins, {arguments.workloads}, {today()}", "",
            f"`{command}` on {machine()}: whole processes, medians of {arguments.runs} "
            "alternating runs.", ""]
    lines = head + lines + [f"Results {'equal' if same else 'DIFFERENT'}."]
    print("\n".join(lines))
    if not same:
        sys.exit(1)
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
