"""The decoders of 03-encodings/, one function an encoding: those that compose; the others are
in number_nodes.py and byte_nodes.py."""

import struct

import byte_nodes  # noqa: F401  (registers its decoders)
import number_nodes  # noqa: F401
from node_tree import (
    BITMAP, CONSTANT, DICTIONARY, INTS, LIST, PLAIN, RUN_LENGTH, SPARSE, U32, bit_fields, decode,
    decode_nullable, decoder, split)
from page_cursor import PAGE_BYTES_LIMIT, WORK_A_ROW, Cursor

FORMATS = {1: "B", 2: "H", 4: "I", 8: "Q"}


def decode_page(content, shape, count, is_nullable, section="page", offset=0):
    """The values of a page, and the cursor that walked it."""
    cursor = Cursor(content, count, section, offset)
    values = decode_nullable(cursor, shape, count) if is_nullable else decode(cursor, shape, count, 1)
    if cursor.at != len(content):
        raise cursor.bad("the page has bytes left over")
    return values, cursor


@decoder(CONSTANT, "bool", *INTS, "wide", "fixed", "bytes")
def decode_constant(cursor, shape, count, parameter, depth):
    if count == 0:
        raise cursor.bad("a constant node has no values")
    if shape[0] == "bytes":
        value = cursor.take(cursor.u64("length"), "value")
        if len(value) * count > PAGE_BYTES_LIMIT:
            raise cursor.over_limit("a page holds too many bytes")
        return [value] * count
    if shape[0] == "fixed":
        return [cursor.take(shape[1], "value")] * count
    if shape[0] == "bool":
        bit = cursor.u64("value")
        if bit > 1:
            raise cursor.bad("a bool is neither 0 nor 1")
        return [bit == 1] * count
    return [number_nodes.scalar(cursor, shape[1], "value")] * count


@decoder(PLAIN, *INTS, "wide", "fixed")
def decode_plain(cursor, shape, count, parameter, depth):
    width = shape[1]
    data = cursor.take(count * width, f"{count} values of {width} bytes")
    if shape[0] == "int":
        return list(struct.unpack(f"<{count}{FORMATS[width]}", data))
    parts = [data[at:at + width] for at in range(0, len(data), width)]
    return parts if shape[0] == "fixed" else [int.from_bytes(part, "little") for part in parts]


@decoder(RUN_LENGTH, "bool", *INTS, "wide", parameters=lambda shape: range(1 + (shape[0] == "bool")))
def decode_run_length(cursor, shape, count, parameter, depth):
    runs = range(1, count + 1)
    values = None if shape[0] == "bool" else decode(cursor, shape, runs, depth + 1)
    ends = decode(cursor, U32, runs if values is None else len(values), depth + 1)
    result = []
    for run, end in enumerate(ends):
        if not len(result) < end <= count:
            raise cursor.bad("run ends do not increase, or exceed the count")
        value = (parameter + run) % 2 == 1 if values is None else values[run]
        result += [value] * (end - len(result))
    if len(result) != count:
        raise cursor.bad("the last run does not end with the node")
    return result


@decoder(DICTIONARY, *INTS, "wide", "bytes")
def decode_dictionary(cursor, shape, count, parameter, depth):
    values = decode(cursor, shape, range(1, count + 1), depth + 1)
    codes = decode(cursor, U32, count, depth + 1)
    if max(codes) >= len(values):
        raise cursor.bad("a code is beyond its dictionary")
    if shape[0] == "bytes" and sum(len(values[code]) for code in codes) > PAGE_BYTES_LIMIT:
        raise cursor.over_limit("a page holds too many bytes")
    return [values[code] for code in codes]


@decoder(BITMAP, "bool")
def decode_bitmap(cursor, shape, count, parameter, depth):
    return [bit == 1 for bit in bit_fields(cursor, count, 1)]


@decoder(SPARSE, "bool", parameters=lambda shape: range(2))
def decode_sparse(cursor, shape, count, parameter, depth):
    positions = decode(cursor, U32, range(1, count + 1), depth + 1)
    values = [parameter == 0] * count
    previous = -1
    for position in positions:
        if not previous < position < count:
            raise cursor.bad("positions do not increase, or exceed the count")
        values[position] = parameter == 1
        previous = position
    return values


@decoder(LIST, "list")
def decode_list(cursor, shape, count, parameter, depth):
    lengths = decode(cursor, U32, count, depth)
    total = sum(lengths)
    if total * element_width(shape[1]) > PAGE_BYTES_LIMIT:
        raise cursor.over_limit("a page holds too many elements")
    cursor.work_left += WORK_A_ROW * total
    return split(decode_nullable(cursor, shape[1], total), lengths)


def element_width(shape):
    """The bytes by which an element counts towards the limit of a page."""
    return shape[1] if shape[0] in ("int", "wide") else 4 if shape[0] == "bytes" else 1
