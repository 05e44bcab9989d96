// What the look-ups in row stores share: the list of records, the clock, and the answers' CRC-32.
//
// Columns are described by a text such as "i,d,s7,b": int64, double, text of at most 7 bytes, bool.
// Rows come as records of fixed length: entity (int64), then for each column a byte, 1 if there is
// a value, and the value: 8 bytes, texts filled up with zeros, bools 1 byte. All little-endian.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  char kind;
  size_t width;
  size_t offset;  // of the byte that says whether there is a value
} Column;

typedef struct {
  Column columns[4096];
  size_t count;
  size_t record_bytes;
} Layout;

typedef struct {
  int64_t *entities;
  size_t count;
} List;

// The canonical bytes of one column's answers.
typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} Answers;

static inline void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why ? why : "failed");
  exit(1);
}

static Layout parse_layout(const char *text) {
  Layout layout = {.record_bytes = 8};
  for (const char *next = text; *next;) {
    if (layout.count == 4096) fail(text, "too many columns");
    Column *column = &layout.columns[layout.count++];
    column->kind = *next++;
    char *end = (char *)next;
    column->width = column->kind == 's' ? strtoul(next, &end, 10) : column->kind == 'b' ? 1 : 8;
    column->offset = layout.record_bytes;
    layout.record_bytes += 1 + column->width;
    next = *end == ',' ? end + 1 : end;
  }
  return layout;
}

static List read_list(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail(path, "can't be opened");
  List list = {.entities = malloc(8 << 20)};
  long long entity;
  while (list.count < 1 << 20 && fscanf(file, "%lld", &entity) == 1)
    list.entities[list.count++] = entity;
  fclose(file);
  return list;
}

static inline uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void add(Answers *answers, const void *bytes, size_t count) {
  if (answers->count + count > answers->capacity) {
    answers->capacity = 2 * (answers->count + count);
    answers->bytes = realloc(answers->bytes, answers->capacity);
  }
  memcpy(answers->bytes + answers->count, bytes, count);
  answers->count += count;
}

// Adds a value, or a null if `bytes` is.
static void add_value(Answers *answers, char kind, const void *bytes, size_t count) {
  add(answers, bytes ? "\1" : "\0", 1);
  if (!bytes) return;
  uint32_t length = (uint32_t)count;
  if (kind == 's') add(answers, &length, 4);
  add(answers, bytes, count);
}

static uint32_t crc32_of(const Answers *answers, size_t count) {
  uint32_t state = UINT32_MAX;
  for (size_t column = 0; column < count; column++) {
    for (size_t index = 0; index < answers[column].count; index++) {
      state ^= answers[column].bytes[index];
      for (int bit = 0; bit < 8; bit++) state = state >> 1 ^ (state & 1 ? 0xEDB88320 : 0);
    }
  }
  return ~state;
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

// Looks one record up. With `answers` it keeps the values, else it only reads every one of them.
typedef void (*LookUp)(void *store, int64_t entity, const Layout *layout, Answers *answers);

// Looks the list up once for the answers' hash, then `repeat` times on the clock.
static void measure(void *store, LookUp look_up, const Layout *layout, List list, size_t repeat) {
  Answers *answers = calloc(layout->count, sizeof(Answers));
  for (size_t index = 0; index < list.count; index++)
    look_up(store, list.entities[index], layout, answers);
  uint64_t *latencies = malloc(8 * (list.count * repeat + 1));
  size_t count = 0;
  for (size_t pass = 0; pass < repeat; pass++) {
    for (size_t index = 0; index < list.count; index++) {
      uint64_t start = nanoseconds();
      look_up(store, list.entities[index], layout, NULL);
      latencies[count++] = nanoseconds() - start;
    }
  }
  if (count == 0) fail("the list", "is empty");
  qsort(latencies, count, 8, ascending);
  printf("{\"job\": \"lookup\", \"lookups\": %zu, \"p50Nanoseconds\": %llu, "
         "\"p90Nanoseconds\": %llu, \"p99Nanoseconds\": %llu, \"crc32\": %u}\n",
         count, (unsigned long long)latencies[count / 2],
         (unsigned long long)latencies[count * 9 / 10],
         (unsigned long long)latencies[count * 99 / 100], crc32_of(answers, layout->count));
}
