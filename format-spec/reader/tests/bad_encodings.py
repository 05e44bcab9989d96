"""Edits that break the rules of single encodings, and of filters: (name, code, base, edit, patches)."""

import struct

import page_writer as w
from bad_pages import DEEP, INTS, LIMIT, PAGE, RUNS, UNKNOWN, nested, page
from compress import zstd
from golden_numbers import busy
from tiny_segments import filter_page

ints = page(INTS, "x", 5)
longs = page("hand-delta", "one_page", 300)
shorts = page("hand-delta", "constant_bases", 300)
doubles = page("hand-alp-compositions", "packed", 200)
floats = page("hand-alp-compositions", "runs", 200)
wide = page("types-decimals", "tens", 5)
text = page("types-bytes", "text", 7)
vector = page("types-vectors", "same", 4)
bit = page("encodings-bools", "bitmap", 150)
texts = page("types-lists", "texts", 5)
numbers = page("types-lists", "numbers", 5)
work = page("hand-deep", "all_the_work", 200)
list_work = page("hand-deep", "work_of_a_list", 200)

ONE, FIVE, PLAIN5, NONE = w.plain(4, [1]), w.constant(4, 5, 1), w.plain(4, range(5)), w.plain(4, [])
ONES5 = w.bitmap([1] * 5)


def again(node, at, value):
    """A node with another byte."""
    return node[:at] + bytes([value]) + node[at + 1:]


DELTA = [
    ints("delta-parameter", PAGE, "delta with a parameter", again(w.delta(
        5, w.constant(4, 1, 1), FIVE), 1, 1)),
    ints("delta-bases", PAGE, "2 bases for 5 values", w.delta(5, w.constant(4, 2, 1), FIVE)),
    longs("delta-bases-300", PAGE, "2 bases for 300 values", w.delta(
        300, w.constant(8, 2, 1), w.constant(8, 300, 1))),
    ints("delta-count", PAGE, "4 deltas for 5 values", w.delta(
        5, w.constant(4, 1, 1), w.constant(4, 4, 1))),
    ints("delta-cut", PAGE, "bases without deltas", w.delta(5, w.constant(4, 1, 1), b"")),
    ints("delta-of-delta", UNKNOWN, "deltas as delta", w.delta(
        5, w.constant(4, 1, 1), w.delta(5, w.constant(4, 1, 1), FIVE))),
    ints("delta-of-runs", UNKNOWN, "deltas as run-length", w.delta(
        5, w.constant(4, 1, 1), w.run_length(5, w.constant(4, 1, 1), w.constant(4, 1, 5)))),
    ints("delta-base-dictionary", UNKNOWN, "bases as dictionary", w.delta(
        5, w.dictionary(1, w.constant(4, 1, 1), w.constant(4, 1, 0)), FIVE)),
    floats("delta-of-alp", UNKNOWN, "deltas as alp", w.delta(
        200, w.constant(4, 2, 1), w.alp(200, 1, w.constant(4, 200, 1)))),
    ints("delta-of-scaled", UNKNOWN, "deltas as scaled", w.delta(
        5, w.constant(4, 1, 1), w.scaled(4, 0, 2, FIVE))),
    text("bytes-delta", UNKNOWN, "delta for utf8", w.delta(7, w.constant(4, 1, 0), w.constant(4, 7, 0))),
    bit("bool-delta", UNKNOWN, "delta for bool", w.delta(150, w.bitmap([1, 1]), w.bitmap([0] * 150))),
]

