/* web/metrics: counters of a running site and their Prometheus text. Internal to web. */
#ifndef PLATFORM_WEB_METRICS_H
#define PLATFORM_WEB_METRICS_H

#include <stdatomic.h>

#include "platform/web/router.h"

enum { METRICS_BUCKETS = 12, METRICS_CLASSES = 6 };

struct metrics_route {
    atomic_uint_fast64_t by_status[METRICS_CLASSES]; /* hundreds */
};

struct metrics {
    struct metrics_route *routes; /* of the tables, then one for what has no route */
    atomic_uint_fast64_t buckets[METRICS_BUCKETS + 1];
    atomic_uint_fast64_t duration_us;
    atomic_uint_fast64_t bytes;
    atomic_int_fast64_t writes_waiting;
    atomic_uint_fast64_t writes;
    atomic_int_fast64_t streams;
    atomic_int_fast64_t connections;
    atomic_int_fast64_t bodies_bytes; /* of requests being received */
};

/* `entry` NULL: no route. */
void metrics_count(struct metrics *metrics, const struct router *router,
                   const struct route_entry *entry, int status, int64_t duration_us, size_t bytes);
void metrics_put(struct buf *text, const struct metrics *metrics, const struct router *router);

#endif
