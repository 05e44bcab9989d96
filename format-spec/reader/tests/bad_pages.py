"""Edits that break the rules of page directories, pages, nodes and runs (steps 14 to 22)."""

import struct

import page_writer as w
from bad_container import CHECKSUM, add, put

ENTRY, PAGE = "segment_bad_page_directory", "segment_bad_page"
UNKNOWN, LIMIT = "segment_unknown_encoding", "segment_limit_exceeded"
DEEP, RUNS = "segment_nesting_too_deep", "segment_bad_runs"
INTS, X, TIME = "keys-int64", "feature x", "event time"


def entry(at, form, *values, column=X):
    return {("entry", column, 0): put(at, form, *values)}


DIRECTORIES = [
    ("root-checksum", CHECKSUM, INTS, "checksum + 1", {("directory", X): add(56, 1)}),
    ("block-outside", ENTRY, INTS, "block offset 2^40", {("root", X): put(0, "Q", 1 << 40)}),
    ("block-overflow", ENTRY, INTS, "block offset 2^64 - 64", {
        ("root", X): put(0, "Q", (1 << 64) - 64)}),
    ("block-unaligned", ENTRY, INTS, "block offset + 8", {("root", X): add(0, 8)}),
    ("block-length", ENTRY, INTS, "block length - 1", {("root", X): add(8, -1)}),
    ("block-checksum", CHECKSUM, INTS, "block checksum + 1", {("root", X): add(16, 1)}),
    ("page-outside", ENTRY, INTS, "page offset 2^40", entry(0, "Q", 1 << 40)),
    ("page-overflow", ENTRY, INTS, "page offset 2^64 - 64", entry(0, "Q", (1 << 64) - 64)),
    ("page-in-header", ENTRY, INTS, "page offset 0", entry(0, "Q", 0)),
    ("page-unaligned", ENTRY, INTS, "page offset + 1", {("entry", X, 0): add(0, 1)}),
    ("page-empty", ENTRY, INTS, "stored length 0", entry(8, "II", 0, 0)),
    ("page-nulls", ENTRY, INTS, "nulls = rows + 1", entry(16, "I", 6)),
    ("page-time-null", ENTRY, INTS, "an event time is null", entry(16, "I", 1, column=TIME)),
    ("page-content-limit", ENTRY, "hand-codecs", "content of 1 MiB for 100 numbers",
        entry(12, "I", 1 << 20, column="feature zstd_numbers")),
    ("page-content-length", ENTRY, INTS, "content length of a page without codec", entry(12, "I", 8)),
    ("page-reserved", ENTRY, INTS, "a reserved byte", entry(22, "B", 1)),
    ("page-codec", "segment_unknown_codec", INTS, "codec 3", entry(20, "B", 3)),
    ("page-checksum", CHECKSUM, INTS, "page checksum + 1", {("entry", X, 0): add(24, 1)}),
]

BROKEN = "segment_decompression_failed"
ZSTD, LZ4, TEXTS = "feature zstd_text", "feature lz4_text", "hand-codecs"


def more(amount):
    """Adds to the content length of a page entry."""
    def edit(data):
        return put(12, "I", struct.unpack_from("<I", data, 12)[0] + amount)(data)
    return edit


