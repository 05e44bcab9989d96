#!/usr/bin/env python3
"""The segment format beside Parquet, Vortex, Lance, DuckDB's and ClickHouse's own.

The same rows, ordered by record and time, and the same jobs for all: their size on disk; writing
them from Arrow's memory to files that are synchronised; every value of all columns, and of two,
into columns in memory and summed; the latest row, all columns, of 1,000 records.

Each job runs in a process of its own, on all cores, its file in the page cache. Starting, imports
and connecting are timed apart and left out, for us as for the others. Where a format has several
ways to do a job all are timed, those far behind but once, and the fastest counts. Runs alternate;
medians are reported; a run during which other processes had more than --disturbance of the machine
is done again, --tries times in all. Sums and hashes of all must be those of the input, or the
script fails.

usage: format_vs_peers.py [--data FOLDER] [--scale 1] [--runs 5] [--profiles balanced,fast,small]
                          [--peers NAME,...|none] [--jobs write,scan,columns,latest,own]
                          [--workload w1|wide|embedding] [--order entity|time]
                          [--add]
       FOLDER/f0.parquet has columns entity (int64), event_time and features, ordered by the two;
       without it the workload is made: W1, of which scale 1 is 20 million rows; 1,000 float32
       columns and 100,000 rows; or vectors of 384 float32 and 200,000 rows
       --order time: the rows come in the order of time (FOLDER/f0.parquet is in it). We sort them;
       the others write them as they come, and, as NAME-sorted, sort them by their own means first,
       which is part of the write; ClickHouse sorts always
       --jobs without write reads what an earlier call with the same --folder wrote; --add keeps
       the runs of earlier calls, so that a comparison can be made in pieces: calls of --runs 1
       and a job each; --runs 0 only reports
"""
import argparse
import json
import multiprocessing
import os
import random
import shutil
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version

from common import workloads
from common.processes import ROOT, Run, machine, record, timed, today, wait_for_quiet
from common.plots import bars
from common.tables import aligned
from peers import PEERS, ways
from peers.values import Sums, same

TOOL = os.environ.get("SEGMENT_BENCHMARK", f"{ROOT}/bin/SegmentBenchmark")
CHILD = f"{ROOT}/benchmarks/peers/child.py"
OURS = "hindcast-"
SORTED = "-sorted"
SORT_ALWAYS = ["clickhouse", "clickhouse-zstd"]
# What a job is called, its unit, and how many of the unit a second has.
JOBS = {"write": ("write", "s", 1), "scan": ("scan", "s", 1),
        "columns": ("few columns", "ms", 1000), "latest": ("latest 1,000", "ms", 1000)}


