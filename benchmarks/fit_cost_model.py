#!/usr/bin/env python3
"""Fits the planner's cost model to this machine: measures resolving by each strategy over label
densities on three histories, on one thread, and solves for the constants by least squares.

The features of the model are those of Sources/HindcastJoin/Plan/Planner.swift, constants that are not
negative. Every measurement counts by its ratio to the estimate, whether of microseconds or of seconds. What always
comes together, as sorting a label and searching for it do, is told as one of the two.
Prints the constants as CostModel.swift has them, and how far estimates are from measurements.

usage: fit_cost_model.py [--labels 100,1000,...] [--runs 3] [--folder DIR] [--no-record]
"""
import argparse
import glob
import json
import math
import os
import statistics
import sys

from common.processes import ROOT, machine, record, timed, today
from common.tables import aligned
from join_extremes import cases
from join_strategies import HINDCAST, make_labels

LABELS = "30,100,300,1000,3000,10000,30000,100000,300000,1000000"
# Two hundred and a hundred versions a record; and one, which is a case of join_extremes.py.
HISTORIES = [("w1", 0.5, 50_000), ("w5", 0.01, 100_000)]
SINGLE = ("one version a record", 0.2, 2_000_000)
STRATEGIES = ["merge", "probe", "hash"]
CONSTANTS = ["sortLabel", "groupLabel", "decodeRecordPage", "openRecordPage", "mergeRecord",
             "probeRecord", "hashRecord", "decodeTimePage", "decodeTimeByte", "openTimePage",
             "openTimeByte", "searchTimes", "probeTimes"]
RECORDS_A_PAGE = 1_024


class History:
    def __init__(self, folder, name, scale, entities):
        self.name, self.entities = f"{name} x {scale:g}", entities
        self.folder, self.group = f"{folder}/fit-{name}-{scale:g}", "f0"
        if name == SINGLE[0]:
            case = next(case for case in cases(scale) if case.name == name)
            case.prepare(f"{folder}/fit-{scale:g}")
            self.folder, self.group = case.folder, "g0"
        elif not os.path.exists(f"{self.folder}/store"):
            timed([HINDCAST, "dataset", name, "--scale", f"{scale:g}", "--format", "store",
                   "--output", self.folder])
        segments = glob.glob(f"{self.folder}/store/segments/*")
        if len(segments) != 1:
            sys.exit(f"{self.folder}: the fit wants histories of one segment")
        found = json.loads(timed([HINDCAST, "inspect", segments[0], "--json"])[2])
        self.records = found["records"]
        self.record_pages = math.ceil(self.records / RECORDS_A_PAGE)
        times = next(column for column in found["columns"] if column["column"] == "(event time)")
        self.time_pages = times["pages"]
        self.page_bytes = times["stored_bytes"] / times["pages"]

    def labels(self, count):
        path = f"{self.folder}/labels-{count}.parquet"
        if not os.path.exists(path):
            make_labels(path, count, self.entities)
        return path


def touched(pages, picks):
    if pages <= 1:
        return min(pages, picks)
    return pages * (1 - math.exp(picks * math.log1p(-1 / pages)))


def features(history, strategy, labels, records):
    """How often each constant counts, as Planner.estimate adds them."""
    record_pages = touched(history.record_pages, records)
    picks = min(labels, records * (1 + history.time_pages / max(1, history.records)))
    time_pages = touched(history.time_pages, picks)
    found = dict.fromkeys(CONSTANTS, 0.0)
    if strategy == "probe":
        found |= {"sortLabel": labels, "openRecordPage": record_pages, "probeRecord": records,
                  "openTimePage": time_pages, "openTimeByte": time_pages * history.page_bytes,
                  "probeTimes": labels}
    else:
        found |= {"decodeTimePage": time_pages, "searchTimes": labels,
                  "decodeTimeByte": time_pages * history.page_bytes}
        if strategy == "merge":
            found |= {"sortLabel": labels, "decodeRecordPage": record_pages,
                      "mergeRecord": records}
        else:
            found |= {"groupLabel": labels, "decodeRecordPage": history.record_pages,
                      "hashRecord": history.records + records}
    return [found[name] for name in CONSTANTS]


