"""The decoders of 03-encodings.md, one function an encoding.

A node decodes to a list with an item a value: int (modulo 2^bits), bool, bytes, a list of
items, or None where a value is null.
"""

import struct

from page_cursor import PAGE_BYTES_LIMIT, Cursor

NULL, CONSTANT, PLAIN, PACKED, DELTA, RUN_LENGTH, DICTIONARY, NULLABLE, BITMAP, LIST = range(10)
FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q"}
U32 = ("int", 4)


def decode_page(content, shape, count, is_nullable, section="page", offset=0):
    """The values of a page, and the cursor that walked it."""
    cursor = Cursor(content, section, offset)
    values = decode_nullable(cursor, shape, count) if is_nullable else decode(cursor, shape, count, 1)
    if cursor.at != len(content):
        raise cursor.bad("the page has bytes left over")
    return values, cursor


def decode(cursor, shape, count, depth):
    """A node of `count` values, none of them null."""
    encoding, parameter = cursor.header(count, depth)
    if parameter > greatest_parameter(encoding, shape):
        raise cursor.bad("a node has a parameter that its encoding has not")
    function = DECODERS.get((encoding, shape[0]))
    if function is None:
        raise cursor.error("segment_unknown_encoding", f"encoding {encoding} of shape {shape[0]}")
    cursor.level += 1
    values = function(cursor, shape, count, parameter, depth)
    cursor.level -= 1
    return values


def decode_nullable(cursor, shape, count):
    """The root of a page, or the elements of a list: *null*, *nullable*, or any other node."""
    encoding, _ = cursor.peek()
    if encoding not in (NULL, NULLABLE):
        return decode(cursor, shape, count, 1)
    if cursor.header(count, 1)[1]:
        raise cursor.bad("a node has a parameter that its encoding has not")
    if encoding == NULL:
        return [None] * count
    cursor.level += 1
    validity = decode(cursor, ("bool",), count, 1)
    values = decode(cursor, shape, count, 1)
    cursor.level -= 1
    if all(validity):
        raise cursor.bad("a nullable node has no null")
    for is_valid, value in zip(validity, values):
        if not is_valid and shape[0] in ("bytes", "list") and len(value):
            raise cursor.bad("a null has a length")
    return [value if is_valid else None for is_valid, value in zip(validity, values)]


def greatest_parameter(encoding, shape):
    """Only *packed* has a parameter, and *run-length* of bools."""
    if encoding == PACKED and shape[0] in ("int", "wide"):
        return 255
    return 1 if encoding == RUN_LENGTH and shape[0] == "bool" else 0


def scalar(cursor, width, label):
    """A number of a body: a u64 that fits `width` bytes, or 16 bytes."""
    if width == 16:
        return int.from_bytes(cursor.take(16, label), "little")
    value = cursor.u64(label)
    if value >> 8 * width:
        raise cursor.bad("a number does not fit its column")
    return value


def decode_constant(cursor, shape, count, parameter, depth):
    if count == 0:
        raise cursor.bad("a constant node has no values")
    if shape[0] == "bytes":
        value = cursor.take(cursor.u64("length"), "value")
        if len(value) * count > PAGE_BYTES_LIMIT:
            raise cursor.error("segment_limit_exceeded", "a page holds too many bytes")
        return [value] * count
    if shape[0] == "fixed":
        return [cursor.take(shape[1], "value")] * count
    if shape[0] == "bool":
        bit = cursor.u64("value")
        if bit > 1:
            raise cursor.bad("a bool is neither 0 nor 1")
        return [bit == 1] * count
    return [scalar(cursor, shape[1], "value")] * count


def decode_plain(cursor, shape, count, parameter, depth):
    width = shape[1]
    data = cursor.take(count * width, f"{count} values of {width} bytes")
    if shape[0] == "int":
        return list(struct.unpack(f"<{count}{FORMATS[width]}", data))
    parts = [data[at:at + width] for at in range(0, len(data), width)]
    return parts if shape[0] == "fixed" else [int.from_bytes(part, "little") for part in parts]


def decode_plain_bytes(cursor, shape, count, parameter, depth):
    lengths = decode(cursor, U32, count, depth + 1)
    if sum(lengths) > PAGE_BYTES_LIMIT:
        raise cursor.error("segment_limit_exceeded", "a page holds too many bytes")
    total = cursor.u64("bytes")
    if total != sum(lengths):
        raise cursor.bad("the lengths do not add up to the bytes")
    data = cursor.take(total, "the values")
    values = []
    at = 0
    for length in lengths:
        values.append(data[at:at + length])
        at += length
    return values


