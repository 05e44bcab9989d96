// The Arrow C data and stream interfaces, and the function table of the shim over libarrow.
//
// The shim is a shared library of its own (Sources/CArrow/shim), opened on first use: a command
// that reads no table file never pays for loading libarrow.
#ifndef HINDCAST_ARROW_H
#define HINDCAST_ARROW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The guards are those of the Arrow specification, so that libarrow's own header can follow.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};
#endif

// Table file formats, as the shim numbers them.
enum {
  HINDCAST_PARQUET = 0,
  HINDCAST_CSV = 1,
  HINDCAST_JSON_LINES = 2,
  HINDCAST_ARROW_IPC = 3,
};

// Compression around a whole text file.
enum {
  HINDCAST_PLAIN = 0,
  HINDCAST_GZIP = 1,
  HINDCAST_ZSTD = 2,
};

struct HindcastReadOptions {
  const char *path;            // "-" is standard input
  int32_t format;
  int32_t compression;         // of CSV and JSON lines
  int64_t batch_rows;          // no batch is longer
  int64_t batch_bytes;         // nor takes more, decoded, unless it has but one row
  const char *const *columns;  // the columns to read; those that are not there are left out
  int64_t column_count;        // -1 reads all
  int32_t as_dictionaries;     // Parquet: columns of few different texts come as dictionaries
  const char *null_text;       // CSV: an unquoted text that is null besides the empty one, or NULL
  struct ArrowSchema *types;   // JSON lines: types of known columns, or NULL; released by the shim
  // JSON lines: types of columns where the first lines do not show one, or NULL; released by the
  // shim
  struct ArrowSchema *later_types;
};

struct HindcastWriteOptions {
  int32_t descriptor;      // where to write; the shim neither owns nor closes it
  int32_t format;
  int32_t as_stream;       // Arrow IPC: a stream, not a file
  const char *codec;       // Parquet and IPC: "none", "zstd", "lz4", "snappy", "gzip"
  int32_t level;           // INT32_MIN is the codec's own default
  int64_t row_group_rows;  // Parquet: a row group has no more
  int64_t row_group_bytes; // Parquet: a row group ends with the batch that reaches them
};

struct HindcastTableWriter;

// Every function that can fail returns NULL on success, else a message to give back to
// `free_message`. A message starts with one letter and a space: `I ` invalid data, `S ` a failing
// system call, `T ` a type without a mapping, `L ` out of memory or a limit, `P ` the reader of a
// pipe has gone, `R<row> ` invalid data in that row of the file (from one, header lines not
// counted). The errors of a stream are alike.
struct HindcastArrowFunctions {
  int32_t version;
  char *(*open)(const struct HindcastReadOptions *, struct ArrowArrayStream *out);
  char *(*writer_open)(
      const struct HindcastWriteOptions *, struct ArrowSchema *schema,
      struct HindcastTableWriter **out);
  // Releases the batch, whether it fails or not.
  char *(*writer_write)(struct HindcastTableWriter *, struct ArrowArray *batch);
  char *(*writer_close)(struct HindcastTableWriter *);
  void (*writer_free)(struct HindcastTableWriter *);
  void (*free_message)(char *);
  // Gives memory that libarrow's pool keeps for later back to the system.
  void (*release_memory)(void);
  int64_t (*allocated_bytes)(void);
  const char *(*library_version)(void);
};

#define HINDCAST_ARROW_VERSION 3

// The one symbol that is looked up in the shim.
typedef const struct HindcastArrowFunctions *(*HindcastArrowEntry)(void);

#ifdef __cplusplus
}
#endif
#endif
