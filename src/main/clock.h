/* main/clock: the program's only clock (in main.c), handed to whatever needs the time. */
#ifndef MAIN_CLOCK_H
#define MAIN_CLOCK_H

#include "core/base.h"

/* UTC, ms since 1970. The context is not used. */
int64_t clock_now_ms(void *context);
/* Microseconds since some moment; never goes back. */
int64_t clock_monotonic_us(void *context);

#endif
