"""Takes a segment apart and puts it together again with pieces changed and checksums made right.

A *patch* is a function from a piece's bytes to other bytes, by the piece's name:

    "header", "schema", "summary", "column directory", "section table", "trailer" (its first 48),
    ("directory", column), ("root", column), ("block", column, index), ("entry", column, page),
    ("content", column, page)    stored without a codec
    ("stored", column, page)     the stored bytes, the entry's content length stays
    "file"                       the whole file, checksums not made right

`column` is the reader's name for it: "event time", "run key", "feature x".
"""

import struct
import sys
from pathlib import Path

READER = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(READER))

from segment import Segment  # noqa: E402
from segment_container import MAGIC  # noqa: E402
from xxh64 import xxh64  # noqa: E402


class Assembler:
    def __init__(self, uid, patches):
        self.base = xxh64(uid)
        self.patches = patches
        self.data = bytearray()

    def patched(self, name, data):
        return bytes(self.patches[name](data)) if name in self.patches else bytes(data)

    def put(self, name, data):
        """Places a piece; its offset, length and checksum."""
        data = self.patched(name, data)
        self.data += bytes(-len(self.data) % 64)
        offset = len(self.data)
        self.data += data
        return offset, len(data), self.checksum(offset, data)

    def checksum(self, offset, data):
        return xxh64(data, self.base ^ offset)

    def finish(self, uid, sections):
        table = b"".join(struct.pack("<HHIQQQ", kind, 1, 0, *piece) for kind, piece in sections)
        piece = self.put("section table", table)
        self.data += bytes(-len(self.data) % 64)
        end = len(self.data)
        trailer = struct.pack("<4Q", *piece, end + 64) + uid
        trailer = self.patched("trailer", trailer)
        checksum = self.checksum(end, trailer)
        self.data += trailer + struct.pack("<Q", checksum) + MAGIC[::-1]
        return self.patched("file", self.data)


class Column:
    """A column's entry fields and its pages, as (content, nulls, zone, stored, codec)."""

    def __init__(self, field_id, kind, row_shift, has_zones, rows, nulls, pages, block_shift=10):
        self.field_id, self.kind, self.row_shift = field_id, kind, row_shift
        self.has_zones, self.rows, self.nulls, self.pages = has_zones, rows, nulls, pages
        self.block_shift = block_shift


def take_apart(data):
    """The columns of a segment by name, its header, schema and summary."""
    segment = Segment(data)
    columns = {}
    for column in segment.columns.values():
        pages = []
        for page, entry in enumerate(column.entries()):
            offset, stored, _, nulls, codec, _, zone = entry
            content = column.content(entry, page)
            pages.append((content, nulls, zone, data[offset:offset + stored], codec))
        columns[column.name] = Column(
            column.field_id, column.kind, column.row_shift, column.has_zones, column.row_count,
            column.null_count, pages, column.block_shift)
    sections = segment.container.sections
    pieces = {}
    for kind, name in ((1, "header"), (2, "schema"), (4, "summary")):
        offset, length, _ = sections[kind]
        pieces[name] = data[offset:offset + length]
    return columns, pieces


def put_together(columns, pieces, patches):
    """The bytes of a segment, patched."""
    uid = pieces["header"][32:48]
    out = Assembler(uid, patches)
    header = out.put("header", pieces["header"])
    roots = {}
    for name, column in columns.items():
        entries = [_put_page(out, name, index, page) for index, page in enumerate(column.pages)]
        roots[name] = _put_blocks(out, name, column, entries)
    directory = b""
    for name, column in columns.items():
        root = out.put(("root", name), roots[name]) if column.pages else (0, 0, 0)
        stored = sum(len(page[3]) for page in column.pages)
        entry = struct.pack(
            "<IBBBB7Q", column.field_id, column.kind, column.row_shift, int(column.has_zones),
            column.block_shift, column.rows, len(column.pages), column.nulls, stored, *root)
        directory += out.patched(("directory", name), entry)
    directory = out.put("column directory", directory)
    schema = out.put("schema", pieces["schema"])
    summary = out.put("summary", pieces["summary"])
    return out.finish(uid, ((1, header), (2, schema), (3, directory), (4, summary)))


def _put_page(out, name, index, page):
    content, nulls, zone, stored, codec = page
    length = len(content)
    if ("content", name, index) in out.patches:
        stored = out.patched(("content", name, index), content)
        length, codec = len(stored), 0
    offset, stored_length, checksum = out.put(("stored", name, index), stored)
    entry = struct.pack("<QIIIIQ", offset, stored_length, length, nulls, codec, checksum)
    if zone is not None:
        entry += struct.pack("<2q", *zone)
    return out.patched(("entry", name, index), entry)


def _put_blocks(out, name, column, entries):
    size = 1 << column.block_shift
    root = b""
    for index, start in enumerate(range(0, len(entries), size)):
        block = b"".join(entries[start:start + size])
        root += struct.pack("<3Q", *out.put(("block", name, index), block))
    return root


def patched(data, patches):
    """The segment `data` with patches applied."""
    columns, pieces = take_apart(data)
    return put_together(columns, pieces, patches)
