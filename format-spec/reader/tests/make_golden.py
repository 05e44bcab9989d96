#!/usr/bin/env python3
"""Makes the golden files that no writer's choices lead to: hand-*.hseg and their values.

    make_golden.py FOLDER    writes the files that are missing; those that are there never change
"""

import struct
import sys
from pathlib import Path

import compress
import golden_bytes
import golden_examples
import golden_numbers
import golden_scaled
import page_writer as w
from golden_numbers import signed
from tiny_segments import Feature, segment, tagged

I8, I16, I32, I64 = b"\2", b"\3", b"\4", b"\5"
U64, F64, UTF8, BOOL = b"\x09", b"\x0b", b"\x0c", b"\1"
MONEY = b"\x10\x26\x00"


def packed_widths():
    """Every bit width, with a base that makes the sum wrap."""
    features = []
    for bits in range(1, 65):
        mask = (1 << bits) - 1
        offsets = [0, mask, 1, mask >> 1, 0x5555555555555555 & mask, mask, 0]
        base = (1 << 64) - 2
        values = [signed(base + offset, 64) for offset in offsets]
        page = w.packed(8, bits, base, offsets)
        features.append(Feature(f"b{bits}", I64, "int64", values, [page]))
    return segment(features)


def packed_narrow():
    """Packing of narrow types, and of wide ones."""
    features = []
    for type_bytes, text, width, widths in (
        (I8, "int8", 1, range(1, 9)), (I16, "int16", 2, (1, 8, 9, 15, 16)),
        (I32, "int32", 4, (1, 17, 24, 31, 32)),
    ):
        for bits in widths:
            mask = (1 << bits) - 1
            offsets = [mask, 0, 1, mask >> 1, 0xA5A5A5A5 & mask]
            base = (1 << 8 * width - 1) - 1
            values = [signed(base + offset, 8 * width) for offset in offsets]
            page = w.packed(width, bits, base, offsets)
            features.append(Feature(f"{text}_{bits}", type_bytes, text, values, [page]))
    for bits in (1, 33, 64):
        offsets = [0, (1 << bits) - 1, 1, 0, 1]
        base = (1 << 128) - 1
        values = [signed(base + offset, 128) for offset in offsets]
        page = w.packed(16, bits, base, offsets)
        features.append(Feature(f"wide_{bits}", MONEY, "decimal128[38, 0]", values, [page]))
    return segment(features)


def number_compositions():
    """Trees of numbers, eight rows each."""
    u4 = [0, 1, 1, 0, 2, 2, 2, 1]
    values = [-5, 1 << 40, 9]
    wrapped = [value % (1 << 64) for value in values]
    looked_up = [values[code] for code in u4]
    codes = w.packed(4, 2, 0, u4)
    plain = w.plain(8, wrapped)
    runs = w.dictionary(3, w.plain(8, wrapped), w.packed(4, 2, 0, [2, 0, 1]))
    features = [
        ("dictionary_delta", looked_up, w.dictionary(
            8, w.delta(3, w.constant(8, 1, wrapped[0]), w.plain(8, w.steps(8, values)[1])), codes)),
        ("dictionary_dictionary", looked_up, w.dictionary(
            8, w.dictionary(3, plain, w.plain(4, [0, 1, 2])), codes)),
        ("dictionary_run_length_codes", [-5] * 3 + [9] * 5, w.dictionary(
            8, plain, w.run_length(8, w.plain(4, [0, 2]), w.plain(4, [3, 8])))),
        ("dictionary_unused_values", [9] * 8, w.dictionary(8, plain, w.constant(4, 8, 2))),
        ("run_length_dictionary_delta", [9, 9, -5, -5, 1 << 40, 1 << 40, 1 << 40, 1 << 40],
            w.run_length(
                8, w.dictionary(4, plain, w.plain(4, [2, 0, 1, 1])),
                w.delta(4, w.plain(4, [2]), w.constant(4, 4, 2)))),
        ("run_length_dictionary", [9, 9, -5, -5, -5, 1 << 40, 1 << 40, 1 << 40], w.run_length(
            8, runs, w.packed(4, 3, 1, [1, 4, 7]))),
        ("run_length_constant_values", [4] * 8, w.run_length(
            8, w.constant(8, 2, 4), w.plain(4, [1, 8]))),
        ("delta_plain_wraps", [signed(7 + row * (1 << 63), 64) for row in range(8)], w.delta(
            8, w.constant(8, 1, 7), w.plain(8, [1 << 63] * 8))),
        ("delta_of_falling", [100 - row * row for row in range(8)], w.delta(
            8, w.constant(8, 1, 100), w.packed(8, 4, (1 << 64) - 13, [0, 12, 10, 8, 6, 4, 2, 0]))),
    ]
    return segment([Feature(name, I64, "int64", row, [page]) for name, row, page in features])


