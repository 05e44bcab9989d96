"""The schema section (01-container.md): tagged fields within tagged fields."""

import struct

from field_types import TIME_UNITS, parse_type
from segment_error import SegmentError

SECTION = "schema"


class Column:
    """A record identifier or a feature."""

    def __init__(self, field_id, name, field_type):
        self.id = field_id
        self.name = name
        self.type = field_type

    def to_json(self):
        return {"id": self.id, "name": self.name, "type": str(self.type)}


class Schema:
    def __init__(self, time_unit, has_created_time, record_identifiers, features):
        self.time_unit = time_unit
        self.has_created_time = has_created_time
        self.record_identifiers = record_identifiers
        self.features = features


def bad(message, offset):
    return SegmentError("segment_bad_schema", message, SECTION, offset)


def _tagged(data, start, end, known):
    """(tag, payload start, payload end) of each field in [start, end) whose tag is known."""
    at = start
    while at < end:
        if end - at < 8:
            raise bad("it ends in the middle of a field", at)
        tag, flags, length = struct.unpack_from("<HHI", data, at)
        if flags > 1:
            raise bad(f"tag {tag} has unknown flags", at)
        if length > end - at - 8:
            raise bad("it ends in the middle of a field", at)
        if tag in known:
            yield tag, at + 8, at + 8 + length
        elif flags & 1:
            message = f"tag {tag} must be understood"
            raise SegmentError("segment_unknown_schema_tag", message, SECTION, at)
        at += 8 + length


def _byte(data, start, end, limit):
    if end - start != 1 or data[start] > limit:
        raise bad("a field is not one byte in range", start)
    return data[start]


def _column(data, start, end, base):
    parts = {}
    for tag, low, high in _tagged(data, start, end, (1, 2, 3)):
        if tag in parts:
            raise bad("a column has a field twice", base + low)
        if tag == 1:
            if high - low != 4:
                raise bad("a field id has not 4 bytes", base + low)
            (parts[tag],) = struct.unpack_from("<I", data, low)
        elif tag == 2:
            try:
                parts[tag] = data[low:high].decode("utf-8")
            except UnicodeDecodeError:
                raise bad("a name is not UTF-8", base + low) from None
        else:
            parts[tag] = parse_type(data[low:high], SECTION, base + low)
    if len(parts) != 3 or parts[1] == 0:
        raise bad("a column lacks its id, name or type", base + start)
    return Column(parts[1], parts[2], parts[3])


def parse_schema(data, base):
    """The schema in `data`, which lies at byte `base` of the file."""
    units, created, identifiers, features = [], [], [], []
    for tag, start, end in _tagged(data, 0, len(data), (1, 2, 3, 4)):
        if tag == 1:
            units.append(TIME_UNITS[_byte(data, start, end, 3)])
        elif tag == 2:
            created.append(_byte(data, start, end, 1) == 1)
        else:
            target = identifiers if tag == 3 else features
            target.append(_column(data, start, end, base))
    if len(units) != 1 or len(created) != 1 or not identifiers:
        raise bad("a field is missing, or there twice", base)
    for column in identifiers:
        if not column.type.is_identifier:
            raise bad(f"{column.type} can't identify records", base)
    ids = [column.id for column in identifiers + features]
    if len(set(ids)) != len(ids):
        raise bad("two columns have one id", base)
    return Schema(units[0], created[0], identifiers, features)
