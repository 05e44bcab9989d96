"""zstd and lz4 blocks through the system's libraries, so that nothing has to be installed."""

import ctypes
import ctypes.util


def _library(name, files):
    for file in files:
        try:
            return ctypes.CDLL(file)
        except OSError:
            continue
    found = ctypes.util.find_library(name)
    if found is None:
        raise RuntimeError(f"this page needs lib{name}: install it (Debian: lib{name}1 or -1)")
    return ctypes.CDLL(found)


def zstd(stored, content_length):
    """The decompressed bytes; None if they are not exactly `content_length`."""
    library = _library("zstd", ("libzstd.so.1", "libzstd.1.dylib"))
    library.ZSTD_decompress.restype = ctypes.c_size_t
    library.ZSTD_decompress.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t,
    ]
    library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    library.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    if library.ZSTD_getFrameContentSize(stored, len(stored)) != content_length:
        return None
    target = ctypes.create_string_buffer(max(content_length, 1))
    length = library.ZSTD_decompress(target, content_length, stored, len(stored))
    return target.raw[:content_length] if length == content_length else None


def lz4(stored, content_length):
    """The decompressed bytes; None if they are not exactly `content_length`."""
    library = _library("lz4", ("liblz4.so.1", "liblz4.1.dylib"))
    library.LZ4_decompress_safe.restype = ctypes.c_int
    library.LZ4_decompress_safe.argtypes = [
        ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int,
    ]
    target = ctypes.create_string_buffer(max(content_length, 1))
    length = library.LZ4_decompress_safe(stored, target, len(stored), content_length)
    return target.raw[:content_length] if length == content_length else None


CODECS = {
    0: ("none", lambda stored, content_length: bytes(stored)),
    1: ("lz4", lz4),
    2: ("zstd", zstd),
}
