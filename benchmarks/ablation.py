#!/usr/bin/env python3
"""What each encoding is worth: size and scan of a table with each left out in turn.

A table of profiles is made beside those given: attributes that seldom change within a record, and
web addresses.

usage: ablation.py --table NAME[:ID]=FILE.parquet ... [--rows 5000000] [--runs 5] [--no-record]
       columns: entity (or ID, the record identifier), event_time, features
"""
import argparse
import json
import os
import tempfile

from common.processes import ROOT, machine, record, timed, today
from common.tables import aligned

TOOL = os.environ.get("SEGMENT_BENCHMARK", f"{ROOT}/bin/SegmentBenchmark")


def prepare(source, identifier, rows, target):
    """The table ordered by identifier and time, the identifier called entity."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(source)
    if identifier:
        names = ["entity" if name == identifier else name for name in table.column_names]
        table = table.rename_columns(names)
        # The tool takes numbers: those of the texts' order.
        codes = pc.rank(table["entity"], sort_keys="ascending", tiebreaker="dense")
        table = table.set_column(
            table.column_names.index("entity"), "entity", codes.cast(pa.int64()))
        table = table.sort_by([("entity", "ascending"), ("event_time", "ascending")])
    table = table.slice(0, rows)
    # Ties in time are for created times to break; here only the order matters.
    pq.write_table(table, target)
    return len(table)


def make_profiles(rows, target):
    """50 versions a record; what a record is like changes once in 30 of them."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(3)
    changes = np.cumsum((np.arange(rows) % 50 == 0) | (random.random(rows) < 1 / 30))
    cities = np.array([f"City of {word}" for word in "Aa Bergen Cork Delft Essen Fes".split()])
    pages = random.integers(0, 10**7, changes[-1] + 1)
    pq.write_table(pa.table({
        "entity": np.arange(rows) // 50,
        "event_time": pa.array(np.arange(rows) * 1_000_003).cast(pa.timestamp("us")),
        "city": cities[random.integers(0, 6, changes[-1] + 1)[changes]],
        "limit": random.integers(0, 10**9, changes[-1] + 1)[changes],
        "score": random.normal(0, 1, changes[-1] + 1)[changes],
        "address": [f"https://shop.example/item/{page}?from=mail" for page in pages[changes]],
        "last_seen": [f"https://shop.example/{kind}/{page}" for kind, page in zip(
            np.array(["item", "search", "basket"])[random.integers(0, 3, rows)],
            random.integers(0, 10**7, rows))],
    }), target)
    return rows


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", action="append", required=True, metavar="NAME[:ID]=FILE")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    found, names = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for text in arguments.table + ["profiles="]:
            name, source = text.split("=", 1)
            name, _, identifier = name.partition(":")
            table = f"{folder}/table.parquet"
            rows = prepare(source, identifier, arguments.rows, table) if source else \
                make_profiles(arguments.rows // 10, table)
            names.append(f"{name} ({rows:,} rows)")
            output = timed([TOOL, "ablate", f"{folder}/table.parquet", "--runs",
                            str(arguments.runs)])[2]
            for line in output.splitlines():
                result = json.loads(line)
                found.setdefault(result["without"], []).append(
                    (result["bytes"], result["scanSeconds"]))
    whole = found["nothing"]
    rows = []
    for without, results in found.items():
        cells = [without]
        for (size, scan), (all_size, all_scan) in zip(results, whole):
            cells += [f"{size / 2**20:,.2f}", f"{size / all_size:.3f}", f"{scan / all_scan:.2f}"]
        rows.append(cells)
    header = ["without"]
    for name in names:
        header += [f"{name} MiB", "size", "scan"]
    lines = [f"### Ablation, {today()}", "",
             f"`benchmarks/ablation.py` on {machine()}: segments in memory, `balanced`; size and scan as "
             "a multiple of those with all encodings.", ""] + aligned(header, rows)
    unused = [row[0] for row in rows[1:] if all(row[place] == "1.000"
                                                for place in range(2, len(row), 3))]
    lines += ["", "Nothing here is larger without: " + (", ".join(unused) or "none") + "."]
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
