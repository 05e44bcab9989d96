#!/usr/bin/env python3
"""registry.csv against the reader, and the reader against its own limits of length."""

import ast
import csv
import re
import unittest
from pathlib import Path

from assembler import Segment  # noqa: F401  (finds the reader's folder)

import block_codecs
import column_pages
import field_types
import page_cursor
import segment_container

READER = Path(__file__).resolve().parent.parent


def registry(name):
    with open(READER.parent / "registry.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == name]
    names = {row["name"] for row in rows}
    return {int(row["number"]): row["name"] for row in rows if row["number"]} or names


class Registry(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(registry("encoding"), dict(enumerate(page_cursor.NAMES)))
        codecs = {number: codec[0] for number, codec in block_codecs.CODECS.items()}
        self.assertEqual(registry("codec"), codecs)
        self.assertEqual(registry("section"), segment_container.SECTION_NAMES)
        self.assertEqual(registry("column kind"), column_pages.KINDS)
        self.assertEqual(registry("time unit"), dict(enumerate(field_types.TIME_UNITS)))
        types = registry("type")
        plain = {number: types[number] for number in types if number < 15}
        self.assertEqual(plain, field_types.PLAIN)
        nested = {
            15: b"\x0f\0\0", 16: b"\x10\1\0", 17: b"\x11\1", 18: b"\x12\1", 19: b"\x13\1\0\0\0",
        }
        for number, data in nested.items():
            self.assertEqual(field_types.parse_type(data, "", 0).kind, types[number])

    def test_error_codes(self):
        used = set()
        for path in READER.glob("*.py"):
            used |= set(re.findall(r'"(segment_[a-z_]+)"', path.read_text()))
        self.assertEqual(used, registry("error"))

    def test_every_code_has_a_file(self):
        with open(READER.parent / "golden" / "bad" / "codes.csv", newline="") as file:
            codes = {line.split(",")[1] for line in file.read().splitlines()[1:]}
        # A key that is none is refused where keys become identifiers, which is no matter of segments.
        self.assertEqual(codes, registry("error") | {"corrupt"})


class Length(unittest.TestCase):
    def test_no_decoder_is_long(self):
        for path in READER.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    self.assertLess(node.end_lineno - node.lineno, 60, f"{path.name}: {node.name}")


if __name__ == "__main__":
    unittest.main()
