#ifndef HINDCAST_CXXHASH_H
#define HINDCAST_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// XXH64 of `length` bytes at `bytes`, seeded.
uint64_t hindcast_xxh64(const void *bytes, size_t length, uint64_t seed);

/// A running XXH128 of nothing, to be freed; NULL without memory.
void *hindcast_xxh128_create(void);
/// Takes bytes in.
void hindcast_xxh128_update(void *state, const void *bytes, size_t length);
/// The hash of what was taken in, most significant byte first.
void hindcast_xxh128_digest(const void *state, uint8_t digest[16]);
void hindcast_xxh128_free(void *state);

#endif
