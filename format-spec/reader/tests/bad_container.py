"""Edits that break the rules of 01-container.md, steps 1 to 13: (name, code, base, edit, patches)."""

import struct


def put(at, form, *values):
    """Replaces the fields at byte `at` of a piece."""
    def edit(data):
        data = bytearray(data)
        struct.pack_into("<" + form, data, at, *values)
        return data
    return edit


def add(at, amount):
    """Adds to the u64 at byte `at`."""
    def edit(data):
        data = bytearray(data)
        (value,) = struct.unpack_from("<Q", data, at)
        struct.pack_into("<Q", data, at, (value + amount) % (1 << 64))
        return data
    return edit


def file(edit):
    return {"file": edit}


def flip(at):
    def edit(data):
        data = bytearray(data)
        data[at] ^= 0x10
        return data
    return edit


TRUNCATED, MAGIC = "segment_truncated", "segment_bad_magic"
CHECKSUM, TRAILER = "segment_checksum_mismatch", "segment_bad_trailer"
TABLE, SUMMARY = "segment_bad_section_table", "segment_bad_summary"
DIRECTORY = "segment_bad_column_directory"
BASE = "one-row"

FILES = [
    ("file-empty", TRUNCATED, BASE, "no bytes", file(lambda data: b"")),
    ("file-127-bytes", TRUNCATED, BASE, "the first 127 bytes", file(lambda data: data[:127])),
    ("file-cut", TRUNCATED, BASE, "without the last 10 bytes", file(lambda data: data[:-10])),
    ("file-no-segment", MAGIC, BASE, "both magics overwritten", file(
        lambda data: b"PARQUET1" + data[8:-8] + b"PARQUET1")),
    ("file-moved", CHECKSUM, BASE, "64 zero bytes before the trailer", file(
        lambda data: data[:-64] + bytes(64) + data[-64:])),
]

TRAILERS = [
    ("trailer-flipped", CHECKSUM, BASE, "a bit of the trailer", file(flip(-40))),
    ("trailer-file-length", TRUNCATED, BASE, "file length + 64", {"trailer": add(24, 64)}),
    ("trailer-table-unaligned", TRAILER, BASE, "table offset + 8", {"trailer": add(0, 8)}),
    ("trailer-table-at-0", TRAILER, BASE, "table offset 0", {"trailer": put(0, "Q", 0)}),
    ("trailer-table-outside", TRAILER, BASE, "table offset 2^40", {"trailer": put(0, "Q", 1 << 40)}),
    ("trailer-table-overflow", TRAILER, BASE, "table length 2^64 - 32", {
        "trailer": put(8, "Q", (1 << 64) - 32)}),
    ("trailer-table-empty", TRAILER, BASE, "table length 0", {"trailer": put(8, "Q", 0)}),
    ("trailer-table-length", TRAILER, BASE, "table length - 8", {"trailer": add(8, -8)}),
]


def section(index, at, form, *values):
    return {"section table": put(32 * index + at, form, *values)}


TABLES = [
    ("table-checksum", CHECKSUM, BASE, "the table's checksum + 1", {"trailer": add(16, 1)}),
    ("table-outside", TABLE, BASE, "schema offset 2^40", section(1, 8, "Q", 1 << 40)),
    ("table-overflow", TABLE, BASE, "schema length 2^64 - 1", section(1, 16, "Q", (1 << 64) - 1)),
    ("table-unaligned", TABLE, BASE, "schema offset + 1", {"section table": add(40, 1)}),
    ("table-flags", TABLE, BASE, "schema flags 3", section(1, 2, "H", 3)),
    ("table-reserved", TABLE, BASE, "schema reserved 1", section(1, 4, "I", 1)),
    ("table-twice", TABLE, BASE, "the schema's entry twice", {
        "section table": lambda data: data + data[32:64]}),
    ("table-known-optional", TABLE, BASE, "schema without must understand", section(1, 2, "H", 0)),
    ("table-header-elsewhere", TABLE, BASE, "header at 64", section(0, 8, "Q", 64)),
    ("table-header-length", TABLE, BASE, "header of 128 bytes", section(0, 16, "Q", 128)),
    ("table-unknown", "segment_unknown_section", BASE, "section 900, must understand", {
        "section table": lambda data: data + struct.pack("<HHIQQQ", 900, 1, 0, 64, 0, 0)}),
    *[
        (f"table-no-{name}", "segment_missing_section", BASE, f"without the {name}", {
            "section table": lambda data, at=index: data[:32 * at] + data[32 * at + 32:]})
        for index, name in enumerate(("header", "schema", "directory", "summary"))
    ],
]

HEADERS = [
    ("header-checksum", CHECKSUM, BASE, "checksum + 1", {"section table": add(24, 1)}),
    ("header-magic", MAGIC, BASE, "first byte", {"header": flip(0)}),
    ("header-version", "segment_unsupported_version", BASE, "major 2", {"header": put(8, "H", 2)}),
    ("header-feature", "segment_unsupported_feature", BASE, "incompatible bit 63", {
        "header": put(16, "Q", 1 << 63)}),
]


def uid_of_another(data):
    """The uid of the trailer and all checksums stay those of the first header."""
    return data[:32] + bytes([data[32] ^ 1]) + data[33:]


HEADERS.append(
    ("header-uid", "segment_bad_header", BASE, "a bit of the uid", {"header": uid_of_another}))

