#pragma once

#include <stdbool.h>
#include <stdint.h>

// What Swift's module of the C library leaves out of Linux.

/// Begins to write changed bytes of a file to the disk, without waiting.
///
/// Elsewhere than on Linux it does nothing. Failures are for fdatasync to report.
void hindcast_start_writeback(int descriptor, int64_t offset, int64_t byte_count);

/// Whether an open file has this name.
///
/// On Linux without asking for its times: a file whose times were asked for gets new ones with the
/// next write, which then take longer to make durable.
bool hindcast_is_named(int descriptor, const char *path);
