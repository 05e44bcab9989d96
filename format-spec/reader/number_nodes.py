"""The decoders of 03-encodings/ for numbers, one function an encoding."""

import struct

from node_tree import (
    ALL, ALP, ALP_RD, BOOL, CONSTANT, DELTA, INTS, PACKED, PATCHED, PLAIN, SCALED, U16, bit_fields,
    decode, decoder)

DELTA_BLOCK = 128
FLAT = frozenset((CONSTANT, PLAIN, PACKED, PATCHED))


def scalar(cursor, width, label):
    """A number of a body: a u64 that fits `width` bytes, or 16 bytes."""
    if width == 16:
        return int.from_bytes(cursor.take(16, label), "little")
    value = cursor.u64(label)
    if value >> 8 * width:
        raise cursor.bad("a number does not fit its column")
    return value


@decoder(PACKED, *INTS, "wide", parameters=lambda shape: range(1, min(64, 8 * shape[1]) + 1))
def decode_packed(cursor, shape, count, parameter, depth):
    base = scalar(cursor, shape[1], "base")
    modulus = 1 << 8 * shape[1]
    return [(base + field) % modulus for field in bit_fields(cursor, count, parameter)]


@decoder(DELTA, *INTS, "wide")
def decode_delta(cursor, shape, count, parameter, depth):
    if count == 0:
        raise cursor.bad("a delta node has no values")
    bases = decode(cursor, shape, -(-count // DELTA_BLOCK), depth + 1, FLAT)
    deltas = decode(cursor, shape, count, depth + 1, FLAT)
    modulus = 1 << 8 * shape[1]
    values = []
    for index, delta in enumerate(deltas):
        block, place = divmod(index, DELTA_BLOCK)
        values.append((values[-1] + delta) % modulus if place else bases[block])
    return values


@decoder(PATCHED, *INTS, "wide")
def decode_patched(cursor, shape, count, parameter, depth):
    values = decode(cursor, shape, count, depth + 1, ALL - {PATCHED})
    where = decode(cursor, BOOL, count, depth + 1)
    if not any(where):
        raise cursor.bad("a patched node has no patches")
    patches = iter(decode(cursor, shape, sum(where), depth + 1))
    return [next(patches) if is_patched else value for value, is_patched in zip(values, where)]


@decoder(ALP, "int4", "int8", parameters=lambda shape: range(11 if shape[1] == 4 else 23))
def decode_alp(cursor, shape, count, parameter, depth):
    # binary64 division rounded to binary32 is binary32 division: the exact quotient of two
    # 24-bit integers differs from any midpoint of two binary32 numbers by 2^-49 of itself or more,
    # or is that midpoint, so that the first rounding neither reaches nor leaves one (see alp.md).
    bits = 8 * shape[1]
    real, word = ("<f", "<I") if bits == 32 else ("<d", "<Q")

    def rounded(number):
        return struct.unpack(real, struct.pack(real, number))[0]

    power = float(10 ** parameter)
    values = []
    for integer in decode(cursor, shape, count, depth + 1):
        quotient = rounded(integer - (integer >> bits - 1 << bits)) / power
        values.append(struct.unpack(word, struct.pack(real, quotient))[0])
    return values


@decoder(ALP_RD, "int4", "int8", parameters=lambda shape: range(8 * shape[1] - 16, 8 * shape[1]))
def decode_alp_rd(cursor, shape, count, parameter, depth):
    left = decode(cursor, U16, count, depth + 1)
    right = decode(cursor, shape, count, depth + 1)
    modulus = 1 << 8 * shape[1]
    return [((high << parameter) + low) % modulus for high, low in zip(left, right)]


@decoder(SCALED, *INTS, "wide")
def decode_scaled(cursor, shape, count, parameter, depth):
    if count == 0:
        raise cursor.bad("a scaled node has no values")
    base = scalar(cursor, shape[1], "base")
    factor = scalar(cursor, shape[1], "factor")
    if factor < 2:
        raise cursor.bad(f"a factor of {factor}")
    quotients = decode(cursor, shape, count, depth + 1, ALL - {SCALED})
    modulus = 1 << 8 * shape[1]
    return [(base + factor * quotient) % modulus for quotient in quotients]