def measure(history, counts, runs):
    """Rows of (labels, strategy, features, nanoseconds)."""
    import pyarrow.parquet as pq

    rows = []
    for count in counts:
        labels = history.labels(count)
        records = len(pq.read_table(labels)["entity"].unique())
        report = json.loads(timed([
            HINDCAST, "bench", "join", "--store", f"{history.folder}/store", "--labels", labels,
            "--label-time", "label_time", "--features", history.group, "--strategies",
            ",".join(STRATEGIES), "--runs", str(runs), "--threads", "1", "--json"])[2])
        for result in report["strategies"]:
            name = result["strategy"]
            nanoseconds = min(result["resolve_seconds"]) * 1e9
            rows.append((history.name, count, name, features(history, name, count, records),
                         nanoseconds))
            print(f"  {history.name}  {count:>9,}  {name:6} {nanoseconds / 1e6:10.3f} ms",
                  flush=True)
    return rows


def solve(rows):
    """Constants that are not negative, by least squares of ratios; beside them a constant time for
    each strategy, which a plan need not know."""
    import numpy as np

    matrix = np.array([row[3] + [1.0 if row[2] == name else 0.0 for name in STRATEGIES]
                       for row in rows])
    times = np.array([row[4] for row in rows])
    matrix, goal = matrix / times[:, None], np.ones(len(rows))
    scale = np.maximum(np.linalg.norm(matrix, axis=0), 1e-30)
    return nonnegative(matrix / scale, goal) / scale


def nonnegative(matrix, goal):
    """Least squares with no negative unknown (Lawson and Hanson, 1974)."""
    import numpy as np

    count = matrix.shape[1]
    free, found = np.zeros(count, bool), np.zeros(count)
    for _ in range(3 * count):
        slope = matrix.T @ (goal - matrix @ found)
        if free.all() or slope[~free].max() < 1e-9:
            break
        free[np.argmax(np.where(free, -np.inf, slope))] = True
        while True:
            trial = np.zeros(count)
            trial[free] = np.linalg.lstsq(matrix[:, free], goal, rcond=None)[0]
            if trial[free].min() > 0:
                break
            bad = free & (trial <= 0)
            step = (found[bad] / (found[bad] - trial[bad])).min()
            found = found + step * (trial - found)
            free &= found > 1e-12
        found = trial
    return found


def worst_choice(rows, constants):
    """The greatest ratio of what the model would choose to the fastest, over all points."""
    points = {}
    for history, count, _, counted, measured in rows:
        model = sum(a * b for a, b in zip(counted, constants))
        points.setdefault((history, count), []).append((model, measured))
    return max(min(found)[1] / min(time for _, time in found) for found in points.values())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", default=LABELS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    counts = [int(text) for text in arguments.labels.split(",")]
    rows = []
    for name, scale, entities in HISTORIES + [SINGLE]:
        rows += measure(History(arguments.folder, name, scale, entities), counts, arguments.runs)
    constants = solve(rows)
    table = []
    for history, count, name, counted, measured in rows:
        model = sum(a * b for a, b in zip(counted, constants))
        estimate = model + constants[len(CONSTANTS) + STRATEGIES.index(name)]
        table.append([history, f"{count:,}", name, f"{measured / 1e6:.3f}",
                      f"{estimate / measured:.2f}"])
    errors = [abs(math.log(float(row[4]))) for row in table]
    choice = worst_choice(rows, constants)
    lines = [f"### The planner's cost model, {today()}", "",
             f"`benchmarks/fit_cost_model.py {' '.join(sys.argv[1:])}`".replace(" `", "`")
             + f" on {machine()}: resolving on one thread, the least of {arguments.runs} runs; "
             "nanoseconds.", ""]
    lines += aligned(["constant", "ns"], [
        [name, f"{value:,.2f}"] for name, value in zip(CONSTANTS, constants)])
    lines += ["", f"Estimates are off by a factor of {math.exp(statistics.median(errors)):.2f} "
              f"in the middle, {math.exp(max(errors)):.2f} at most; {len(rows)} measurements.",
              f"What the model chooses takes at most {choice:.2f} times the best of its point."]
    print("\n".join(aligned(["history", "labels", "strategy", "ms", "estimate / measured"], table)))
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
