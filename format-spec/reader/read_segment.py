#!/usr/bin/env python3
"""Prints a segment's schema and rows as JSON lines, or verifies it.

    read_segment.py FILE              the schema, then one line a row
    read_segment.py --verify FILE...  one line a file: ok, or the code of the first broken rule
    read_segment.py --pages FILE      one line a page: its encodings, codec and lengths

Floats are printed as their bits. Exit status 0, or 1 if a file breaks a rule.
"""

import argparse
import json
import signal
import sys

from block_codecs import CODECS
from segment import Segment
from segment_error import SegmentError
from segment_verify import verify_segment


def load(path):
    with open(path, "rb") as file:
        return Segment(file.read())


def line(value):
    """JSON in the form of the golden files: ASCII, no spaces."""
    return json.dumps(value, separators=(",", ":"))


def print_rows(path):
    segment = load(path)
    print(line(segment.describe()))
    for row in segment.rows():
        print(line(row))


def print_pages(path):
    segment = load(path)
    for column in segment.columns.values():
        for page, entry in enumerate(column.entries()):
            _, cursor = column.decode(entry, page)
            description = {
                "column": column.name, "page": page, "rows": column.rows_in(page),
                "encoding": cursor.tree(), "codec": CODECS[entry[4]][0],
                "stored_bytes": entry[1], "content_bytes": entry[2],
            }
            print(line(description))


def verify(paths):
    failures = 0
    for path in paths:
        try:
            verify_segment(load(path))
            print(f"{path}\tok")
        except SegmentError as error:
            failures += 1
            print(f"{path}\t{error.code}\t{error}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--verify", action="store_true", help="check everything")
    parser.add_argument("--pages", action="store_true", help="describe the pages")
    options = parser.parse_args()
    if options.verify:
        return 1 if verify(options.files) else 0
    try:
        for path in options.files:
            print_pages(path) if options.pages else print_rows(path)
    except SegmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
