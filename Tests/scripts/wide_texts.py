#!/usr/bin/env python3
"""Writes a Parquet file whose texts take much more memory than disk.

usage: wide_texts.py FILE ROWS BYTES
"""
import sys

import pyarrow as pa
import pyarrow.parquet as pq

path, rows, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
schema = pa.schema([("id", pa.int64()), ("ts", pa.timestamp("us")), ("text", pa.string())])
with pq.ParquetWriter(path, schema, compression="zstd") as writer:
    for start in range(0, rows, 1_000):
        numbers = range(start, min(start + 1_000, rows))
        writer.write_batch(
            pa.record_batch(
                [
                    pa.array([number % 500 for number in numbers]),
                    pa.array([number * 1_000_000 for number in numbers], pa.timestamp("us")),
                    pa.array([f"{number:07} " * (size // 8) for number in numbers]),
                ],
                schema=schema,
            )
        )
