#!/usr/bin/env python3
"""Every value of every golden page, read by itself, against the page read as a whole."""

import unittest

import page_writer as w
from assembler import READER
from one_value import Node

from page_cursor import NAMES
from read_segment import load


class OneValue(unittest.TestCase):
    def test_golden_files(self):
        seen = set()
        for path in sorted((READER.parent / "golden").glob("*.hseg")):
            segment = load(path)
            for column in segment.columns.values():
                for page, entry in enumerate(column.entries()):
                    values, cursor = column.decode(entry, page)
                    root = Node(cursor.content, 0, column.shape, len(values))
                    self.assertEqual(root.at, len(cursor.content))
                    self.assertEqual([root.value(i) for i in range(len(values))], values, path.stem)
                    seen.add(root.encoding)
        self.assertEqual(seen, set(range(len(NAMES))))

    def loads(self, node, shape, i):
        """The loads that one value takes, once the nodes are located."""
        root = Node(node, 0, shape)
        before = Node.loads
        root.value(i)
        return Node.loads - before

    def test_costs(self):
        values = [row * row for row in range(300)]
        bases, deltas = w.steps(8, values)
        node = w.delta(300, w.plain(8, bases), w.packed(8, 10, 0, deltas))
        self.assertEqual(self.loads(node, ("int", 8), 255), 1 + 127)
        self.assertEqual(self.loads(node, ("int", 8), 256), 1)
        alp = w.alp(300, 2, w.packed(8, 17, 0, values))
        self.assertEqual(self.loads(alp, ("int", 8), 299), 1)
        patched = w.patched(300, alp, w.sparse(300, 1, w.plain(4, [5])), w.constant(8, 1, 9))
        self.assertLess(self.loads(patched, ("int", 8), 299), 12)
        runs = w.run_length(300, w.plain(8, values[:100]), w.plain(4, range(3, 301, 3)))
        self.assertLess(self.loads(runs, ("int", 8), 299), 10)
        texts = w.fsst(300, [b"a"], w.plain_bytes([b"\0"] * 300))
        self.assertEqual(self.loads(texts, ("bytes",), 299), 1)


if __name__ == "__main__":
    unittest.main()
