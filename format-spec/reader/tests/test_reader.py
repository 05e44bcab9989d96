#!/usr/bin/env python3
"""Tests of the reader by itself: XXH64, nodes by hand, numbers, filters, every flipped byte."""

import math
import random
import struct
import unittest
from fractions import Fraction

import page_writer as w
from exact_floats import exact, nearest
from tiny_segments import Feature, filter_page, segment

from page_cursor import NAMES
from page_nodes import decode_page
from record_filter import filter_of, may_contain
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
        deltas = w.delta(3, w.constant(2, 1, 5), w.packed(2, 1, 65535, [1, 0, 1]))
        self.check(deltas, int2, [5, 4, 4])
        self.check(w.patched(3, w.constant(2, 3, 8), w.bitmap([0, 1, 0]), w.constant(2, 1, 9)), int2, [
            8, 9, 8])
        runs = w.run_length(5, w.plain(2, [3, 1]), w.plain(4, [2, 5]))
        self.check(runs, int2, [3, 3, 1, 1, 1])
        self.check(w.dictionary(3, w.plain(2, [9, 8]), w.plain(4, [1, 0, 1])), int2, [8, 9, 8])
        self.check(w.packed(16, 64, 2**127, [1, 2]), ("wide", 16), [2**127 + 1, 2**127 + 2])
        self.check(w.scaled(2, 100, 20, w.plain(2, [0, 1, 65535])), int2, [100, 120, 80])
        self.check(w.scaled(2, 65535, 32768, w.plain(2, [1, 2, 3])), int2, [32767, 65535, 32767])
        self.check(w.scaled(16, 1, 2**127, w.plain(16, [1, 2])), ("wide", 16), [2**127 + 1, 1])

    def test_the_rest(self):
        self.check(w.bitmap([1, 0, 1] * 30), ("bool",), [True, False, True] * 30)
        self.check(w.run_length_bool(3, 1, w.plain(4, [1, 3])), ("bool",), [True, False, False])
        self.check(w.sparse(3, 0, w.plain(4, [1])), ("bool",), [True, False, True])
        symbols = w.fsst(2, [b"ab", b"c"], w.plain_bytes([b"\0\1\0", b"\xff\xff"]))
        self.check(symbols, ("bytes",), [b"abcab", b"\xff"])
        self.check(w.alphabet(2, b"abc", [b"cab", b""]), ("bytes",), [b"cab", b""])
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
        for _ in range(7):
            deep = w.dictionary(1, deep, w.plain(4, [0]))
        self.check(deep, int8, [1])
        deep = w.dictionary(1, deep, w.plain(4, [0]))
        self.refused(deep, int8, 1, "segment_nesting_too_deep")
        for shape, width in ((int8, 8), (("wide", 16), 16)):
            quotients = w.plain(width, [1, 2])
            for factor in (0, 1):
                self.refused(w.scaled(width, 0, factor, quotients), shape, 2)
            self.check(w.scaled(width, 0, 2, quotients), shape, [2, 4])
            twice = w.scaled(width, 0, 2, w.scaled(width, 0, 2, quotients))
            self.refused(twice, shape, 2, "segment_unknown_encoding")
            whole = w.scaled(width, 0, 2, quotients)
            for length in range(0, len(whole), 8):
                self.refused(whole[:length], shape, 2)
        self.refused(w.scaled(8, 0, 2, w.plain(8, [])), int8, 0)
        self.refused(w.constant_bytes(8192, bytes(40000)), ("bytes",), 8192, "segment_limit_exceeded")

    def test_keys(self):
        class Named:
            def __init__(self, kind, width=8):
                self.type = type("T", (), {"kind": kind, "shape": ("int", width)})

        key = b"a\0\xffb\0\0" + b"\x7f" + b"\xff" * 7 + b"\1"
        columns = [Named("utf8"), Named("int64"), Named("bool")]
        self.assertEqual(decode_key(key, columns), [b"a\0b", 2**64 - 1, True])


