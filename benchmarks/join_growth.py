#!/usr/bin/env python3
"""How the cost of a build grows: with labels at fixed history, with history at fixed labels, and
from a cold disk.

Histories are shares of w5 (a billion rows of 4 features), generated straight into stores. Labels name
records at random. Whole processes; wall time, peak memory, and what was read of the segments.

Cold, the least that could come from the disk is what the pages of a build take in blocks of 4 KiB, and
what did come is the kernel's count for the process, the command's own file and libraries included.

usage: join_growth.py [--rows 1000000,10000000,100000000] [--labels 1000,10000,100000,1000000]
                      [--fixed 20000] [--runs 3] [--cold] [--folder DIR] [--no-record]
       --cold drops the page cache before each run of a second table; needs root
"""
import argparse
import json
import os
import statistics
import sys

from common.processes import ROOT, Run, apart, folder_bytes, machine, record, timed, today
from common.tables import aligned

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
SPAN = 90 * 86_400 * 1_000_000
START = 1_735_689_600_000_000
ROWS_A_RECORD = 100
BLOCK = 4_096
COLD_HEADER = ["MiB in blocks", "MiB from disk"]


def make_labels(path, count, entities):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(count)
    times = START + np.sort(random.integers(0, SPAN, count))
    pq.write_table(pa.table({"entity": random.integers(0, entities, count),
                             "label_time": pa.array(times).cast(pa.timestamp("us"))}), path)


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3\n")


class History:
    def __init__(self, folder, rows):
        self.rows = rows
        self.folder = f"{folder}/growth-{rows}"
        if not os.path.exists(f"{self.folder}/labels.parquet"):
            timed([HINDCAST, "dataset", "w5", "--scale", f"{rows / 1e9:g}", "--format", "store",
                   "--output", self.folder])
        self.bytes = folder_bytes(f"{self.folder}/store")

    def labels(self, count):
        path = f"{self.folder}/labels-{count}.parquet"
        if not os.path.exists(path):
            apart(make_labels, path, count, max(1, self.rows // ROWS_A_RECORD))
        return path

    def request(self, count):
        return ["--store", f"{self.folder}/store", "--labels", self.labels(count), "--label-time",
                "label_time", "--features", "f0"]

    def build(self, count, runs, cold):
        """Median seconds, peak bytes, and the least bytes that a run took from the disk."""
        found = []
        for _ in range(runs + (0 if cold else 1)):
            if cold:
                drop_caches()
            found.append(Run([HINDCAST, "build", "--output", f"{self.folder}/out.parquet"]
                             + self.request(count)))
        found = found if cold else found[1:]
        return (statistics.median(run.seconds for run in found), max(run.peak for run in found),
                min(run.disk_bytes for run in found))

    def reads(self, count):
        """Pages and bytes that one build reads, and the strategies that it chooses."""
        report = json.loads(timed([HINDCAST, "bench", "join", "--strategies", "auto", "--runs",
                                   "1", "--json"] + self.request(count))[2])
        result = report["strategies"][0]
        return (result["resolve"]["pages_read"] + result["gather"]["pages_read"],
                result["resolve"]["bytes_read"] + result["gather"]["bytes_read"],
                "+".join(sorted(result["chosen_segments"])))


def row(history, count, runs, cold):
    seconds, peak, disk = history.build(count, runs, cold)
    pages, read, chosen = history.reads(count)
    cells = [f"{history.rows:,}", f"{count:,}", f"{seconds:.3f}", f"{seconds / count * 1e6:.2f}",
             f"{peak / 2**20:,.0f}", f"{pages:,}", f"{read / 2**20:,.1f}"]
    if cold:
        # Bytes come from a disk in blocks: at both ends of a page half of one, on average.
        cells += [f"{(read + pages * BLOCK) / 2**20:,.0f}", f"{disk / 2**20:,.0f}"]
    cells += [f"{history.bytes / 2**20:,.0f}", chosen]
    print("  ".join(cells), flush=True)
    return cells


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="1000000,10000000,100000000")
    parser.add_argument("--labels", default="1000,10000,100000,1000000")
    parser.add_argument("--fixed", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    histories = [History(arguments.folder, int(rows)) for rows in arguments.rows.split(",")]
    labels = [int(count) for count in arguments.labels.split(",")]
    header = ["history rows", "labels", "seconds", "us a label", "peak MiB", "pages read",
              "MiB read", "store MiB", "strategy"]
    tables = [("History grows, labels stay:", [
        row(history, arguments.fixed, arguments.runs, False) for history in histories])]
    tables.append(("Labels grow, history stays:", [
        row(histories[-1], count, arguments.runs, False) for count in labels]))
    if arguments.cold:
        tables.append(("The page cache is dropped before every run:", [
            row(history, arguments.fixed, arguments.runs, True) for history in histories]))
    command = "benchmarks/join_growth.py " + " ".join(sys.argv[1:])
    lines = [f"### Growth, {today()}", "",
             f"`{command.strip()}` on {machine()}: whole builds to Parquet, medians of "
             f"{arguments.runs} runs.", ""]
    for title, rows in tables:
        names = header if len(rows[0]) == len(header) else header[:7] + COLD_HEADER + header[7:]
        lines += [title, ""] + aligned(names, rows) + [""]
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines[:-1])


if __name__ == "__main__":
    main()
