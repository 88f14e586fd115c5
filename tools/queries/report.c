#include "report.h"

#include <stdarg.h>
#include <stdio.h>

void report_init(struct report *report)
{
    buf_init(&report->text);
    report->count = 0;
}

void report_clear(struct report *report)
{
    buf_clear(&report->text);
    report->count = 0;
}

void report_add(struct report *report, const char *file, int line, const char *format, ...)
{
    report->count++;
    if (report->count > REPORT_MAX)
        return;
    char text[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (length < 0)
        return;
    size_t kept = (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1;
    buf_append_c(&report->text, file);
    buf_append_byte(&report->text, ':');
    buf_append_int64(&report->text, line);
    buf_append_c(&report->text, ": ");
    buf_append(&report->text, (struct str){text, kept});
    buf_append_byte(&report->text, '\n');
}
