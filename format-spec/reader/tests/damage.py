#!/usr/bin/env python3
"""Writes segments with random damage under right checksums, to see whether two readers agree.

    damage.py GOLDEN FOLDER SEED COUNT    writes FOLDER/00000.hseg and so on
"""

import random
import struct
import sys
from pathlib import Path

from assembler import put_together, take_apart

PIECES = ("header", "summary", "column directory", "section table", "trailer")
BYTES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 127, 128, 255)


def damaged(data, generator):
    """One to three small changes, rather near the start, where nodes have their headers."""
    data = bytearray(data)
    for _ in range(generator.randint(1, 3)):
        if not data:
            break
        near = generator.random() < 0.4
        at = generator.randrange(min(len(data), 24) if near else len(data))
        word = at & ~7
        change = generator.randrange(8)
        if change < 2:
            data[at] = generator.choice(BYTES)
        elif change < 4:
            data[at] ^= 1 << generator.randrange(8)
        elif change == 4:
            data[at] = (data[at] + generator.choice((1, -1))) % 256
        elif change == 5:
            number = generator.choice((0, (1 << 64) - 1, 1 << 63, generator.getrandbits(12)))
            data[word:word + 8] = struct.pack("<Q", number)
        elif change == 6:
            del data[word:word + 8]
        else:
            data[word:word] = data[word:word + 8]
    return bytes(data)


def place(columns, generator):
    """The name of a piece, pages above all."""
    name = generator.choice(sorted(columns))
    pages = len(columns[name].pages)
    kind = generator.choices(("content", "entry", "root", "directory", "piece"), (14, 1, 1, 1, 3))[0]
    if kind == "piece" or not pages:
        return generator.choice(PIECES)
    if kind in ("content", "entry"):
        return kind, name, generator.randrange(pages)
    return kind, name


def main():
    golden, folder, seed, count = sys.argv[1:]
    generator = random.Random(int(seed))
    paths = [path for path in sorted(Path(golden).glob("*.hseg")) if path.stat().st_size < 24000]
    parts = [take_apart(path.read_bytes()) for path in paths]
    for index in range(int(count)):
        columns, pieces = generator.choice(parts)
        patches = {place(columns, generator): lambda data: damaged(data, generator)}
        try:
            data = put_together(columns, pieces, patches)
        except struct.error:
            continue
        (Path(folder) / f"{index:05}.hseg").write_bytes(data)


if __name__ == "__main__":
    main()
