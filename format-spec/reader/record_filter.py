"""The filter of a run page (04-keys.md): a split-block bloom filter over its keys."""

from xxh64 import xxh64

BLOCKS, BLOCK_BYTES = 64, 32
SALT = (
    0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31,
)


def place(key):
    """The block of a key, and its bits as a number of 256 bits."""
    digest = xxh64(key)
    x = digest & 0xFFFFFFFF
    bits = 0
    for word, salt in enumerate(SALT):
        bits |= 1 << 32 * word + ((x * salt & 0xFFFFFFFF) >> 27)
    return digest >> 58, bits


def filter_of(keys):
    """The blocks of the filter that has just these keys."""
    blocks = [0] * BLOCKS
    for key in keys:
        block, bits = place(key)
        blocks[block] |= bits
    return [block.to_bytes(BLOCK_BYTES, "little") for block in blocks]


def may_contain(blocks, key):
    """False if the key is not in the run page."""
    block, bits = place(key)
    return int.from_bytes(blocks[block], "little") & bits == bits
