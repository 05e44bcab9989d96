#include "allocation_meter.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HINDCAST_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HINDCAST_SANITIZED)
#include <malloc.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static __thread intptr_t current;
static __thread intptr_t peak;

static void *taken(void *block) {
  if (block != NULL) {
    current += (intptr_t)malloc_usable_size(block);
    if (current > peak) peak = current;
  }
  return block;
}

static void given_back(void *block) {
  if (block != NULL) current -= (intptr_t)malloc_usable_size(block);
}

void *malloc(size_t size) { return taken(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return taken(__libc_calloc(count, size)); }

void *realloc(void *block, size_t size) {
  given_back(block);
  void *moved = __libc_realloc(block, size);
  // A block that could not grow is still there.
  taken(moved == NULL && size > 0 ? block : moved);
  return moved;
}

void *memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *aligned = memalign(alignment, size);
  if (aligned == NULL) return ENOMEM;
  *block = aligned;
  return 0;
}

void free(void *block) {
  given_back(block);
  __libc_free(block);
}

bool hindcast_meter_counts(void) { return true; }

void hindcast_meter_start(void) { current = peak = 0; }

size_t hindcast_meter_peak(void) { return (size_t)peak; }
#else
bool hindcast_meter_counts(void) { return false; }

void hindcast_meter_start(void) {}

size_t hindcast_meter_peak(void) { return 0; }
#endif
