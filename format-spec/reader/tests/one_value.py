"""One value of a page without its neighbours, by "One value" of the pages of 03-encodings/.

`locate` walks the headers of a page and finds where each node's parts are; `Node.value(i)` reads
what value i needs. Content is trusted here: the reader has checked it.
"""

import struct
from bisect import bisect_right

from assembler import Segment  # noqa: F401  (finds the reader's folder)

from node_tree import (
    ALP, ALP_RD, ALPHABET, BITMAP, BOOL, BYTES, CONSTANT, DELTA, DICTIONARY, FSST, LIST, NULL,
    NULLABLE, PACKED, PATCHED, PLAIN, RUN_LENGTH, SCALED, SPARSE, U16, U32)


def pad8(length):
    return (length + 7) // 8 * 8


class Node:
    """A node of some shape, and how many loads from the content its values took."""

    loads = 0

    def __init__(self, content, at, shape, count=None):
        self.content, self.shape = content, shape
        self.encoding, self.parameter, self.count = struct.unpack_from("<BBxxI", content, at)
        assert count in (None, self.count)
        self.at = at + 8
        LOCATE[self.encoding](self)

    def load(self, at, length):
        Node.loads += 1
        return self.content[at:at + length]

    def number(self, at, width=8):
        return int.from_bytes(self.load(at, width), "little")

    def take(self, length):
        """Where the next part of the body is."""
        start = self.at
        self.at += pad8(length)
        return start

    def child(self, shape, count=None):
        node = Node(self.content, self.at, shape, count)
        self.at = node.at
        return node

    def bits(self, start, index, width):
        """One or two words."""
        word, shift = divmod(index * width, 64)
        length = 8 if shift + width <= 64 else 16
        return self.number(start + 8 * word, length) >> shift & (1 << width) - 1

    def value(self, i):
        return VALUE[self.encoding](self, i)

    def wrapped(self, number):
        return number % (1 << 8 * self.shape[1])

    def sums(self, lengths):
        """The starts of values: read once for a page."""
        self.starts = [0]
        for i in range(self.count):
            self.starts.append(self.starts[-1] + lengths.value(i))


def locate_constant(node):
    kind = node.shape[0]
    length = 8 if kind in ("bool", "int") else node.shape[1] if kind != "bytes" else node.number(node.take(8))
    node.data = (node.take(length), length)


def constant(node, i):
    data = node.load(*node.data)
    return data if node.shape[0] in ("bytes", "fixed") else int.from_bytes(data, "little")


def locate_plain(node):
    if node.shape[0] != "bytes":
        node.data = node.take(node.count * node.shape[1])
        return
    node.sums(node.child(U32, node.count))
    node.data = node.take(node.number(node.take(8)))


def plain(node, i):
    if node.shape[0] == "bytes":
        return node.load(node.data + node.starts[i], node.starts[i + 1] - node.starts[i])
    data = node.load(node.data + i * node.shape[1], node.shape[1])
    return data if node.shape[0] == "fixed" else int.from_bytes(data, "little")


def scalar(node):
    length = 16 if node.shape[0] == "wide" else 8
    return node.number(node.take(length), length)


