"""Golden files of the encoding scaled: factors of every width, and what lies under and over it.

As in golden_numbers.py, values are written down first, or follow from the sum and the product
modulo 2^bits.
"""

import page_writer as w
from exact_floats import nearest
from golden_bytes import text
from golden_numbers import (
    BOOL, I8, I16, I32, I64, MONEY, TIME, busy, exact_decimal, numbers, real, scattered)
from tiny_segments import Feature, segment

U8, U64, DATE = b"\6", b"\x09", b"\x0e"
MINUTE, DAY = 60_000_000, 86_400_000_000
WIDTHS = ((I8, "int8", 1), (I16, "int16", 2), (I32, "int32", 4), (I64, "int64", 8),
    (MONEY, "decimal128[38, 0]", 16))


def multiples(values, base, factor):
    """The quotients of numbers that are whole multiples of a factor above a base."""
    pairs = [divmod(value - base, factor) for value in values]
    assert not any(rest for _, rest in pairs)
    return [quotient for quotient, _ in pairs]


def factors():
    """Every width, with factors, bases and quotients at its ends: products and sums wrap."""
    features = []
    for type_bytes, name, width in WIDTHS:
        bits = 8 * width
        modulus, half = 1 << bits, 1 << bits - 1
        quotients = [0, 1, 2, half - 1, half, modulus - 1, modulus - 2, modulus // 3]
        chosen = {2, 3, 10, 100, 1 << bits // 2, half - 1, half, half + 1, modulus - 2, modulus - 1}
        for factor in sorted(chosen):
            for base in (0, modulus - 1):
                row = [base + factor * quotient for quotient in quotients]
                page = w.scaled(width, base, factor, w.plain(width, quotients))
                label = f"{name.split('[')[0]}_{factor}_from_{base}"
                features.append(numbers(label, type_bytes, name, width, row, [page]))
    return features


def scaled():
    """Eight rows."""
    start = 1_700_000_040_000_000
    minutes = [0, 1, 2, 5, 5, 9, 12, 15]
    times = [start + MINUTE * minute for minute in minutes]
    before = [-500, -480, -320, 0, 20, 500, 480, -500]
    below = [-120, -60, 0, 60, 120, 180, -180, 240]
    thousands = [-(10**30), 10**30, 0, 5 * 10**27, -(10**27), 10**27, 10**36, -(10**36)]
    days = [-7 * week for week in range(8)]
    bytes_up = [5, 255, 55, 105, 155, 205, 5, 255]
    longs_up = [(1 << 64) - 1 - 1000 * row for row in range(8)]
    floats = [0x3F800000 + (row << 16) for row in range(8)]
    some = [None if row == 2 else time for row, time in enumerate(times)]
    by_minute = w.scaled(8, start, MINUTE, w.packed(8, 4, 0, minutes))
    return segment([
        numbers("minutes", TIME, "timestamp[us]", 8, times, [by_minute]),
        numbers("negative", I16, "int16", 2, before, [w.scaled(
            2, 65536 - 500, 20, w.packed(2, 6, 0, multiples(before, -500, 20)))]),
        numbers("negative_quotients", I64, "int64", 8, below, [w.scaled(8, 0, 60, w.plain(
            8, [quotient % (1 << 64) for quotient in multiples(below, 0, 60)]))]),
        numbers("negative_factor", I32, "int32", 4, [row * -10 for row in range(8)], [w.scaled(
            4, 0, (1 << 32) - 10, w.plain(4, range(8)))]),
        numbers("thousands", MONEY, "decimal128[38, 0]", 16, thousands, [w.scaled(
            16, (1 << 128) - 10**36, 10**27, w.packed(
                16, 31, 0, multiples(thousands, -(10**36), 10**27)))]),
        numbers("wide_quotients", MONEY, "decimal128[38, 0]", 16, [n * 7 - 3 for n in thousands], [
            w.scaled(16, (1 << 128) - 3, 7, w.plain(16, [n % (1 << 128) for n in thousands]))]),
        numbers("weeks", DATE, "date", 4, days, [w.scaled(
            4, (1 << 32) - 49, 7, w.packed(4, 3, 0, multiples(days, -49, 7)))]),
        Feature("unsigned", U8, "uint8", bytes_up, [w.scaled(
            1, 5, 50, w.packed(1, 3, 0, multiples(bytes_up, 5, 50)))]),
        Feature("unsigned_top", U64, "uint64", longs_up, [w.scaled(
            8, longs_up[7], 1000, w.packed(8, 3, 0, multiples(longs_up, longs_up[7], 1000)))]),
        real("float_bits", 4, floats, w.scaled(4, 0x3F800000, 1 << 16, w.plain(4, range(8)))),
        Feature("nullable", TIME, "timestamp[us]", some, [w.nullable(
            8, w.bitmap([time is not None for time in some]), by_minute)]),
        *factors(),
    ])


def below():
    """300 rows: every encoding of numbers as quotients."""
    rows = 300
    small = scattered(rows, 16)
    steps = w.steps(8, small)
    odd = {3: (1 << 64) - 1, 40: 1 << 50, 128: 7, 299: 0}
    dirty = [odd.get(row, number) for row, number in enumerate(small)]
    where = w.sparse(rows, 1, w.plain(4, list(odd)))
    exceptions = w.plain(8, list(odd.values()))
    codes = w.packed(4, 4, 0, small)
    quarters = [nearest(exact_decimal(number, 1), 8) for number in small]
    trees = [
        ("constant", [9] * rows, w.constant(8, rows, 9)),
        ("plain", small, w.plain(8, small)),
        ("packed", [number + 5 for number in small], w.packed(8, 4, 5, small)),
        ("delta", small, w.delta(rows, w.plain(8, steps[0]), w.plain(8, steps[1]))),
        ("delta_constant", [row for row in range(rows)], w.delta(
            rows, w.plain(8, [0, 128, 256]), w.constant(8, rows, 1))),
        ("delta_packed", [3 * row * row for row in range(rows)], w.delta(
            rows, w.packed(8, 18, 0, [3 * row * row for row in range(0, rows, 128)]), w.packed(
                8, 11, 0, w.steps(8, [3 * row * row for row in range(rows)])[1]))),
        ("run_length", [row // 100 for row in range(rows)], w.run_length(
            rows, w.plain(8, [0, 1, 2]), w.plain(4, [100, 200, 300]))),
        ("dictionary", [11 * number for number in small], w.dictionary(
            rows, w.plain(8, range(0, 176, 11)), codes)),
        ("patched", dirty, w.patched(rows, w.packed(8, 4, 0, small), where, exceptions)),
        ("alp", quarters, w.alp(rows, 1, w.packed(8, 4, 0, small))),
        ("alp_rd", [(5 << 48) + number for number in small], w.alp_rd(
            rows, 48, w.constant(2, rows, 5), w.packed(8, 4, 0, small))),
        ("patched_scaled", [odd.get(row, 10 * number) for row, number in enumerate(small)],
            w.patched(rows, w.scaled(8, 0, 10, w.packed(8, 4, 0, small)), where, exceptions)),
        ("dictionary_scaled", [10 * number + 3 for number in small], w.dictionary(
            rows, w.scaled(8, 3, 10, w.plain(8, range(16))), codes)),
    ]
    return [
        numbers(f"over_{name}", I64, "int64", 8, [1000 + MINUTE * n for n in quotients], [
            w.scaled(8, 1000, MINUTE, tree)])
        for name, quotients, tree in trees
    ] + [numbers("over_wide_delta", MONEY, "decimal128[38, 0]", 16, [
        10**20 * row - 10**30 for row in range(rows)], [w.scaled(
            16, (1 << 128) - 10**30, 10**20, w.delta(
                rows, w.plain(16, [0, 128, 256]), w.constant(16, rows, 1)))])]


def above():
    """300 rows: scaled as a child of every encoding that has such children."""
    rows = 300
    days = [DAY * (row % 7) for row in range(rows)]
    codes = w.packed(4, 3, 0, [row % 7 for row in range(rows)])
    by_day = w.scaled(8, 0, DAY, w.packed(8, 3, 0, [row % 7 for row in range(rows)]))
    even = w.scaled(4, 0, 2, w.packed(4, 1, 0, [row % 2 for row in range(rows)]))
    odd = {0: -1, 129: 1, 130: -5, 299: 1 << 62}
    where = w.sparse(rows, 1, w.plain(4, list(odd)))
    tens = w.sparse(rows, 1, w.scaled(4, 5, 10, w.delta(
        30, w.constant(4, 1, 0), w.constant(4, 30, 1))))
    nickels = [5 * (row % 50) for row in range(rows)]
    prices = [nearest(exact_decimal(cent, 2), 8) for cent in nickels]
    parts = [(row % 3) << 62 | row for row in range(rows)]
    # One, three, one, three, ... letters.
    lengths = w.scaled(4, 1, 2, w.packed(4, 1, 0, [row % 2 for row in range(rows)]))
    words = ["abc"[:1 + 2 * (row % 2)] for row in range(rows)]
    data = [word.encode() for word in words]
    counts = [n for word in words for n in range(len(word))]
    return [
        numbers("under_dictionary", I64, "int64", 8, days, [w.dictionary(
            rows, w.scaled(8, 0, DAY, w.plain(8, range(7))), codes)]),
        numbers("dictionary_codes", I64, "int64", 8, [9 - 4 * (row % 2) for row in range(rows)], [
            w.dictionary(rows, w.plain(8, [9, 7, 5]), even)]),
        numbers("under_run_length", I64, "int64", 8, [row // 60 * -DAY for row in range(rows)], [
            w.run_length(
                rows, w.scaled(8, (1 << 64) - 4 * DAY, DAY, w.plain(8, [4, 3, 2, 1, 0])),
                w.scaled(4, 60, 60, w.plain(4, range(5))))]),
        numbers("under_patched", I64, "int64", 8, [
            odd.get(row, day) for row, day in enumerate(days)], [w.patched(
                rows, by_day, where, w.plain(8, [n % (1 << 64) for n in odd.values()]))]),
        numbers("patches", I64, "int64", 8, [
            (row // 10 + 2) * 100 if row % 10 == 5 else 1 for row in range(rows)], [w.patched(
                rows, w.constant(8, rows, 1), tens, w.scaled(8, 200, 100, w.plain(8, range(30))))]),
        Feature("sparse", BOOL, "bool", [row % 10 == 5 for row in range(rows)], [tens]),
        real("under_alp", 8, prices, w.alp(rows, 2, w.scaled(
            8, 0, 5, w.packed(8, 6, 0, [row % 50 for row in range(rows)])))),
        numbers("under_alp_rd", I64, "int64", 8, parts, [w.alp_rd(
            rows, 52, w.scaled(2, 0, 1 << 10, w.packed(2, 2, 0, [row % 3 for row in range(rows)])),
            w.packed(8, 9, 0, range(rows)))]),
        numbers("alp_rd_right", I64, "int64", 8, [(5 << 50) + 3 * row for row in range(rows)], [
            w.alp_rd(rows, 50, w.constant(2, rows, 5), w.scaled(
                8, 0, 3, w.plain(8, range(rows))))]),
        text("text_lengths", words, w.plain_bytes(data, lengths)),
        text("fsst_lengths", words, w.fsst(rows, [], w.plain_bytes(
            [b"".join(b"\xff" + bytes([letter]) for letter in word) for word in data],
            w.scaled(4, 2, 4, w.packed(4, 1, 0, [row % 2 for row in range(rows)]))))),
        text("alphabet_lengths", words, w.alphabet(2, b"abc", data, lengths)),
        Feature("list", b"\x11\5", "list[int64]", [
            [10 * n for n in range(len(word))] for word in words], [w.listed(
                rows, lengths, w.scaled(8, 0, 10, w.plain(8, counts)))]),
    ]


def limits():
    """300 rows: eight levels with scaled on every other, and all the values that nodes may have."""
    rows = 300
    tree, entries = w.plain(8, [0, 1]), [0, 1]
    for factor, count in ((2, 2), (3, 2), (5, rows)):
        tree = w.scaled(8, 1, factor, tree)
        tree = w.dictionary(count, tree, w.plain(4, [1 - row % 2 for row in range(count)]))
        entries = [1 + factor * entry for entry in reversed(entries)]
    work = 32 * rows + 1024
    return [
        numbers("eight_levels", I64, "int64", 8, [
            1 + 7 * entries[row % 2] for row in range(rows)], [w.scaled(8, 1, 7, tree)]),
        numbers("all_the_work", I8, "int8", 1, [4 - 30] * rows, [w.scaled(
            1, 4, 10, busy(1, 253, rows, work - rows, 7))]),
    ]


FILES = {
    "hand-scaled": scaled,
    "hand-scaled-compositions": lambda: segment(below() + above() + limits()),
}
