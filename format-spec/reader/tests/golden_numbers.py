"""Golden files of the encodings of numbers and bools: legal pages that no writer's choices lead to.

Values are written down first; the bytes of pages follow from them by whole-number arithmetic.
"""

from functools import lru_cache

import page_writer as w
from exact_floats import exact, nearest
from tiny_segments import Feature, segment

BOOL, I8, I16, I32, I64 = b"\1", b"\2", b"\3", b"\4", b"\5"
F32, F64, TIME = b"\x0a", b"\x0b", b"\x0f\2\0"
MONEY = b"\x10\x26\x00"
TOP = 1 << 63


def signed(value, bits):
    value %= 1 << bits
    return value - (value >> bits - 1 << bits)


def scattered(count, below, seed=1):
    """Numbers without a pattern."""
    state, numbers = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        numbers.append((state ^ state >> 29) % below)
    return numbers


def numbers(name, type_bytes, text, width, values, pages, shift=10):
    """A feature of signed integers."""
    return Feature(name, type_bytes, text, [signed(value, 8 * width) for value in values], pages, shift)


def delta():
    """Deltas on both sides of the blocks of 128, with values in the places that are ignored."""
    rows = 300
    walk, value = [], 1 << 40
    for step in scattered(rows, 100):
        value += step - 50
        walk.append(value)
    wide = [(1 << 127) - 100 + 7 * row * row for row in range(rows)]

    def page(values, width, bits, base, ignored):
        bases, deltas = w.steps(width, values, ignored)
        offsets = [(delta - base) % (1 << 8 * width) for delta in deltas]
        return w.delta(len(values), w.plain(width, bases), w.packed(width, bits, base, offsets))

    def pages(size, ignored):
        parts = [walk[at:at + size] for at in range(0, rows, size)]
        return [page(part, 8, 7, (1 << 64) - 50, ignored) for part in parts]

    blocks = w.steps(8, walk)
    zigzag = [1000 * (row // 128) - row % 128 for row in range(rows)]
    jumps = [row % 50 * 3 + (1 << 50) * (row // 50) for row in range(rows)]
    jump_deltas = w.steps(8, jumps)[1]
    at_jump = [row > 0 and row % 50 == 0 and row % 128 != 0 for row in range(rows)]
    at_jump[128] = True
    patches = [delta if row != 128 else 12345 for row, delta in enumerate(jump_deltas) if at_jump[row]]
    some = [value if row % 3 else None for row, value in enumerate(walk)]
    return segment([
        numbers("one_page", I64, "int64", 8, walk, pages(512, 0)),
        numbers("blocks_of_128", I64, "int64", 8, walk, pages(128, 77), 7),
        numbers("blocks_of_256", I64, "int64", 8, walk, pages(256, 5), 8),
        numbers("blocks_of_64", I64, "int64", 8, walk, pages(64, 3), 6),
        numbers("packed_bases", I64, "int64", 8, walk, [w.delta(
            rows, w.packed(8, 12, (1 << 40) - 2048, [base - (1 << 40) + 2048 for base in blocks[0]]),
            w.plain(8, [delta if row % 128 else TOP + row for row, delta in enumerate(blocks[1])]))]),
        numbers("constant_deltas", I64, "int64", 8, zigzag, [w.delta(
            rows, w.plain(8, [0, 1000, 2000]), w.constant(8, rows, (1 << 64) - 1))]),
        numbers("constant_bases", I16, "int16", 2, [40 + row % 128 for row in range(rows)], [w.delta(
            rows, w.constant(2, 3, 40), w.constant(2, rows, 1))]),
        numbers("patched_deltas", I64, "int64", 8, jumps, [w.delta(
            rows, w.plain(8, jumps[::128]), w.patched(
                rows, w.constant(8, rows, 3), w.bitmap(at_jump), w.plain(8, patches)))]),
        numbers("patched_bases", I32, "int32", 4, [5 + 4 * (row >= 256) for row in range(rows)], [
            w.delta(rows, w.patched(
                3, w.constant(4, 3, 5), w.bitmap([0, 0, 1]), w.constant(4, 1, 9)),
                w.patched(
                    rows, w.constant(4, rows, 0), w.sparse(rows, 1, w.plain(4, [128])),
                    w.constant(4, 1, 99)))]),
        numbers("int8_wraps", I8, "int8", 1, [row % 128 * 100 + 7 for row in range(rows)], [w.delta(
            rows, w.constant(1, 3, 7), w.constant(1, rows, 100))]),
        numbers("times", TIME, "timestamp[us]", 8, [10**15 + 250 * row for row in range(rows)], [
            w.delta(rows, w.plain(8, [10**15 + 250 * row for row in range(0, rows, 128)]),
                w.constant(8, rows, 250))]),
        numbers("wide", MONEY, "decimal128[38, 0]", 16, wide, [page(wide, 16, 13, 0, 9)]),
        numbers("wide_plain", MONEY, "decimal128[38, 0]", 16, wide, [w.delta(
            rows, w.plain(16, w.steps(16, wide)[0]), w.plain(16, w.steps(16, wide)[1]))]),
        Feature("nullable", I64, "int64", some, [w.nullable(
            rows, w.bitmap([row % 3 != 0 for row in range(rows)]), pages(512, 1)[0])]),
    ])


def patched():
    """Patches over every encoding of numbers, said by every encoding of bools."""
    rows = 100
    small = scattered(rows, 16)
    odd = {3: -1 << 63, 40: 1 << 50, 41: 7, 99: -2}
    values = [odd.get(row, 1000 + small[row]) for row in range(rows)]
    mostly = [odd.get(row, 5) for row in range(rows)]
    rising = [odd.get(row, 100 * row) for row in range(rows)]
    flags = [row in odd for row in range(rows)]
    exceptions = w.plain(8, [value % (1 << 64) for value in odd.values()])
    where = w.sparse(rows, 1, w.plain(4, list(odd)))
    tail = [5] * 90 + [6, 7, 8, 9, 10, 6, 7, 8, 9, 10]
    halves = [row if row < 50 else -row for row in range(rows)]
    big = [1 << 100 if row == 7 else row for row in range(rows)]

    def feature(name, row_values, page):
        return numbers(name, I64, "int64", 8, row_values, [page])

    return segment([
        feature("over_constant", mostly, w.patched(rows, w.constant(8, rows, 5), where, exceptions)),
        feature("over_packed", values, w.patched(
            rows, w.packed(8, 4, 1000, small), w.bitmap(flags), exceptions)),
        feature("over_plain", values, w.patched(
            rows, w.plain(8, [1000 + number for number in small]), where, exceptions)),
        feature("over_delta", rising, w.patched(
            rows, w.delta(rows, w.constant(8, 1, 0), w.constant(8, rows, 100)), where, exceptions)),
        feature("over_run_length", [1] * 30 + [9] + [2] * 69, w.patched(
            rows, w.run_length(rows, w.plain(8, [1, 2]), w.plain(4, [30, rows])),
            w.sparse(rows, 1, w.constant(4, 1, 30)), w.constant(8, 1, 9))),
        feature("over_dictionary", [row % 3 * 11 if row != 50 else 4 for row in range(rows)], w.patched(
            rows, w.dictionary(rows, w.plain(8, [0, 11, 22]), w.packed(
                4, 2, 0, [row % 3 for row in range(rows)])),
            w.sparse(rows, 1, w.plain(4, [50])), w.plain(8, [4]))),
        feature("where_runs", tail, w.patched(
            rows, w.constant(8, rows, 5), w.run_length_bool(rows, 0, w.plain(4, [90, rows])),
            w.packed(8, 3, 6, [0, 1, 2, 3, 4] * 2))),
        feature("where_constant", halves, w.patched(
            rows, w.constant(8, rows, 0), w.constant(8, rows, 1),
            w.plain(8, [value % (1 << 64) for value in halves]))),
        feature("where_sparse_zeros", [8 if row == 20 else row for row in range(rows)], w.patched(
            rows, w.constant(8, rows, 8), w.sparse(rows, 0, w.plain(4, [20])),
            w.plain(8, [row for row in range(rows) if row != 20]))),
        feature("patched_patches", halves, w.patched(
            rows, w.delta(rows, w.constant(8, 1, 0), w.constant(8, rows, 1)),
            w.run_length_bool(rows, 0, w.plain(4, [50, rows])), w.patched(
                50, w.constant(8, 50, (1 << 64) - 50), w.run_length_bool(50, 0, w.plain(4, [1, 50])),
                w.delta(49, w.constant(8, 1, (1 << 64) - 51), w.constant(8, 49, (1 << 64) - 1))))),
        numbers("of_bytes", I8, "int8", 1, [-3 if row % 25 == 9 else 3 for row in range(rows)], [
            w.patched(rows, w.constant(1, rows, 3), w.sparse(rows, 1, w.packed(
                4, 7, 9, [0, 25, 50, 75])), w.constant(1, 4, 253))]),
        numbers("of_decimals", MONEY, "decimal128[38, 0]", 16, big, [w.patched(
            rows, w.delta(rows, w.constant(16, 1, 0), w.constant(16, rows, 1)),
            w.sparse(rows, 1, w.plain(4, [7])), w.plain(16, [1 << 100]))]),
    ])


def sparse():
    """Few positions of one value, as bools and as the validity of nulls."""
    rows = 150
    few, one, last = [0, 5, 64, 128, 149], [70], [149]
    every = list(range(rows))

    def feature(name, value, positions, node):
        row_values = [(row in positions) == (value == 1) for row in range(rows)]
        return Feature(name, BOOL, "bool", row_values, [w.sparse(rows, value, node)])

    some = [None if row in few else row for row in range(rows)]
    rare = [row * 3 if row in few else None for row in range(rows)]
    return segment([
        feature("ones", 1, few, w.plain(4, few)),
        feature("zeros", 0, few, w.plain(4, few)),
        feature("one", 1, one, w.constant(4, 1, 70)),
        feature("last", 0, last, w.packed(4, 1, 149, [0])),
        feature("every", 1, every, w.delta(rows, w.plain(4, [0, 128]), w.constant(4, rows, 1))),
        feature("every_zero", 0, every, w.packed(4, 8, 0, every)),
        feature("dictionary", 1, [2, 9], w.dictionary(2, w.plain(4, [9, 2]), w.plain(4, [1, 0]))),
        feature("patched", 1, [7, 149], w.patched(
            2, w.constant(4, 2, 7), w.sparse(2, 1, w.constant(4, 1, 1)), w.constant(4, 1, 149))),
        numbers_or_null("some_null", some, w.nullable(
            rows, w.sparse(rows, 0, w.plain(4, few)), w.plain(8, every))),
        numbers_or_null("most_null", rare, w.nullable(
            rows, w.sparse(rows, 1, w.plain(4, few)), w.plain(8, [3 * row for row in every]))),
    ])


def numbers_or_null(name, values, page):
    return Feature(name, I64, "int64", values, [page])


def real(name, width, bits, page):
    """A feature of floats by their bits."""
    texts = [f"0x{word:0{2 * width}x}" for word in bits]
    return Feature(name, F32 if width == 4 else F64, f"float{8 * width}", texts, [page])


def alp():
    """Every exponent of both widths, integers beyond the significand, and what lies over it."""
    features = []
    for width, exponents in ((8, 23), (4, 11)):
        bits, precise = 8 * width, 53 if width == 8 else 24
        limit = 1 << bits - 1
        for exponent in range(exponents):
            integers = [
                0, 1, -1, 12345, -(10**6), 10**exponent, (1 << precise) - 1, (1 << precise) + 1,
                -(1 << precise) - 3, 3 << precise - 1, limit - 1, -limit, limit // 3, -limit // 7,
            ]
            integers = [signed(integer, bits) for integer in integers]
            words = []
            for integer in integers:
                # The conversion rounds, and then the division does.
                quotient = exact(nearest(integer, width), width) / 10**exponent
                words.append(nearest(quotient, width))
            page = w.alp(14, exponent, w.plain(width, [integer % (1 << bits) for integer in integers]))
            features.append(real(f"float{bits}_{exponent}", width, words, page))
    return segment(features)


def alp_compositions():
    """Decimals as floats: packed, in runs, with deltas, and patched where they are none."""
    rows = 200
    cents = [1999 + number for number in scattered(rows, 1000)]
    prices = [nearest(exact_decimal(cent, 2), 8) for cent in cents]
    odd = {5: 0x7FF8000000000001, 6: 0x8000000000000000, 60: 0x7FF0000000000000, 199: 0x3FD5555555555555}
    dirty = [odd.get(row, price) for row, price in enumerate(prices)]
    walk, steps = [], scattered(rows, 8, 3)
    for step in steps:
        walk.append((walk[-1] if walk else 5000) + step)
    tenths = [row // 40 for row in range(rows)]
    integers = w.packed(8, 10, 1999, [cent - 1999 for cent in cents])
    where = w.sparse(rows, 1, w.plain(4, list(odd)))
    bases, deltas = w.steps(8, walk)
    shown = [f"0x{price:016x}" for price in prices]
    return segment([
        real("packed", 8, prices, w.alp(rows, 2, integers)),
        real("patched", 8, dirty, w.patched(
            rows, w.alp(rows, 2, integers), where, w.plain(8, list(odd.values())))),
        real("delta", 8, [nearest(exact_decimal(number, 1), 8) for number in walk], w.alp(
            rows, 1, w.delta(rows, w.plain(8, bases), w.packed(8, 3, 0, deltas)))),
        real("runs", 4, [nearest(exact_decimal(number, 1), 4) for number in tenths], w.alp(
            rows, 1, w.run_length(rows, w.plain(4, range(5)), w.plain(4, range(40, 201, 40))))),
        real("dictionary", 4, [nearest(exact_decimal(row % 3 - 1, 3), 4) for row in range(rows)], w.alp(
            rows, 3, w.dictionary(rows, w.plain(4, [(1 << 32) - 1, 0, 1]), w.packed(
                4, 2, 0, [row % 3 for row in range(rows)])))),
        real("in_dictionary", 8, [nearest(exact_decimal(row % 2 * 5, 1), 8) for row in range(rows)],
            w.dictionary(rows, w.alp(2, 1, w.plain(8, [0, 5])), w.packed(
                4, 1, 0, [row % 2 for row in range(rows)]))),
        Feature("nullable", F64, "float64", [None if row in odd else shown[row] for row in range(rows)], [
            w.nullable(rows, w.sparse(rows, 0, w.plain(4, list(odd))), w.alp(rows, 2, integers))]),
        Feature("bits_of_a_number", I64, "int64", [signed(price, 64) for price in prices], [
            w.alp(rows, 2, integers)]),
        Feature("list", b"\x11\x0b", "list[float64]", [[price] for price in shown], [w.listed(
            rows, w.constant(4, rows, 1), w.alp(rows, 2, integers))]),
    ])


def exact_decimal(integer, exponent):
    return exact(nearest(integer, 8), 8) / 10**exponent


def alp_rd():
    """Every place of the cut, left parts in a dictionary, and a right part that carries."""
    features = []
    for width in (8, 4):
        bits = 8 * width
        words = [(0x3FB0 + n % 4 << bits - 16 | n >> 3) % (1 << bits) for n in scattered(16, 1 << bits - 20)]
        words[5:8] = [0, (1 << bits) - 1, 1 << bits - 1]
        for shift in range(bits - 16, bits):
            left = [word >> shift for word in words]
            right = [word % (1 << shift) for word in words]
            distinct = sorted(set(left))
            codes = w.packed(4, 4, 0, [distinct.index(part) for part in left])
            page = w.alp_rd(
                16, shift, w.dictionary(16, w.plain(2, distinct), codes),
                w.packed(width, shift, 0, right))
            features.append(real(f"float{bits}_{shift}", width, words, page))
    carried = [0x4000000000000000 + (row << 50) + 5 for row in range(16)]
    features.append(real("carries", 8, carried, w.alp_rd(
        16, 52, w.constant(2, 16, 0x3FF), w.plain(8, [word - (0x3FF << 52) for word in carried]))))
    features.append(real("wraps", 4, [7] * 16, w.alp_rd(
        16, 31, w.constant(2, 16, 65535), w.constant(4, 16, (1 << 31) + 7))))
    return segment(features)


def wide_runs():
    """Runs of decimals."""
    values = [-1, -1, 1 << 100, 1 << 100, 1 << 100, 0]
    wrapped = [value % (1 << 128) for value in (-1, 1 << 100, 0)]
    ends = w.plain(4, [2, 5, 6])
    return segment([
        numbers("runs", MONEY, "decimal128[38, 0]", 16, values, [w.run_length(
            6, w.plain(16, wrapped), ends)]),
        numbers("runs_of_constant", MONEY, "decimal128[38, 0]", 16, [3] * 6, [w.run_length(
            6, w.constant(16, 3, 3), ends)]),
        numbers("runs_of_delta", MONEY, "decimal128[38, 0]", 16, [9, 9, 8, 8, 8, 7], [w.run_length(
            6, w.delta(3, w.constant(16, 1, 9), w.constant(16, 3, (1 << 128) - 1)), ends)]),
    ])


def deep():
    """Trees of eight levels, and pages that use up the values that their nodes may have."""
    rows = 200
    codes = [0, 1, 1, 0, 0, 1, 1, 1] * 25
    tree = w.plain(8, [5, 6])
    for _ in range(6):
        tree = w.dictionary(2, tree, w.plain(4, [1, 0]))
    tree = w.dictionary(rows, tree, w.packed(4, 1, 0, codes))
    flags = w.plain(4, [4])
    for _ in range(6):
        flags = w.dictionary(1, flags, w.plain(4, [0]))
    work = 32 * rows + 1024
    return segment([
        numbers("numbers", I64, "int64", 8, [5 + code for code in codes], [tree]),
        Feature("flags", BOOL, "bool", [row != 4 for row in range(rows)], [w.sparse(rows, 0, flags)]),
        numbers("all_the_work", I8, "int8", 1, [4] * rows, [busy(1, 4, rows, work)]),
        Feature("work_of_a_list", b"\x11\2", "list[int8]", [[4]] * 200, [w.listed(
            rows, w.constant(4, rows, 1), busy(1, 4, rows, work + 32 * rows - 2 * rows))]),
    ])


@lru_cache(maxsize=None)
def busy(width, value, count, work, levels=8):
    """A node of equal values whose tree has `work` values in all; None if there is no such tree."""
    if work == count:
        return w.constant(width, count, value)
    rest = work - count
    if levels == 1 or rest <= count or work > count * ((1 << levels) - 1):
        return None
    if rest <= 2 * count:
        return w.dictionary(count, w.constant(width, rest - count, value), w.constant(4, count, 0))
    for half in range(rest // 2, rest - count + 1):
        values = busy(width, value, count, half, levels - 1)
        codes = busy(4, 0, count, rest - half, levels - 1)
        if values and codes:
            return w.dictionary(count, values, codes)
    return None


FILES = {
    "hand-delta": delta,
    "hand-patched": patched,
    "hand-sparse": sparse,
    "hand-alp": alp,
    "hand-alp-compositions": alp_compositions,
    "hand-alp-rd": alp_rd,
    "hand-wide-runs": wide_runs,
    "hand-deep": deep,
}
