/* Group commit at its barest: bytes written to one file, one fdatasync for all who wait. */
#ifndef BENCH_BARE_LOG_H
#define BENCH_BARE_LOG_H

#include "core/base.h"

/* Writes of `bytes` each, a second, by `clients` threads that each wait for theirs to be on the
 * disk; for `seconds`. The file is made anew at `path` and removed. */
double bare_log_rate(const char *path, int clients, size_t bytes, double seconds);

#endif
