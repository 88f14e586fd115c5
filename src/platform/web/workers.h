/* web/workers: a few threads for what would block a web thread. Internal to web. */
#ifndef PLATFORM_WEB_WORKERS_H
#define PLATFORM_WEB_WORKERS_H

#include "core/base.h"

struct arena;
struct workers;

/* Put in front of what is to be done; lives until it is run. */
struct work_item {
    void (*run)(struct work_item *item);
    struct work_item *next;
};

struct workers *workers_start(struct arena *arena, int count);
void workers_submit(struct workers *workers, struct work_item *item);
/* Runs what was submitted, then ends the threads. */
void workers_stop(struct workers *workers);

#endif
