"""A segment as rows."""

from column_pages import read_columns
from record_keys import decode_key
from segment_container import Container
from segment_error import SegmentError


class Segment:
    """Opens a segment: steps 1 to 13. Pages are read, and checked, when they are asked for."""

    def __init__(self, data, expected_checksum=None):
        self.container = Container(data, expected_checksum)
        self.schema = self.container.schema
        self.columns = read_columns(self.container)

    def describe(self):
        """What the segment says of itself, as JSON."""
        container, schema = self.container, self.schema
        return {
            "uid": container.uid.hex(),
            "time_unit": schema.time_unit,
            "has_created_time": schema.has_created_time,
            "record_identifiers": [column.to_json() for column in schema.record_identifiers],
            "features": [column.to_json() for column in schema.features],
            "rows": container.row_count,
            "runs": container.run_count,
            "tombstones": container.tombstone_count,
            "min_event_time": container.min_event_time,
            "max_event_time": container.max_event_time,
            "created_time_nulls": container.created_null_count,
            "min_created_time": container.min_created_time,
            "max_created_time": container.max_created_time,
        }

    def runs(self):
        """(key bytes, first row, end row) of every record (step 22)."""
        self.fences()
        end_column, key_column = self.columns[6, 0], self.columns[5, 0]
        key_entries = key_column.entries()
        keys, ends = [], [0]
        for page, entry in enumerate(end_column.entries()):
            if not ends[-1] < entry[6][1] <= self.container.row_count:
                raise _bad_runs("a page ends outside the segment", end_column)
            page_ends, _ = end_column.decode(entry, page)
            for end in page_ends:
                if end <= ends[-1]:
                    raise _bad_runs("ends do not increase", end_column)
                ends.append(end)
            is_last = page == len(key_entries) - 1
            if ends[-1] != entry[6][1] or is_last and ends[-1] != self.container.row_count:
                raise _bad_runs("a page does not end where its zone says", end_column)
            page_keys = self._keys(key_column, key_entries[page:page + 1], page)
            if page_keys != sorted(set(page_keys)):
                raise _bad_runs("keys do not increase", key_column)
            keys += page_keys
        return list(zip(keys, ends, ends[1:]))

    def fences(self):
        """The first key of each run page."""
        fences = self._keys(self.columns[7, 0], self.columns[7, 0].entries())
        if fences != sorted(set(fences)):
            raise _bad_runs("fences do not increase", self.columns[7, 0])
        return fences

    def filters(self):
        """The blocks of each run page's filter; none if keys are words."""
        if (8, 0) not in self.columns:
            return []
        column = self.columns[8, 0]
        return [column.decode(entry, page)[0] for page, entry in enumerate(column.entries())]

    def _keys(self, column, entries, first_page=0):
        """The keys of pages as bytes."""
        keys = []
        for page, entry in enumerate(entries, first_page):
            values, _ = column.decode(entry, page)
            is_word = column.shape[0] == "int"
            keys += [word.to_bytes(8, "big") for word in values] if is_word else values
        return keys

    def rows(self):
        """Every row as JSON, in segment order."""
        identifiers = self.schema.record_identifiers
        records = []
        for key, start, end in self.runs():
            values = decode_key(key, identifiers)
            shown = [column.type.to_json(value) for column, value in zip(identifiers, values)]
            records += [shown] * (end - start)
        count = self.container.row_count
        times = [_signed(value) for value in self.columns[1, 0].values()]
        created = [None] * count
        if (2, 0) in self.columns:
            created = [_signed(value) for value in self.columns[2, 0].values()]
        deleted = self.columns[3, 0].values() if (3, 0) in self.columns else [False] * count
        features = []
        for feature in self.schema.features:
            values = self.columns[4, feature.id].values()
            features.append([feature.type.to_json(value) for value in values])
        for row in range(count):
            yield {
                "id": records[row],
                "event_time": times[row],
                "created_time": created[row],
                "tombstone": deleted[row],
                "features": [column[row] for column in features],
            }


def _signed(value):
    return None if value is None else value - (value >> 63 << 64)


def _bad_runs(message, column):
    return SegmentError("segment_bad_runs", message, column.name)
