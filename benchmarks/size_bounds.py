#!/usr/bin/env python3
"""How far the columns of a segment of W1 are from the entropy of what the workload draws.

The bound of a column is the entropy of its distribution in bits a row, nulls included: no encoding
of W1's columns one by one, whatever it may look at, is smaller on average. Event times are a
sorted set; walks and counters are their steps; floats are drawn with all the digits that they have.

usage: size_bounds.py SEGMENT,... [--records 100000] [--no-record]
"""
import argparse
import json
import math
import os
import sys

import numpy as np

from common.processes import ROOT, machine, record, timed, today
from common.tables import aligned

HINDCAST = os.environ.get("HINDCAST", f"{ROOT}/bin/hindcast")
SPAN = 90 * 86_400 * 10**6
NULLS = 0.05


def entropy(probabilities):
    p = np.asarray(probabilities, float)
    p = p[p > 0] / p.sum()
    return float(-(p * np.log2(p)).sum())


def poisson(mean):
    return entropy([math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(200)])


def normal(deviation):
    """Of a normal variable rounded to whole numbers."""
    reach = int(9 * deviation) + 2
    k = np.arange(-reach, reach + 1)
    return entropy(np.exp(-0.5 * (k / deviation) ** 2))


def normal_double():
    """Of a normal variable rounded to doubles, whose steps are 2^-52 of their power of two."""
    x = np.random.default_rng(1).normal(0, 1, 4_000_000)
    density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    step = np.exp2(np.floor(np.log2(np.abs(x))) - 52)
    return float(-np.log2(density * step).mean())


def exponential(mean):
    """Of an exponential variable rounded to whole numbers."""
    return entropy(np.exp(-np.arange(int(40 * mean)) / mean))


def sorted_set(count):
    """A row's share of a set of `count` times, all sets alike."""
    return (count * math.log2(SPAN) - math.lgamma(count + 1) / math.log(2)) / count


def with_nulls(bits):
    return (1 - NULLS) * bits + entropy([NULLS, 1 - NULLS])


def walk_with_nulls(deviation):
    """A walk whose steps over nulls are sums of several."""
    gaps = [(1 - NULLS) * NULLS ** more for more in range(6)]
    return with_nulls(sum(
        share * normal(deviation * math.sqrt(more + 1)) for more, share in enumerate(gaps)))


def bounds(rows, records):
    countries = 1 / np.arange(1, 50)
    return {
        "(event time)": sorted_set(rows / records), "f_balance": walk_with_nulls(1_200),
        "f_price": normal(75), "f_g0": normal_double(), "f_g1": with_nulls(normal_double()),
        "f_zero": poisson(0.1), "f_amount": entropy([0.2, 0.8]) + 0.2 * exponential(4_000),
        "i_counter": math.log2(5), "i_small": with_nulls(math.log2(10)), "i_count": poisson(30),
        "i_item": math.log2(5_000_000), "s_country": with_nulls(entropy(countries)),
        "s_device": math.log2(5), "s_session": with_nulls(64), "b_flag": entropy([0.3, 0.7])}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segments")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--no-record", action="store_true")
    arguments = parser.parse_args()
    stored, rows = {}, 0
    segments = arguments.segments.split(",")
    for segment in segments:
        found = json.loads(timed([HINDCAST, "inspect", segment, "--json"])[2])
        rows = found["rows"]
        stored[segment] = {column["column"]: column["stored_bytes"] for column in found["columns"]}
    table, total = [], 0
    for name, bits in bounds(rows, arguments.records).items():
        least = bits * rows / 8
        total += least
        table.append([name, f"{bits:.2f}", f"{least / 2**20:.1f}"])
        for segment in segments:
            size = stored[segment][name]
            table[-1] += [f"{size * 8 / rows:.2f}", f"{(size - least) / 2**20:.1f}"]
    whole = ["whole file", f"{total * 8 / rows:.2f}", f"{total / 2**20:.1f}"]
    for segment in segments:
        size = os.path.getsize(segment)
        whole += [f"{size * 8 / rows:.2f}", f"{(size - total) / 2**20:.1f}"]
    names = [os.path.basename(segment).removeprefix("hindcast-") for segment in segments]
    header = ["column", "bound, bits", "MiB"]
    for name in names:
        header += [f"{name}, bits", "MiB over"]
    lines = [f"### Sizes beside their bounds, W1, {rows:,} rows, {today()}", "",
             f"`benchmarks/size_bounds.py {','.join(names)}` on {machine()}.", ""]
    lines += aligned(header, table + [whole])
    print("\n".join(lines))
    if not arguments.no_record:
        record(lines)


if __name__ == "__main__":
    sys.exit(main())
