"""The decoders of 03-encodings/ for byte strings, one function an encoding."""

from node_tree import ALPHABET, BYTES, FSST, PLAIN, U32, bit_fields, decode, decoder, split
from page_cursor import PAGE_BYTES_LIMIT

ESCAPE = 255


def decode_lengths(cursor, count, depth):
    """The child *lengths*, and the total that the body repeats."""
    lengths = decode(cursor, U32, count, depth + 1)
    if sum(lengths) > PAGE_BYTES_LIMIT:
        raise cursor.over_limit("a page holds too many bytes")
    if cursor.u64("bytes") != sum(lengths):
        raise cursor.bad("the lengths do not add up to the bytes")
    return lengths


@decoder(PLAIN, "bytes")
def decode_plain_bytes(cursor, shape, count, parameter, depth):
    lengths = decode_lengths(cursor, count, depth)
    return split(cursor.take(sum(lengths), "the values"), lengths)


@decoder(FSST, "bytes", parameters=lambda shape: range(256))
def decode_fsst(cursor, shape, count, parameter, depth):
    lengths = cursor.take(parameter, f"lengths of {parameter} symbols")
    if not all(1 <= length <= 8 for length in lengths):
        raise cursor.bad("a symbol has not 1 to 8 bytes")
    symbols = split(cursor.take(sum(lengths), "the symbols"), lengths)
    values, total = [], 0
    for codes in decode(cursor, BYTES, count, depth + 1, {PLAIN}):
        value = bytearray()
        steps = iter(codes)
        for code in steps:
            if code < len(symbols):
                value += symbols[code]
                continue
            literal = next(steps, None) if code == ESCAPE else None
            if literal is None:
                raise cursor.bad("a code that is no symbol, or an escape without its byte")
            value.append(literal)
        total += len(value)
        if total > PAGE_BYTES_LIMIT:
            raise cursor.over_limit("a page holds too many bytes")
        values.append(bytes(value))
    return values


@decoder(ALPHABET, "bytes", parameters=lambda shape: range(1, 8))
def decode_alphabet(cursor, shape, count, parameter, depth):
    size = cursor.u64("characters")
    if not 1 << parameter - 1 < size <= 1 << parameter:
        raise cursor.bad(f"{size} characters in {parameter} bits")
    characters = cursor.take(size, "the characters")
    if list(characters) != sorted(set(characters)):
        raise cursor.bad("the characters do not increase")
    lengths = decode_lengths(cursor, count, depth)
    codes = bit_fields(cursor, sum(lengths), parameter)
    if max(codes, default=0) >= size:
        raise cursor.bad("a code is beyond its alphabet")
    return split(bytes(characters[code] for code in codes), lengths)
