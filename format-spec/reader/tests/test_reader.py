#!/usr/bin/env python3
"""Tests of the reader by itself: XXH64, every node by hand, every flipped byte."""

import random
import unittest

import page_writer as w
from tiny_segments import Feature, segment

from page_nodes import decode_page
from record_keys import decode_key
from segment import Segment
from segment_error import SegmentError
from xxh64 import xxh64


class XXH64(unittest.TestCase):
    def test_published_values(self):
        self.assertEqual(xxh64(b""), 0xEF46DB3751D8E999)
        self.assertEqual(xxh64(b"", 1), 0xD5AFBA1336A3BE4B)
        self.assertEqual(xxh64(b"abc"), 0x44BC2CF5AD770999)
        data = b"xxhash is a fast non-cryptographic hash algorithm"
        self.assertEqual(len({xxh64(data[:n]) for n in range(len(data))}), len(data))


class Nodes(unittest.TestCase):
    def check(self, content, shape, expected, nullable=False):
        values, _ = decode_page(content, shape, len(expected), nullable)
        self.assertEqual(values, expected)

    def refused(self, content, shape, count, code="segment_bad_page", nullable=False):
        with self.assertRaises(SegmentError) as caught:
            decode_page(content, shape, count, nullable)
        self.assertEqual(caught.exception.code, code)

    def test_numbers(self):
        int2 = ("int", 2)
        self.check(w.constant(2, 3, 42), int2, [42] * 3)
        self.check(w.plain(2, [7, 9, 65535]), int2, [7, 9, 65535])
        self.check(w.packed(2, 3, 100, [0, 1, 2, 7]), int2, [100, 101, 102, 107])
        self.check(w.packed(2, 3, 65535, [0, 1]), int2, [65535, 0])
        self.check(w.delta(2, 5, w.packed(2, 1, 65535, [0, 1]), 3), int2, [5, 4, 4])
        runs = w.run_length(5, w.plain(2, [3, 1]), w.plain(4, [2, 5]))
        self.check(runs, int2, [3, 3, 1, 1, 1])
        self.check(w.dictionary(3, w.plain(2, [9, 8]), w.plain(4, [1, 0, 1])), int2, [8, 9, 8])
        self.check(w.packed(16, 64, 2**127, [1, 2]), ("wide", 16), [2**127 + 1, 2**127 + 2])

    def test_the_rest(self):
        self.check(w.bitmap([1, 0, 1] * 30), ("bool",), [True, False, True] * 30)
        self.check(w.run_length_bool(3, 1, w.plain(4, [1, 3])), ("bool",), [True, False, False])
        self.check(w.plain_bytes([b"a", b"", b"bcd"]), ("bytes",), [b"a", b"", b"bcd"])
        self.check(w.constant_bytes(2, b"xy"), ("bytes",), [b"xy"] * 2)
        self.check(w.null(3), ("bool",), [None] * 3, nullable=True)
        nulls = w.nullable(2, w.bitmap([0, 1]), w.plain(1, [7, 8]))
        self.check(nulls, ("int", 1), [None, 8], nullable=True)
        self.check(w.listed(2, w.plain(4, [0, 2]), nulls), ("list", ("int", 1)), [[], [None, 8]])

    def test_refusals(self):
        int8 = ("int", 8)
        self.refused(w.plain(8, [1, 2]), int8, 3)
        self.refused(w.plain(8, [1, 2]) + bytes(8), int8, 2)
        self.refused(w.plain(8, [1, 2])[:-8], int8, 2)
        self.refused(w.bitmap([1]), int8, 1, "segment_unknown_encoding")
        self.refused(w.node(99, 1), int8, 1, "segment_unknown_encoding")
        self.refused(w.null(1), int8, 1, "segment_unknown_encoding")
        deep = w.plain(8, [1])
        for _ in range(3):
            deep = w.dictionary(1, deep, w.plain(4, [0]))
        self.refused(deep, int8, 1, "segment_nesting_too_deep")
        self.refused(w.constant_bytes(8192, bytes(40000)), ("bytes",), 8192, "segment_limit_exceeded")

    def test_keys(self):
        class Named:
            def __init__(self, kind, width=8):
                self.type = type("T", (), {"kind": kind, "shape": ("int", width)})

        key = b"a\0\xffb\0\0" + b"\x7f" + b"\xff" * 7 + b"\1"
        columns = [Named("utf8"), Named("int64"), Named("bool")]
        self.assertEqual(decode_key(key, columns), [b"a\0b", 2**64 - 1, True])


class Files(unittest.TestCase):
    def test_every_flipped_byte_is_refused_or_harmless(self):
        data, _ = segment([Feature("x", b"\4", "int32", [1, 2, 3], [w.plain(4, [1, 2, 3])])])
        expected = list(Segment(data).rows())
        self.assertEqual([row["features"] for row in expected], [[1], [2], [3]])
        for at in range(len(data)):
            flipped = data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1:]
            try:
                self.assertEqual(list(Segment(flipped).rows()), expected)
            except SegmentError:
                continue

    def test_every_truncation_is_refused(self):
        data, _ = segment([Feature("x", b"\4", "int32", [1, 2, 3], [w.plain(4, [1, 2, 3])])])
        for length in range(len(data)):
            with self.assertRaises(SegmentError):
                Segment(data[:length])

    def test_no_content_raises_anything_else(self):
        seed = random.getrandbits(32)
        print(f"seed {seed}")
        generator = random.Random(seed)
        page = w.nullable(3, w.bitmap([1, 0, 1]), w.listed(
            3, w.plain(4, [2, 0, 1]), w.dictionary(
                3, w.plain_bytes([b"abc", b"d"]), w.packed(4, 1, 0, [0, 1, 1]))))
        lists = [["abc", "d"], None, ["d"]]
        data, _ = segment([Feature("x", b"\x11\x0c", "list[utf8]", lists, [page])])
        self.assertEqual([row["features"] for row in Segment(data).rows()], [[x] for x in lists])
        for _ in range(3000):
            broken = bytearray(page)
            for _ in range(generator.randint(1, 3)):
                broken[generator.randrange(len(broken))] = generator.choice((0, 1, 2, 255))
            try:
                decode_page(bytes(broken), ("list", ("bytes",)), 3, True)
            except SegmentError:
                continue


if __name__ == "__main__":
    unittest.main()
