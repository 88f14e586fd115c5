/* queries/report: complaints of the generator, each with file, line and remedy.
 *
 * A complaint reads "FILE:LINE: what is wrong; what to do". All of a run are collected, so that a
 * person mends them together; beyond REPORT_MAX the rest is only counted.
 */
#ifndef QUERIES_REPORT_H
#define QUERIES_REPORT_H

#include "core/str.h"

enum { REPORT_MAX = 40 };

struct report {
    struct buf text; /* one line a complaint */
    int count;
};

void report_init(struct report *report);
void report_clear(struct report *report);
void report_add(struct report *report, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* For "%.*s" of a slice. */
#define SLICE(value) (int)(value).length, (value).text

#endif
