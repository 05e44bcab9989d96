"""The tree of nodes in a page (03-encodings/README.md): headers, shapes, what may stand where.

A node decodes to a list with an item a value: int (modulo 2^bits), bool, bytes, a list of
items, or None where a value is null. The decoders of the encodings register themselves here.
"""

from page_cursor import NAMES

(
    NULL, CONSTANT, PLAIN, PACKED, DELTA, RUN_LENGTH, DICTIONARY, NULLABLE, BITMAP, LIST, PATCHED,
    SPARSE, ALP, ALP_RD, FSST, ALPHABET, SCALED,
) = range(len(NAMES))
INTS = ("int1", "int2", "int4", "int8")
BOOL, BYTES, U16, U32 = ("bool",), ("bytes",), ("int", 2), ("int", 4)
ALL = frozenset(range(len(NAMES)))
DECODERS = {}


def decoder(encoding, *shapes, parameters=lambda shape: range(1)):
    """Registers the decoder of an encoding for shapes, with the parameters that it may have."""
    def register(function):
        for shape in shapes:
            DECODERS[encoding, shape] = function, parameters
        return function
    return register


def decode(cursor, shape, count, depth, allowed=ALL):
    """A node of `count` values, none of them null; `count` is a range if the node says its own."""
    encoding, parameter, count = cursor.header(count, depth)
    name = f"int{shape[1]}" if shape[0] == "int" else shape[0]
    if encoding not in allowed or (encoding, name) not in DECODERS:
        message = f"encoding {NAMES[encoding]} of shape {name} in this place"
        raise cursor.error("segment_unknown_encoding", message)
    function, parameters = DECODERS[encoding, name]
    if parameter not in parameters(shape):
        raise cursor.bad(f"{NAMES[encoding]} with parameter {parameter}")
    cursor.level += 1
    values = function(cursor, shape, count, parameter, depth)
    cursor.level -= 1
    return values


def decode_nullable(cursor, shape, count):
    """The root of a page, or the elements of a list: *null*, *nullable*, or any other node."""
    encoding, _, _ = cursor.peek()
    if encoding not in (NULL, NULLABLE):
        return decode(cursor, shape, count, 1)
    if cursor.header(count, 1)[1]:
        raise cursor.bad("a node has a parameter that its encoding has not")
    if encoding == NULL:
        return [None] * count
    cursor.level += 1
    validity = decode(cursor, BOOL, count, 1)
    values = decode(cursor, shape, count, 1)
    cursor.level -= 1
    if all(validity):
        raise cursor.bad("a nullable node has no null")
    for is_valid, value in zip(validity, values):
        if not is_valid and shape[0] in ("bytes", "list") and len(value):
            raise cursor.bad("a null has a length")
    return [value if is_valid else None for is_valid, value in zip(validity, values)]


def split(items, lengths):
    """Consecutive parts of `items`."""
    parts, at = [], 0
    for length in lengths:
        parts.append(items[at:at + length])
        at += length
    return parts


def bit_fields(cursor, count, bits):
    """`count` numbers of `bits` bits each, in words of 64 bits: 64 numbers take `bits` words."""
    data = cursor.take(8 * ((count * bits + 63) // 64), f"{count} x {bits} bits")
    mask, fields = (1 << bits) - 1, []
    for start in range(0, count, 64):
        words = int.from_bytes(data[start // 8 * bits:(start // 8 + 8) * bits], "little")
        fields += [words >> at * bits & mask for at in range(min(64, count - start))]
    return fields
