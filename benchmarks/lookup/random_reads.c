// What a random read of memory costs: a chain of reads, each at the address that the last one held.
//
// usage: random_reads MIB...     prints nanoseconds a read, in pages of 4 KiB and in huge pages
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, STEPS = 4000000 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

// One cycle through all lines of `memory`, in random order.
static void link_lines(char *memory, size_t count) {
  size_t *order = malloc(count * sizeof *order);
  for (size_t i = 0; i < count; i++) order[i] = i;
  for (size_t i = count - 1; i > 0; i--) {
    size_t j = (((uint64_t)random() << 31) | (uint64_t)random()) % i, kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  for (size_t i = 0; i < count; i++)
    *(size_t *)(memory + order[i] * LINE) = order[(i + 1) % count];
  free(order);
}

static double nanoseconds_a_read(size_t mib, int advice) {
  size_t size = mib << 20, at = 0;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(memory, size, advice);
  link_lines(memory, size / LINE);
  for (size_t i = 0; i < size / LINE; i++) at = *(size_t *)(memory + at * LINE);
  double start = seconds();
  for (size_t i = 0; i < STEPS; i++) at = *(size_t *)(memory + at * LINE);
  double taken = (seconds() - start) / STEPS * 1e9;
  munmap(memory, size);
  return at == SIZE_MAX ? 0 : taken;
}

int main(int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    size_t mib = strtoul(arguments[i], NULL, 10);
    printf("%zu MiB: %.1f ns, huge pages %.1f ns\n", mib,
           nanoseconds_a_read(mib, MADV_NOHUGEPAGE), nanoseconds_a_read(mib, MADV_HUGEPAGE));
  }
}