def half(data):
    return data[:len(data) // 2]


CODECS = [
    ("zstd-cut", BROKEN, TEXTS, "half of the frame", {("stored", ZSTD, 0): half}),
    ("zstd-flipped", BROKEN, TEXTS, "no frame magic", {
        ("stored", ZSTD, 0): lambda data: b"\0\0\0\0" + data[4:]}),
    ("zstd-length", BROKEN, TEXTS, "content length - 1", {("entry", ZSTD, 0): more(-1)}),
    ("lz4-cut", BROKEN, TEXTS, "half of the block", {("stored", LZ4, 0): half}),
    ("lz4-length", BROKEN, TEXTS, "content length + 1", {("entry", LZ4, 0): more(1)}),
]


def ints(name, code, edit, node):
    """Another page of five int32."""
    return f"node-{name}", code, INTS, edit, {("content", X, 0): lambda data: node}


PLAIN5 = w.plain(4, range(5))
ONE, ZERO = w.plain(4, [1]), w.plain(4, [0])


def nested(tree):
    """A tree on the eighth level of five numbers."""
    for _ in range(6):
        tree = w.dictionary(1, tree, ZERO)
    return w.dictionary(5, tree, w.constant(4, 5, 0))


NODES = [
    ints("short", PAGE, "4 bytes", PLAIN5[:4]),
    ints("left-over", PAGE, "8 bytes after the node", PLAIN5 + bytes(8)),
    ints("beyond", PAGE, "plain values cut", PLAIN5[:-8]),
    ints("reserved", PAGE, "a reserved byte", PLAIN5[:2] + b"\1" + PLAIN5[3:]),
    ints("count", PAGE, "4 values of 5", w.plain(4, range(4))),
    ints("parameter", PAGE, "plain with a parameter", w.node(2, 5, PLAIN5[8:], 1)),
    ints("unknown", UNKNOWN, "encoding 17", w.node(17, 5, PLAIN5[8:])),
    ints("unknown-255", UNKNOWN, "encoding 255", w.node(255, 5, PLAIN5[8:])),
    ints("bitmap-of-numbers", UNKNOWN, "bitmap for int32", w.bitmap([0] * 5)),
    ints("list-of-numbers", UNKNOWN, "list for int32", w.listed(5, PLAIN5, PLAIN5)),
    ints("constant-too-large", PAGE, "2^32 for int32", w.node(1, 5, struct.pack("<Q", 1 << 32))),
    ints("constant-cut", PAGE, "constant without value", w.node(1, 5)),
    ints("packed-0", PAGE, "0 bits", w.node(3, 5, bytes(8))),
    ints("packed-33", PAGE, "33 bits for int32", w.packed(4, 33, 0, [0] * 5)),
    ints("packed-base", PAGE, "base 2^32 for int32", w.node(
        3, 5, struct.pack("<QQ", 1 << 32, 0), 1)),
    ints("packed-cut", PAGE, "a word too few", w.packed(4, 20, 0, [0] * 5)[:-8]),
    ints("runs-none", PAGE, "no runs", w.run_length(5, w.plain(4, []), w.plain(4, []))),
    ints("runs-many", PAGE, "6 runs of 5 values", w.run_length(
        5, w.plain(4, range(6)), w.plain(4, range(6)))),
    ints("runs-ends-count", PAGE, "2 values, 3 ends", w.run_length(
        5, w.plain(4, [1, 2]), w.plain(4, [1, 2, 5]))),
    ints("runs-order", PAGE, "ends do not increase", w.run_length(
        5, w.plain(4, [1, 2, 3]), w.plain(4, [2, 2, 5]))),
    ints("runs-first", PAGE, "the first end is 0", w.run_length(
        5, w.plain(4, [1, 2]), w.plain(4, [0, 5]))),
    ints("runs-short", PAGE, "the last end is 4 of 5", w.run_length(
        5, w.plain(4, [1, 2]), w.plain(4, [2, 4]))),
    ints("runs-long", PAGE, "the last end is 6 of 5", w.run_length(
        5, w.plain(4, [1, 2]), w.plain(4, [2, 6]))),
    ints("runs-parameter", PAGE, "runs of numbers with a parameter", w.node(
        5, 5, w.plain(4, [1, 2]) + w.plain(4, [2, 5]), 1)),
    ints("dictionary-empty", PAGE, "no values", w.dictionary(5, w.plain(4, []), PLAIN5)),
    ints("dictionary-large", PAGE, "6 values for 5", w.dictionary(
        5, w.plain(4, range(6)), w.constant(4, 5, 0))),
    ints("dictionary-code", PAGE, "code 2 of 2", w.dictionary(
        5, w.plain(4, [1, 2]), w.plain(4, [0, 1, 2, 0, 1]))),
    ints("deep", DEEP, "a ninth level", nested(w.dictionary(1, ONE, ZERO))),
    ints("deep-delta", DEEP, "bases on the ninth level", nested(w.delta(1, ONE, ZERO))),
    ints("deep-count", DEEP, "a ninth level of a count that is wrong too", nested(
        w.dictionary(1, w.plain(4, [1, 2]), ZERO))),
    ints("nullable-without", PAGE, "nullable, but no null", w.nullable(
        5, w.constant(8, 5, 1), PLAIN5)),
    ints("nullable-nullable", UNKNOWN, "nullable in nullable", w.nullable(
        5, w.bitmap([0] * 5), w.nullable(5, w.bitmap([0] * 5), PLAIN5))),
    ints("nullable-null", UNKNOWN, "null in nullable", w.nullable(5, w.bitmap([0] * 5), w.null(5))),
    ints("nullable-count", PAGE, "validity of 4 values", w.nullable(5, w.bitmap([0] * 4), PLAIN5)),
    ints("null-count", PAGE, "nulls not those of the entry", w.null(5)),
    ints("null-parameter", PAGE, "null with a parameter", w.node(0, 5, b"", 1)),
    ("node-time-null", UNKNOWN, INTS, "a null event time", {
        ("content", TIME, 0): lambda data: w.null(5)}),
]


def page(base, column, rows):
    """Makes edits that put another page of `rows` values in a column, with its nulls in the entry."""
    def edit(name, code, text, node, nulls=0):
        assert struct.unpack_from("<I", node, 4) == (rows,)
        patches = {
            ("content", f"feature {column}", 0): lambda data: node,
            ("entry", f"feature {column}", 0): put(16, "I", nulls),
        }
        return f"node-{name}", code, base, text, patches
    return edit


text = page("types-bytes", "text", 7)
bit = page("encodings-bools", "bitmap", 150)
wide = page("types-decimals", "tens", 5)
vector = page("types-vectors", "same", 4)
texts = page("types-lists", "texts", 5)
numbers = page("types-lists", "numbers", 5)
bytes5 = w.plain_bytes([b"a"] * 5)

OTHER_NODES = [
    text("bytes-sum", PAGE, "lengths of 7 for 8 bytes", w.node(
        2, 7, w.constant(4, 7, 1) + struct.pack("<Q", 8) + bytes(8))),
    text("bytes-long", LIMIT, "lengths beyond 256 MiB", w.node(
        2, 7, w.constant(4, 7, 1 << 30) + struct.pack("<Q", 7 << 30))),
    text("bytes-cut", PAGE, "data cut", w.node(2, 7, w.constant(4, 7, 9) + struct.pack("<Q", 63))),
    text("bytes-constant-cut", PAGE, "a constant cut", w.node(1, 7, struct.pack("<Q", 9))),
    text("bytes-constant-huge", PAGE, "a constant of 2^64 - 1 bytes", w.node(
        1, 7, struct.pack("<Q", (1 << 64) - 1))),
    text("bytes-packed", UNKNOWN, "packed for utf8", w.packed(4, 1, 0, [0] * 7)[:1] + b"\0" +
        w.packed(4, 1, 0, [0] * 7)[2:]),
    text("bytes-null-length", PAGE, "a null with bytes", w.nullable(
        7, w.bitmap([1, 1, 1, 1, 1, 0, 1]), w.plain_bytes([b"a"] * 7)), nulls=1),
    text("bytes-dictionary-code", PAGE, "code 1 of 1", w.dictionary(
        7, w.plain_bytes([b"a"]), w.constant(4, 7, 1))),
    bit("bool-constant", PAGE, "constant 2", w.node(1, 150, struct.pack("<Q", 2))),
    bit("bool-plain", UNKNOWN, "plain for bool", w.plain(1, [0] * 150)),
    bit("bool-bitmap-cut", PAGE, "a word too few", w.bitmap([0] * 150)[:-8]),
    bit("bool-run-parameter", PAGE, "a first run of 2", w.node(5, 150, w.constant(4, 1, 150), 2)),
    bit("bool-bitmap-parameter", PAGE, "bitmap with a parameter", w.node(8, 150, bytes(24), 1)),
    wide("wide-packed-65", PAGE, "65 bits", w.packed(16, 65, 0, [0] * 5)),
    wide("wide-runs-values", PAGE, "2 decimals, 1 end", w.run_length(
        5, w.constant(16, 2, 1), w.constant(4, 1, 5))),
    vector("vector-cut", PAGE, "a vector too few", w.node(2, 4, bytes(24))),
    vector("vector-dictionary", UNKNOWN, "dictionary for vectors", w.dictionary(
        4, w.constant_fixed(1, bytes(8)), w.constant(4, 4, 0))),
    numbers("list-plain", UNKNOWN, "plain for a list", w.plain(4, range(5))),
    numbers("list-constant", UNKNOWN, "constant for a list", w.constant(4, 5, 0)),
    numbers("list-parameter", PAGE, "list with a parameter", w.node(
        9, 5, w.constant(4, 5, 1) + w.plain(4, range(5)), 1)),
    numbers("list-elements", PAGE, "4 elements for 5", w.listed(
        5, w.constant(4, 5, 1), w.plain(4, range(4)))),
    numbers("list-long", LIMIT, "2^32 elements", w.listed(
        5, w.constant(4, 5, 1 << 30), w.constant(4, (1 << 32) - 1, 7))),
    numbers("list-constant-of-none", PAGE, "a constant of no elements", w.listed(
        5, w.constant(4, 5, 0), w.constant(4, 0, 7))),
    numbers("list-delta-of-none", PAGE, "delta of no elements", w.listed(
        5, w.constant(4, 5, 0), w.delta(0, w.plain(4, []), w.plain(4, [])))),
    numbers("list-of-lists", UNKNOWN, "list for elements", w.listed(
        5, w.constant(4, 5, 1), w.listed(5, w.constant(4, 5, 0), w.plain(4, [])))),
    numbers("list-null-length", PAGE, "a null with elements", w.nullable(
        5, w.bitmap([1, 1, 0, 1, 1]), w.listed(5, w.constant(4, 5, 1), w.plain(4, range(5)))), nulls=1),
    texts("bytes-constant-long", LIMIT, "60 million times 100 bytes", w.listed(
        5, w.constant(4, 5, 12_000_000), w.constant_bytes(60_000_000, bytes(100)))),
    texts("bytes-dictionary-long", LIMIT, "20,000 times 15,000 bytes", w.listed(
        5, w.constant(4, 5, 4000), w.dictionary(
            20_000, w.constant_bytes(1, bytes(15_000)), w.constant(4, 20_000, 0)))),
]

SMALL = "hand-small-pages"


def runs(name, edit, column, page, words, patches=None, base=SMALL):
    content = {("content", column, page): lambda data: w.plain(8, words)}
    return f"runs-{name}", RUNS, base, edit, {**content, **(patches or {})}


def zone(column, page, least, greatest):
    return {("entry", column, page): put(32, "qq", least, greatest)}


KEY = 1 << 63
RUN_PAGES = [
    runs("end-order", "ends 3, 3", "run end", 1, [4, 4]),
    runs("end-first", "a page begins below the one before", "run end", 1, [2, 4]),
    runs("end-zone", "the last end is not the zone's", "run end", 1, [3, 5]),
    runs("end-rows", "the last end is not the rows", "run end", 5, [10], zone("run end", 5, 10, 10)),
    runs("end-beyond", "a zone beyond the rows", "run end", 5, [12], zone("run end", 5, 12, 12)),
    runs("end-negative", "an end of 2^64 - 1", "run end", 5, [(1 << 64) - 1]),
    runs("key-order", "keys 3, 2", "run key", 1, [KEY + 3, KEY + 2]),
    runs("key-twice", "keys 2, 2", "run key", 1, [KEY + 2, KEY + 2]),
    ("runs-fence-order", RUNS, SMALL, "fences fall", {
        ("content", "fence", 1): lambda data: w.plain(8, [KEY + 9, KEY + 8])}),
]


def key(name, edit, keys, base="keys-text"):
    node = w.plain_bytes(keys)
    return f"key-{name}", "corrupt", base, edit, {
        ("content", "run key", 0): lambda data: node,
        ("content", "fence", 0): lambda data: w.plain_bytes(keys[:1])}


LETTERS = [bytes([97 + index]) + b"\0\0" for index in range(8)]
KEYS = [
    key("not-ended", "a text without end", LETTERS[:7] + [b"z"]),
    key("half-ended", "a text that ends with one 00", LETTERS[:7] + [b"z\0"]),
    key("escape", "00 followed by 01", LETTERS[:7] + [b"z\0\1"]),
    key("left-over", "a byte after the text", LETTERS[:7] + [b"z\0\0z"]),
    key("empty", "a key of no bytes", [b""] + LETTERS[:7]),
    key("bool", "a bool of 2", [b"\0", b"\2"], base="keys-bool"),
    key("word-cut", "7 bytes of a number", [b"a\0\0" + bytes(7) + bytes([index]) for index in range(6)],
        base="keys-composite"),
]

PAGES = DIRECTORIES + CODECS + NODES + OTHER_NODES + RUN_PAGES + KEYS
