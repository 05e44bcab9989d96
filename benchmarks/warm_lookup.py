#!/usr/bin/env python3
"""Single look-ups in a warm process: a segment beside SQLite and RocksDB.

All hold the same history; asked is the latest row, all columns, of one record at a time, 1,000
records again and again. The others are called from C (lookup/*.c, compiled here): a call from
Python would cost more than the look-up. They keep rows and can look nothing up but rows; the
figures are for how far a format made for scans is behind stores made for this.

usage: warm_lookup.py --segment FILE.hseg --data FOLDER [--repeat 20] [--no-record]
       FOLDER/f0.parquet is what the segment was made from; needs libsqlite3-dev, librocksdb-dev
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

from common.processes import ROOT, folder_bytes, machine, record, timed, today
from common.tables import aligned

TOOL = os.environ.get("SEGMENT_BENCHMARK", f"{ROOT}/bin/SegmentBenchmark")
LIBRARIES = {"sqlite": "sqlite3", "rocksdb": "rocksdb"}


def compiled(store, folder):
    """The path of a store's program; nil if its library is not there."""
    source = f"{ROOT}/benchmarks/lookup/{store}_lookup.c"
    program = f"{folder}/{store}_lookup"
    command = ["cc", "-O2", "-march=native", "-std=gnu11", "-Wall", "-o", program, source,
               f"-l{LIBRARIES[store]}"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        print(f"{store} is left out:\n{result.stderr}", file=sys.stderr)
        return None
    return program


class Records:
    """The table's rows as the records of fixed length that lookup.h describes."""

    def __init__(self, source):
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        self.file = pq.ParquetFile(source)
        self.fields = []
        kinds, members = [], [("entity", "<i8")]
        for field in self.file.schema_arrow:
            if field.name == "entity":
                continue
            if pa.types.is_string(field.type):
                column = pq.read_table(source, columns=[field.name]).column(0)
                width = pc.max(pc.binary_length(column)).as_py()
                kind, member = f"s{width}", f"S{width}"
            elif pa.types.is_boolean(field.type):
                kind, member = "b", "u1"
            elif pa.types.is_float64(field.type):
                kind, member = "d", "<f8"
            else:
                kind, member = "i", "<i8"
            self.fields.append(field.name)
            kinds.append(kind)
            members += [(f"has {field.name}", "u1"), (field.name, member)]
        self.layout = ",".join(kinds)
        self.kind = np.dtype(members)

    def write(self, stream):
        for batch in self.file.iter_batches(1 << 17):
            stream.write(self.encoded(batch))

    def encoded(self, batch):
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = np.zeros(len(batch), self.kind)
        rows["entity"] = batch.column("entity").to_numpy()
        for name in self.fields:
            column = batch.column(name)
            rows[f"has {name}"] = column.is_valid().to_numpy(zero_copy_only=False)
            if pa.types.is_timestamp(column.type):
                column = column.cast(pa.int64())
            if pa.types.is_string(column.type):
                rows[name] = column.fill_null("").to_numpy(zero_copy_only=False).astype(
                    self.kind[name])
            else:
                zero = pa.scalar(False if pa.types.is_boolean(column.type) else 0, column.type)
                rows[name] = pc.fill_null(column, zero).to_numpy(zero_copy_only=False)
        return rows.tobytes()


def load(program, path, records):
    """Fills a store, if that was not done before."""
    if os.path.exists(path):
        return
    process = subprocess.Popen([program, "load", path, records.layout], stdin=subprocess.PIPE)
    records.write(process.stdin)
    process.stdin.close()
    if process.wait():
        shutil.rmtree(path, ignore_errors=True)
        sys.exit(f"{program} could not load")


def write_entities(source, path):
    """1,000 records in random order."""
    import random

    import pyarrow.parquet as pq

    entity = pq.read_table(source, columns=["entity"]).column(0).unique().to_pylist()
    chosen = random.Random(1).sample(entity, min(1000, len(entity)))
    with open(path, "w") as file:
        file.writelines(f"{entity}\n" for entity in chosen)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segment", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--folder", default=f"{ROOT}/.build/bench/lookup")
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder
    os.makedirs(folder, exist_ok=True)
    source, entities = f"{arguments.data}/f0.parquet", f"{folder}/entities.txt"
    write_entities(source, entities)
    records = Records(source)
    answers = {"segment": (json.loads(timed(
        [TOOL, "lookup", arguments.segment, "--entities", entities, "--repeat",
         str(arguments.repeat)])[2]), os.path.getsize(arguments.segment))}
    for store in LIBRARIES:
        program = compiled(store, folder)
        if not program:
            continue
        path = f"{folder}/{store}.store"
        load(program, path, records)
        command = [program, "look", path, records.layout, entities, str(arguments.repeat)]
        answers[store] = (json.loads(timed(command)[2]), folder_bytes(path))
    rows = [[name] + [f"{answer[f'p{share}Nanoseconds'] / 1000:,.2f}" for share in (50, 90, 99)]
            + [f"{size / 2**20:,.0f}"] for name, (answer, size) in answers.items()]
    is_same = len({answer["crc32"] for answer, _ in answers.values()}) == 1
    lines = [f"### One record's latest row, warm, {records.file.metadata.num_rows:,} rows, "
             f"{today()}", "",
             f"`benchmarks/warm_lookup.py --segment FILE --data FOLDER` on {machine()}.", ""]
    lines += aligned(["store", "p50 us", "p90 us", "p99 us", "MiB"], rows)
    lines += ["", f"Results {'equal' if is_same else 'DIFFERENT'}."]
    print("\n".join(lines))
    if not is_same:
        sys.exit(1)
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    main()
