"""Segments of a few rows and one feature, made from nodes written by hand."""

import struct

from assembler import MAGIC, Column, put_together
from page_writer import plain, plain_bytes

UID = bytes(range(16))


def tagged(tag, payload):
    return struct.pack("<HHI", tag, 1, len(payload)) + payload


def column(field_id, name, type_bytes):
    return tagged(1, struct.pack("<I", field_id)) + tagged(2, name.encode()) + tagged(3, type_bytes)


def segment(type_bytes, content, count, nulls=0, keys=None):
    """A segment whose rows are records of their own, with a feature `x` whose page is `content`."""
    keys = keys or list(range(count))
    schema = tagged(1, b"\2") + tagged(2, b"\0")
    schema += tagged(3, column(1, "id", b"\5")) + tagged(4, column(2, "x", type_bytes))
    times = list(range(1000, 1000 + count))
    ends = list(range(1, count + 1))
    words = [key + (1 << 63) for key in keys]

    def page(values, zone=True):
        bounds = tuple(value - (value >> 63 << 64) for value in (values[0], values[-1]))
        data = plain(8, values)
        return (data, 0, bounds if zone else None, data, 0)

    columns = {
        "event time": Column(0, 1, 10, True, count, 0, [page(times)]),
        "feature x": Column(2, 4, 10, False, count, nulls, [(content, nulls, None, content, 0)]),
        "run key": Column(0, 5, 10, True, count, 0, [page(words)]),
        "run end": Column(0, 6, 10, True, count, 0, [page(ends)]),
        "fence": Column(0, 7, 10, False, 1, 0, [page(words[:1], zone=False)]),
    }
    header = MAGIC + struct.pack("<HHIQQ", 1, 0, 0, 0, 0) + UID + bytes(16)
    summary = struct.pack("<3Q2qQ2q", count, count, 0, times[0], times[-1], 0, 0, 0)
    return put_together(columns, {"header": header, "schema": schema, "summary": summary}, {})
