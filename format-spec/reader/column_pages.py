"""The column directory and the page directories (01-container.md, steps 13 to 21)."""

import struct

from block_codecs import CODECS
from page_cursor import PAGE_BYTES_LIMIT
from page_nodes import decode_page
from record_keys import is_single_word
from segment_error import SegmentError

KINDS = {
    1: "event time", 2: "created time", 3: "tombstone", 4: "feature", 5: "run key",
    6: "run end", 7: "fence", 8: "filter",
}
I64 = ("int", 8)
FILTER_BLOCK = ("fixed", 32)
FILTER_SHIFT = 6


class StoredColumn:
    """A column's entry in the column directory, and its pages."""

    def __init__(self, container, entry):
        self.container = container
        (
            self.field_id, self.kind, self.row_shift, self.flags, self.block_shift, self.row_count,
            self.page_count, self.null_count, self.stored_length, *root,
        ) = struct.unpack("<IBBBB7Q", entry)
        self.root = tuple(root)
        self.name = KINDS.get(self.kind, "unknown kind")
        self.feature = None
        if self.kind == 4:
            for feature in container.schema.features:
                if feature.id == self.field_id:
                    self.feature = feature
                    self.name = f"feature {feature.name}"

    @property
    def rows_per_page(self):
        return 1 << self.row_shift

    @property
    def key_shape(self):
        return I64 if is_single_word(self.container.schema.record_identifiers) else ("bytes",)

    @property
    def shape(self):
        if self.kind == 4:
            return self.feature.type.shape
        own = {3: ("bool",), 5: self.key_shape, 7: self.key_shape, 8: FILTER_BLOCK}
        return own.get(self.kind, I64)

    @property
    def is_nullable(self):
        return self.kind in (2, 4)

    @property
    def has_zones(self):
        return self.kind in (1, 2, 6) or self.kind == 5 and self.key_shape == I64

    def is_consistent(self, run_pages):
        """Whether the entry agrees with itself, the summary and the schema (step 13)."""
        container = self.container
        if self.kind not in KINDS or self.row_shift > 13 or self.block_shift > 16:
            return False
        if (self.kind == 4) != (self.feature is not None) or (self.kind != 4 and self.field_id):
            return False
        grid = {
            5: container.run_count, 6: container.run_count, 7: run_pages,
            8: run_pages << FILTER_SHIFT,
        }
        rows = grid.get(self.kind, container.row_count)
        pages = -(-self.row_count // self.rows_per_page)
        return (
            self.flags == int(self.has_zones) and self.row_count == rows
            and self.page_count == pages and self.null_count <= rows
            and self.page_count <= len(container.data) // 64
            and (self.is_nullable or self.null_count == 0)
            and (self.kind != 8 or self.row_shift == FILTER_SHIFT)
            and (self.kind != 2 or self.null_count == container.created_null_count)
            and self._value_width << self.row_shift <= PAGE_BYTES_LIMIT
            and self._has_root() and self.stored_length < 1 << 63
        )

    @property
    def _value_width(self):
        """The bytes that a decoded value takes at least."""
        shape = self.shape
        return shape[1] if shape[0] in ("int", "wide", "fixed") else 1 if shape[0] == "bool" else 4

    @property
    def _block_count(self):
        return -(-self.page_count // (1 << self.block_shift))

    def _has_root(self):
        if self.page_count == 0:
            return self.root == (0, 0, 0)
        length = 24 * self._block_count
        return self.container.contains(*self.root[:2]) and self.root[1] == length

    def entries(self):
        """The page entries, as (offset, stored, content, nulls, codec, checksum, zone)."""
        if self.page_count == 0:
            return []
        section = f"page directory of {self.name}"
        per_block = 1 << self.block_shift
        container = self.container
        root = container.piece(section, *self.root)
        size = 48 if self.has_zones else 32
        result = []
        for block in range(self._block_count):
            offset, length, checksum = struct.unpack_from("<3Q", root, 24 * block)
            count = min(per_block, self.page_count - block * per_block)
            if not container.contains(offset, length) or length != size * count:
                message = "a block's range"
                raise SegmentError("segment_bad_page_directory", message, section, self.root[0])
            data = container.piece(section, offset, length, checksum)
            for at in range(0, length, size):
                result.append(self._entry(data, at, len(result), section, offset))
        return result

    def _entry(self, data, at, page, section, offset):
        entry = struct.unpack_from("<QIIIB3xQ", data, at)
        start, stored, content, nulls, codec, _ = entry
        zone = struct.unpack_from("<2q", data, at + 32) if self.has_zones else None
        rows = self.rows_in(page)
        if (
            not self.container.contains(start, stored) or stored == 0 or any(data[at + 21:at + 24])
            or nulls > (rows if self.is_nullable else 0) or content > self._content_limit(rows)
            or (codec == 0 and content != stored)
        ):
            message = f"the entry of page {page}"
            raise SegmentError("segment_bad_page_directory", message, section, offset + at)
        if codec not in CODECS:
            message = f"codec {codec} of page {page}"
            raise SegmentError("segment_unknown_codec", message, section, offset + at + 20)
        return entry + (zone,)

    def _content_limit(self, rows):
        shape = self.shape
        if shape[0] in ("bytes", "list"):
            return 288 << 20
        width = 1 if shape[0] == "bool" else shape[1]
        return rows * (width + 1) + 1024

    def rows_in(self, page):
        return min(self.rows_per_page, self.row_count - page * self.rows_per_page)

    def content(self, entry, page):
        """The decompressed bytes of a page (steps 18 and 19)."""
        offset, stored, length, _, codec, checksum, _ = entry
        section = f"page {page} of {self.name}"
        data = self.container.piece(section, offset, stored, checksum)
        content = CODECS[codec][1](data, length)
        if content is None:
            message = f"not {length} bytes of {CODECS[codec][0]}"
            raise SegmentError("segment_decompression_failed", message, section, offset)
        return content

    def decode(self, entry, page):
        """The values of a page, and the cursor that walked it (steps 18 to 21)."""
        content = self.content(entry, page)
        section = f"page {page} of {self.name}"
        values, cursor = decode_page(
            content, self.shape, self.rows_in(page), self.is_nullable, section, entry[0])
        if sum(value is None for value in values) != entry[3]:
            raise cursor.bad("the page's nulls are not those of its entry")
        return values, cursor

    def values(self):
        """All values of the column."""
        result = []
        for page, entry in enumerate(self.entries()):
            result += self.decode(entry, page)[0]
        return result


def read_columns(container):
    """The columns of the directory, by (kind, field id)."""
    offset = container.column_directory_offset
    directory = container.column_directory

    def bad(message):
        return SegmentError("segment_bad_column_directory", message, "column directory", offset)

    if len(directory) % 64:
        raise bad("its length is no multiple of 64")
    entries = [directory[at:at + 64] for at in range(0, len(directory), 64)]
    columns = {}
    for entry in entries:
        column = StoredColumn(container, entry)
        if (column.kind, column.field_id) in columns:
            raise bad(f"{column.name} is there twice")
        columns[column.kind, column.field_id] = column
    needed = {(kind, 0) for kind in (1, 5, 6, 7)}
    needed |= {(4, feature.id) for feature in container.schema.features}
    needed |= {(2, 0)} if container.schema.has_created_time else set()
    needed |= {(3, 0)} if container.tombstone_count else set()
    has_filter = not is_single_word(container.schema.record_identifiers) and container.run_count
    needed |= {(8, 0)} if has_filter else set()
    if set(columns) != needed:
        raise bad("a column is missing, or does not belong")
    run_pages = columns[5, 0].page_count
    for column in columns.values():
        if not column.is_consistent(run_pages):
            raise bad(f"{column.name} contradicts itself or the summary")
    if columns[5, 0].row_shift != columns[6, 0].row_shift:
        raise bad("run keys and run ends have pages of different length")
    return columns
