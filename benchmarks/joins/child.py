#!/usr/bin/env python3
"""One engine, one join, one process: what a user would write with it.

usage: child.py NAME FEATURES,... LABELS OUTPUT FORMAT
       FORMAT is parquet (zstd level 1, row groups of 131,072 rows) or arrow (uncompressed);
       prepare writes no training set, but what an engine has beside its data
"""
import importlib
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from joins import ENGINES  # noqa: E402


def main():
    name, files, labels, output, kind = sys.argv[1:]
    engine = ENGINES[name]
    module = importlib.import_module(f"joins.{engine.module}")
    if kind == "prepare":
        module.prepare(files.split(","), output, engine.way)
    else:
        getattr(module, engine.way)(files.split(","), labels, output, kind)


if __name__ == "__main__":
    main()
