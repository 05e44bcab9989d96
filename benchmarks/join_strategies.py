#!/usr/bin/env python3
"""Strategies against each other over label densities, and the planner's choice beside the best.

One history (W1's, a share of its rows) and 10 to 10 million labels on it, by `hindcast bench join`:
medians of alternating runs. Prints a table, draws join_strategies.png, and fails if results differ.

usage: join_strategies.py [--scale 0.5] [--labels 10,100,...] [--runs 5] [--folder DIR] [--no-record]
"""
import argparse
import json
import os
import statistics
import sys

from common.processes import ROOT, machine, record, timed, today
from common.tables import aligned

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
STRATEGIES = ["merge", "probe", "hash", "auto"]
LABELS = "10,100,1000,10000,100000,1000000,10000000"
SPAN = 90 * 86_400 * 1_000_000
START = 1_735_689_600_000_000


def make_labels(path, count, entities):
    """Labels at random: records and times evenly spread, in the order of time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(count)
    times = np.sort(random.integers(0, SPAN, count)) + START
    pq.write_table(
        pa.table({"entity": random.integers(0, entities, count),
                  "label_time": pa.array(times).cast(pa.timestamp("us"))}), path)


def bench(store, labels, runs):
    return json.loads(timed([
        HINDCAST, "bench", "join", "--store", store, "--labels", labels, "--label-time",
        "label_time", "--features", "f0:f_balance,i_item,s_country", "--strategies",
        ",".join(STRATEGIES), "--runs", str(runs), "--json"])[2])


def plot(found, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for strategy in STRATEGIES:
        axes.plot([count for count, _ in found], [times[strategy] * 1e3 for _, times in found],
                  marker="o", linewidth=3 if strategy == "auto" else 1.5,
                  alpha=0.5 if strategy == "auto" else 1, label=strategy)
    axes.set(xscale="log", yscale="log", xlabel="labels", ylabel="resolve and gather, ms",
             title="Strategies over label density")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.5)
    parser.add_argument("--labels", default=LABELS)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    folder = f"{arguments.folder}/strategies-{arguments.scale:g}"
    if not os.path.exists(f"{folder}/labels.parquet"):
        timed([HINDCAST, "dataset", "w1", "--scale", f"{arguments.scale:g}", "--format", "store",
               "--output", folder])
    entities = int(100_000 * arguments.scale)
    rows, found, same, worst = [], [], True, 0
    for count in [int(text) for text in arguments.labels.split(",")]:
        labels = f"{folder}/labels-{count}.parquet"
        if not os.path.exists(labels):
            make_labels(labels, count, entities)
        report = bench(f"{folder}/store", labels, arguments.runs)
        same = same and report["equal"]
        times, resolve, chosen = {}, {}, {}
        for result in report["strategies"]:
            name = result["strategy"]
            totals = [a + b for a, b in zip(result["resolve_seconds"], result["gather_seconds"])]
            times[name] = statistics.median(totals)
            resolve[name] = statistics.median(result["resolve_seconds"])
            chosen[name] = "+".join(result["chosen_segments"])
        best = min(times[name] for name in STRATEGIES if name != "auto")
        worst = max(worst, times["auto"] / best)
        found.append((count, times))
        rows.append([f"{count:,}"] + [
            f"{times[name] * 1e3:,.2f} ({resolve[name] * 1e3:,.2f})" for name in STRATEGIES]
            + [chosen["auto"], f"{times['auto'] / best:.2f}"])
        print("  ".join(rows[-1]), flush=True)
    plot(found, f"{ROOT}/benchmarks/join_strategies.png")
    command = "benchmarks/join_strategies.py " + " ".join(sys.argv[1:])
    lines = [f"### Strategies over label density, W1 x {arguments.scale:g}, {today()}", "",
             f"`{command.strip()}` on {machine()}: resolving and gathering three features, in "
             "brackets resolving alone, milliseconds; medians of "
             f"{arguments.runs} alternating runs.", ""]
    lines += aligned(["labels"] + STRATEGIES + ["auto chose", "auto / best"], rows)
    lines += ["", f"Results {'equal' if same else 'DIFFERENT'}; auto is at most {worst:.2f} times "
              "the best. ![strategies](join_strategies.png)"]
    print("\n".join(lines))
    if not same:
        sys.exit(1)
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