FIRST = w.bitmap([1, 0, 0, 0, 0])
PATCHED = [
    ints("patched-parameter", PAGE, "patched with a parameter", again(w.patched(
        5, FIVE, FIRST, w.constant(4, 1, 9)), 1, 1)),
    ints("patched-none", PAGE, "no patches", w.patched(5, FIVE, w.bitmap([0] * 5), NONE)),
    ints("patched-few", PAGE, "1 patch for 2 places", w.patched(
        5, FIVE, w.bitmap([1, 0, 0, 1, 0]), w.constant(4, 1, 9))),
    ints("patched-many", PAGE, "2 patches for 1 place", w.patched(5, FIVE, FIRST, w.constant(4, 2, 9))),
    ints("patched-values-count", PAGE, "4 values", w.patched(
        5, w.constant(4, 4, 1), FIRST, w.constant(4, 1, 9))),
    ints("patched-where-count", PAGE, "4 places", w.patched(
        5, FIVE, w.bitmap([1, 0, 0, 0]), w.constant(4, 1, 9))),
    ints("patched-where-plain", UNKNOWN, "places as numbers", w.patched(
        5, FIVE, w.plain(4, [1, 0, 0, 0, 0]), w.constant(4, 1, 9))),
    ints("patched-where-null", UNKNOWN, "places that are nullable", w.patched(
        5, FIVE, w.nullable(5, FIRST, ONES5), w.constant(4, 1, 9))),
    ints("patched-patched", UNKNOWN, "patched values of a patched node", w.patched(
        5, w.patched(5, FIVE, FIRST, w.constant(4, 1, 9)), FIRST, w.constant(4, 1, 9))),
    numbers("list-patched-of-none", PAGE, "patched, of no elements", w.listed(
        5, w.constant(4, 5, 0), w.patched(0, NONE, w.bitmap([]), NONE))),
    text("bytes-patched", UNKNOWN, "patched for utf8", w.patched(
        7, w.constant_bytes(7, b"a"), w.bitmap([1] + [0] * 6), w.constant_bytes(1, b"b"))),
    bit("bool-patched", UNKNOWN, "patched for bool", w.patched(
        150, w.bitmap([0] * 150), w.bitmap([1] + [0] * 149), w.bitmap([1]))),
]

SPARSE = [
    bit("sparse-parameter", PAGE, "value 2", w.sparse(150, 2, w.plain(4, [1]))),
    bit("sparse-none", PAGE, "no positions", w.sparse(150, 1, NONE)),
    bit("sparse-many", PAGE, "151 positions of 150", w.sparse(150, 1, w.plain(4, range(151)))),
    bit("sparse-order", PAGE, "positions fall", w.sparse(150, 1, w.plain(4, [5, 4]))),
    bit("sparse-twice", PAGE, "a position twice", w.sparse(150, 1, w.plain(4, [4, 4]))),
    bit("sparse-beyond", PAGE, "position 150 of 150", w.sparse(150, 0, w.plain(4, [3, 150]))),
    bit("sparse-cut", PAGE, "no child", w.sparse(150, 1, b"")),
    ints("sparse-of-numbers", UNKNOWN, "sparse for int32", w.sparse(5, 1, w.plain(4, [1]))),
    ints("nullable-sparse-full", PAGE, "nullable, but every position is valid", w.nullable(
        5, w.sparse(5, 1, w.plain(4, range(5))), PLAIN5)),
]

ONES = {width: w.constant(width, 200, 1) for width in (4, 8)}
ALP = [
    doubles("alp-exponent", PAGE, "exponent 23 of float64", w.alp(200, 23, ONES[8])),
    floats("alp-exponent-float32", PAGE, "exponent 11 of float32", w.alp(200, 11, ONES[4])),
    doubles("alp-count", PAGE, "199 integers", w.alp(200, 2, w.constant(8, 199, 1))),
    floats("alp-integer", PAGE, "an integer of 2^32 for float32", w.alp(200, 2, w.node(
        1, 200, struct.pack("<Q", 1 << 32)))),
    shorts("alp-int16", UNKNOWN, "alp for int16", w.alp(300, 1, w.constant(2, 300, 1))),
    wide("alp-wide", UNKNOWN, "alp for decimal128", w.alp(5, 1, w.constant(16, 5, 1))),
    text("alp-bytes", UNKNOWN, "alp for utf8", w.alp(7, 1, w.constant(4, 7, 1))),
    doubles("alp-null", UNKNOWN, "null integers", w.alp(200, 2, w.null(200))),
    doubles("alp-bitmap", UNKNOWN, "integers as bools", w.alp(200, 2, w.bitmap([0] * 200))),
]

