#!/usr/bin/env python3
"""registry.csv against the reader, the documents against both, the reader against limits of length."""

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
SPECIFICATION = READER.parent


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


class Documents(unittest.TestCase):
    PAGES = {path.relative_to(SPECIFICATION): path.read_text() for path in SPECIFICATION.rglob("*.md")}

    def test_links_lead_somewhere(self):
        for page, text in self.PAGES.items():
            prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
            for link in re.findall(r"\]\(([^)#:]+)\)", prose):
                self.assertTrue((SPECIFICATION / page.parent / link).exists(), f"{page}: {link}")

    def test_every_encoding_has_a_page_with_its_number_and_example(self):
        for number, name in registry("encoding").items():
            text = self.PAGES[Path("03-encodings") / f"{name}.md"]
            self.assertTrue(text.startswith(f"# {number} {name}\n"), name)
            for part in ("## Decoding", "**One value:**", "## Limits and rejections", "<!-- example: "):
                self.assertIn(part, text, name)
            self.assertRegex(text, rf"(?m)^ *\d+ +{number:02X} .* {name}, (parameter \d+, )?\d+ values$")

    def test_rules_name_files_with_their_codes(self):
        with open(SPECIFICATION / "golden" / "bad" / "codes.csv", newline="") as file:
            codes = {row["file"]: row["code"] for row in csv.DictReader(file)}
        named = set()
        for page, text in self.PAGES.items():
            for code, files in re.findall(r"^\|.*\| `(\w+)` \| ([a-z0-9, -]+) \|$", text, re.MULTILINE):
                for name in files.split(", "):
                    self.assertEqual(codes[name], code, f"{page}: {name}")
                    named.add(name)
        missing = {name for name in codes if re.match("node-|filter-|directory-filter-", name)} - named
        self.assertEqual(missing, set(), "files of rules that no page names")

    def test_the_edition_is_all_of_the_registry(self):
        self.assertEqual(registry("edition"), {1: "2026.1"})
        text = self.PAGES[Path("06-versioning.md")]
        cells = next(line for line in text.splitlines() if line.startswith("| 2026.1 |")).split("|")
        for cell, kind in zip(cells[2:], ("encoding", "codec", "column kind", "type")):
            entries = dict(entry.strip().split(" ", 1) for entry in cell.split(","))
            numbers = {int(number): name for number, name in entries.items()}
            self.assertEqual(numbers, registry(kind))

    def test_codes_in_the_text_are_registered(self):
        known = registry("error")
        for page, text in self.PAGES.items():
            self.assertLessEqual(set(re.findall(r"`(segment_\w+)`", text)), known, page)


class Length(unittest.TestCase):
    def test_no_decoder_is_long(self):
        for path in READER.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    self.assertLess(node.end_lineno - node.lineno, 60, f"{path.name}: {node.name}")


if __name__ == "__main__":
    unittest.main()