class Multiples(unittest.TestCase):
    WIDTHS = ((1, ("int", 1)), (2, ("int", 2)), (4, ("int", 4)), (8, ("int", 8)),
        (16, ("wide", 16)))

    def setUp(self):
        self.generator = random.Random(13)

    def test_the_least_value_and_the_divisor_of_the_rest_bring_signed_numbers_back(self):
        """As a writer finds them: by the greatest common divisor of the differences."""
        for width, shape in self.WIDTHS * 40:
            top = 1 << 8 * width - 1
            unit = self.generator.randrange(2, 1 << self.generator.randrange(2, 8 * width))
            start = self.generator.randrange(-top, top)
            most = min(1000, (top - 1 - start) // unit)
            values = [start + unit * self.generator.randint(0, most) for _ in range(50)]
            base = min(values)
            factor = math.gcd(*[value - base for value in values])
            if factor < 2:
                continue
            self.assertEqual(factor % unit, 0)
            quotients = w.plain(width, [(value - base) // factor for value in values])
            node = w.scaled(width, base % (2 * top), factor, quotients)
            decoded, _ = decode_page(node, shape, 50, False)
            self.assertEqual([word - (2 * top if word >= top else 0) for word in decoded], values)

    def test_an_odd_factor_reaches_every_number_once(self):
        """The product wraps as often as it likes: a sum of factors, one by one."""
        for factor in (2, 3, 100, 127, 128, 254, 255):
            node = w.scaled(1, 200, factor, w.plain(1, range(256)))
            decoded, _ = decode_page(node, ("int", 1), 256, False)
            expected = [200]
            while len(expected) < 256:
                expected.append((expected[-1] + factor) % 256)
            self.assertEqual(decoded, expected)
            self.assertEqual(len(set(decoded)), 256 // math.gcd(factor, 256))

    def test_a_factor_of_a_power_of_two_shifts(self):
        for width, shape in self.WIDTHS:
            for shift in range(1, 8 * width):
                quotients = [self.generator.getrandbits(8 * width) for _ in range(8)]
                node = w.scaled(width, 0, 1 << shift, w.plain(width, quotients))
                expected = [(word << shift) % (1 << 8 * width) for word in quotients]
                self.assertEqual(decode_page(node, shape, 8, False)[0], expected)


class Decimals(unittest.TestCase):
    def decoded(self, width, exponent, integers):
        node = w.alp(len(integers), exponent, w.plain(width, [n % (1 << 8 * width) for n in integers]))
        return decode_page(node, ("int", width), len(integers), False)[0]

    def test_the_conversion_and_the_division_round_once_each(self):
        """For floats of both widths, by fractions."""
        generator = random.Random(11)
        for width, exponents in ((4, 11), (8, 23)):
            top = 1 << 8 * width - 1
            for exponent in range(exponents):
                integers = [0, 1, -1, top - 1, -top]
                integers += [generator.randrange(-top, top) for _ in range(300)]
                integers += [generator.randrange(-(1 << bits), 1 << bits) for bits in range(1, 31)]
                converted = [exact(nearest(number, width), width) for number in integers]
                expected = [nearest(number / 10**exponent, width) for number in converted]
                self.assertEqual(self.decoded(width, exponent, integers), expected)

    def test_decimals_of_15_and_6_digits_are_exact(self):
        generator = random.Random(12)
        for width, digits, exponents in ((8, 15, 23), (4, 6, 11)):
            for exponent in range(exponents):
                integers = [generator.randrange(-(10**digits) + 1, 10**digits) for _ in range(200)]
                expected = [nearest(Fraction(number, 10**exponent), width) for number in integers]
                self.assertEqual(self.decoded(width, exponent, integers), expected)
                if width == 8:
                    # From decimal text by the system's own conversion.
                    floats = [float(f"{number}e-{exponent}") for number in integers]
                    words = struct.unpack("<200Q", struct.pack("<200d", *floats))
                    self.assertEqual(list(words), expected)


class Filters(unittest.TestCase):
    def test_no_key_is_missed_and_few_others_pass(self):
        keys = [b"user-%d\0\0" % number for number in range(1024)]
        blocks = filter_of(keys)
        self.assertTrue(all(may_contain(blocks, key) for key in keys))
        others = sum(may_contain(blocks, b"other-%d\0\0" % number) for number in range(10000))
        self.assertLess(others, 100)

    def test_the_writer_of_the_tests_agrees(self):
        keys = [b"%d" % number for number in range(100)]
        self.assertEqual(filter_page(keys), w.plain_fixed(filter_of(keys)))


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
        pages = [
            (page, ("list", ("bytes",)), 3),
            (w.fsst(2, [b"a", b"bc"], w.plain_bytes([b"\0\1", b"\xffa"])), ("bytes",), 2),
            (w.alphabet(2, b"abc", [b"cab", b"a"]), ("bytes",), 2),
            (w.sparse(9, 1, w.plain(4, [1, 8])), ("bool",), 9),
            (w.scaled(8, 7, 60, w.packed(8, 4, 0, [3, 9])), ("int", 8), 2),
            (w.scaled(16, 7, 60, w.patched(2, w.scaled(16, 1, 2, w.plain(16, [1, 2])), w.bitmap(
                [0, 1]), w.constant(16, 1, 9))), ("wide", 16), 2),
            (w.alp(2, 2, w.delta(2, w.constant(8, 1, 5), w.constant(8, 2, 1))), ("int", 8), 2),
            (w.alp_rd(2, 16, w.plain(2, [1, 2]), w.patched(
                2, w.constant(4, 2, 1), w.bitmap([1, 0]), w.constant(4, 1, 7))), ("int", 4), 2),
        ]
        for content, shape, rows in pages:
            decode_page(content, shape, rows, True)
            for _ in range(2000):
                broken = bytearray(content)
                for _ in range(generator.randint(1, 3)):
                    choice = (0, 1, 2, generator.randrange(len(NAMES) + 1), 255)
                    broken[generator.randrange(len(broken))] = generator.choice(choice)
                try:
                    decode_page(bytes(broken), shape, rows, True)
                except SegmentError:
                    continue


if __name__ == "__main__":
    unittest.main()
