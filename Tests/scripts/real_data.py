#!/usr/bin/env python3
"""What the real-data tests do to files. Exits 1 with the first difference.

usage: real_data.py split FILE PARTS FOLDER      FOLDER/00.parquet, ... or 00.csv, ...: rows in order
       real_data.py sample DATA STEP FOLDER      every STEP-th row of labels and expected
       real_data.py compare OUTPUT LABELS EXPECTED   labels untouched, then the answers, exactly
       real_data.py harder OUTPUT TABLE          hashes and counts of the harder hflights
"""
import gzip
import json
import os
import sys

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq


def split(path, parts, folder):
    """Cuts a file into consecutive parts of equal size, the last one the rest."""
    os.makedirs(folder, exist_ok=True)
    if path.endswith(".parquet"):
        table = pq.read_table(path)
        step = -(-table.num_rows // parts)
        for part in range(parts):
            pq.write_table(table.slice(part * step, step), f"{folder}/{part:02}.parquet")
        return
    with gzip.open(path, "rt", newline="") as file:
        header, *lines = file.readlines()
    step = -(-len(lines) // parts)
    for part in range(parts):
        with open(f"{folder}/{part:02}.csv", "w", newline="") as file:
            file.writelines([header, *lines[part * step:(part + 1) * step]])


def sample(data, step, folder):
    os.makedirs(folder, exist_ok=True)
    for name in ("labels", "expected"):
        table = pq.read_table(f"{data}/{name}.parquet")
        rows = pa.array(range(0, table.num_rows, step))
        pq.write_table(table.take(rows), f"{folder}/{name}.parquet")


def compare(output, labels, expected):
    """The label columns as they were, in their order, then exactly the expected answers."""
    got = pq.read_table(output)
    wanted = pq.read_table(expected)
    if labels.endswith(".parquet"):
        before = pq.read_table(labels)
    else:
        # A CSV label column that is no key and no time passes through as text.
        names = pc.open_csv(labels).schema.names
        before = pc.read_csv(labels, convert_options=pc.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True,
            quoted_strings_can_be_null=False, null_values=[""]))
    answers = [name for name in wanted.column_names if name != "label_id"]
    check(got.column_names == before.column_names + answers, f"columns {got.column_names}")
    check(got.num_rows == wanted.num_rows, f"{got.num_rows} rows, not {wanted.num_rows}")
    for name in before.column_names:
        if labels.endswith(".parquet"):
            check(got.schema.field(name).type == before.schema.field(name).type,
                  f"type of {name}: {got.schema.field(name).type}")
            same(name, got[name], before[name])
        elif pa.types.is_string(got.schema.field(name).type):
            same(name, got[name], before[name])
    same("label_id", got["label_id"].cast(pa.int64()), wanted["label_id"])
    for name in answers:
        same(name, got[name], wanted[name])
    print(f"{got.num_rows} labels equal in {', '.join(answers)}")


def same(name, got, wanted):
    got, wanted = got.combine_chunks(), wanted.combine_chunks()
    if got.equals(wanted):
        return
    got, wanted = got.to_pylist(), wanted.to_pylist()
    rows = [row for row in range(len(wanted)) if got[row] != wanted[row]]
    if not rows:
        sys.exit(f"{name}: types differ")
    row = rows[0]
    sys.exit(f"{name}: {len(rows)} rows differ, first row {row}: {got[row]}, not {wanted[row]}")


def check(holds, message):
    if not holds:
        sys.exit(message)


OUTCOMES = ["matched", "missing", "deleted", "expired", "unusable"]


def harder(output, path):
    table = pq.read_table(output)
    with open(f"{output}.manifest.json") as file:
        counts = {view["alias"]: view["counts"] for view in json.load(file)["views"]}
    with open(path) as file:
        header, *rows = [line.strip().split(",") for line in file]
    for row in rows:
        wanted = dict(zip(header, row))
        group = wanted["group"]
        for outcome in OUTCOMES:
            check(counts[group][outcome] == int(wanted[outcome]),
                  f"{group}: {counts[group][outcome]} {outcome}, not {wanted[outcome]}")
        lines = zip(table["label_id"].to_pylist(), table[f"{group}__src_row"].to_pylist())
        check(fnv(lines) == wanted["fnv1a"], f"{group}: the answers' hash differs")
    print(f"{len(rows)} groups equal")


def fnv(pairs):
    """FNV-1a over the lines label_id,src_row, as in benchmarks/oracles/harder_hflights.py."""
    state = 0xCBF29CE484222325
    for label, source in pairs:
        for byte in f"{label},{'' if source is None else source}\n".encode():
            state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


if __name__ == "__main__":
    name, *arguments = sys.argv[1:] or [""]
    if name == "split" and len(arguments) == 3:
        split(arguments[0], int(arguments[1]), arguments[2])
    elif name == "sample" and len(arguments) == 3:
        sample(arguments[0], int(arguments[1]), arguments[2])
    elif name == "compare" and len(arguments) == 3:
        compare(*arguments)
    elif name == "harder" and len(arguments) == 2:
        harder(*arguments)
    else:
        sys.exit(__doc__)
