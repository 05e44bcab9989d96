"""The one error that this reader raises for a file that breaks the specification."""


class SegmentError(Exception):
    """A broken rule: its code (01-container.md, "Validation"), the section and the byte offset."""

    def __init__(self, code, message, section="", offset=None):
        self.code = code
        self.section = section
        self.offset = offset
        place = section if offset is None else f"{section}, byte {offset}"
        super().__init__(f"{code}: {place}: {message}")