def locate_packed(node):
    node.base = scalar(node)
    node.data = node.take((node.count * node.parameter + 63) // 64 * 8)


def packed(node, i):
    return node.wrapped(node.base + node.bits(node.data, i, node.parameter))


def locate_delta(node):
    node.bases = node.child(node.shape, -(-node.count // 128))
    node.deltas = node.child(node.shape, node.count)


def delta(node, i):
    block = i // 128
    steps = (node.deltas.value(j) for j in range(128 * block + 1, i + 1))
    return node.wrapped(node.bases.value(block) + sum(steps))


def locate_runs(node):
    node.values = None if node.shape == BOOL else node.child(node.shape)
    node.ends = node.child(U32)


def runs(node, i):
    run = bisect_right(range(node.ends.count), i, key=node.ends.value)
    return (node.parameter + run) % 2 if node.values is None else node.values.value(run)


def locate_dictionary(node):
    node.entries = node.child(node.shape)
    node.codes = node.child(U32, node.count)


def locate_nullable(node):
    node.validity = node.child(BOOL, node.count)
    node.values = node.child(node.shape, node.count)


def locate_bitmap(node):
    node.data = node.take((node.count + 63) // 64 * 8)


def locate_list(node):
    node.sums(node.child(U32, node.count))
    node.elements = node.child(node.shape[1], node.starts[-1])


def locate_patched(node):
    node.values = node.child(node.shape, node.count)
    node.where = node.child(BOOL, node.count)
    node.patches = node.child(node.shape)


def patched(node, i):
    if not node.where.value(i):
        return node.values.value(i)
    if node.where.encoding == SPARSE and node.where.parameter == 1:
        positions = node.where.positions
        return node.patches.value(bisect_right(range(positions.count), i, key=positions.value) - 1)
    return node.patches.value(sum(node.where.value(j) for j in range(i)))


def locate_sparse(node):
    node.positions = node.child(U32)


def sparse(node, i):
    rank = bisect_right(range(node.positions.count), i, key=node.positions.value)
    is_listed = rank > 0 and node.positions.value(rank - 1) == i
    return node.parameter if is_listed else 1 - node.parameter


def locate_alp(node):
    node.integers = node.child(node.shape, node.count)


def alp(node, i):
    width = node.shape[1]
    real, integer, word = {4: ("<f", "<i", "<I"), 8: ("<d", "<q", "<Q")}[width]
    (signed,) = struct.unpack(integer, struct.pack(word, node.integers.value(i)))
    (converted,) = struct.unpack(real, struct.pack(real, signed))
    return struct.unpack(word, struct.pack(real, converted / float(10 ** node.parameter)))[0]


def locate_alp_rd(node):
    node.left = node.child(U16, node.count)
    node.right = node.child(node.shape, node.count)


def alp_rd(node, i):
    return node.wrapped((node.left.value(i) << node.parameter) + node.right.value(i))


def locate_fsst(node):
    lengths = node.load(node.take(node.parameter), node.parameter)
    symbols, at = [], node.take(sum(lengths))
    for length in lengths:
        symbols.append(node.load(at, length))
        at += length
    node.symbols = symbols
    node.codes = node.child(BYTES, node.count)


def fsst(node, i):
    codes, out, k = node.codes.value(i), b"", 0
    while k < len(codes):
        is_symbol = codes[k] < len(node.symbols)
        out += node.symbols[codes[k]] if is_symbol else codes[k + 1:k + 2]
        k += 1 if is_symbol else 2
    return out


def locate_alphabet(node):
    size = node.number(node.take(8))
    node.characters = node.load(node.take(size), size)
    node.sums(node.child(U32, node.count))
    node.data = node.take((node.number(node.take(8)) * node.parameter + 63) // 64 * 8)


def alphabet(node, i):
    places = range(node.starts[i], node.starts[i + 1])
    return bytes(node.characters[node.bits(node.data, j, node.parameter)] for j in places)


def locate_scaled(node):
    node.base, node.factor = scalar(node), scalar(node)
    node.quotients = node.child(node.shape, node.count)


def scaled(node, i):
    return node.wrapped(node.base + node.factor * node.quotients.value(i))


LOCATE = {
    NULL: lambda node: None, CONSTANT: locate_constant, PLAIN: locate_plain, PACKED: locate_packed,
    DELTA: locate_delta, RUN_LENGTH: locate_runs, DICTIONARY: locate_dictionary,
    NULLABLE: locate_nullable, BITMAP: locate_bitmap, LIST: locate_list, PATCHED: locate_patched,
    SPARSE: locate_sparse, ALP: locate_alp, ALP_RD: locate_alp_rd, FSST: locate_fsst,
    ALPHABET: locate_alphabet, SCALED: locate_scaled,
}
VALUE = {
    NULL: lambda node, i: None, CONSTANT: constant, PLAIN: plain, PACKED: packed, DELTA: delta,
    RUN_LENGTH: runs, PATCHED: patched, SPARSE: sparse, ALP: alp, ALP_RD: alp_rd, FSST: fsst,
    ALPHABET: alphabet, SCALED: scaled, BITMAP: lambda node, i: node.bits(node.data, i, 1),
    DICTIONARY: lambda node, i: node.entries.value(node.codes.value(i)),
    NULLABLE: lambda node, i: node.values.value(i) if node.validity.value(i) else None,
    LIST: lambda node, i: [
        node.elements.value(j) for j in range(node.starts[i], node.starts[i + 1])],
}
