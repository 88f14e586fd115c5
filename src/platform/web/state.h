/* web/state: what a running site keeps beside its store. Internal to web. */
#ifndef PLATFORM_WEB_STATE_H
#define PLATFORM_WEB_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/arena.h"
#include "platform/web/metrics.h"
#include "platform/web/router.h"

struct guard;
struct event_hub;

struct web_state {
    struct arena arena; /* lives as long as the site */
    struct router router;
    struct metrics metrics;
    struct guard *guard;
    struct event_hub *events;
    uint64_t boot; /* random, for request ids and event ids */
    atomic_uint_fast64_t requests;
    atomic_bool stopping;
};

int64_t site_now_ms(const struct web_site *site);
int64_t site_monotonic_us(const struct web_site *site);
/* 16 hex digits and a zero byte; not to be guessed, never twice. */
void request_id_make(struct web_site *site, char id[17]);

#endif
