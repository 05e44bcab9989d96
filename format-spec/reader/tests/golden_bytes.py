"""Golden files of the encodings of byte strings, and of filters over the keys of records."""

import page_writer as w
from tiny_segments import Feature, segment

UTF8, BINARY, I32 = b"\x0c", b"\x0d", b"\4"


def binary(name, values, page):
    return Feature(name, BINARY, "binary", [value.hex() for value in values], [page])


def text(name, values, page):
    return Feature(name, UTF8, "utf8", values, [page])


def escaped(data):
    return b"".join(b"\xff" + bytes([byte]) for byte in data)


def fsst():
    """No symbols, 255 of them, symbols of every length, and what lies under and over them."""
    urls = [f"https://example.org/{part}" for part in ("", "a", "item?id=7", "item?id=8", "é", "a")]
    symbols = [b"https://", b"example.", b"org/", b"item?id=", b"\xc3\xa9", b"a"]
    codes = [b"\0\1\2", b"\0\1\2\5", b"\0\1\2\3" + escaped(b"7"), b"\0\1\2\3" + escaped(b"8"),
        b"\0\1\2\4", b"\0\1\2\5"]
    raw = [b"", b"\xff", b"\0", b"\xff\xff\0", b"abc", b""]
    pairs = [bytes([number, 255 - number]) for number in range(255)]
    full = [b"\0\xff", b"\xfe\1", b"\x80\x7f\0\xff", b"\xff\0", b"", b"\1\xfe\xff"]
    full_codes = [b"\0", b"\xfe", b"\x80\0", b"\xff\xff\xff\0", b"", b"\1\xff\xff"]
    stairs = [b"abcdefgh"[:length] for length in range(1, 9)]
    steps = [b"a", b"abc", b"abcde", b"abcdefg", b"abcdefgh", b"ababcdbabcdef"]
    step_codes = [b"\0", b"\2", b"\4", b"\6", b"\7", b"\1\3" + escaped(b"b") + b"\5"]
    lengths = w.patched(6, w.constant(4, 6, 3), w.bitmap([0, 1, 1, 1, 1, 1]), w.plain(4, [4, 6, 6, 4, 4]))
    nulls = [None if row in (0, 3) else url for row, url in enumerate(urls)]
    some = [b"" if row in (0, 3) else code for row, code in enumerate(codes)]
    return segment([
        text("urls", urls, w.fsst(6, symbols, w.plain_bytes(codes))),
        text("urls_patched_lengths", urls, w.fsst(6, symbols, w.plain_bytes(codes, lengths))),
        binary("no_symbols", raw, w.fsst(6, [], w.plain_bytes([escaped(value) for value in raw]))),
        binary("all_symbols", full, w.fsst(6, pairs, w.plain_bytes(full_codes))),
        binary("symbols_of_1_to_8", steps, w.fsst(6, stairs, w.plain_bytes(step_codes))),
        binary("empty_values", [b""] * 6, w.fsst(6, [b"x"], w.plain_bytes(
            [b""] * 6, w.constant(4, 6, 0)))),
        text("dictionary", [urls[1], urls[4]] * 3, w.dictionary(
            6, w.fsst(2, symbols, w.plain_bytes([codes[1], codes[4]])), w.plain(4, [0, 1] * 3))),
        text("nullable", nulls, w.nullable(
            6, w.sparse(6, 0, w.plain(4, [0, 3])), w.fsst(6, symbols, w.plain_bytes(some)))),
        Feature("list", b"\x11\x0c", "list[utf8]", [urls[:2], [], [], urls[2:3], [], urls[3:]], [
            w.listed(6, w.plain(4, [2, 0, 0, 1, 0, 3]), w.fsst(6, symbols, w.plain_bytes(codes)))]),
    ])


def alphabet():
    """The least and the greatest alphabet of every width, and what lies under and over them."""
    features = []
    for bits in range(1, 8):
        for size in sorted({(1 << bits - 1) + 1, 1 << bits}):
            characters = bytes(range(200 - size, 200)) if bits > 1 else b"\0\xff"
            values = [characters, b"", characters[::-1], characters[:1], characters[-1:] * 3]
            features.append(binary(f"bits{bits}_{size}", values, w.alphabet(bits, characters, values)))
    digits = b"0123456789abcdef"
    hashes = ["00ff", "7a", "deadbeef", "", "0123456789abcdef"]
    data = [value.encode() for value in hashes]
    page = w.alphabet(4, digits, data)
    dates = ["2024-01-31", "1999-12-31", "1970-01-01", "2024-02-29", "0000-00-00"]
    some = [b"" if row == 3 else value for row, value in enumerate(data)]
    return segment(features + [
        text("hex", hashes, page),
        text("dates", dates, w.alphabet(
            4, b"-0123456789", [date.encode() for date in dates], w.constant(4, 5, 10))),
        text("delta_lengths", ["1" * (2 * row) for row in range(5)], w.alphabet(
            1, b"01", [b"1" * (2 * row) for row in range(5)], w.delta(
                5, w.constant(4, 1, 0), w.constant(4, 5, 2)))),
        text("empty_values", [""] * 5, w.alphabet(2, b"abc", [b""] * 5)),
        text("dictionary", [hashes[code] for code in (2, 0, 2, 4, 1)], w.dictionary(
            5, page, w.plain(4, [2, 0, 2, 4, 1]))),
        text("nullable", [value or None for value in hashes], w.nullable(
            5, w.sparse(5, 0, w.constant(4, 1, 3)), w.alphabet(4, digits, some))),
        Feature("list", b"\x12\x0c", "set[utf8]", [["00ff", "7a"], [], ["deadbeef"], [], [
            "", "0123456789abcdef"]], [w.listed(5, w.plain(4, [2, 0, 1, 0, 2]), page)]),
    ])


def filters():
    """Keys that are texts on several run pages, each with its filter."""
    ids = sorted(["", "a", "a\0", "ab", "zürich", *[f"user-{number:03}" for number in range(60)]])
    values = list(range(len(ids)))
    pages = [w.plain(4, values)]
    return segment([Feature("x", I32, "int32", values, pages)], run_shift=4, block_shift=1, ids=ids)


FILES = {"hand-fsst": fsst, "hand-alphabet": alphabet, "hand-filters": filters}
