#!/usr/bin/env python3
"""W1 from history to training set: `hindcast ingest` + `build` beside Polars' join_asof.

Both read the same Parquet files and write the training set as Parquet. Polars reads, joins and
writes in a process of its own, timed without its start and imports; Hindcast's processes are timed
whole, its build from its store. Runs alternate; medians are reported, with the peak memory of each
process and a hash of each result.

usage: build_vs_polars.py [--scale 0.5] [--runs 5] [--order entity|time] [--folder DIR] [--no-record]
       scale 0.5 is 10 million feature rows and 500,000 labels
"""
import argparse
import os
import shutil
import statistics
import sys
import time

from common.processes import ROOT, folder_bytes, machine, record, timed, today

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")


def polars_child(folder):
    """Reads, joins and writes; prints the seconds that took."""
    import polars as pl

    start = time.perf_counter()
    features = pl.read_parquet(f"{folder}/f0.parquet")
    labels = pl.read_parquet(f"{folder}/labels.parquet")
    # Both are sorted by time within an entity; Polars can't check that by group.
    features = features.rename({"event_time": "label_time"})
    result = labels.join_asof(
        features, on="label_time", by="entity", strategy="backward", check_sortedness=False)
    result.write_parquet(f"{folder}/polars.parquet", compression="zstd", compression_level=3)
    print(time.perf_counter() - start)


def result_hash(path):
    """An order-sensitive hash of a training set's values."""
    import polars as pl

    table = pl.read_parquet(path)
    place = pl.int_range(pl.len(), dtype=pl.Int64).alias("place")
    table = table.with_columns(pl.col("label_time").dt.replace_time_zone(None)).with_columns(place)
    return f"{table.hash_rows(seed=1).sum():016x}", table.shape


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.5)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--order", choices=["entity", "time"], default="entity")
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        polars_child(arguments.child)
        return
    folder = f"{arguments.folder}/w1-{arguments.order}-{arguments.scale:g}"
    if not os.path.exists(f"{folder}/groups.yaml"):
        timed([HINDCAST, "dataset", "w1", "--scale", f"{arguments.scale:g}", "--order",
               arguments.order, "--output", folder])
    store = f"{folder}/store"
    shutil.rmtree(store, ignore_errors=True)
    timed([HINDCAST, "init", store])
    timed([HINDCAST, "apply", "--store", store, f"{folder}/groups.yaml"])
    ingest = timed([HINDCAST, "ingest", "--store", store, "f0", f"{folder}/f0.parquet"])
    print(f"ingest   {ingest[0]:8.2f} s   {ingest[1] / 2**20:8.0f} MiB peak", flush=True)

    build = [HINDCAST, "build", "--store", store, "--labels", f"{folder}/labels.parquet",
             "--label-time", "label_time", "--features", "f0", "--output",
             f"{folder}/hindcast.parquet"]
    seconds, peaks = {"hindcast": [], "polars": []}, {"hindcast": 0, "polars": 0}
    for run in range(arguments.runs):
        for name, command in [
                ("hindcast", build), ("polars", [sys.executable, __file__, "--child", folder])]:
            whole, peak, output = timed(command)
            seconds[name].append(float(output) if name == "polars" else whole)
            peaks[name] = max(peaks[name], peak)
            print(f"{name:8} {seconds[name][-1]:8.2f} s   {peak / 2**20:8.0f} MiB peak", flush=True)
    hashes = {name: result_hash(f"{folder}/{name}.parquet") for name in seconds}
    report(arguments, folder, ingest, seconds, peaks, hashes)


def report(arguments, folder, ingest, seconds, peaks, hashes):
    median = {name: statistics.median(values) for name, values in seconds.items()}
    same = "equal" if hashes["hindcast"] == hashes["polars"] else "DIFFERENT"
    sizes = [os.path.getsize(f"{folder}/f0.parquet"), folder_bytes(f"{folder}/store")]
    command = "benchmarks/build_vs_polars.py " + " ".join(sys.argv[1:])
    lines = [
        f"### W1 x {arguments.scale:g}, {arguments.order} order, {today()}", "",
        f"`{command.strip()}` on {machine()}, medians of "
        f"{arguments.runs} alternating runs, least and greatest in brackets.", "",
        "| | seconds | peak MiB |", "|---|---|---|",
        f"| hindcast ingest | {ingest[0]:.2f} | {ingest[1] / 2**20:.0f} |"]
    for name, what in [("hindcast", "hindcast build"), ("polars", "polars read, join, write")]:
        lines.append(f"| {what} | {median[name]:.2f} [{min(seconds[name]):.2f}, "
                     f"{max(seconds[name]):.2f}] | {peaks[name] / 2**20:.0f} |")
    lines += [
        "", f"Build / Polars = {median['hindcast'] / median['polars']:.2f}; results {same} "
        f"(hash {hashes['hindcast'][0]}, {hashes['hindcast'][1][0]:,} rows, "
        f"{hashes['hindcast'][1][1]} columns); store {sizes[1] / 2**20:.0f} MiB, Parquet "
        f"{sizes[0] / 2**20:.0f} MiB."]
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)
    if same != "equal":
        sys.exit(1)


if __name__ == "__main__":
    main()
