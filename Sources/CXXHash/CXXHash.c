#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "CXXHash.h"

uint64_t hindcast_xxh64(const void *bytes, size_t length, uint64_t seed) {
  return XXH64(bytes, length, seed);
}

void *hindcast_xxh128_create(void) {
  XXH3_state_t *state = XXH3_createState();
  if (state != NULL) XXH3_128bits_reset(state);
  return state;
}

void hindcast_xxh128_update(void *state, const void *bytes, size_t length) {
  XXH3_128bits_update(state, bytes, length);
}

void hindcast_xxh128_digest(const void *state, uint8_t digest[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
  memcpy(digest, canonical.digest, sizeof canonical.digest);
}

void hindcast_xxh128_free(void *state) { XXH3_freeState(state); }
