#!/usr/bin/env python3
"""What compression dictionaries would save on pages of text, beside what the format does.

File paths, lines of Python and made-up URLs, in random order: their stored bytes as a share of the raw
ones, in each profile, and as plain pages of 16 KiB under zstd with and without a trained dictionary.

usage: zstd_dictionaries.py [--no-record]      (needs the PyPI package zstandard)
"""
import glob
import json
import os
import random
import subprocess
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from common.processes import ROOT, machine, record, today
from common.tables import aligned

PROFILES = ["balanced", "fast", "small"]
DICTIONARIES = [(0, 1), (16, 1), (64, 1), (0, 9), (16, 9), (64, 9)]
MOST = 300_000
PAGE = 16 << 10


def texts():
    library = os.path.dirname(os.__file__)
    paths = [os.path.join(place, name)
             for place, _, names in os.walk(sys.prefix) for name in names]
    paths += [os.path.join(place, name) for place, _, names in os.walk("/usr") for name in names]
    yield "file paths", paths[:MOST]
    lines = []
    for path in sorted(glob.glob(f"{library}/**/*.py", recursive=True))[:1500]:
        with open(path, encoding="utf8", errors="ignore") as file:
            lines += [line.strip() for line in file if len(line) > 10]
    yield "lines of Python", lines[:MOST]
    draw = random.Random(1)
    yield "URLs", [
        f"https://cdn{draw.randrange(40)}.shop.example/{draw.choice(['item', 'cart', 'search'])}/"
        f"{draw.randrange(10**7)}?ref={draw.choice(['mail', 'app', 'web'])}"
        for _ in range(MOST)]


def stored(values, profile, folder):
    """The bytes of the column in a segment."""
    source, segment = f"{folder}/text.parquet", f"{folder}/text.hseg"
    if os.path.exists(segment):
        os.remove(segment)
    pq.write_table(pa.table({
        "entity": pa.array(range(len(values)), pa.int64()),
        "event_time": pa.array([0] * len(values), pa.timestamp("us")), "text": values}), source)
    subprocess.run([f"{ROOT}/bin/SegmentBenchmark", "write", source, segment, "--profile", profile],
                   check=True, capture_output=True)
    described = subprocess.run([f"{ROOT}/bin/hindcast", "inspect", segment, "--json"], check=True,
                               capture_output=True, text=True).stdout
    return next(column["stored_bytes"] for column in json.loads(described)["columns"]
                if column["column"] == "text")


def compressed(values, kibibytes, level):
    """The bytes of plain pages under zstd, with a dictionary of so many KiB and that itself."""
    options = {}
    if kibibytes:
        options["dict_data"] = zstandard.train_dictionary(kibibytes << 10, values[:20_000])
    compressor = zstandard.ZstdCompressor(level=level, **options)
    total, page = kibibytes << 10, []
    for value in values + [b"\0" * PAGE]:
        page.append(value)
        if sum(map(len, page)) >= PAGE:
            total += len(compressor.compress(b"\0".join(page)))
            page = []
    return total


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, values in texts():
            random.Random(2).shuffle(values)
            values = [value.encode("utf8", "ignore") for value in values]
            raw = sum(map(len, values))
            texts_ = [value.decode("utf8") for value in values]
            rows.append(
                [name] + [f"{stored(texts_, profile, folder) / raw:.3f}" for profile in PROFILES]
                + [f"{compressed(values, *choice) / raw:.3f}" for choice in DICTIONARIES])
    header = ["share of raw bytes"] + PROFILES + [
        f"zstd {level}" + (f", {size} KiB dictionary" if size else "")
        for size, level in DICTIONARIES]
    lines = [f"### Compression dictionaries, {today()}", "",
             f"`benchmarks/zstd_dictionaries.py` on {machine()}.", ""] + aligned(header, rows)
    print("\n".join(lines))
    if "--no-record" not in sys.argv:
        record(lines)


if __name__ == "__main__":
    main()