def decode_packed(cursor, shape, count, parameter, depth):
    width, bits = shape[1], parameter
    if not 1 <= bits <= min(64, 8 * width):
        raise cursor.bad(f"a packed node has {bits} bits a value")
    base = scalar(cursor, width, "base")
    words = (count * bits + 63) // 64
    stream = int.from_bytes(cursor.take(8 * words, f"{count} x {bits} bits"), "little")
    mask, modulus = (1 << bits) - 1, 1 << 8 * width
    return [(base + (stream >> index * bits & mask)) % modulus for index in range(count)]


def decode_delta(cursor, shape, count, parameter, depth):
    if count == 0:
        raise cursor.bad("a delta node has no values")
    values = [scalar(cursor, shape[1], "first value")]
    if cursor.peek()[0] not in (CONSTANT, PLAIN, PACKED):
        raise cursor.error("segment_unknown_encoding", "deltas are constant, plain or packed")
    modulus = 1 << 8 * shape[1]
    for delta in decode(cursor, shape, count - 1, depth + 1):
        values.append((values[-1] + delta) % modulus)
    return values


def decode_run_length(cursor, shape, count, parameter, depth):
    runs = cursor.peek()[1]
    if not 1 <= runs <= count:
        raise cursor.bad(f"{runs} runs of {count} values")
    values = decode(cursor, shape, runs, depth + 1) if shape[0] == "int" else None
    ends = decode(cursor, U32, runs, depth + 1)
    result = []
    for run, end in enumerate(ends):
        if not len(result) < end <= count:
            raise cursor.bad("run ends do not increase, or exceed the count")
        value = values[run] if values else (parameter + run) % 2 == 1
        result += [value] * (end - len(result))
    if len(result) != count:
        raise cursor.bad("the last run does not end with the node")
    return result


def decode_dictionary(cursor, shape, count, parameter, depth):
    distinct = cursor.peek()[1]
    if not 1 <= distinct <= count:
        raise cursor.bad(f"a dictionary of {distinct} values for {count}")
    values = decode(cursor, shape, distinct, depth + 1)
    codes = decode(cursor, U32, count, depth + 1)
    if max(codes) >= distinct:
        raise cursor.bad("a code is beyond its dictionary")
    if shape[0] == "bytes" and sum(len(values[code]) for code in codes) > PAGE_BYTES_LIMIT:
        raise cursor.error("segment_limit_exceeded", "a page holds too many bytes")
    return [values[code] for code in codes]


def decode_bitmap(cursor, shape, count, parameter, depth):
    words = (count + 63) // 64
    stream = int.from_bytes(cursor.take(8 * words, f"{count} bits"), "little")
    return [stream >> index & 1 == 1 for index in range(count)]


def decode_list(cursor, shape, count, parameter, depth):
    lengths = decode(cursor, U32, count, depth)
    total = sum(lengths)
    if total * element_width(shape[1]) > PAGE_BYTES_LIMIT:
        raise cursor.error("segment_limit_exceeded", "a page holds too many elements")
    elements = decode_nullable(cursor, shape[1], total)
    values = []
    at = 0
    for length in lengths:
        values.append(elements[at:at + length])
        at += length
    return values


def element_width(shape):
    """The bytes by which an element counts towards the limit of a page."""
    return shape[1] if shape[0] in ("int", "wide") else 4 if shape[0] == "bytes" else 1


DECODERS = {
    (RUN_LENGTH, "bool"): decode_run_length,
    (RUN_LENGTH, "int"): decode_run_length,
    (DELTA, "int"): decode_delta,
    (BITMAP, "bool"): decode_bitmap,
    (LIST, "list"): decode_list,
    (PLAIN, "bytes"): decode_plain_bytes,
}
for _shape in ("bool", "int", "wide", "fixed", "bytes"):
    DECODERS[CONSTANT, _shape] = decode_constant
for _shape in ("int", "wide", "fixed"):
    DECODERS[PLAIN, _shape] = decode_plain
for _shape in ("int", "wide"):
    DECODERS[PACKED, _shape] = decode_packed
for _shape in ("int", "wide", "bytes"):
    DECODERS[DICTIONARY, _shape] = decode_dictionary
