"""Normalised record identifiers (04-keys.md)."""

from segment_error import SegmentError


def bad(message):
    return SegmentError("corrupt", message, "run keys")


def component(field_type):
    """How a type's component lies in a key."""
    return {"bool": "bit", "utf8": "bytes", "binary": "bytes"}.get(field_type.kind, "word")


def is_single_word(columns):
    return len(columns) == 1 and component(columns[0].type) == "word"


def decode_key(key, columns):
    """The identifiers' values, in the form that the types' `to_json` takes."""
    values = []
    at = 0
    for column in columns:
        kind = component(column.type)
        if kind == "bytes":
            value, at = _unescape(key, at)
        elif kind == "bit":
            if key[at:at + 1] not in (b"\0", b"\1"):
                raise bad("a bool in a key is neither 0 nor 1")
            value, at = key[at] == 1, at + 1
        else:
            if len(key) - at < 8:
                raise bad("a key ends in the middle of a number")
            value, at = _word(key[at:at + 8], column.type), at + 8
        values.append(value)
    if at != len(key):
        raise bad("a key has bytes left over")
    return values


def _word(data, field_type):
    word = int.from_bytes(data, "big")
    bits = 8 * field_type.shape[1]
    if field_type.kind == "uint64":
        return word
    number = word - (1 << 63)
    low, high = (0, 1 << bits) if field_type.kind.startswith("u") else (-1 << bits - 1, 1 << bits - 1)
    if not low <= number < high:
        raise bad(f"{number} in a key is no {field_type}")
    return number % (1 << bits)


def _unescape(key, at):
    value = bytearray()
    while at < len(key):
        byte, at = key[at], at + 1
        if byte:
            value.append(byte)
            continue
        mark, at = key[at:at + 1], at + 1
        if mark == b"\0":
            return bytes(value), at
        if mark != b"\xff":
            break
        value.append(0)
    raise bad("a text in a key is not terminated")
