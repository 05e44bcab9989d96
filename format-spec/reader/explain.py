#!/usr/bin/env python3
"""Shows the bytes of a segment with what they mean.

    explain.py FILE                     the pieces of a segment, by offset
    explain.py FILE COLUMN [PAGE]       a page of a column, byte by byte
    explain.py --examples               examples.md, from the golden files
    explain.py --examples --check       exit status 1 if examples.md is not what that gives

COLUMN is "event time", "run key", ..., or "feature NAME".
"""

import signal
import sys
from pathlib import Path

from block_codecs import CODECS
from read_segment import line, load
from segment_verify import pieces

SPECIFICATION = Path(__file__).resolve().parent.parent
EXAMPLES = SPECIFICATION / "examples.md"
PAGES = [
    ("0 null", "encodings-nulls", "feature null"),
    ("1 constant", "encodings-numbers", "feature constant"),
    ("1 constant, of bytes", "encodings-bytes", "feature constant"),
    ("2 plain", "hand-newer-version", "feature x"),
    ("2 plain, of bytes", "hand-other-compositions", "feature plain_lengths_delta"),
    ("3 packed", "hand-packed-narrow", "feature int8_3"),
    ("4 delta", "hand-number-compositions", "feature delta_of_falling"),
    ("5 run-length", "hand-number-compositions", "feature run_length_dictionary_delta"),
    ("5 run-length, of bools", "hand-other-compositions", "feature bool_runs"),
    ("6 dictionary", "hand-other-compositions", "feature dictionary_delta_codes"),
    ("7 nullable", "hand-other-compositions", "feature nullable_runs_delta"),
    ("8 bitmap", "hand-other-compositions", "feature bitmap_extra_bits"),
    ("9 list", "hand-other-compositions", "feature list_dictionary"),
]
INTRODUCTION = """# Examples (informative)

Bytes of the golden files with what they mean, by `reader/explain.py --examples`: a file as its pieces, then a page for each
encoding. A test compares this page with the files. Indentation shows the tree of nodes.
"""


def hex_lines(data, base):
    """(offset, up to 16 bytes in hexadecimal) of every line."""
    return [
        (base + at, data[at:at + 16].hex(" ").upper()) for at in range(0, len(data), 16)
    ]


def explain_page(path, name, page=0):
    """The lines that show a page's content."""
    segment = load(path)
    column = next(column for column in segment.columns.values() if column.name == name)
    entry = column.entries()[page]
    values, cursor = column.decode(entry, page)
    lines = [
        f"{Path(path).name}, {name}, page {page}: {column.rows_in(page)} values in {entry[2]} bytes, "
        f"stored in {entry[1]} ({CODECS[entry[4]][0]})",
        f"encoding {cursor.tree()}",
    ]
    for start, end, level, label in cursor.notes:
        for offset, text in hex_lines(cursor.content[start:end], start):
            lines.append(f"{offset:4}  {'  ' * level + text:<60}{label}".rstrip())
            label = ""
    if column.feature is not None:
        values = [column.feature.type.to_json(value) for value in values]
    return lines + [f"values {line(values)}"]


def explain_file(path):
    """The lines that show a segment's pieces, and the bytes of all but pages."""
    segment = load(path)
    data = segment.container.data
    lines = [f"{Path(path).name}, {len(data)} bytes"]
    for offset, length, name in pieces(segment):
        lines.append(f"{offset:6}  {length:6} bytes  {name}")
        for at, text in hex_lines(data[offset:offset + length], offset):
            lines.append(f"{at:14}  {text}")
    return lines


def examples():
    golden = SPECIFICATION / "golden"
    parts = [INTRODUCTION, "## A segment of one row\n"]
    parts.append("```\n" + "\n".join(explain_file(golden / "one-row.hseg")) + "\n```\n")
    for title, name, column in PAGES:
        lines = explain_page(golden / f"{name}.hseg", column)
        parts.append(f"## {title}\n\n```\n" + "\n".join(lines) + "\n```\n")
    return "\n".join(parts)


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--examples"]:
        text = examples()
        if arguments[1:] == ["--check"]:
            return 0 if EXAMPLES.exists() and EXAMPLES.read_text() == text else 1
        EXAMPLES.write_text(text)
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        print("\n".join(explain_file(arguments[0])))
    elif len(arguments) in (2, 3):
        page = int(arguments[2]) if len(arguments) == 3 else 0
        print("\n".join(explain_page(arguments[0], arguments[1], page)))
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