class Contest:
    """The formats, their files, and what every run of a job took."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.source = f"{folder}/f0.arrow"
        self.entities = f"{folder}/entities.txt"
        self.formats = [OURS + name for name in arguments.profiles] + arguments.peers
        self.is_by_time = arguments.order == "time"
        if self.is_by_time:
            self.formats += [name + SORTED for name in arguments.peers if name not in SORT_ALWAYS]
        self.sizes = {}
        self.seconds = {}   # (job, format, way): seconds of each run
        self.processor = {}  # (job, format, way): seconds of all cores in each run
        self.laps = {}      # (job, format, way): seconds of each part of the last run
        self.answers = {}   # (job, format, way): sums or hash
        self.disturbance = 0.0

    def path(self, name):
        return f"{self.folder}/{name}"

    def keep(self):
        """Writes all runs to the folder."""
        with open(f"{self.folder}/runs.json", "w") as file:
            runs = [{"key": key, "seconds": runs, "processor": self.processor[key],
                     "laps": self.laps[key], "answer": self.answers[key]}
                    for key, runs in self.seconds.items()]
            json.dump({"disturbance": self.disturbance, "sizes": self.sizes, "runs": runs}, file,
                      indent=1)

    def add_kept(self):
        """Takes over the runs of earlier calls."""
        if not os.path.exists(f"{self.folder}/runs.json"):
            return
        with open(f"{self.folder}/runs.json") as file:
            found = json.load(file)
        self.disturbance, self.sizes = found["disturbance"], found["sizes"]
        kept = {tuple(entry["key"]): entry for entry in found["runs"]}
        for key, entry in kept.items():
            if key[1] in self.formats:
                self.seconds[key], self.processor[key] = entry["seconds"], entry["processor"]
                self.laps[key], self.answers[key] = entry["laps"], entry["answer"]

    def command(self, job, name, way):
        path = self.path(name)
        verb = "scan" if job == "columns" else job
        if name.startswith(OURS):
            command = [TOOL, verb]
            if job == "write":
                command += [self.source, path, "--profile", name.removeprefix(OURS)]
                command += ["--sort"] if self.is_by_time else []
            else:
                command.append(path)
        else:
            command = [sys.executable, CHILD, peer_name(name), verb, way, path]
            if job == "write":
                command += ["--input", self.source]
            if self.is_by_time and name.endswith(SORTED):
                command += ["--sort"]
            elif self.is_by_time and name not in SORT_ALWAYS:
                command += ["--time-order"]
        if job == "columns":
            command += ["--columns", ",".join(self.arguments.columns)]
        if job == "latest":
            command += ["--entities", self.entities]
        return command

    def run(self, job, name, way, *more):
        run = self.quietest(job, name, self.command(job, name, way) + list(more))
        answer = json.loads(run.output.splitlines()[-1])
        key = (job, name, way)
        self.seconds.setdefault(key, []).append(answer["seconds"])
        self.processor.setdefault(key, []).append(answer["processorSeconds"])
        self.laps[key] = answer.get("laps", {}) | {
            "whole": run.seconds, "processor": run.cpu_seconds, "peak MiB": run.peak / 2**20}
        self.answers[key] = answer
        label = f"{name} {way}".strip()
        print(f"  {job:8} {label:28} {answer['seconds']:9.4f} s   whole {run.seconds:7.2f} s   "
              f"others {run.disturbance:4.0%}", flush=True)
        return answer

    def quietest(self, job, name, command):
        """A run of little disturbance, else the least disturbed of a few."""
        best = None
        for _ in range(self.arguments.tries):
            if job == "write":
                remove(self.path(name))
                remove(self.path(name) + ".store")
                os.sync()
            wait_for_quiet(self.arguments.disturbance)
            run = Run(command)
            if best is None or run.disturbance < best.disturbance:
                best = run
            if run.disturbance <= self.arguments.disturbance:
                break
        self.disturbance = max(self.disturbance, best.disturbance)
        return best

    def write(self, run):
        for name in self.formats:
            is_last = run == self.arguments.runs - 1
            more = ["--finish"] if is_last and not name.startswith(OURS) else []
            self.sizes[name] = self.run("write", name, "", *more)["bytes"]
            self.keep()

    def read(self, job, run):
        for name in self.formats:
            verb = "scan" if job == "columns" else job
            for way in [""] if name.startswith(OURS) else ways(
                    PEERS[peer_name(name)], verb):
                first = self.seconds.get((job, name, way))
                if first is None or first[0] <= 1.5 * self.best(job, name)[0]:
                    self.run(job, name, way)
        self.keep()

    def best(self, job, name):
        """The fastest way's median, its name and its runs."""
        found = [(statistics.median(runs), way, runs)
                 for (of, who, way), runs in self.seconds.items() if (of, who) == (job, name)]
        return min(found) if found else (None, "", [])


def peer_name(name):
    return name.removesuffix(SORTED)


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)


def load_pages(path):
    """Puts files into the page cache."""
    paths = [path] if os.path.isfile(path) else [
        os.path.join(place, name) for place, _, names in os.walk(path) for name in names]
    for name in paths:
        with open(name, "rb", buffering=0) as file:
            while file.read(1 << 24):
                pass


def apart(work, *arguments):
    """The result of work in another process: a child's peak memory starts from its parent's."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def prepare(arguments, folder):
    """The input at the scale that was asked for, as Arrow's own file, and the list of records."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    source = f"{arguments.data}/f0.parquet" if arguments.data else f"{folder}/f0.parquet"
    if arguments.workload in workloads.ROWS:
        rows = int(workloads.ROWS[arguments.workload] * arguments.scale)
        workloads.generate(arguments.workload, rows, source)
    elif not arguments.data and not os.path.exists(source):
        timed([os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast"), "dataset", "w1", "--scale",
               f"{arguments.scale:g}", "--order", arguments.order, "--output", folder])
    table = pq.read_table(source)
    if arguments.data and arguments.scale != 1:
        table = table.slice(0, int(len(table) * arguments.scale))
    # Every write starts by reading this, which takes a fraction of what Parquet would.
    with pa.ipc.new_file(f"{folder}/f0.arrow", table.schema) as file:
        file.write_table(table, 1 << 16)
    entity = table.column("entity").unique().to_pylist()
    chosen = random.Random(1).sample(entity, min(1000, len(entity)))
    with open(f"{folder}/entities.txt", "w") as file:
        file.writelines(f"{entity}\n" for entity in sorted(chosen))
    with open(f"{folder}/shuffled.txt", "w") as file:
        file.writelines(f"{entity}\n" for entity in chosen)


