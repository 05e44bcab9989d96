#!/usr/bin/env python3
"""Builds of unusual shapes: hot records, what was known late, wide groups, many groups, few labels.

Whole processes, from a store to Parquet: median of --runs, peak memory.

usage: join_extremes.py [--scale 1] [--runs 3] [--only NAME,...] [--folder DIR] [--no-record]
       scale 1 has 10 million versions in the long histories
"""
import argparse
import os
import shutil
import statistics
import sys

from common.processes import ROOT, apart, machine, record, timed, today
from common.tables import aligned

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
START = 1_735_689_600_000_000
LATER = 10 ** 15


def table(columns, path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    times = {"event_time", "created_time", "label_time"}
    pq.write_table(pa.table({
        name: pa.array(values).cast(pa.timestamp("us")) if name in times else pa.array(values)
        for name, values in columns.items()}), path, compression="zstd")


class Case:
    """A store of some groups, labels, and the request."""

    def __init__(self, name, groups, labels, features=None):
        self.name, self.groups, self.labels = name, groups, labels
        self.features = features or [f"g{index}" for index in range(len(groups))]

    def path(self, folder):
        return f"{folder}/extremes/{self.name.replace(' ', '-')}"

    def prepare(self, folder):
        self.folder = self.path(folder)
        if os.path.exists(f"{self.folder}/labels.parquet"):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        timed([HINDCAST, "init", f"{self.folder}/store"])
        for index, make in enumerate(self.groups):
            columns, source = make(), f"{self.folder}/g.parquet"
            table(columns, source)
            created = ["--created-time", "created_time"] if "created_time" in columns else []
            timed([HINDCAST, "group", "create", f"g{index}", "--store", f"{self.folder}/store",
                   "--schema-from", source, "--record-id", "entity", "--event-time",
                   "event_time"] + created)
            timed([HINDCAST, "ingest", "--store", f"{self.folder}/store", f"g{index}", source])
            os.remove(source)
        table(self.labels(), f"{self.folder}/labels.parquet")

    def run(self):
        names = ["--names", "full"] if len(self.groups) > 1 else []
        return timed([
            HINDCAST, "build", "--store", f"{self.folder}/store", "--labels",
            f"{self.folder}/labels.parquet", "--label-time", "label_time", "--output",
            f"{self.folder}/out.parquet", "--features"] + self.features + names)


def cases(scale):
    import numpy as np

    random = np.random.default_rng(1)
    n = max(1000, int(10_000_000 * scale))
    m = max(1000, int(1_000_000 * scale))

    def history(entities, rows, known=None, features=2):
        def make():
            entity = np.sort(random.integers(0, entities, rows)) if entities < rows \
                else np.arange(rows)
            columns = {"entity": entity, "event_time": START + np.arange(rows) * 1_000}
            if known is not None:
                late = random.random(rows) >= known
                columns["created_time"] = columns["event_time"] + np.where(late, LATER, 5)
            for index in range(features):
                columns[f"f{index}"] = np.round(random.normal(0, 10, rows), 2)
            return columns
        return make

    def wide(rows, features, entities):
        def make():
            columns = {"entity": np.repeat(np.arange(entities), rows // entities),
                       "event_time": START + np.tile(np.arange(rows // entities), entities) * 10**6}
            for index in range(features):
                columns[f"f{index:04}"] = random.normal(0, 1, len(columns["entity"])).astype("f4")
            return columns
        return make

    def labels(count, entities, span):
        return lambda: {
            "entity": random.integers(0, entities, count),
            "label_time": START + np.sort(random.integers(0, span, count))}

    one = labels(m, 1, n * 1_000)
    yield Case("one record, no created time", [history(1, n)], one)
    for name, known in [("all", 1.0), ("half", 0.5), ("a millionth", 1e-6), ("none", 0.0)]:
        yield Case(f"one record, {name} known", [history(1, n, known)], one)
    yield Case("one version a record", [history(n, n)], labels(m, n, n * 1_000))
    yield Case("all labels of one of many records", [history(n // 100, n)],
               labels(m, 1, n * 1_000))
    yield Case("ten labels", [history(n // 100, n)], labels(10, n // 100, n * 1_000))
    yield Case("ten million labels", [history(n // 100, n)], labels(n, n // 100, n * 1_000))
    yield Case("a group of 1,000 features", [wide(int(100_000 * scale) or 100, 1000, 100)],
               labels(int(100_000 * scale) or 100, 100, 10**9))
    yield Case("20 groups of 200 features",
               [wide(max(100, int(20_000 * scale)), 200, 100) for _ in range(20)],
               labels(max(100, int(20_000 * scale)), 100, 10**9))
    # Its users report minutes and tens of gigabytes for 37 MB of history.
    yield Case("17,000 labels on 37 MB of 1,000 features", [wide(9_250, 1000, 50)],
               labels(17_000, 50, 185 * 10**6))


def prepare(name, scale, folder):
    """Makes the files of one case, in a process whose memory does not count."""
    next(case for case in cases(scale) if case.name == name).prepare(folder)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only")
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    rows, base = [], None
    for case in cases(arguments.scale):
        if arguments.only and case.name not in arguments.only.split(","):
            continue
        apart(prepare, case.name, arguments.scale, arguments.folder)
        case.folder = case.path(arguments.folder)
        runs = [case.run() for _ in range(arguments.runs + 1)][1:]
        seconds = [run[0] for run in runs]
        middle = statistics.median(seconds)
        base = base or middle
        known = f"{middle / base:.2f}" if "known" in case.name or len(rows) == 0 else ""
        rows.append([case.name, f"{middle:.3f}", f"{min(seconds):.3f}", f"{max(seconds):.3f}",
                     f"{max(run[1] for run in runs) / 2**20:,.0f}", known])
        print("  ".join(rows[-1]), flush=True)
    command = "benchmarks/join_extremes.py " + " ".join(sys.argv[1:])
    lines = [f"### Builds of unusual shapes, {today()}", "",
             f"`{command.strip()}` on {machine()}: whole processes, medians of {arguments.runs} "
             "runs after one more.", ""]
    lines += aligned(["build", "median s", "least", "most", "peak MiB",
                      "of no created time"], rows)
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
