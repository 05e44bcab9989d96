#ifndef HINDCAST_CXXHASH_H
#define HINDCAST_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// XXH64 of `length` bytes at `bytes`, seeded.
uint64_t hindcast_xxh64(const void *bytes, size_t length, uint64_t seed);

#endif
