"""What values come to: the same sums and hashes as SegmentBenchmark's, from Arrow's memory.

Sums: integers and times modulo 2^64, floats (and the floats of vectors) as they are, texts the
bytes of all, bools how many are true; nulls count for nothing.
"""
import struct
import zlib

# Whether rows are in the order of time alone; child.py says so.
IN_TIME_ORDER = False


class Sums:
    """Sums of columns that come batch by batch."""

    def __init__(self, names):
        self.values = {name: (0, 0) for name in names}

    def add(self, batch):
        """Adds a record batch, or a table."""
        for name in self.values:
            count, total = column_sum(batch.column(name))
            before = self.values[name]
            self.values[name] = (before[0] + count, before[1] + total)

    def merge(self, other):
        for name, (count, total) in other.values.items():
            self.values[name] = (self.values[name][0] + count, self.values[name][1] + total)


def column_sum(column):
    """(rows that are not null, sum) of an Arrow array or chunked array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    count = len(column) - column.null_count
    kind = column.type
    if isinstance(column, pa.ChunkedArray):
        parts = [column_sum(chunk) for chunk in column.chunks]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)
    if pa.types.is_dictionary(kind):
        return count, text_byte_count(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        column = column.view(pa.int64())
    elif pa.types.is_fixed_size_list(kind) or pa.types.is_list(kind):
        column = column.flatten()
    elif is_text(kind):
        return count, text_byte_count(column)
    return count, pc.sum(column, min_count=0).as_py()


def is_text(kind):
    import pyarrow as pa

    return (pa.types.is_string(kind) or pa.types.is_large_string(kind)
            or pa.types.is_string_view(kind) or pa.types.is_binary(kind))


def text_byte_count(column):
    """The bytes of all texts; pyarrow has no length of string views."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string_view(column.type):
        return pc.sum(pc.binary_length(column), min_count=0).as_py()
    views = np.frombuffer(column.buffers()[1], np.int32)
    lengths = views[4 * column.offset:4 * (column.offset + len(column)):4]
    if column.null_count:
        return int(lengths[column.is_valid().to_numpy(zero_copy_only=False)].sum(dtype=np.int64))
    return int(lengths.sum(dtype=np.int64))


def same(a, b):
    """Whether two sums of one column are equal, floats but for the order of their addition."""
    if a[0] != b[0]:
        return False
    if isinstance(a[1], float) or isinstance(b[1], float):
        return abs(a[1] - b[1]) <= 1e-9 * max(1.0, abs(a[1]), abs(b[1]), a[0] ** 0.5)
    return (a[1] - b[1]) % 2**64 == 0


def crc32(table, names):
    """CRC-32 of columns' values in SegmentBenchmark's canonical form, by ascending entity."""
    import numpy as np
    import pyarrow as pa

    crc = 0
    order = range(len(table))
    if IN_TIME_ORDER:
        order = np.argsort(table.column("entity").to_numpy()).tolist()
    for name in names:
        column = table.column(name)
        kind = column.type
        if pa.types.is_timestamp(kind):
            column = column.cast(pa.int64())
            kind = column.type
        pack = packer(kind)
        cells = column.to_pylist()
        cells = [cells[place] for place in order]
        crc = zlib.crc32(
            b"".join(b"\0" if cell is None else b"\1" + pack(cell) for cell in cells), crc)
    return crc


def packer(kind):
    import pyarrow as pa

    if pa.types.is_boolean(kind) or pa.types.is_uint8(kind):
        return lambda cell: b"\1" if cell else b"\0"
    if pa.types.is_fixed_size_list(kind) or pa.types.is_list(kind):
        return lambda cell: struct.pack(f"<{len(cell)}f", *cell)
    if pa.types.is_float64(kind):
        return lambda cell: struct.pack("<d", cell)
    if pa.types.is_float32(kind):
        return lambda cell: struct.pack("<f", cell)
    if pa.types.is_int64(kind):
        return lambda cell: struct.pack("<q", cell)
    return lambda cell: struct.pack("<I", len(cell.encode())) + cell.encode()


def last_rows(entity, wanted):
    """The last row of each wanted entity, ascending; both numpy, `wanted` ascending.

    `entity` is ascending, but for files in the order of time.
    """
    import numpy as np

    if not IN_TIME_ORDER:
        rows = np.searchsorted(entity, wanted, side="right") - 1
        return rows[(rows >= 0) & (entity[rows] == wanted)]
    rows = np.flatnonzero(np.isin(entity, wanted))
    found = entity[rows]
    order = np.argsort(found, kind="stable")
    is_last = np.append(found[order][1:] != found[order][:-1], True)
    return np.sort(rows[order[is_last]])
