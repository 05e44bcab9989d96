"""What `--verify` checks beyond reading (01-container.md, steps 23 to 27)."""

import struct

from record_filter import filter_of
from segment_error import SegmentError


def verify_segment(segment):
    """Reads all of a segment and checks it; raises the first SegmentError."""
    rows = list(segment.rows())
    for column in segment.columns.values():
        verify_column(column)
    verify_padding(segment)
    verify_fences(segment)
    verify_order(segment, rows)
    verify_summary(segment, rows)


def verify_column(column):
    """Zones are the ranges of their pages, and the totals are right (step 23)."""
    nulls = stored = 0
    for page, entry in enumerate(column.entries()):
        values, _ = column.decode(entry, page)
        known = [value for value in values if value is not None]
        if column.has_zones and known:
            if column.kind == 5:
                zone = tuple(bound % (1 << 64) for bound in entry[6])
            else:
                zone = entry[6]
                known = [value - (value >> 63 << 64) for value in known]
            if zone != (min(known), max(known)):
                message = f"the zone of page {page}"
                raise SegmentError("segment_bad_zone", message, column.name)
        nulls += entry[3]
        stored += entry[1]
    if (nulls, stored) != (column.null_count, column.stored_length):
        raise SegmentError("segment_bad_column_directory", "totals", column.name)


def pieces(segment):
    """(offset, length, name) of every piece, in order."""
    container = segment.container
    names = {1: "header", 2: "schema", 3: "column directory", 4: "summary"}
    result = [piece[:2] + (names[kind],) for kind, piece in container.sections.items()]
    result += [piece + ("skipped section",) for piece in container.skipped]
    result += [container.table[:2] + ("section table",), (container.end, 64, "trailer")]
    for column in segment.columns.values():
        if not column.page_count:
            continue
        result.append(column.root[:2] + (f"{column.name}: root of the page directory",))
        root = struct.unpack_from(f"<{column.root[1] // 8}Q", container.data, column.root[0])
        for index in range(0, len(root), 3):
            name = f"{column.name}: block {index // 3} of the page directory"
            result.append(root[index:index + 2] + (name,))
        for page, entry in enumerate(column.entries()):
            result.append(entry[:2] + (f"{column.name}: page {page}",))
    return sorted(result)


def verify_padding(segment):
    """Pieces do not overlap, and the few bytes between them are zero (step 24)."""
    end = 0
    for offset, length, name in pieces(segment):
        gap = segment.container.data[end:offset]
        if offset < end or len(gap) >= 64 or any(gap):
            raise SegmentError("segment_bad_padding", f"before {name}", "file", end)
        end = offset + length


def verify_fences(segment):
    """Fences are the first keys of their pages, keys increase, filters are theirs (step 25)."""
    keys = [key for key, _, _ in segment.runs()]
    per_page = segment.columns[5, 0].rows_per_page
    if keys[::per_page] != segment.fences():
        raise SegmentError("segment_bad_runs", "a fence is not the first key of its page", "fence")
    if keys != sorted(set(keys)):
        raise SegmentError("segment_bad_runs", "keys do not increase", "run key")
    for page, blocks in enumerate(segment.filters()):
        if blocks != filter_of(keys[page * per_page:(page + 1) * per_page]):
            raise SegmentError("segment_bad_runs", f"the filter of run page {page}", "filter")


def verify_order(segment, rows):
    """Rows of a record are in order (step 26)."""
    starts = {start for _, start, _ in segment.runs()}
    previous = None
    for row, line in enumerate(rows):
        created = line["created_time"]
        key = (line["event_time"], created is not None, created or 0)
        if row not in starts and key < previous:
            raise SegmentError("segment_bad_order", f"row {row + 1}", "rows")
        previous = key


def verify_summary(segment, rows):
    """Tombstones and times are those of the summary (step 27)."""
    container = segment.container
    times = [row["event_time"] for row in rows] or [0]
    created = [row["created_time"] for row in rows if row["created_time"] is not None] or [0]
    figures = (
        sum(row["tombstone"] for row in rows), min(times), max(times), min(created), max(created))
    if figures != (
        container.tombstone_count, container.min_event_time, container.max_event_time,
        container.min_created_time, container.max_created_time,
    ):
        raise SegmentError("segment_bad_summary", "it does not describe the rows", "summary")
