"""Edits that break the schema's rules, step 12 and 02-types.md: (name, code, base, edit, patches)."""

import struct

from tiny_segments import schema_column, tagged

BAD = "segment_bad_schema"
UNKNOWN = "segment_unknown_schema_tag"
UNIT, CREATED = tagged(1, b"\2"), tagged(2, b"\0")
ID, X = tagged(3, schema_column(1, "id", b"\5")), tagged(4, schema_column(2, "x", b"\4"))


def schema(*parts):
    return {"schema": lambda data: b"".join(parts)}


def with_type(type_bytes):
    return schema(UNIT, CREATED, ID, tagged(4, schema_column(2, "x", type_bytes)))


def with_column(*parts):
    return schema(UNIT, CREATED, ID, tagged(4, b"".join(parts)))


FIELD_ID, NAME, TYPE = tagged(1, struct.pack("<I", 2)), tagged(2, b"x"), tagged(3, b"\4")

FIELDS = [
    ("cut", "the last byte", schema(UNIT, CREATED, ID, X[:-1])),
    ("cut-tag", "half a tag at the end", schema(UNIT, CREATED, ID, X, b"\4\0\1")),
    ("length", "a payload of 2^32 - 1 bytes", schema(UNIT, CREATED, ID, X[:4] + b"\xff" * 4 + X[8:])),
    ("flags", "flags 2", schema(tagged(1, b"\2", flags=2), CREATED, ID, X)),
    ("no-unit", "no time unit", schema(CREATED, ID, X)),
    ("two-units", "two time units", schema(UNIT, UNIT, CREATED, ID, X)),
    ("unit", "time unit 4", schema(tagged(1, b"\4"), CREATED, ID, X)),
    ("unit-length", "a time unit of 2 bytes", schema(tagged(1, b"\2\0"), CREATED, ID, X)),
    ("no-created", "created time not said", schema(UNIT, ID, X)),
    ("no-identifier", "no record identifier", schema(UNIT, CREATED, X)),
    ("identifier-float", "a float64 identifier", schema(
        UNIT, CREATED, tagged(3, schema_column(1, "id", b"\x0b")), X)),
    ("id-0", "field id 0", schema(UNIT, CREATED, ID, tagged(4, schema_column(0, "x", b"\4")))),
    ("same-id", "two columns of one id", schema(
        UNIT, CREATED, ID, tagged(4, schema_column(1, "x", b"\4")))),
    ("no-id", "a column without id", with_column(NAME, TYPE)),
    ("no-name", "a column without name", with_column(FIELD_ID, TYPE)),
    ("no-type", "a column without type", with_column(FIELD_ID, NAME)),
    ("two-names", "a column with two names", with_column(FIELD_ID, NAME, NAME, TYPE)),
    ("id-length", "a field id of 3 bytes", with_column(tagged(1, b"\2\0\0"), NAME, TYPE)),
    ("name-utf8", "a name that is not UTF-8", with_column(FIELD_ID, tagged(2, b"\xff"), TYPE)),
]

TYPES = [
    ("type-0", "type 0", b"\0"),
    ("type-20", "type 20", b"\x14"),
    ("type-empty", "no bytes of a type", b""),
    ("type-left-over", "int32 and a byte", b"\4\0"),
    ("timestamp-unit", "a timestamp of unit 4", b"\x0f\4\0"),
    ("timestamp-cut", "a timestamp without flag", b"\x0f\1"),
    ("timestamp-flag", "zone flag 2", b"\x0f\1\2UTC"),
    ("timestamp-zone", "a zone after flag 0", b"\x0f\1\0UTC"),
    ("timestamp-zone-utf8", "a zone that is not UTF-8", b"\x0f\1\1\xff"),
    ("decimal-precision-0", "precision 0", b"\x10\0\0"),
    ("decimal-precision-39", "precision 39", b"\x10\x27\0"),
    ("decimal-scale-39", "scale 39", b"\x10\x26\x27"),
    ("decimal-scale-negative", "scale -39", b"\x10\x26\xd9"),
    ("list-of-list", "a list of lists", b"\x11\x11\4"),
    ("set-of-vector", "a set of vectors", b"\x12\x13\1\0\0\0"),
    ("list-of-nothing", "a list without element type", b"\x11"),
    ("vector-0", "dimension 0", b"\x13\0\0\0\0"),
    ("vector-65537", "dimension 65,537", b"\x13\1\0\1\0"),
]

BASE = "keys-int64"
SCHEMAS = [(f"schema-{name}", BAD, BASE, edit, patches) for name, edit, patches in FIELDS]
SCHEMAS += [(f"schema-{name}", BAD, BASE, edit, with_type(data)) for name, edit, data in TYPES]
SCHEMAS += [
    ("schema-unknown-tag", UNKNOWN, BASE, "tag 9 that must be understood", schema(
        UNIT, CREATED, ID, X, tagged(9, b""))),
    ("schema-unknown-column-tag", UNKNOWN, BASE, "tag 9 in a column", with_column(
        FIELD_ID, NAME, TYPE, tagged(9, b""))),
    ("schema-checksum", "segment_checksum_mismatch", BASE, "checksum + 1", {
        "section table": lambda data: data[:56] + bytes([data[56] ^ 1]) + data[57:]}),
]
