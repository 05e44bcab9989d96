"""Pages under a codec, by the system's libraries."""

import ctypes

from assembler import Segment  # noqa: F401  (finds the reader's folder)

from block_codecs import _library


def zstd(content):
    """One frame whose header gives the content length."""
    library = _library("zstd", ("libzstd.so.1", "libzstd.1.dylib"))
    library.ZSTD_compress.restype = ctypes.c_size_t
    library.ZSTD_compress.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int,
    ]
    target = ctypes.create_string_buffer(len(content) + 1024)
    length = library.ZSTD_compress(target, len(target), content, len(content), 1)
    return target.raw[:length]


def lz4(content):
    """One block."""
    library = _library("lz4", ("liblz4.so.1", "liblz4.1.dylib"))
    target = ctypes.create_string_buffer(len(content) + 1024)
    length = library.LZ4_compress_default(content, target, len(content), len(target))
    return target.raw[:length]
