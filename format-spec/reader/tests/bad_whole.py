"""Edits that only reading the whole segment notices, steps 23 to 27: (name, code, base, edit, patches)."""

import page_writer as w
from bad_container import add, flip
from bad_pages import KEY, zone

ZONE, PADDING, ORDER = "segment_bad_zone", "segment_bad_padding", "segment_bad_order"
SUMMARY, RUNS, DIRECTORY = (
    "segment_bad_summary", "segment_bad_runs", "segment_bad_column_directory")
SMALL, HISTORY = "hand-small-pages", "history"
TIMES = [-10] * 5 + [3, 0, -100, 7, (1 << 63) - 1, -(1 << 63)]
CREATED = [None, None, -20, 5, 5, 4, 0, 100, 8, (1 << 63) - 1, -(1 << 63)]


def times(*swapped):
    values = list(TIMES)
    a, b = swapped
    values[a], values[b] = values[b], values[a]
    return {("content", "event time", 0): lambda data: w.plain(8, [v % (1 << 64) for v in values])}


def created(*swapped):
    values = list(CREATED)
    a, b = swapped
    values[a], values[b] = values[b], values[a]
    validity = w.bitmap([value is not None for value in values])
    node = w.nullable(11, validity, w.plain(8, [(value or 0) % (1 << 64) for value in values]))
    return {("content", "created time", 0): lambda data: node}


class Shared:
    """Lets the page of the fences be that of the run keys, which has the same bytes."""

    def keep(self, entry):
        self.entry = entry
        return entry

    def give(self, entry):
        return self.entry[:32]


SHARED = Shared()

WHOLE = [
    ("zone-event-time", ZONE, SMALL, "least + 1", zone("event time", 0, 1001, 1003)),
    ("zone-created-time", ZONE, HISTORY, "greatest - 1", zone(
        "created time", 0, -(1 << 63), (1 << 63) - 2)),
    ("zone-run-key", ZONE, SMALL, "greatest + 1", zone("run key", 0, -KEY, -KEY + 2)),
    ("zone-run-end", ZONE, SMALL, "least - 1", zone("run end", 1, 2, 4)),
    ("total-nulls", DIRECTORY, SMALL, "nulls + 1", {("directory", "feature rows_1"): add(24, 1)}),
    ("total-stored", DIRECTORY, SMALL, "stored bytes + 1", {
        ("directory", "feature rows_1"): add(32, 1)}),
    ("padding-not-zero", PADDING, "one-row", "a bit between two pieces", {"file": flip(100)}),
    ("padding-overlap", PADDING, "one-row", "fences and run keys share a page", {
        ("entry", "run key", 0): SHARED.keep, ("entry", "fence", 0): SHARED.give}),
    ("runs-fence", RUNS, SMALL, "fence 1 is not the first key of run page 1", {
        ("content", "fence", 0): lambda data: w.plain(8, [KEY, KEY + 3, KEY + 4, KEY + 6])}),
    ("runs-key-next-page", RUNS, SMALL, "run page 1 begins with the last key of page 0", {
        ("content", "fence", 0): lambda data: w.plain(8, [KEY, KEY + 1, KEY + 4, KEY + 6]),
        ("content", "run key", 1): lambda data: w.plain(8, [KEY + 1, KEY + 3]),
        **zone("run key", 1, -KEY + 1, -KEY + 3)}),
    ("order-event-time", ORDER, HISTORY, "event times fall in a run", times(7, 8)),
    ("order-created-time", ORDER, HISTORY, "created times fall at one event time", created(2, 3)),
    ("order-created-null", ORDER, HISTORY, "a null created time after one that is known",
        created(1, 2)),
    ("summary-not-tombstones", SUMMARY, HISTORY, "tombstones + 1", {"summary": add(16, 1)}),
    ("summary-not-least-time", SUMMARY, HISTORY, "least event time + 1", {"summary": add(24, 1)}),
    ("summary-not-greatest-time", SUMMARY, HISTORY, "greatest event time - 1", {
        "summary": add(32, -1)}),
    ("summary-not-least-created", SUMMARY, HISTORY, "least created time + 1", {
        "summary": add(48, 1)}),
    ("summary-not-greatest-created", SUMMARY, HISTORY, "greatest created time - 1", {
        "summary": add(56, -1)}),
]
