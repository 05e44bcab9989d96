#!/usr/bin/env python3
"""The point-in-time join beside other engines, as whole processes.

Each process starts, reads features and labels, joins, and writes the training set; Hindcast reads
features from its store, made before, as DuckDB's own file and Feast's registry are. All write
Parquet with zstd level 1 and row groups of 131,072 rows, or uncompressed Arrow IPC. Files are in
the page cache, runs alternate, medians and peak memory are reported. The rows of all must be
equal, or the script fails. An engine that takes more than --patience times the best of the others
runs twice; where it is twice as far behind, once, and only to Parquet; one that passes --seconds
or --gib is ended, and the table says so.

The data is that of the project's workload generator, in FOLDER/W1/entity/f0.parquet and so on.
W1/10 is a tenth of its records; wide, 17,000 labels on one group of 1,000 float32, is made.

usage: join_vs_peers.py --data FOLDER [--workloads W1,...] [--runs 5] [--to parquet,arrow]
                        [--peers NAME,...|none] [--quick] [--add] [--report] [--no-record]
       --quick: one run each. --add keeps the runs of earlier calls, so that a comparison can be
       made in pieces: a call for each workload and round, then --report, which runs nothing.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys

from common.processes import (
    ROOT, Limits, Run, apart, machine, record, timed, today, wait_for_quiet)
from common.plots import bars
from common.tables import aligned
from joins import ENGINES
from joins.equality import difference
from joins.workloads import PLAN, WIDE, Source

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
CHILD = f"{ROOT}/benchmarks/joins/child.py"
OURS = "hindcast"
# Feast's slow case and the tenths are for how far the engines are apart, which one output shows.
BOTH_KINDS = ("W1", "W2", "W3", "W4")


class Workload:
    """One workload's files, and what every run took: kind -> engine -> a dictionary."""

    def __init__(self, arguments, name, found):
        self.arguments, self.name, self.found = arguments, name, found
        self.folder = f"{arguments.folder}/joins-{name.replace('/', '-')}"
        os.makedirs(self.folder, exist_ok=True)
        self.source = Source(arguments.data, name, self.folder)
        self.peers = PLAN[name] if arguments.peers is None else arguments.peers
        self.kinds = [kind for kind in arguments.to if kind == "parquet" or name in BOTH_KINDS]

    def prepare(self):
        """The files, the store and what engines have beside their data, if they are not there."""
        self.source.prepare(any(ENGINES[peer].layout == "duckdb" for peer in self.peers))
        files = self.source.files("entity")
        store = f"{self.folder}/store"
        if not os.path.exists(f"{store}/.complete"):
            shutil.rmtree(store, ignore_errors=True)
            timed([HINDCAST, "init", store])
            for index, file in enumerate(files):
                timed([HINDCAST, "group", "create", f"f{index}", "--store", store,
                       "--schema-from", file, "--record-id", "entity", "--event-time",
                       "event_time"])
                timed([HINDCAST, "ingest", "--store", store, f"f{index}", file])
            open(f"{store}/.complete", "w").close()
        for peer in self.peers:
            if ENGINES[peer].package == "feast":
                timed(self.command(peer, "prepare")[0])

    def load_pages(self, name):
        """Puts what an engine reads into the page cache, from which others may have pushed it."""
        paths = self.source.files(ENGINES[name].layout) if name != OURS else [
            os.path.join(place, file) for place, _, names in os.walk(f"{self.folder}/store")
            for file in names]
        for path in paths:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 24):
                    pass

    def output(self, name, kind):
        return f"{self.folder}/{name.replace(' ', '-')}.{kind}"

    def command(self, name, kind):
        output, labels = self.output(name, kind), self.source.labels
        if name != OURS:
            engine = ENGINES[name]
            layout = "entity" if engine.layout == "duckdb" else engine.layout
            return [f"{ROOT}/.build/{engine.environment}/bin/python", CHILD, name,
                    ",".join(self.source.files(layout)), labels, output, kind], output
        command = [HINDCAST, "build", "--store", f"{self.folder}/store", "--labels", labels,
                   "--label-time", "label_time", "--output", output, "--features"]
        command += [f"f{index}" for index in range(len(self.source.files("entity")))]
        if kind == "parquet":
            command += ["--compression", "zstd", "--compression-level", "1",
                        "--row-group-rows", "131072"]
        return command, output

    def runs(self, kind):
        """One round: each engine once, but for those that are out or far behind."""
        self.found.setdefault(kind, {})
        patience = self.arguments.patience
        for name in [OURS] + self.peers:
            runs = len(self.found[kind].get(name, {"seconds": []})["seconds"])
            is_far = any(self.is_behind(name, of, 2 * patience) for of in (kind, "parquet"))
            if not is_far and not (runs > 1 and self.is_behind(name, kind, patience)):
                self.run(name, kind)

    def is_behind(self, name, kind, patience):
        """Whether an engine was ended, or took `patience` times what the best of the others did."""
        entries = self.found.get(kind, {})
        if name == OURS or name not in entries:
            return False
        best = min((min(entry["seconds"]) for other, entry in entries.items()
                    if other != OURS and not entry["stopped"]), default=0)
        return bool(entries[name]["stopped"]) or min(entries[name]["seconds"]) > patience * best

    def run(self, name, kind):
        command, output = self.command(name, kind)
        if os.path.exists(output):
            os.remove(output)
        self.load_pages(name)
        wait_for_quiet(self.arguments.disturbance)
        limits = Limits(self.arguments.seconds, self.arguments.gib * 2**30)
        run = Run(command, limits if name != OURS else None)
        entry = self.found[kind].setdefault(name, {
            "seconds": [], "processor": [], "peak": 0, "stopped": "", "different": "",
            "dropped": 0})
        entry["seconds"].append(run.seconds)
        entry["processor"].append(run.cpu_seconds)
        entry["peak"] = max(entry["peak"], run.peak)
        entry["stopped"] = run.stopped
        if not run.stopped:
            entry["bytes"] = os.path.getsize(output)
            if name != OURS and len(entry["seconds"]) == 1:
                entry["different"], entry["dropped"] = apart(
                    difference, output, self.output(OURS, kind), ENGINES[name].may_drop)
        print(f"  {self.name} {kind:8} {name:26} {run.seconds:8.3f} s   "
              f"{run.peak / 2**20:7.0f} MiB   others {run.disturbance:4.0%}   "
              f"{run.stopped or entry['different']}", flush=True)


