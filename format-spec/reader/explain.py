#!/usr/bin/env python3
"""Shows the bytes of a segment with what they mean.

    explain.py FILE                     the pieces of a segment, by offset
    explain.py FILE COLUMN [PAGE]       a page of a column, byte by byte
    explain.py --examples               the examples in the specification, from the golden files
    explain.py --examples --check       exit status 1 if they are not what that gives

COLUMN is "event time", "run key", ..., or "feature NAME".
"""

import re
import signal
import sys
from pathlib import Path

from block_codecs import CODECS
from read_segment import line, load
from segment_verify import pieces

SPECIFICATION = Path(__file__).resolve().parent.parent
# A page of the specification says between which lines it shows which bytes.
EXAMPLE = re.compile(r"(<!-- example: (.+?) -->\n).*?(<!-- end of example -->\n)", re.DOTALL)
SHOWN_VALUES = 16


def hex_lines(data, base):
    """(offset, up to 16 bytes in hexadecimal) of every line."""
    return [
        (base + at, data[at:at + 16].hex(" ").upper()) for at in range(0, len(data), 16)
    ]


def brief(lines):
    """The lines with one `*` for those that repeat the line before."""
    result = []
    for offset, text in lines:
        if not result or text != result[-1][2]:
            result.append((offset, text, text))
        elif result[-1][1] != "*":
            result.append((offset, "*", text))
    return [line[:2] for line in result]


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
        for offset, text in brief(hex_lines(cursor.content[start:end], start)):
            lines.append(f"{offset:4}  {'  ' * level + text:<58}{label}".rstrip())
            label = ""
    if column.feature is not None:
        values = [column.feature.type.to_json(value) for value in values]
    elif column.shape[0] != "int":
        return lines
    more = f" and {len(values) - SHOWN_VALUES} more" if len(values) > SHOWN_VALUES else ""
    return lines + [f"values {line(values[:SHOWN_VALUES])}{more}"]


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


def example(source):
    """What stands in a page for "FILE" or "FILE, COLUMN" or "FILE, COLUMN, PAGE"."""
    name, *column = source.split(", ")
    path = SPECIFICATION / "golden" / f"{name}.hseg"
    page = int(column.pop()) if len(column) == 2 else 0
    lines = explain_page(path, column[0], page) if column else explain_file(path)
    return "```\n" + "\n".join(lines) + "\n```\n"


def examples():
    """The pages of the specification that show bytes, as (path, text, text as it should be)."""
    for path in sorted(SPECIFICATION.rglob("*.md")):
        text = path.read_text()
        shown = EXAMPLE.sub(lambda found: found[1] + example(found[2]) + found[3], text)
        if EXAMPLE.search(text):
            yield path, text, shown


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--examples"]:
        is_check = arguments[1:] == ["--check"]
        stale = [(path, shown) for path, text, shown in examples() if text != shown]
        for path, shown in stale:
            print(path.relative_to(SPECIFICATION))
            if not is_check:
                path.write_text(shown)
        return 1 if is_check and stale else 0
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
