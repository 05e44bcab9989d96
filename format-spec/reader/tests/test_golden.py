#!/usr/bin/env python3
"""The golden files against their values and codes, for who has no Swift: the engine's tests do the same."""

import csv
import unittest

from assembler import Segment, READER

from read_segment import line, load
from segment_error import SegmentError
from segment_verify import verify_segment

GOLDEN = READER.parent / "golden"


class Golden(unittest.TestCase):
    def test_values(self):
        for path in sorted(GOLDEN.glob("*.hseg")):
            with self.subTest(path.stem):
                segment = load(path)
                lines = [line(segment.describe()), *map(line, segment.rows())]
                self.assertEqual(lines, path.with_suffix(".jsonl").read_text().splitlines())
                verify_segment(segment)

    def test_codes(self):
        with open(GOLDEN / "bad" / "codes.csv", newline="") as file:
            codes = {row["file"]: row["code"] for row in csv.DictReader(file)}
        self.assertEqual(sorted(codes), sorted(path.stem for path in GOLDEN.glob("bad/*.hseg")))
        for name, code in codes.items():
            with self.subTest(name), self.assertRaises(SegmentError) as caught:
                verify_segment(Segment((GOLDEN / "bad" / f"{name}.hseg").read_bytes()))
            self.assertEqual(caught.exception.code, code, name)


if __name__ == "__main__":
    unittest.main()
