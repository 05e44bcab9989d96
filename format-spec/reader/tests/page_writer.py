"""Nodes of 03-encodings/ written by hand: what the tests say, nothing is chosen."""

import struct

FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q"}


def pad8(data):
    return data + bytes(-len(data) % 8)


def node(encoding, count, body=b"", parameter=0):
    return struct.pack("<BBHI", encoding, parameter, 0, count) + pad8(body)


def scalar(width, value):
    return value.to_bytes(16 if width == 16 else 8, "little")


def words(bits, fields):
    assert all(0 <= field < 1 << bits for field in fields)
    stream = sum(field << index * bits for index, field in enumerate(fields))
    return stream.to_bytes((len(fields) * bits + 63) // 64 * 8, "little")


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
    return node(3, len(offsets), scalar(width, base) + words(bits, offsets), bits)


def delta(count, bases, deltas):
    return node(4, count, bases + deltas)


def steps(width, values, ignored=0):
    """The bases and deltas of numbers; the first delta of every 128, which is ignored, as told."""
    before = [0, *values[:-1]]
    deltas = [
        (value - last if index % 128 else ignored) % (1 << 8 * width)
        for index, (last, value) in enumerate(zip(before, values))
    ]
    return [value % (1 << 8 * width) for value in values[::128]], deltas


def run_length(count, values, ends):
    return node(5, count, values + ends)


def run_length_bool(count, first, ends):
    return node(5, count, ends, parameter=first)


def dictionary(count, values, codes):
    return node(6, count, values + codes)


def nullable(count, validity, values):
    return node(7, count, validity + values)


def bitmap(bits):
    return node(8, len(bits), words(1, bits))


def listed(count, lengths, elements):
    return node(9, count, lengths + elements)


def patched(count, values, where, patches):
    return node(10, count, values + where + patches)


def sparse(count, value, positions):
    return node(11, count, positions, parameter=value)


def alp(count, exponent, integers):
    return node(12, count, integers, parameter=exponent)


def alp_rd(count, shift, left, right):
    return node(13, count, left + right, parameter=shift)


def fsst(count, symbols, codes):
    lengths = bytes(len(symbol) for symbol in symbols)
    return node(14, count, pad8(lengths) + pad8(b"".join(symbols)) + codes, len(symbols))


def alphabet(bits, characters, values, lengths=None):
    lengths = lengths or plain(4, [len(value) for value in values])
    codes = [characters.index(character) for value in values for character in value]
    head = struct.pack("<Q", len(characters)) + pad8(characters)
    return node(15, len(values), head + lengths + struct.pack("<Q", len(codes)) + words(
        bits, codes), bits)


def scaled(width, base, factor, quotients):
    """Over a node of quotients, which says how many values there are."""
    (count,) = struct.unpack_from("<I", quotients, 4)
    return node(16, count, scalar(width, base) + scalar(width, factor) + quotients)
