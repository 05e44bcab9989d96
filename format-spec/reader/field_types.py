"""Types (02-types.md): their bytes in a schema, their names, their shapes, their values as JSON."""

import struct

from segment_error import SegmentError

PLAIN = {
    1: "bool", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "uint8", 7: "uint16",
    8: "uint32", 9: "uint64", 10: "float32", 11: "float64", 12: "utf8", 13: "binary", 14: "date",
}
WIDTHS = {
    "int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint8": 1, "uint16": 2, "uint32": 4,
    "uint64": 8, "float32": 4, "float64": 8, "date": 4, "timestamp": 8,
}
TIME_UNITS = ("s", "ms", "us", "ns")


class FieldType:
    """A logical type: `kind`, and its parameters where it has some."""

    def __init__(self, kind, element=None, dimension=0, text=None):
        self.kind = kind
        self.element = element
        self.dimension = dimension
        self.text = text or kind

    def __str__(self):
        return self.text

    @property
    def shape(self):
        """The shape of its values in a page (03-encodings/README.md)."""
        if self.kind in WIDTHS:
            return ("int", WIDTHS[self.kind])
        if self.kind in ("utf8", "binary"):
            return ("bytes",)
        if self.kind in ("list", "set"):
            return ("list", self.element.shape)
        if self.kind == "vector":
            return ("fixed", 4 * self.dimension)
        return {"bool": ("bool",), "decimal128": ("wide", 16)}[self.kind]

    @property
    def is_identifier(self):
        return self.kind not in ("float32", "float64", "decimal128", "list", "set", "vector")

    def to_json(self, value):
        """A decoded value, as what `json.dumps` writes exactly."""
        if value is None or self.kind == "bool":
            return value
        if self.kind in ("float32", "float64"):
            return f"0x{value:0{2 * WIDTHS[self.kind]}x}"
        if self.kind in ("int8", "int16", "int32", "int64", "date", "timestamp"):
            bits = 8 * WIDTHS[self.kind]
            return value - (value >> (bits - 1) << bits)
        if self.kind == "decimal128":
            return value - (value >> 127 << 128)
        if self.kind == "utf8":
            return _text(value)
        if self.kind == "binary":
            return value.hex()
        if self.kind in ("list", "set"):
            return [self.element.to_json(element) for element in value]
        if self.kind == "vector":
            return [f"0x{bits:08x}" for (bits,) in struct.iter_unpack("<I", value)]
        return value


def _text(value):
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return {"hex": value.hex()}


def parse_type(payload, section, offset):
    """The type whose bytes are exactly `payload`."""

    def bad(message):
        return SegmentError("segment_bad_schema", message, section, offset)

    if not payload:
        raise bad("a type is empty")
    code, rest = payload[0], payload[1:]
    if code in PLAIN:
        if rest:
            raise bad("a type has bytes left over")
        return FieldType(PLAIN[code])
    if code == 15:
        if len(rest) < 2 or rest[0] > 3 or rest[1] > 1 or (rest[1] == 0 and len(rest) > 2):
            raise bad("a timestamp's unit or zone is unknown")
        try:
            zone = rest[2:].decode("utf-8")
        except UnicodeDecodeError:
            raise bad("a zone is not UTF-8") from None
        unit = TIME_UNITS[rest[0]]
        text = f"timestamp[{unit}, {zone}]" if rest[1] else f"timestamp[{unit}]"
        return FieldType("timestamp", text=text)
    if code == 16:
        precision, scale = struct.unpack("<Bb", rest) if len(rest) == 2 else (0, 0)
        if not 1 <= precision <= 38 or not -38 <= scale <= 38:
            raise bad("a decimal's precision or scale is out of range")
        return FieldType("decimal128", text=f"decimal128[{precision}, {scale}]")
    if code in (17, 18):
        if rest[:1] in (b"\x11", b"\x12", b"\x13"):
            raise bad("the elements of a list must be scalars")
        element = parse_type(rest, section, offset + 1)
        kind = "list" if code == 17 else "set"
        return FieldType(kind, element=element, text=f"{kind}[{element}]")
    if code == 19:
        dimension = struct.unpack("<I", rest)[0] if len(rest) == 4 else 0
        if not 1 <= dimension <= 65536:
            raise bad("a vector's dimension is out of range")
        return FieldType("vector", dimension=dimension, text=f"vector[{dimension}]")
    raise bad(f"type {code} is unknown")
