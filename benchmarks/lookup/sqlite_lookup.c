// Latest rows from SQLite, by its C interface.
//
//   sqlite_lookup load FILE LAYOUT < RECORDS
//   sqlite_lookup look FILE LAYOUT LIST REPEAT
//
// The table is WITHOUT ROWID, its key (entity, the first column): one B-tree in the order of the
// look-up. The file is mapped into memory and the statement prepared once.
#include <sqlite3.h>

#include "lookup.h"

static void check(sqlite3 *db, int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
    fail("SQLite", sqlite3_errmsg(db));
}

static void load(sqlite3 *db, const Layout *layout) {
  char create[1 << 17] = "CREATE TABLE t (entity INTEGER NOT NULL", insert[1 << 17];
  strcpy(insert, "INSERT INTO t VALUES (?");
  for (size_t index = 0; index < layout->count; index++) {
    char kind = layout->columns[index].kind;
    const char *type = kind == 'd' ? "REAL" : kind == 's' ? "TEXT" : "INTEGER";
    sprintf(create + strlen(create), ", c%zu %s", index, type);
    strcat(insert, ", ?");
  }
  strcat(create, ", PRIMARY KEY (entity, c0)) WITHOUT ROWID");
  strcat(insert, ")");
  check(db, sqlite3_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", 0, 0, 0));
  check(db, sqlite3_exec(db, create, 0, 0, 0));
  check(db, sqlite3_exec(db, "BEGIN", 0, 0, 0));
  sqlite3_stmt *statement;
  check(db, sqlite3_prepare_v2(db, insert, -1, &statement, 0));
  uint8_t *record = malloc(layout->record_bytes);
  while (fread(record, layout->record_bytes, 1, stdin) == 1) {
    int64_t number;
    memcpy(&number, record, 8);
    check(db, sqlite3_bind_int64(statement, 1, number));
    for (size_t index = 0; index < layout->count; index++) {
      const Column *column = &layout->columns[index];
      const uint8_t *value = record + column->offset + 1;
      int place = (int)index + 2;
      double real;
      if (!value[-1]) {
        check(db, sqlite3_bind_null(statement, place));
      } else if (column->kind == 's') {
        int length = (int)strnlen((const char *)value, column->width);
        check(db, sqlite3_bind_text(statement, place, (const char *)value, length, SQLITE_STATIC));
      } else if (column->kind == 'd') {
        memcpy(&real, value, 8);
        check(db, sqlite3_bind_double(statement, place, real));
      } else if (column->kind == 'b') {
        check(db, sqlite3_bind_int64(statement, place, *value));
      } else {
        memcpy(&number, value, 8);
        check(db, sqlite3_bind_int64(statement, place, number));
      }
    }
    check(db, sqlite3_step(statement));
    check(db, sqlite3_reset(statement));
  }
  check(db, sqlite3_exec(db, "COMMIT", 0, 0, 0));
  sqlite3_finalize(statement);
}

static volatile uint64_t sink;

static void look_up(void *store, int64_t entity, const Layout *layout, Answers *answers) {
  sqlite3_stmt *statement = store;
  sqlite3_bind_int64(statement, 1, entity);
  if (sqlite3_step(statement) != SQLITE_ROW) fail("SQLite", "a record is not there");
  uint64_t total = 0;
  for (size_t index = 0; index < layout->count; index++) {
    char kind = layout->columns[index].kind;
    int place = (int)index + 1;
    if (sqlite3_column_type(statement, place) == SQLITE_NULL) {
      if (answers) add_value(&answers[index], kind, NULL, 0);
    } else if (kind == 's') {
      const unsigned char *text = sqlite3_column_text(statement, place);
      size_t length = (size_t)sqlite3_column_bytes(statement, place);
      total += length ? text[length - 1] : 0;
      if (answers) add_value(&answers[index], kind, text, length);
    } else if (kind == 'd') {
      double real = sqlite3_column_double(statement, place);
      total += real > 0;
      if (answers) add_value(&answers[index], kind, &real, 8);
    } else {
      int64_t number = sqlite3_column_int64(statement, place);
      total += (uint64_t)number;
      if (answers) add_value(&answers[index], kind, &number, kind == 'b' ? 1 : 8);
    }
  }
  sink = total;
  sqlite3_reset(statement);
}

int main(int count, char **arguments) {
  if (count < 4) fail(arguments[0], "load|look FILE LAYOUT [LIST REPEAT]");
  sqlite3 *db;
  check(NULL, sqlite3_open(arguments[2], &db));
  static Layout layout;
  layout = parse_layout(arguments[3]);
  if (strcmp(arguments[1], "load") == 0) {
    load(db, &layout);
  } else if (count == 6) {
    check(db, sqlite3_exec(db, "PRAGMA mmap_size = 1099511627776", 0, 0, 0));
    sqlite3_stmt *statement;
    check(db, sqlite3_prepare_v2(
        db, "SELECT * FROM t WHERE entity = ? ORDER BY c0 DESC LIMIT 1", -1, &statement, 0));
    measure(statement, look_up, &layout, read_list(arguments[4]),
            strtoul(arguments[5], NULL, 10));
    sqlite3_finalize(statement);
  }
  check(db, sqlite3_close(db));
}
