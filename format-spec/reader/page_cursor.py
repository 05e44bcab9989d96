"""Walks the content of a page from front to back, and remembers what it saw for explain.py."""

from segment_error import SegmentError

PAGE_BYTES_LIMIT = 256 << 20
DEPTH_LIMIT = 8
WORK_A_ROW, WORK_A_PAGE = 32, 1024
NAMES = (
    "null", "constant", "plain", "packed", "delta", "run-length", "dictionary", "nullable",
    "bitmap", "list", "patched", "sparse", "alp", "alp-rd", "fsst", "alphabet",
    "scaled",
)


class Cursor:
    def __init__(self, content, rows, section="page", offset=0):
        self.content = content
        self.section = section
        self.offset = offset
        self.at = 0
        # The values that nodes may still have, all together.
        self.work_left = WORK_A_ROW * rows + WORK_A_PAGE
        # (start, end, node's depth in the tree, what the bytes are)
        self.notes = []
        # The encodings seen, as (level in the tree, name).
        self.nodes = []
        self.level = 0

    def error(self, code, message):
        return SegmentError(code, message, self.section, self.offset + self.at)

    def bad(self, message):
        return self.error("segment_bad_page", message)

    def over_limit(self, message):
        return self.error("segment_limit_exceeded", message)

    def take(self, length, label):
        """The next `length` bytes; moves on to the next multiple of 8."""
        end = self.at + (length + 7) // 8 * 8
        if end > len(self.content):
            raise self.bad("a node reaches beyond the page")
        data = self.content[self.at:self.at + length]
        if length:
            self.notes.append((self.at, self.at + length, self.level, label))
        if end > self.at + length:
            self.notes.append((self.at + length, end, self.level, "padding"))
        self.at = end
        return data

    def u64(self, label):
        value = int.from_bytes(self.take(8, label), "little")
        start, end, level, _ = self.notes[-1]
        self.notes[-1] = (start, end, level, f"{label} = {value}")
        return value

    def peek(self):
        """The id, parameter and count of the next node, which is not consumed."""
        if len(self.content) - self.at < 8:
            raise self.bad("the page ends where a node belongs")
        head = self.content[self.at:self.at + 8]
        if head[0] >= len(NAMES):
            raise self.error("segment_unknown_encoding", f"encoding {head[0]}")
        if head[2] or head[3]:
            raise self.bad("a reserved byte of a node is not zero")
        return head[0], head[1], int.from_bytes(head[4:8], "little")

    def header(self, count, depth):
        """The next node's id, parameter and count, which is `count`, or in it if it is a range."""
        if depth > DEPTH_LIMIT:
            raise self.error("segment_nesting_too_deep", f"a node at depth {depth}")
        encoding, parameter, node_count = self.peek()
        if node_count not in (count if isinstance(count, range) else (count,)):
            raise self.bad(f"a node has {node_count} values where {count} belong")
        self.work_left -= node_count
        if self.work_left < 0:
            raise self.over_limit("the nodes of a page have too many values")
        shown = f", parameter {parameter}" if parameter else ""
        self.take(8, f"{NAMES[encoding]}{shown}, {node_count} values")
        self.nodes.append((self.level, NAMES[encoding] + (f"[{parameter}]" if parameter else "")))
        return encoding, parameter, node_count

    def tree(self):
        """The encodings, nested: `nullable(bitmap, packed[7])`."""

        def text(index):
            level, name = self.nodes[index]
            children = []
            for at in range(index + 1, len(self.nodes)):
                if self.nodes[at][0] <= level:
                    break
                if self.nodes[at][0] == level + 1:
                    children.append(text(at))
            return f"{name}({', '.join(children)})" if children else name

        return text(0)
