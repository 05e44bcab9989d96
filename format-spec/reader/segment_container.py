"""The container (01-container.md): pieces, sections, directories, in the order of "Validation"."""

import struct

from segment_error import SegmentError
from segment_schema import parse_schema
from xxh64 import xxh64

MAGIC = b"HCSEG\r\n\x1a"
SECTION_NAMES = {1: "header", 2: "schema", 3: "column directory", 4: "summary"}


class Container:
    """The bytes of a segment, and its pieces by the checks of steps 1 to 13."""

    def __init__(self, data, expected_checksum=None):
        self.data = data
        if len(data) < 128:
            raise SegmentError("segment_truncated", "fewer than 128 bytes", "file", 0)
        self.end = len(data) - 64
        table = self._trailer(expected_checksum)
        sections = self._section_table(table)
        self._header(sections[1])
        self._summary(sections[4])
        self.schema = parse_schema(self.piece("schema", *sections[2]), sections[2][0])
        self.sections = sections
        self.table = table
        self.column_directory = self.piece("column directory", *sections[3])
        self.column_directory_offset = sections[3][0]

    def checksum(self, offset, length):
        return xxh64(self.data[offset:offset + length], self.base ^ offset)

    def contains(self, offset, length):
        """Whether a piece may lie there: between header and trailer, aligned."""
        return offset % 64 == 0 and 64 <= offset and offset + length <= self.end

    def piece(self, section, offset, length, checksum):
        """The bytes of a piece whose range is checked."""
        if self.checksum(offset, length) != checksum:
            raise SegmentError("segment_checksum_mismatch", "bytes differ", section, offset)
        return self.data[offset:offset + length]

    def _trailer(self, expected_checksum):
        def error(code, message, at=0):
            return SegmentError(code, message, "trailer", self.end + at)

        trailer = self.data[self.end:]
        if trailer[56:] != MAGIC[::-1]:
            known = self.data[:8] == MAGIC
            raise error("segment_truncated" if known else "segment_bad_magic", "wrong magic", 56)
        offset, length, checksum, file_length = struct.unpack_from("<4Q", trailer)
        self.uid = trailer[32:48]
        self.base = xxh64(self.uid)
        (stored,) = struct.unpack_from("<Q", trailer, 48)
        self.trailer_checksum = stored
        if self.checksum(self.end, 48) != stored or expected_checksum not in (None, stored):
            raise error("segment_checksum_mismatch", "bytes differ", 48)
        if max(offset, length, file_length) >> 63:
            raise error("segment_bad_trailer", "an offset or length is beyond 2^63")
        if file_length != len(self.data):
            raise error("segment_truncated", f"{len(self.data)} bytes, not {file_length}", 24)
        if not self.contains(offset, length) or length == 0 or length % 32:
            raise error("segment_bad_trailer", "the section table is not inside the file")
        return offset, length, checksum

    def _section_table(self, piece):
        table = self.piece("section table", *piece)
        sections, unknown = {}, None
        # Sections that are skipped; they are pieces like any other.
        self.skipped = []

        def error(code, message):
            return SegmentError(code, message, "section table", piece[0])

        for at in range(0, len(table), 32):
            kind, flags, reserved, offset, length, checksum = struct.unpack_from("<HHIQQQ", table, at)
            if flags > 1 or reserved or offset % 64 or offset + length > self.end:
                raise error("segment_bad_section_table", f"section {kind}")
            if kind in SECTION_NAMES:
                if kind in sections or not flags:
                    raise error("segment_bad_section_table", f"section {kind}")
                sections[kind] = (offset, length, checksum)
            else:
                self.skipped.append((offset, length))
                unknown = kind if flags and unknown is None else unknown
        if unknown is not None:
            raise error("segment_unknown_section", f"section {unknown}")
        for kind, name in SECTION_NAMES.items():
            if kind not in sections:
                raise error("segment_missing_section", name)
        if sections[1][:2] != (0, 64):
            raise error("segment_bad_section_table", "the header is elsewhere")
        return sections

    def _header(self, piece):
        header = self.piece("header", *piece)
        magic, major, _, _, incompatible, _ = struct.unpack_from("<8sHHIQQ", header)
        if magic != MAGIC:
            raise SegmentError("segment_bad_magic", "wrong magic", "header", 0)
        if major != 1:
            raise SegmentError("segment_unsupported_version", f"version {major}", "header", 8)
        if incompatible:
            message = f"features {incompatible:x}"
            raise SegmentError("segment_unsupported_feature", message, "header", 16)
        if header[32:48] != self.uid:
            raise SegmentError("segment_bad_header", "not the trailer's uid", "header", 32)

    def _summary(self, piece):
        summary = self.piece("summary", *piece)
        if len(summary) < 64:
            raise SegmentError("segment_bad_summary", "too short", "summary", piece[0])
        (
            self.row_count, self.run_count, self.tombstone_count, self.min_event_time,
            self.max_event_time, self.created_null_count, self.min_created_time,
            self.max_created_time,
        ) = struct.unpack_from("<3Q2qQ2q", summary)
        rows = self.row_count
        if (
            max(self.run_count, self.tombstone_count, self.created_null_count) > rows
            or (rows == 0) != (self.run_count == 0) or rows >= 1 << 56
        ):
            raise SegmentError("segment_bad_summary", "the numbers contradict", "summary", piece[0])
