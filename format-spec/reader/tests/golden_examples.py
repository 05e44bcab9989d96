"""The golden file that the pages of 03-encodings/ show: a small page of each encoding."""

import struct
from fractions import Fraction

import page_writer as w
from exact_floats import nearest
from golden_bytes import text
from golden_numbers import BOOL, I16, I32, I64, numbers, real
from tiny_segments import Feature, segment

ROWS = 8


def vector(name, values, page):
    shown = [[f"0x{bits:08x}" for bits in value] for value in values]
    return Feature(name, b"\x13" + struct.pack("<I", 2), "vector[2]", shown, [page])


def bools(name, values, page):
    return Feature(name, BOOL, "bool", [bool(value) for value in values], [page])


def examples():
    """Eight rows of everything."""
    shorts = [7, 9, -1, 0, 256, -32768, 32767, 12]
    cities = ["Oslo", "Lima", "", "Kyoto", "Oslo", "é", "Lima", "Accra"]
    names = sorted(set(cities))
    offsets = [0, 1, 2, 7, 3, 3, 6, 5]
    runs = [3, 3, 3, -1, -1, 9, 9, 9]
    some = [5, None, 7, 8, None, 10, 11, 12]
    kept = [0 if value is None else value for value in some]
    bits = [1, 0, 1, 1, 0, 0, 0, 1]
    lists = [[1, None], [], None, [7, 8], [], [], [9], [None]]
    cents = [1999, 500, -1, 0, 12345, 10, 99, 250]
    prices = [nearest(Fraction(cent, 100), 8) for cent in cents]
    odd = {2: 0x7FF8000000000000}
    angles = [0x3FE0000000000000 + number * 0x9E3779B97F4A7 % (1 << 52) for number in range(ROWS)]
    urls = [f"https://a.org/{part}" for part in ("", "x", "y", "id=7", "x", "", "é", "id=9")]
    symbols = [b"https://", b"a.org/", b"x", b"id="]
    codes = [b"\0\1", b"\0\1\2", b"\0\1\xffy", b"\0\1\3\xff7", b"\0\1\2", b"\0\1", b"\0\1\xff\xc3\xff\xa9",
        b"\0\1\3\xff9"]
    hexes = ["00ff", "7a", "", "c0ffee", "0", "1", "beef", "ad"]
    return segment([
        numbers_with_nulls("null", [None] * ROWS, w.null(ROWS)),
        numbers("constant", I32, "int32", 4, [42] * ROWS, [w.constant(4, ROWS, 42)]),
        text("constant_text", ["always"] * ROWS, w.constant_bytes(ROWS, b"always")),
        vector("constant_vector", [[0, 0x3F800000]] * ROWS, w.constant_fixed(
            ROWS, struct.pack("<2I", 0, 0x3F800000))),
        numbers("plain", I16, "int16", 2, shorts, [w.plain(2, [value % 65536 for value in shorts])]),
        text("plain_text", cities, w.plain_bytes([city.encode() for city in cities])),
        vector("plain_vector", [[row, 0x3F800000 + row] for row in range(ROWS)], w.plain_fixed(
            [struct.pack("<2I", row, 0x3F800000 + row) for row in range(ROWS)])),
        numbers("packed", I32, "int32", 4, [100 + offset for offset in offsets], [
            w.packed(4, 3, 100, offsets)]),
        numbers("run_length", I16, "int16", 2, runs, [w.run_length(
            ROWS, w.plain(2, [3, 65535, 9]), w.plain(4, [3, 5, 8]))]),
        bools("run_length_bool", [1, 1, 0, 0, 0, 1, 1, 1], w.run_length_bool(
            ROWS, 1, w.plain(4, [2, 5, 8]))),
        text("dictionary", cities, w.dictionary(
            ROWS, w.plain_bytes([name.encode() for name in names]), w.packed(
                4, 3, 0, [names.index(city) for city in cities]))),
        numbers_with_nulls("nullable", some, w.nullable(
            ROWS, w.bitmap([value is not None for value in some]), w.plain(8, kept))),
        bools("bitmap", bits, w.bitmap(bits)),
        Feature("list", b"\x11\2", "list[int8]", lists, [w.nullable(
            ROWS, w.sparse(ROWS, 0, w.constant(4, 1, 2)), w.listed(
                ROWS, w.packed(4, 2, 0, [2, 0, 0, 2, 0, 0, 1, 1]), w.nullable(
                    6, w.bitmap([1, 0, 1, 1, 1, 0]), w.plain(1, [1, 0, 7, 8, 9, 0]))))]),
        numbers("patched", I64, "int64", 8, [5, 5, 5, -7, 5, 5, 1 << 40, 5], [w.patched(
            ROWS, w.constant(8, ROWS, 5), w.sparse(ROWS, 1, w.plain(4, [3, 6])), w.plain(
                8, [(1 << 64) - 7, 1 << 40]))]),
        bools("sparse", [1, 1, 1, 0, 1, 1, 0, 1], w.sparse(ROWS, 0, w.plain(4, [3, 6]))),
        real("alp", 8, prices, w.alp(ROWS, 2, w.plain(8, [cent % (1 << 64) for cent in cents]))),
        real("alp_patched", 8, [odd.get(row, price) for row, price in enumerate(prices)], w.patched(
            ROWS, w.alp(ROWS, 2, w.packed(8, 14, 0, [max(cent, 0) for cent in cents])),
            w.sparse(ROWS, 1, w.constant(4, 1, 2)), w.constant(8, 1, odd[2]))),
        real("alp_rd", 8, angles, w.alp_rd(
            ROWS, 52, w.constant(2, ROWS, 0x3FE), w.packed(
                8, 52, 0, [angle % (1 << 52) for angle in angles]))),
        text("fsst", urls, w.fsst(ROWS, symbols, w.plain_bytes(codes))),
        text("alphabet", hexes, w.alphabet(4, b"0123456789abcdef", [
            value.encode() for value in hexes])),
    ])


def numbers_with_nulls(name, values, page):
    return Feature(name, I64, "int64", values, [page])


FILES = {"hand-examples": examples}
