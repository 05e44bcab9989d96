"""Segments of a few rows, made from nodes written by hand."""

import json
import struct

from assembler import MAGIC, Column, put_together
from page_writer import plain

UID = bytes.fromhex("00112233445566778899aabbccddeeff")


def tagged(tag, payload, flags=1):
    return struct.pack("<HHI", tag, flags, len(payload)) + payload


def schema_column(field_id, name, type_bytes):
    return tagged(1, struct.pack("<I", field_id)) + tagged(2, name.encode()) + tagged(3, type_bytes)


class Feature:
    """A feature: its type as bytes and as text, its values as JSON, and a node for each page."""

    def __init__(self, name, type_bytes, type_text, values, pages, row_shift=10):
        self.name, self.type_bytes, self.type_text = name, type_bytes, type_text
        self.values, self.pages, self.row_shift = values, pages, row_shift

    def column(self, field_id, block_shift):
        rows = 1 << self.row_shift
        pages = []
        for index, content in enumerate(self.pages):
            nulls = sum(value is None for value in self.values[index * rows:(index + 1) * rows])
            pages.append((content, nulls, None, content, 0))
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


def segment(features, patches=None, row_shift=10, run_shift=10, block_shift=10):
    """A segment whose rows are records of their own, with ids 0, 1, ... and event times 1000, ...

    Its bytes, and the lines that a reader must print.
    """
    count = len(features[0].values)
    schema = tagged(1, b"\2") + tagged(2, b"\0") + tagged(3, schema_column(1, "id", b"\5"))
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
    header = MAGIC + struct.pack("<HHIQQ", 1, 0, 0, 0, 0) + UID + bytes(16)
    summary = struct.pack("<3Q2qQ2q", count, count, 0, times[0], times[-1], 0, 0, 0)
    pieces = {"header": header, "schema": schema, "summary": summary}
    return put_together(columns, pieces, patches or {}), expected_lines(features, times)


def expected_lines(features, times):
    head = {
        "uid": UID.hex(), "time_unit": "us", "has_created_time": False,
        "record_identifiers": [{"id": 1, "name": "id", "type": "int64"}],
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
            "id": [row], "event_time": time, "created_time": None, "tombstone": False,
            "features": [feature.values[row] for feature in features],
        }
        for row, time in enumerate(times)
    ]
    return [json.dumps(line, separators=(",", ":")) for line in [head] + rows]