def expected_sums(source):
    """The sums of the input, by Arrow, and its rows."""
    import pyarrow as pa

    file = pa.ipc.open_file(pa.memory_map(source))
    sums = Sums(file.schema.names)
    rows = 0
    for index in range(file.num_record_batches):
        batch = file.get_batch(index)
        sums.add(batch)
        rows += batch.num_rows
    return sums.values, rows


def check(contest):
    """Whether all answers are those of the input; says which are not."""
    expected, rows = expected_sums(contest.source)
    faults = []
    hashes = {}
    for (job, name, way), answer in contest.answers.items():
        for column, sum_ in answer.get("sums", {}).items():
            if not same((sum_["count"], sum_["sum"]), expected[column]):
                faults.append(f"{name} {way}: {column} is {sum_}, not {expected[column]}")
        if job == "scan" and len(answer["sums"]) != len(expected):
            faults.append(f"{name} {way}: {len(answer['sums'])} columns of {len(expected)}")
        if job == "latest":
            hashes.setdefault(answer["crc32"], []).append(f"{name} {way}")
    if len(hashes) > 1:
        faults.append(f"latest rows differ: {hashes}")
    for fault in faults:
        print(f"DIFFERENT: {fault}")
    return not faults, rows, [f"{crc:08x}" for crc in hashes]


def cell(value, scale=1):
    """A number with three digits that matter."""
    if value is None:
        return "-"
    value *= scale
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def processor_table(contest, jobs):
    """The least that any way of a job computed, all cores together; not always the fastest way."""
    timed_jobs = [job for job in JOBS if job in jobs]
    rows = []
    for name in contest.formats:
        row = [name]
        for job in timed_jobs:
            least = min(statistics.median(runs) for (of, who, _), runs
                        in contest.processor.items() if (of, who) == (job, name))
            row.append(cell(least, JOBS[job][2]))
        rows.append(row)
    return aligned(["processor time"] + [f"{JOBS[job][0]} {JOBS[job][1]}" for job in timed_jobs],
                   rows)


def summary(contest, jobs):
    """The table: a line a format, the best of the others, and what we are to it."""
    timed_jobs = [job for job in JOBS if job in jobs]
    values = {name: [contest.sizes[name] / 2**20]
              + [contest.best(job, name)[0] for job in timed_jobs] for name in contest.formats}
    scales = [1] + [JOBS[job][2] for job in timed_jobs]
    header = ["format", "size MiB"] + [f"{JOBS[job][0]} {JOBS[job][1]}" for job in timed_jobs]
    rows = [[name] + [cell(value, scale) for value, scale in zip(row, scales)]
            for name, row in values.items()]
    others = [row for name, row in values.items() if not name.startswith(OURS)]
    if others:
        best = [min(column) for column in zip(*others)]
        rows.append(["best of the others"] + [
            cell(value, scale) for value, scale in zip(best, scales)])
        for name, row in values.items():
            if name.startswith(OURS):
                rows.append([f"{name} / best"] + [
                    f"{value / other:.2f}" for value, other in zip(row, best)])
    return aligned(header, rows)


def picture(contest, jobs, name):
    """Writes the picture of the table; returns its line."""
    panels = [("size, MiB", [(format_, contest.sizes[format_] / 2**20)
                             for format_ in contest.formats])]
    for job in [job for job in JOBS if job in jobs]:
        title, unit, scale = JOBS[job]
        panels.append((f"{title}, {unit}", [
            (format_, contest.best(job, format_)[0] * scale) for format_ in contest.formats]))
    apart(bars, [panels], f"{ROOT}/benchmarks/{name}")
    return f"![size and times]({name})"


def details(contest, jobs):
    """How each format was used, and how far its runs lie apart."""
    lines = []
    for name in contest.formats:
        if name.startswith(OURS):
            text = f"`SegmentBenchmark`, profile {name.removeprefix(OURS)}"
        else:
            peer = PEERS[peer_name(name)]
            text = f"{peer.package} {version(peer.package)}: {peer.settings}"
            text += ", sorted by its own means first" if name.endswith(SORTED) else ""
        for job in [job for job in JOBS if job in jobs]:
            _, way, runs = contest.best(job, name)
            unit, scale = JOBS[job][1:]
            text += f"; {JOBS[job][0]}{' by ' + way if way else ''} " \
                    f"[{cell(min(runs), scale)}, {cell(max(runs), scale)}] {unit}"
            laps = contest.laps[(job, name, way)]
            if "afterwards" in laps:
                text += f" and {cell(laps['afterwards'])} s afterwards"
        lines.append(f"- {name}: {text}")
    return lines


