// Latest rows from RocksDB, by its C interface.
//
//   rocksdb_lookup load FOLDER LAYOUT < RECORDS
//   rocksdb_lookup look FOLDER LAYOUT LIST REPEAT
//
// A key is entity and the first column, big-endian, signs flipped; the value is the record without
// the entity. One iterator seeks the last key of an entity. Sorted files are written directly, as
// the documentation advises for a bulk load, with LZ4 and blocks of 4 KiB; the block cache holds
// more than the look-ups touch, so that their blocks are in memory, uncompressed.
#include <rocksdb/c.h>

#include "lookup.h"

static void check(char *error) {
  if (error) fail("RocksDB", error);
}

static void put_word(uint8_t *target, int64_t number) {
  uint64_t word = __builtin_bswap64((uint64_t)number ^ 1ull << 63);
  memcpy(target, &word, 8);
}

static rocksdb_options_t *options(void) {
  rocksdb_options_t *options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_options_set_compression(options, rocksdb_lz4_compression);
  rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
  rocksdb_block_based_options_set_block_cache(table, rocksdb_cache_create_lru(4ull << 30));
  rocksdb_block_based_options_set_format_version(table, 5);
  // Binary search by hash inside a block: the documentation's advice for look-ups.
  rocksdb_block_based_options_set_data_block_index_type(
      table, rocksdb_block_based_table_data_block_index_type_binary_search_and_hash);
  rocksdb_options_set_block_based_table_factory(options, table);
  return options;
}

static void load(const char *folder, const Layout *layout) {
  char *error = NULL;
  char path[4096];
  snprintf(path, sizeof path, "%s.sst", folder);
  rocksdb_options_t *plan = options();
  rocksdb_sstfilewriter_t *writer =
      rocksdb_sstfilewriter_create(rocksdb_envoptions_create(), plan);
  rocksdb_sstfilewriter_open(writer, path, &error);
  check(error);
  uint8_t *record = malloc(layout->record_bytes);
  uint8_t key[16];
  while (fread(record, layout->record_bytes, 1, stdin) == 1) {
    int64_t entity, time;
    memcpy(&entity, record, 8);
    memcpy(&time, record + 9, 8);
    put_word(key, entity);
    put_word(key + 8, time);
    rocksdb_sstfilewriter_put(
        writer, (char *)key, 16, (char *)record + 8, layout->record_bytes - 8, &error);
    check(error);
  }
  rocksdb_sstfilewriter_finish(writer, &error);
  check(error);
  rocksdb_t *db = rocksdb_open(plan, folder, &error);
  check(error);
  rocksdb_ingestexternalfileoptions_t *ingest = rocksdb_ingestexternalfileoptions_create();
  rocksdb_ingestexternalfileoptions_set_move_files(ingest, 1);
  const char *files[] = {path};
  rocksdb_ingest_external_file(db, files, 1, ingest, &error);
  check(error);
  rocksdb_close(db);
}

static volatile uint64_t sink;

static void look_up(void *store, int64_t entity, const Layout *layout, Answers *answers) {
  rocksdb_iterator_t *iterator = store;
  uint8_t last[16];
  put_word(last, entity);
  memset(last + 8, 0xFF, 8);
  rocksdb_iter_seek_for_prev(iterator, (char *)last, 16);
  size_t length = 0;
  if (!rocksdb_iter_valid(iterator)) fail("RocksDB", "a record is not there");
  const char *key = rocksdb_iter_key(iterator, &length);
  if (length != 16 || memcmp(key, last, 8) != 0) fail("RocksDB", "a record is not there");
  const uint8_t *row = (const uint8_t *)rocksdb_iter_value(iterator, &length);
  uint64_t total = 0;
  for (size_t index = 0; index < layout->count; index++) {
    const Column *column = &layout->columns[index];
    const uint8_t *value = row + column->offset - 8 + 1;
    size_t width = column->width;
    if (column->kind == 's') width = strnlen((const char *)value, width);
    total += value[-1] && width ? value[width - 1] : 0;
    if (answers) add_value(&answers[index], column->kind, value[-1] ? value : NULL, width);
  }
  sink = total;
}

int main(int count, char **arguments) {
  if (count < 4) fail(arguments[0], "load|look FOLDER LAYOUT [LIST REPEAT]");
  static Layout layout;
  layout = parse_layout(arguments[3]);
  if (strcmp(arguments[1], "load") == 0) {
    load(arguments[2], &layout);
  } else if (count == 6) {
    char *error = NULL;
    rocksdb_t *db = rocksdb_open_for_read_only(options(), arguments[2], 0, &error);
    check(error);
    rocksdb_iterator_t *iterator = rocksdb_create_iterator(db, rocksdb_readoptions_create());
    measure(iterator, look_up, &layout, read_list(arguments[4]), strtoul(arguments[5], NULL, 10));
    rocksdb_iter_destroy(iterator);
    rocksdb_close(db);
  }
}