LEFT = w.constant(2, 200, 1)
ALP_RD = [
    *[
        doubles(f"alp-rd-cut-{cut}", PAGE, f"a cut at {cut} of float64", w.alp_rd(
            200, cut, LEFT, ONES[8])) for cut in (0, 47, 64)
    ],
    *[
        floats(f"alp-rd-cut-{cut}-float32", PAGE, f"a cut at {cut} of float32", w.alp_rd(
            200, cut, LEFT, ONES[4])) for cut in (15, 32)
    ],
    doubles("alp-rd-left", PAGE, "a left part of 2^16", w.alp_rd(
        200, 52, w.node(1, 200, struct.pack("<Q", 1 << 16)), ONES[8])),
    doubles("alp-rd-left-count", PAGE, "199 left parts", w.alp_rd(
        200, 52, w.constant(2, 199, 1), ONES[8])),
    doubles("alp-rd-right-count", PAGE, "199 right parts", w.alp_rd(
        200, 52, LEFT, w.constant(8, 199, 1))),
    shorts("alp-rd-int16", UNKNOWN, "alp-rd for int16", w.alp_rd(
        300, 8, w.constant(2, 300, 1), w.constant(2, 300, 1))),
    wide("alp-rd-wide", UNKNOWN, "alp-rd for decimal128", w.alp_rd(
        5, 112, w.constant(2, 5, 1), w.constant(16, 5, 1))),
]


def codes(*values):
    """A page of seven texts with three symbols."""
    values = [*values, *[b""] * (7 - len(values))]
    return w.fsst(7, [b"a", b"bc", b"def"], w.plain_bytes(values))


CODES = w.plain_bytes([b"\0"] * 7)


def bomb():
    """A page of 2^28 decoded bytes and a few more, under zstd."""
    count = (1 << 25) // 7 + 1
    node = w.fsst(7, [b"8 bytes."], w.plain_bytes([bytes(count)] * 7))
    # The content length, no nulls, and zstd.
    fields = struct.pack("<IIB", len(node), 0, 2)
    return {
        ("stored", "feature text", 0): lambda data: zstd(node),
        ("entry", "feature text", 0): lambda data: data[:12] + fields + data[21:],
    }


FSST = [
    text("fsst-symbol-0", PAGE, "a symbol of no bytes", w.fsst(7, [b"a", b""], CODES)),
    text("fsst-symbol-9", PAGE, "a symbol of 9 bytes", w.fsst(7, [b"a", b"123456789"], CODES)),
    text("fsst-lengths-cut", PAGE, "no lengths of symbols", w.node(14, 7, b"", 200)),
    text("fsst-symbols-cut", PAGE, "no symbols after their lengths", w.node(14, 7, b"\2", 1)),
    text("fsst-no-codes", PAGE, "symbols, but no codes", w.node(14, 7, b"\1" + bytes(7) + b"a", 1)),
    text("fsst-code", PAGE, "code 3 of 3", codes(b"\0", b"\3")),
    text("fsst-code-254", PAGE, "code 254 of 3", codes(b"\0", b"\xfe")),
    text("fsst-escape", PAGE, "an escape at the end of a value", codes(b"\0", b"\1\xff", b"\0")),
    text("fsst-escape-alone", PAGE, "an escape alone, of 255 symbols", w.fsst(
        7, [b"x"] * 255, w.plain_bytes([b"\xff"] * 7))),
    text("fsst-count", PAGE, "codes of 6 values", w.fsst(7, [b"a"], w.plain_bytes([b"\0"] * 6))),
    text("fsst-dictionary", UNKNOWN, "codes as dictionary", w.fsst(7, [b"a"], w.dictionary(
        7, w.plain_bytes([b"\0"]), w.constant(4, 7, 0)))),
    text("fsst-constant", UNKNOWN, "codes as constant", w.fsst(7, [b"a"], w.constant_bytes(7, b"\0"))),
    ints("fsst-of-numbers", UNKNOWN, "fsst for int32", w.fsst(5, [b"a"], w.plain_bytes([b"\0"] * 5))),
    ("node-fsst-long", LIMIT, "types-bytes", "2^28 bytes and more from 2^25 codes", bomb()),
]


def letters(bits, size, characters=None, lengths=None, total=7, stream=bytes(8)):
    """A page of seven texts of one character each."""
    characters = bytes(range(97, 97 + size)) if characters is None else characters
    body = struct.pack("<Q", size) + w.pad8(characters) + (lengths or w.constant(4, 7, 1))
    return w.node(15, 7, body + struct.pack("<Q", total) + stream, bits)