def lines_of(name, kind, found):
    """The table of one workload and kind of output."""
    ours = statistics.median(found[OURS]["seconds"])
    rows = []
    for engine, entry in found.items():
        runs = entry["seconds"]
        numbers = [f"{statistics.median(runs):.3f}", f"{min(runs):.3f}", f"{max(runs):.3f}",
                   f"{len(runs)}", f"{statistics.median(entry['processor']):.2f}",
                   f"{entry['peak'] / 2**20:,.0f}", f"{entry.get('bytes', 0) / 2**20:,.1f}",
                   f"{statistics.median(runs) / ours:.2f}"]
        if entry["stopped"]:
            numbers = ["-"] * 4 + [numbers[4], numbers[5], "-", entry["stopped"]]
        rows.append([engine] + numbers)
    header = ["engine", "median s", "least", "most", "runs", "processor s", "peak MiB",
              "output MiB", "times ours"]
    lines = [f"{name} to {kind}:", ""] + aligned(header, rows) + [""]
    notes = [f"- {engine}: DIFFERENT: {entry['different']}"
             for engine, entry in found.items() if entry["different"]]
    notes += [f"- {engine} drops {entry['dropped']:,} labels; the rows that it returns are equal."
              for engine, entry in found.items() if entry["dropped"]]
    return lines + notes + [""] * bool(notes)


def pictures(found):
    """A picture of what was compared, and another of what was compared at a tenth."""
    lines = []
    for ending, names in [("", [*BOTH_KINDS, WIDE]), ("_tenth", [n for n in found if "/" in n])]:
        grid = []
        names = [name for name in names if name in found]
        for name in names:
            entries = [(engine, entry) for engine, entry in found[name]["parquet"].items()
                       if not entry["stopped"]]
            grid.append([
                (f"{name}, seconds",
                 [(engine, statistics.median(entry["seconds"])) for engine, entry in entries]),
                (f"{name}, peak MiB",
                 [(engine, entry["peak"] / 2**20) for engine, entry in entries])])
        if grid:
            path = f"join_vs_peers{ending}.png"
            apart(bars, grid, f"{ROOT}/benchmarks/{path}")
            lines += [f"![{', '.join(names)} to Parquet: wall time and peak memory]({path})", ""]
    return lines


def versions():
    """Which releases were compared."""
    code = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    found = {}
    for engine in ENGINES.values():
        python = f"{ROOT}/.build/{engine.environment}/bin/python"
        if not os.path.exists(python):
            continue
        result = subprocess.run(
            [python, "-c", code, engine.package], capture_output=True, text=True)
        found[engine.package] = result.stdout.strip() or "not there"
    return ", ".join(f"{package} {release}" for package, release in found.items())


def report(arguments, found):
    names = [name for name in PLAN if name in found]
    command = "benchmarks/join_vs_peers.py " + " ".join(
        "FOLDER" if before == "--data" else argument
        for before, argument in zip([""] + sys.argv[1:], sys.argv[1:]))
    lines = [f"### Joins, {', '.join(names)}, {today()}", "",
             f"`{command}` on {machine()}: whole processes, medians of alternating runs; an "
             f"engine more than {arguments.patience:g} times behind the best of the others has fewer. "
             f"{versions()}.", ""]
    if not arguments.no_record:
        lines += pictures({name: found[name] for name in names})
    same = True
    for name in names:
        for kind, engines in found[name].items():
            lines += lines_of(name, kind, engines)
            same = same and not any(entry["different"] for entry in engines.values())
    lines.append("Results equal." if same else "Results DIFFERENT where it says so.")
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)
    return same


def parsed_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--workloads", default=",".join(PLAN))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one run each")
    parser.add_argument("--to", default="parquet,arrow")
    parser.add_argument("--peers", help="for all workloads; else those that can do each")
    parser.add_argument("--patience", type=float, default=1.5)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--gib", type=float, default=12)
    parser.add_argument("--disturbance", type=float, default=0.1)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--add", action="store_true", help="keep the runs of earlier calls")
    parser.add_argument("--report", action="store_true", help="the tables of earlier runs")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    arguments.workloads = arguments.workloads.split(",")
    arguments.to = arguments.to.split(",")
    arguments.runs = 1 if arguments.quick else arguments.runs
    if arguments.peers is not None:
        arguments.peers = [] if arguments.peers == "none" else arguments.peers.split(",")
    return arguments


def main():
    arguments = parsed_arguments()
    kept, found = f"{arguments.folder}/joins.json", {}
    if (arguments.add or arguments.report) and os.path.exists(kept):
        with open(kept) as file:
            found = json.load(file)
    for name in [] if arguments.report else arguments.workloads:
        workload = Workload(arguments, name, found.setdefault(name, {}))
        apart(workload.prepare)
        for kind in workload.kinds:
            for _ in range(arguments.runs):
                workload.runs(kind)
        with open(kept, "w") as file:
            json.dump(found, file, indent=1)
    if arguments.report or not arguments.add:
        sys.exit(not report(arguments, found))


if __name__ == "__main__":
    main()
