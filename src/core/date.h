/* date: days of the proleptic Gregorian calendar, as a count since 1970-01-01 (day 0, a Thursday).
 */
#ifndef CORE_DATE_H
#define CORE_DATE_H

#include "core/base.h"
#include "core/str.h"

struct civil {
    int32_t year;  /* 1 .. 9999 */
    int32_t month; /* 1 .. 12 */
    int32_t day;   /* 1 .. 31 */
};

/* Source: H. Hinnant, "chrono-compatible low-level date algorithms" (days_from_civil). */
int32_t date_from_civil(struct civil civil);
struct civil date_to_civil(int32_t day);
bool civil_is_valid(struct civil civil);
/* 0 = Monday .. 6 = Sunday. */
int date_weekday(int32_t day);
/* ISO 8601 week of the year, 1 .. 53. */
int date_iso_week(int32_t day);
/* 0-based day within its year. */
int date_day_of_year(int32_t day);
/* "2026-03-31", all of `text`; false on anything else or an impossible date. */
bool date_parse(struct str text, int32_t *day);
/* Ten characters and a zero byte. */
void date_format(int32_t day, char text[11]);

#endif