ALPHABET = [
    text("alphabet-0", PAGE, "0 bits", letters(0, 1)),
    text("alphabet-8", PAGE, "8 bits", letters(8, 200, bytes(200))),
    text("alphabet-few", PAGE, "4 characters in 3 bits", letters(3, 4)),
    text("alphabet-one", PAGE, "1 character in 1 bit", letters(1, 1)),
    text("alphabet-many", PAGE, "5 characters in 2 bits", letters(2, 5)),
    text("alphabet-huge", PAGE, "2^64 - 1 characters", letters(2, (1 << 64) - 1, b"")),
    text("alphabet-order", PAGE, "characters fall", letters(2, 3, b"acb")),
    text("alphabet-twice", PAGE, "a character twice", letters(2, 3, b"abb")),
    text("alphabet-cut", PAGE, "no characters", w.node(15, 7, struct.pack("<Q", 100), 7)),
    text("alphabet-lengths", PAGE, "6 lengths", letters(2, 3, lengths=w.constant(4, 6, 1))),
    text("alphabet-long", LIMIT, "7 times 2^30 characters", letters(
        2, 3, lengths=w.constant(4, 7, 1 << 30), total=7 << 30)),
    text("alphabet-sum", PAGE, "lengths of 7 for 8 characters", letters(2, 3, total=8)),
    text("alphabet-bits-cut", PAGE, "a word too few", letters(2, 3, stream=b"")),
    text("alphabet-code", PAGE, "code 3 of 3", letters(2, 3, stream=struct.pack("<Q", 3 << 12))),
    ints("alphabet-of-numbers", UNKNOWN, "alphabet for int32", w.alphabet(1, b"ab", [b"a"] * 5)),
    texts("list-alphabet", LIMIT, "elements beyond 256 MiB", w.listed(
        5, w.constant(4, 5, 1), w.node(15, 5, struct.pack("<Q", 2) + w.pad8(b"ab") + w.constant(
            4, 5, 1 << 28) + struct.pack("<Q", 5 << 28), 1))),
]

HUGE = struct.pack("<Q", 1 << 32)
SMALL = struct.pack("<Q", 2)
WIDE5 = w.constant(16, 5, 1)
SCALED = [
    ints("scaled-parameter", PAGE, "scaled with a parameter", again(w.scaled(4, 0, 2, FIVE), 1, 1)),
    *[
        ints(f"scaled-factor-{factor}", PAGE, f"a factor of {factor}", w.scaled(4, 7, factor, FIVE))
        for factor in (0, 1)
    ],
    ints("scaled-factor-large", PAGE, "a factor of 2^32 for int32", w.node(
        16, 5, SMALL + HUGE + FIVE)),
    ints("scaled-base-large", PAGE, "a base of 2^32 for int32", w.node(16, 5, HUGE + SMALL + FIVE)),
    ints("scaled-base-cut", PAGE, "no base", w.node(16, 5)),
    ints("scaled-factor-cut", PAGE, "a base without factor", w.node(16, 5, SMALL)),
    ints("scaled-quotients-cut", PAGE, "no quotients", w.node(16, 5, SMALL + SMALL)),
    ints("scaled-quotient-large", PAGE, "a quotient of 2^32 for int32", w.scaled(
        4, 0, 2, w.node(1, 5, HUGE))),
    ints("scaled-count", PAGE, "4 quotients", w.node(16, 5, SMALL + SMALL + w.constant(4, 4, 1))),
    numbers("scaled-of-none", PAGE, "scaled, of no elements", w.listed(
        5, w.constant(4, 5, 0), w.scaled(4, 0, 2, NONE))),
    *[
        wide(f"scaled-wide-factor-{factor}", PAGE, f"a factor of {factor} for decimal128", w.scaled(
            16, 7, factor, WIDE5)) for factor in (0, 1)
    ],
    wide("scaled-wide-cut", PAGE, "8 bytes of a factor for decimal128", w.node(
        16, 5, w.scalar(16, 7) + SMALL)),
    ints("scaled-scaled", UNKNOWN, "quotients as scaled", w.scaled(
        4, 0, 2, w.scaled(4, 0, 2, FIVE))),
    ints("scaled-bitmap", UNKNOWN, "quotients as bools", w.scaled(4, 0, 2, w.bitmap([1] * 5))),
    ints("scaled-null", UNKNOWN, "null quotients", w.scaled(4, 0, 2, w.null(5))),
    ints("scaled-nullable", UNKNOWN, "nullable quotients", w.scaled(4, 0, 2, w.nullable(
        5, FIRST, FIVE))),
    text("scaled-bytes", UNKNOWN, "scaled for utf8", w.scaled(4, 0, 2, w.constant(4, 7, 1))),
    bit("scaled-bool", UNKNOWN, "scaled for bool", w.scaled(1, 0, 2, w.constant(1, 150, 1))),
    vector("scaled-vector", UNKNOWN, "scaled for vectors", w.scaled(8, 0, 2, w.constant(8, 4, 1))),
    numbers("scaled-list", UNKNOWN, "scaled for a list", w.scaled(4, 0, 2, FIVE)),
    ints("scaled-deep", DEEP, "quotients on the ninth level", nested(w.scaled(4, 0, 2, ONE))),
    work("scaled-work", LIMIT, "a quotient more than the nodes of a page may have", w.scaled(
        1, 4, 10, busy(1, 253, 200, 31 * 200 + 1024 + 1, 7))),
]

