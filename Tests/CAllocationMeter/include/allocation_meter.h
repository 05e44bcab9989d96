// Counts the memory that one thread takes between two moments, by standing in for the C library's
// allocator in the program that links this. Without glibc, or with a sanitizer that has an allocator
// of its own, nothing is counted.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Whether allocations are counted at all.
bool hindcast_meter_counts(void);

// Starts to count in this thread: memory that it takes from now on, less what it gives back.
void hindcast_meter_start(void);

// The most bytes at a time since the start, in this thread.
size_t hindcast_meter_peak(void);
