#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

uint64_t hindcast_xxh64(const void *bytes, size_t length, uint64_t seed) {
  return XXH64(bytes, length, seed);
}