OTHERS = [
    ints("constant-parameter", PAGE, "constant with a parameter", again(FIVE, 1, 1)),
    ints("dictionary-parameter", PAGE, "dictionary with a parameter", again(
        w.dictionary(5, ONE, w.constant(4, 5, 0)), 1, 1)),
    ints("nullable-parameter", PAGE, "nullable with a parameter", again(
        w.nullable(5, w.bitmap([0] * 5), PLAIN5), 1, 1)),
    text("bytes-runs", UNKNOWN, "run-length for utf8", w.run_length(
        7, w.constant_bytes(1, b"a"), w.constant(4, 1, 7))),
    bit("bool-dictionary", UNKNOWN, "dictionary for bool", w.dictionary(
        150, w.bitmap([1]), w.constant(4, 150, 0))),
    work("work", LIMIT, "a value more than the nodes of a page may have", busy(
        1, 4, 200, 32 * 200 + 1024 + 1)),
    list_work("list-work", LIMIT, "a value more than the nodes of a page of lists may have", w.listed(
        200, w.constant(4, 200, 1), busy(1, 4, 200, 64 * 200 + 1024 - 400 + 1))),
    work("work-parameter", LIMIT, "too many values, the last of them with a parameter that is wrong",
        again(busy(1, 4, 200, 32 * 200 + 1024 + 1), -15, 9)),
    list_work("list-work-lengths", LIMIT, "lengths that use up what the page gives", w.listed(
        200, busy(4, 1, 200, 32 * 200 + 1024 - 200 + 1), w.constant(1, 200, 4))),
    text("deep-fsst", DEEP, "lengths of codes on the ninth level", w.dictionary(7, w.dictionary(
        1, w.dictionary(1, w.dictionary(1, w.dictionary(1, w.dictionary(1, w.fsst(1, [], w.plain_bytes(
            [b""], w.dictionary(1, w.constant(4, 1, 0), w.constant(4, 1, 0)))),
            w.constant(4, 1, 0)), w.constant(4, 1, 0)), w.constant(4, 1, 0)), w.constant(4, 1, 0)),
        w.constant(4, 1, 0)), w.constant(4, 7, 0))),
]

TEXT_KEYS = "hand-filters"
KEYS = [b"\0\0", b"a\0\0", b"a\0\xff\0\0", b"ab\0\0"]
KEYS += [b"user-%03d\0\0" % number for number in range(12)]


def bits(edit):
    """The filter of run page 0 with a bit changed."""
    def change(data):
        data = bytearray(data)
        edit(data)
        return data
    return {("content", "filter", 0): change}


def clear(data):
    at = next(at for at in range(8, len(data)) if data[at])
    data[at] &= data[at] - 1


def add_bit(data):
    at = next(at for at in range(8, len(data)) if data[at] != 255)
    data[at] |= data[at] + 1


FILTERS = [
    ("filter-bit-missing", RUNS, TEXT_KEYS, "a bit of a key is 0", bits(clear)),
    ("filter-bit-more", RUNS, TEXT_KEYS, "a bit of no key is 1", bits(add_bit)),
    ("filter-next-page", RUNS, TEXT_KEYS, "the filter of other keys", {
        ("content", "filter", 1): lambda data: filter_page(KEYS)}),
    ("filter-null", UNKNOWN, TEXT_KEYS, "a filter of nulls", {
        ("content", "filter", 0): lambda data: w.null(64)}),
    ("filter-cut", PAGE, TEXT_KEYS, "a filter of 63 blocks", {
        ("content", "filter", 0): lambda data: data[:-32]}),
]

ENCODINGS = DELTA + PATCHED + SPARSE + ALP + ALP_RD + FSST + ALPHABET + SCALED + OTHERS + FILTERS
