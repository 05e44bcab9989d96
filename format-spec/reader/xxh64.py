"""XXH64 in plain Python (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md)."""

import struct

M = (1 << 64) - 1
P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


def _rotate(x, r):
    return ((x << r) | (x >> (64 - r))) & M


def _round(lane, word):
    return _rotate((lane + word * P2) & M, 31) * P1 & M


def _merge(h, lane):
    return ((h ^ _round(0, lane)) * P1 + P4) & M


def _stripes(data, seed):
    lanes = [(seed + P1 + P2) & M, (seed + P2) & M, seed, (seed - P1) & M]
    end = len(data) // 32 * 32
    for words in struct.iter_unpack("<4Q", data[:end]):
        lanes = [_round(lane, word) for lane, word in zip(lanes, words)]
    h = sum(_rotate(lane, r) for lane, r in zip(lanes, (1, 7, 12, 18))) & M
    for lane in lanes:
        h = _merge(h, lane)
    return h, end


def xxh64(data, seed=0):
    """The hash of `data`, 0 <= result < 2^64."""
    h, at = _stripes(data, seed) if len(data) >= 32 else ((seed + P5) & M, 0)
    h = (h + len(data)) & M
    while at + 8 <= len(data):
        (word,) = struct.unpack_from("<Q", data, at)
        h = (_rotate(h ^ _round(0, word), 27) * P1 + P4) & M
        at += 8
    if at + 4 <= len(data):
        (word,) = struct.unpack_from("<I", data, at)
        h = (_rotate(h ^ (word * P1 & M), 23) * P2 + P3) & M
        at += 4
    for byte in data[at:]:
        h = _rotate(h ^ (byte * P5 & M), 11) * P1 & M
    h = (h ^ (h >> 33)) * P2 & M
    h = (h ^ (h >> 29)) * P3 & M
    return h ^ (h >> 32)