def own(contest):
    """What only our tool measures: opening, and single look-ups in a warm process."""
    lines = []
    for name in contest.formats:
        if not name.startswith(OURS):
            continue
        path = contest.path(name)
        opened = json.loads(timed([TOOL, "open", path])[2])
        lines.append(
            f"- {name}: opens in {opened['medianMicroseconds']:.0f} us "
            f"(the first time {opened['firstMicroseconds']:.0f}), {opened['bytesRead']:,} bytes")
        for columns in [[], contest.arguments.columns[:1]]:
            command = [TOOL, "lookup", path, "--entities", f"{contest.folder}/shuffled.txt"]
            if columns:
                command += ["--columns", columns[0]]
            looked = json.loads(timed(command)[2])
            spread = ", ".join(
                f"{looked[f'{share}Nanoseconds'] / 1000:,.1f}" for share in ["p50", "p90", "p99"])
            lines.append(f"- {name}: warm look-up of {columns[0] if columns else 'all columns'}: "
                         f"{spread} us (p50, p90, p99)")
    return lines


def parsed_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of f0.parquet; nothing is written to it")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profiles", default="balanced,fast,small")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--jobs", default="write,scan,columns,latest,own")
    parser.add_argument("--workload", choices=sorted(workloads.COLUMNS), default="w1")
    parser.add_argument("--order", choices=["entity", "time"], default="entity")
    parser.add_argument("--columns", help="the few that are read alone")
    parser.add_argument("--disturbance", type=float, default=0.1)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench")
    parser.add_argument("--add", action="store_true", help="keep the runs of earlier calls")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    arguments.columns = arguments.columns or workloads.COLUMNS[arguments.workload]
    for name in ["profiles", "peers", "jobs", "columns"]:
        value = getattr(arguments, name)
        setattr(arguments, name, [] if value == "none" else value.split(","))
    unknown = [name for name in arguments.peers if name not in PEERS]
    if unknown:
        parser.error(f"no peer {unknown[0]}: choose from {', '.join(PEERS)}")
    if arguments.data and arguments.workload != "w1":
        parser.error("--data has rows of its own: leave --workload out")
    return arguments


def main():
    arguments = parsed_arguments()
    if arguments.profiles and not os.path.exists(TOOL):
        sys.exit(f"{TOOL} is not there: run 'make benchmark-tool'")
    folder = f"{arguments.folder}/formats-{arguments.workload}-{arguments.scale:g}"
    folder += "-time" if arguments.order == "time" else ""
    os.makedirs(folder, exist_ok=True)
    contest = Contest(arguments, folder)
    if arguments.add:
        contest.add_kept()
    if "write" in arguments.jobs:
        if not contest.seconds:
            apart(prepare, arguments, folder)
        for run in range(arguments.runs):
            print(f"write, run {run + 1} of {arguments.runs}", flush=True)
            contest.write(run)
    elif not arguments.add:
        with open(f"{folder}/runs.json") as file:
            contest.sizes = json.load(file)["sizes"]
        contest.formats = [name for name in contest.formats if name in contest.sizes]
    for name in contest.formats:
        load_pages(contest.path(name))
    for job in [job for job in arguments.jobs if job in JOBS and job != "write"]:
        for run in range(arguments.runs):
            print(f"{job}, run {run + 1} of {arguments.runs}", flush=True)
            contest.read(job, run)
    arguments.jobs += [job for job in JOBS if any(key[0] == job for key in contest.seconds)]
    is_same, rows, hashes = check(contest)
    command = "benchmarks/format_vs_peers.py " + " ".join(
        "FOLDER" if before == "--data" else argument
        for before, argument in zip([""] + sys.argv[1:], sys.argv[1:]))
    most = max(len(runs) for runs in contest.seconds.values())
    order = ", in the order of time" if contest.is_by_time else ""
    lines = [f"### Formats, {arguments.workload.upper()}, {rows:,} rows{order}, {today()}", "",
             f"`{command.strip()}` on {machine()}, medians of {most} alternating runs, "
             f"during which others had at most {contest.disturbance:.0%} of the machine.",
             ""]
    if not arguments.no_record:
        name = f"format_vs_peers-{arguments.workload}-{arguments.order}.png"
        lines += [picture(contest, arguments.jobs, name), ""]
    lines += summary(contest, arguments.jobs) + [""]
    lines += processor_table(contest, arguments.jobs) + [""] + details(contest, arguments.jobs)
    if "own" in arguments.jobs:
        lines += own(contest)
    lines += ["", f"Results {'equal' if is_same else 'DIFFERENT'}"
              + (f", latest rows {hashes[0]}." if hashes else ".")]
    print("\n".join(lines))
    if not is_same:
        sys.exit(1)
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
