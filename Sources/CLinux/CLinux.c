#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/stat.h>

void hindcast_start_writeback(int descriptor, int64_t offset, int64_t byte_count) {
#ifdef SYNC_FILE_RANGE_WRITE
  (void)sync_file_range(descriptor, offset, byte_count, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor, (void)offset, (void)byte_count;
#endif
}

bool hindcast_is_named(int descriptor, const char *path) {
#ifdef STATX_INO
  struct statx named, opened;
  return statx(AT_FDCWD, path, 0, STATX_INO, &named) == 0
      && statx(descriptor, "", AT_EMPTY_PATH, STATX_INO, &opened) == 0
      && named.stx_ino == opened.stx_ino && named.stx_dev_major == opened.stx_dev_major
      && named.stx_dev_minor == opened.stx_dev_minor;
#else
  struct stat named, opened;
  return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
#endif
}