def other_compositions():
    """Trees of byte strings, bools, decimals and floats, six rows each."""
    texts = ["", "ab", "é", "", "ab", "xyz"]
    data = [text.encode() for text in texts]
    lengths = [len(item) for item in data]
    words = [b"", b"ab", "é".encode(), b"xyz"]
    codes = w.delta(6, w.constant(4, 1, 0), w.packed(4, 3, (1 << 32) - 2, [7, 3, 3, 0, 3, 4]))
    floats = [0x7FF8000000000001, 0x8000000000000000, 0x7FF8000000000001, 1, 1, 1]
    lists = [[1, None], [], None, [None], [], [1, 1, 7]]
    bits = [True, True, False, False, False, True]
    big = [1 << 100, -1, -1, 1 << 100, -1, -1]
    features = [
        Feature("plain_lengths_dictionary", UTF8, "utf8", texts, [w.plain_bytes(
            data, w.dictionary(6, w.plain(4, [0, 2, 3]), w.plain(4, [0, 1, 1, 0, 1, 2])))]),
        Feature("plain_lengths_run_length", UTF8, "utf8", ["a", "b", "c", "", "", ""], [
            w.plain_bytes([b"a", b"b", b"c", b"", b"", b""], w.run_length(
                6, w.plain(4, [1, 0]), w.packed(4, 3, 3, [0, 3])))]),
        Feature("plain_lengths_delta", UTF8, "utf8", ["", "a", "aa", "aaa", "aaaa", "aaaaa"], [
            w.plain_bytes([b"a" * n for n in range(6)], w.delta(
                6, w.constant(4, 1, 0), w.constant(4, 6, 1)))]),
        Feature("dictionary_delta_codes", UTF8, "utf8", texts, [
            w.dictionary(6, w.plain_bytes(words, w.packed(4, 2, 0, [0, 2, 2, 3])), codes)]),
        Feature("dictionary_constant_values", UTF8, "utf8", ["q"] * 6, [
            w.dictionary(6, w.constant_bytes(2, b"q"), w.plain(4, [0, 1, 0, 1, 0, 0]))]),
        Feature("dictionary_run_length_codes", UTF8, "utf8", ["q", "", "q", "", "q", "q"], [
            w.dictionary(6, w.plain_bytes([b"q", b""]), w.run_length(
                6, w.plain(4, [0, 1, 0, 1, 0]), w.plain(4, [1, 2, 3, 4, 6])))]),
        Feature("float_run_length", F64, "float64", [f"0x{bits:016x}" for bits in floats], [
            w.run_length(6, w.plain(8, floats[:4]), w.plain(4, [1, 2, 3, 6]))]),
        Feature("float_delta", F64, "float64", [f"0x{bits:016x}" for bits in range(6)], [
            w.delta(6, w.constant(8, 1, 0), w.constant(8, 6, 1))]),
        Feature("nullable_runs_delta", I64, "int64", [None, None, 20, 30, 40, None], [w.nullable(
            6, w.run_length_bool(6, 0, w.delta(
                3, w.constant(4, 1, 2), w.packed(4, 2, 1, [3, 2, 0]))),
            w.delta(6, w.constant(8, 1, 0), w.constant(8, 6, 10)))]),
        Feature("nullable_constant_validity", I64, "int64", [None] * 6, [w.nullable(
            6, w.constant(8, 6, 0), w.constant(8, 6, 77))]),
        Feature("bool_runs", BOOL, "bool", bits, [
            w.run_length_bool(6, 1, w.dictionary(3, w.plain(4, [6, 5, 2]), w.plain(4, [2, 1, 0])))]),
        Feature("bitmap_extra_bits", BOOL, "bool", bits, [
            w.bitmap(bits)[:8] + struct.pack("<Q", 0b100011 | 0xFFC0)]),
        Feature("wide_dictionary", MONEY, "decimal128[38, 0]", big, [w.dictionary(
            6, w.plain(16, [(1 << 128) - 1, 1 << 100]), w.packed(4, 1, 0, [1, 0, 0, 1, 0, 0]))]),
        Feature("list_dictionary", b"\x11\2", "list[int8]", lists, [w.nullable(
            6, w.bitmap([1, 1, 0, 1, 1, 1]), w.listed(
                6, w.dictionary(6, w.plain(4, [0, 1, 2, 3]), w.plain(4, [2, 0, 0, 1, 0, 3])),
                w.nullable(6, w.bitmap([1, 0, 0, 1, 1, 1]), w.dictionary(
                    6, w.plain(1, [1, 7]), w.plain(4, [0, 0, 0, 0, 0, 1])))))]),
        Feature("list_of_nulls", b"\x11\x0c", "list[utf8]", [[None], [], [], [], [], [None, None]], [
            w.listed(6, w.plain(4, [1, 0, 0, 0, 0, 2]), w.null(3))]),
        Feature("vectors", b"\x13" + struct.pack("<I", 2), "vector[2]",
            [["0x00000000", "0x3f800000"]] * 6, [
                w.constant_fixed(6, struct.pack("<2I", 0, 0x3F800000))]),
    ]
    return segment(features)


