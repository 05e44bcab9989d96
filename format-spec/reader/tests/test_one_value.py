#!/usr/bin/env python3
"""Values of every golden page, read by themselves, against the page read as a whole.

    test_one_value.py [SEED]    the seed of the values of large pages
"""

import random
import sys
import unittest

import page_writer as w
from assembler import READER
from one_value import Node

from page_cursor import NAMES
from read_segment import load


# Pages of up to so many values are read to the last one, greater pages by edges and a sample.
WHOLE, SAMPLE = 512, 48
SEED = int(sys.argv.pop()) if sys.argv[-1].isdigit() else random.getrandbits(32)


def places(count, generator):
    """The values to read of a page: all, or the first and last, and others at random.

    One value of a delta over patches takes thousands of loads here, where nothing is kept.
    """
    if count <= WHOLE:
        return range(count)
    # Both sides of a block of delta, and of a word of bits.
    edges = {0, 1, 63, 64, 127, 128, 255, 256, count - 2, count - 1}
    return sorted(edges | set(generator.sample(range(count), SAMPLE)))


class OneValue(unittest.TestCase):
    def test_golden_files(self):
        print(f"seed {SEED}")
        generator = random.Random(SEED)
        seen = set()
        for path in sorted((READER.parent / "golden").glob("*.hseg")):
            segment = load(path)
            for column in segment.columns.values():
                for page, entry in enumerate(column.entries()):
                    values, cursor = column.decode(entry, page)
                    root = Node(cursor.content, 0, column.shape, len(values))
                    self.assertEqual(root.at, len(cursor.content))
                    for i in places(len(values), generator):
                        where = f"{path.stem}, {column.name}, page {page}: value {i}"
                        self.assertEqual(root.value(i), values[i], where)
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
        scaled = w.scaled(8, 5, 60, w.packed(8, 17, 0, values))
        self.assertEqual(self.loads(scaled, ("int", 8), 299), 1)
        texts = w.fsst(300, [b"a"], w.plain_bytes([b"\0"] * 300))
        self.assertEqual(self.loads(texts, ("bytes",), 299), 1)


if __name__ == "__main__":
    unittest.main()
