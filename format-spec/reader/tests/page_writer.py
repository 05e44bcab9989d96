"""Nodes of 03-encodings.md written by hand: what the tests say, nothing is chosen."""

import struct

FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q"}


def pad8(data):
    return data + bytes(-len(data) % 8)


def node(encoding, count, body=b"", parameter=0):
    return struct.pack("<BBHI", encoding, parameter, 0, count) + pad8(body)


def scalar(width, value):
    return value.to_bytes(16 if width == 16 else 8, "little")


def null(count):
    return node(0, count)


def constant(width, count, value):
    return node(1, count, scalar(width, value))


def constant_bytes(count, value):
    return node(1, count, struct.pack("<Q", len(value)) + value)


def constant_fixed(count, value):
    return node(1, count, value)


def plain(width, values):
    """Numbers of `width` bytes."""
    return node(2, len(values), b"".join(value.to_bytes(width, "little") for value in values))


def plain_fixed(values):
    return node(2, len(values), b"".join(values))


def plain_bytes(values, lengths=None):
    lengths = lengths or plain(4, [len(value) for value in values])
    data = b"".join(values)
    return node(2, len(values), lengths + struct.pack("<Q", len(data)) + data)


def packed(width, bits, base, offsets):
    stream = sum(offset << index * bits for index, offset in enumerate(offsets))
    words = (len(offsets) * bits + 63) // 64
    return node(3, len(offsets), scalar(width, base) + stream.to_bytes(8 * words, "little"), bits)


def delta(width, first, deltas, count):
    return node(4, count, scalar(width, first) + deltas)


def run_length(count, values, ends):
    return node(5, count, values + ends)


def run_length_bool(count, first, ends):
    return node(5, count, ends, parameter=first)


def dictionary(count, values, codes):
    return node(6, count, values + codes)


def nullable(count, validity, values):
    return node(7, count, validity + values)


def bitmap(bits):
    words = (len(bits) + 63) // 64
    stream = sum(bit << index for index, bit in enumerate(bits))
    return node(8, len(bits), stream.to_bytes(8 * words, "little"))


def listed(count, lengths, elements):
    return node(9, count, lengths + elements)