SUMMARIES = [
    ("summary-checksum", CHECKSUM, BASE, "checksum + 1", {"section table": add(96 + 24, 1)}),
    ("summary-short", SUMMARY, BASE, "56 bytes", {"summary": lambda data: data[:56]}),
    ("summary-runs", SUMMARY, BASE, "runs = rows + 1", {"summary": add(8, 1)}),
    ("summary-no-runs", SUMMARY, BASE, "no runs, but rows", {"summary": put(8, "Q", 0)}),
    ("summary-tombstones", SUMMARY, BASE, "tombstones = rows + 1", {"summary": put(16, "Q", 2)}),
    ("summary-created-nulls", SUMMARY, BASE, "created nulls = rows + 1", {
        "summary": put(40, "Q", 2)}),
    ("summary-rows-huge", SUMMARY, BASE, "rows 2^63", {"summary": put(0, "Q", 1 << 63)}),
]

H, TEXT_KEYS = "history", "hand-filters"
X, KEY, END, TIME = "feature x", "run key", "run end", "event time"


def entry(column, at, form, *values):
    return {("directory", column): put(at, form, *values)}


DIRECTORIES = [
    ("directory-checksum", CHECKSUM, BASE, "checksum + 1", {"section table": add(64 + 24, 1)}),
    ("directory-length", DIRECTORY, BASE, "8 bytes more", {
        "column directory": lambda data: data + bytes(8)}),
    ("directory-kind", DIRECTORY, BASE, "kind 9", entry(X, 4, "B", 9)),
    ("directory-kind-0", DIRECTORY, BASE, "kind 0", entry(X, 4, "B", 0)),
    ("directory-row-shift", DIRECTORY, BASE, "2^14 rows in a page", entry(X, 5, "B", 14)),
    ("directory-flags", DIRECTORY, BASE, "flags 2", entry(X, 6, "B", 2)),
    ("directory-zones", DIRECTORY, BASE, "a feature with zones", entry(X, 6, "B", 1)),
    ("directory-no-zones", DIRECTORY, BASE, "event times without", entry(TIME, 6, "B", 0)),
    ("directory-block-shift", DIRECTORY, BASE, "2^17 entries in a block", entry(X, 7, "B", 17)),
    ("directory-rows", DIRECTORY, BASE, "rows + 1", {("directory", X): add(8, 1)}),
    ("directory-pages", DIRECTORY, BASE, "pages + 1", {("directory", X): add(16, 1)}),
    ("directory-many-pages", DIRECTORY, BASE, "2^20 rows in 128 pages, in a file with room for 27", {
        "summary": put(0, "Q", 1 << 20),
        ("directory", TIME): put(5, "BBBQQ", 13, 1, 16, 1 << 20, 128),
        ("directory", X): put(5, "BBBQQ", 13, 0, 16, 1 << 20, 128)}),
    ("directory-nulls", DIRECTORY, BASE, "nulls = rows + 1", {("directory", X): put(24, "Q", 2)}),
    ("directory-time-nulls", DIRECTORY, BASE, "an event time is null", {
        ("directory", TIME): put(24, "Q", 1)}),
    ("directory-created-nulls", DIRECTORY, H, "nulls of created times + 1", {
        ("directory", "created time"): add(24, 1)}),
    ("directory-internal-id", DIRECTORY, BASE, "event times with a field id", entry(TIME, 0, "I", 2)),
    ("directory-unknown-id", DIRECTORY, BASE, "a feature the schema lacks", entry(X, 0, "I", 77)),
    ("directory-twice", DIRECTORY, BASE, "feature x twice", {
        ("directory", X): lambda data: data + data}),
    *[
        (f"directory-no-{name.replace(' ', '-')}", DIRECTORY, H, f"without {name}", {
            ("directory", name): lambda data: b""})
        for name in (TIME, "created time", "tombstone", X, KEY, END, "fence", "filter")
    ],
    ("directory-tombstone", DIRECTORY, BASE, "tombstones, but none in the summary", {
        ("directory", TIME): lambda data: data + put(4, "BBB", 3, 10, 0)(data)}),
    *[
        (f"directory-filter-{name}", DIRECTORY, TEXT_KEYS, edit, entry("filter", at, form, value))
        for name, edit, at, form, value in (
            ("shift", "128 blocks in a filter", 5, "B", 7), ("zones", "filters with zones", 6, "B", 1),
            ("nulls", "a null in a filter", 24, "Q", 1), ("id", "filters with a field id", 0, "I", 2))
    ],
    ("directory-filter-rows", DIRECTORY, TEXT_KEYS, "filters of 4 run pages of 5", {
        ("directory", "filter"): lambda data: add(16, -1)(add(8, -64)(data))}),
    ("directory-filter-of-words", DIRECTORY, BASE, "filters, but the keys are words", {
        ("directory", TIME): lambda data: data + put(8, "QQ", 64, 1)(put(4, "BBB", 8, 6, 0)(data))}),
    ("directory-filter-of-nothing", DIRECTORY, "empty", "filters, but no runs", {
        ("directory", TIME): lambda data: data + put(4, "BBB", 8, 6, 0)(data)}),
    ("directory-run-shift", DIRECTORY, BASE, "other pages for run keys than for run ends",
        entry(KEY, 5, "B", 9)),
    ("directory-root-outside", DIRECTORY, BASE, "root offset 2^40", entry(X, 40, "Q", 1 << 40)),
    ("directory-root-length", DIRECTORY, BASE, "root length + 24", {("directory", X): add(48, 24)}),
    ("directory-root-of-nothing", DIRECTORY, "empty", "a root without pages", entry(X, 40, "Q", 64)),
    ("directory-fat-pages", DIRECTORY, "fat-rows", "2^13 times a vector of 256 KiB", {
        "schema": lambda data: data[:-4] + struct.pack("<I", 65536),
        **entry("feature embedding", 5, "B", 13)}),
]

CONTAINER = FILES + TRAILERS + TABLES + HEADERS + SUMMARIES + DIRECTORIES