def small_pages():
    """Pages of 1, 2, 4 and 8 rows, two page entries in a block, two runs in a run page."""
    values = [row * row - 20 for row in range(11)]
    values[4] = None
    stored = [0 if value is None else value % (1 << 64) for value in values]
    features = []
    for shift in range(4):
        pages = []
        for start in range(0, 11, 1 << shift):
            part = range(start, min(11, start + (1 << shift)))
            page = w.plain(8, [stored[row] for row in part])
            if 4 in part:
                page = w.nullable(len(part), w.bitmap([row != 4 for row in part]), page)
            pages.append(w.null(1) if list(part) == [4] else page)
        features.append(Feature(f"rows_{1 << shift}", I64, "int64", values, pages, shift))
    return segment(features, row_shift=2, run_shift=1, block_shift=1)


def from_a_newer_version():
    """Everything that a reader must skip: minor version, compatible feature, section, tags, summary."""
    def header(data):
        return data[:10] + struct.pack("<H", 7) + data[12:24] + struct.pack("<Q", 1 << 63) + data[32:]

    def table(data):
        return struct.pack("<HHIQQQ", 900, 0, 0, 64, 0, 12345) + data

    def schema(data):
        extra = tagged(9, b"skipped", flags=0)
        unit, rest = data[:9], data[9:]
        head, column = rest[:9 + 8], rest[9 + 8:]
        length = struct.unpack_from("<I", head, 9 + 4)[0]
        grown = column[:length] + tagged(7, b"", flags=0) + column[length:]
        head = head[:9 + 4] + struct.pack("<I", length + 8)
        return extra + unit + head + grown

    patches = {
        "header": header, "section table": table, "schema": schema,
        "summary": lambda data: data + b"newer fields",
    }
    return segment([Feature("x", I32, "int32", [1, 2, 3], [w.plain(4, [1, 2, 3])])], patches)


def codecs():
    """Whole pages under each codec."""
    words = ["credit", "utilisation", "balance", "statement", "month", "customer"]
    texts = [f"{words[row % 6]} {words[row * row % 6]} {row % 9}" for row in range(100)]
    features = []
    for number, codec in ((1, compress.lz4), (2, compress.zstd)):
        name = codec.__name__
        page = w.plain_bytes([text.encode() for text in texts])
        features.append(Feature(f"{name}_text", UTF8, "utf8", texts, [page], codec=(number, codec)))
        values = [row // 10 for row in range(100)]
        page = w.plain(8, values)
        features.append(
            Feature(f"{name}_numbers", I64, "int64", values, [page], codec=(number, codec)))
    return segment(features)


FILES = {
    "hand-codecs": codecs,
    "hand-packed-widths": packed_widths,
    "hand-packed-narrow": packed_narrow,
    "hand-number-compositions": number_compositions,
    "hand-other-compositions": other_compositions,
    "hand-small-pages": small_pages,
    "hand-newer-version": from_a_newer_version,
    **golden_examples.FILES,
    **golden_numbers.FILES,
    **golden_bytes.FILES,
    **golden_scaled.FILES,
}


def main():
    folder = Path(sys.argv[1])
    for name, make in FILES.items():
        path = folder / f"{name}.hseg"
        if path.exists():
            continue
        data, lines = make()
        path.write_bytes(data)
        (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
