"""Segments of a few rows, made from nodes written by hand."""

import json
import struct

from assembler import MAGIC, Column, put_together, xxh64
from page_writer import plain, plain_bytes, plain_fixed

UID = bytes.fromhex("00112233445566778899aabbccddeeff")


def tagged(tag, payload, flags=1):
    return struct.pack("<HHI", tag, flags, len(payload)) + payload


def schema_column(field_id, name, type_bytes):
    return tagged(1, struct.pack("<I", field_id)) + tagged(2, name.encode()) + tagged(3, type_bytes)


class Feature:
    """A feature: its type as bytes and as text, its values as JSON, and a node for each page.

    A codec is (number, function that compresses); None leaves the pages as they are.
    """

    def __init__(self, name, type_bytes, type_text, values, pages, row_shift=10, codec=None):
        self.name, self.type_bytes, self.type_text = name, type_bytes, type_text
        self.values, self.pages, self.row_shift = values, pages, row_shift
        self.codec, self.compress = codec or (0, lambda content: content)

    def column(self, field_id, block_shift):
        rows = 1 << self.row_shift
        pages = []
        for index, content in enumerate(self.pages):
            nulls = sum(value is None for value in self.values[index * rows:(index + 1) * rows])
            pages.append((content, nulls, None, self.compress(content), self.codec))
        nulls = sum(value is None for value in self.values)
        return Column(
            field_id, 4, self.row_shift, False, len(self.values), nulls, pages, block_shift)


def _number_column(kind, values, row_shift, zones, block_shift):
    pages = []
    for start in range(0, len(values), 1 << row_shift):
        part = values[start:start + (1 << row_shift)]
        content = plain(8, [value % (1 << 64) for value in part])
        bounds = tuple(value - (value >> 63 << 64) for value in (part[0], part[-1]))
        pages.append((content, 0, bounds if zones else None, content, 0))
    return Column(0, kind, row_shift, zones, len(values), 0, pages, block_shift)


def _page_column(kind, nodes, rows, row_shift, block_shift):
    """A column without nulls and zones."""
    pages = [(node, 0, None, node, 0) for node in nodes]
    return Column(0, kind, row_shift, False, rows, 0, pages, block_shift)


def _parts(items, size):
    return [items[at:at + size] for at in range(0, len(items), size)]


def filter_page(keys):
    """The filter of a run page, bit by bit (04-keys.md)."""
    salts = "47b6137b 44974d91 8824ad5b a2b7289d 705495c7 2df1424b 9efc4947 5c6bfb31".split()
    page = bytearray(64 * 32)
    for key in keys:
        digest = xxh64(key)
        for index, salt in enumerate(salts):
            bit = (digest % (1 << 32) * int(salt, 16) % (1 << 32)) // (1 << 27)
            page[digest // (1 << 58) * 32 + index * 4 + bit // 8] |= 1 << bit % 8
    return plain_fixed(_parts(bytes(page), 32))


def _text_keys(ids, run_shift, row_shift, block_shift):
    """The key columns of records that are named by texts."""
    keys = [text.encode().replace(b"\0", b"\0\xff") + b"\0\0" for text in ids]
    pages = _parts(keys, 1 << run_shift)
    fences = [plain_bytes(part) for part in _parts(keys[::1 << run_shift], 1 << row_shift)]
    filters = [filter_page(part) for part in pages]
    return {
        "run key": _page_column(5, map(plain_bytes, pages), len(keys), run_shift, block_shift),
        "fence": _page_column(7, fences, len(pages), row_shift, block_shift),
        "filter": _page_column(8, filters, 64 * len(pages), 6, block_shift),
    }


def segment(features, patches=None, row_shift=10, run_shift=10, block_shift=10, ids=None):
    """A segment whose rows are records of their own, with event times 1000, ...

    Ids are 0, 1, ..., or texts in order. Gives its bytes, and the lines that a reader must print.
    """
    count = len(features[0].values)
    schema = tagged(1, b"\2") + tagged(2, b"\0")
    schema += tagged(3, schema_column(1, "id", b"\x0c" if ids else b"\5"))
    for index, feature in enumerate(features):
        schema += tagged(4, schema_column(index + 2, feature.name, feature.type_bytes))
    times = list(range(1000, 1000 + count))
    words = [key + (1 << 63) for key in range(count)]
    columns = {"event time": _number_column(1, times, row_shift, True, block_shift)}
    for index, feature in enumerate(features):
        columns[f"feature {feature.name}"] = feature.column(index + 2, block_shift)
    columns["run key"] = _number_column(5, words, run_shift, True, block_shift)
    columns["run end"] = _number_column(
        6, list(range(1, count + 1)), run_shift, True, block_shift)
    columns["fence"] = _number_column(7, words[::1 << run_shift], row_shift, False, block_shift)
    if ids:
        columns |= _text_keys(ids, run_shift, row_shift, block_shift)
    header = MAGIC + struct.pack("<HHIQQ", 1, 0, 0, 0, 0) + UID + bytes(16)
    summary = struct.pack("<3Q2qQ2q", count, count, 0, times[0], times[-1], 0, 0, 0)
    pieces = {"header": header, "schema": schema, "summary": summary}
    lines = expected_lines(features, times, ids or list(range(count)), "utf8" if ids else "int64")
    return put_together(columns, pieces, patches or {}), lines


def expected_lines(features, times, ids, id_type):
    head = {
        "uid": UID.hex(), "time_unit": "us", "has_created_time": False,
        "record_identifiers": [{"id": 1, "name": "id", "type": id_type}],
        "features": [
            {"id": index + 2, "name": feature.name, "type": feature.type_text}
            for index, feature in enumerate(features)
        ],
        "rows": len(times), "runs": len(times), "tombstones": 0,
        "min_event_time": times[0], "max_event_time": times[-1],
        "created_time_nulls": 0, "min_created_time": 0, "max_created_time": 0,
    }
    rows = [
        {
            "id": [ids[row]], "event_time": time, "created_time": None, "tombstone": False,
            "features": [feature.values[row] for feature in features],
        }
        for row, time in enumerate(times)
    ]
    return [json.dumps(line, separators=(",", ":")) for line in [head] + rows]
