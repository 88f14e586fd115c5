#include "platform/web/state.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "platform/web/events.h"
#include "platform/web/guard.h"
#include "platform/web/own_routes.h"

int64_t site_now_ms(const struct web_site *site)
{
    return site->now_ms(site->now_context);
}

int64_t site_monotonic_us(const struct web_site *site)
{
    return site->monotonic_us == NULL ? site_now_ms(site) * 1000
                                      : site->monotonic_us(site->now_context);
}

/* Source: S. Vigna, "splitmix64" (the finalizer is a bijection: ids never repeat). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

void request_id_make(struct web_site *site, char id[17])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t number = atomic_fetch_add_explicit(&site->state->requests, 1, memory_order_relaxed);
    uint64_t mixed = mix(site->state->boot + number * UINT64_C(0x9e3779b97f4a7c15));
    for (int i = 0; i < 16; i++)
        id[i] = digits[mixed >> (60 - 4 * i) & 15];
    id[16] = '\0';
}

enum { TABLES_MAX = 64 };

enum err web_site_open(struct web_site *site, struct problem *problem)
{
    const struct web_table *tables[TABLES_MAX + 2];
    int count = 0;
    if (sodium_init() < 0)
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("libsodium does not start"));
    tables[count++] = &web_own_routes;
    for (int i = 0; site->tables != NULL && site->tables[i] != NULL; i++) {
        if (count > TABLES_MAX)
            return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("there are too many rooms"));
        tables[count++] = site->tables[i];
    }
    tables[count] = NULL;
    struct arena arena;
    arena_init(&arena);
    struct web_state *state = ARENA_NEW(&arena, struct web_state);
    enum err code = router_build(&state->router, &arena, tables, problem);
    if (code != ERR_OK) {
        arena_clear(&arena);
        return code;
    }
    state->metrics.routes =
        ARENA_ARRAY(&arena, struct metrics_route, (size_t)state->router.count + 1);
    state->guard = guard_new(&arena);
    state->events = events_new(&arena);
    randombytes_buf(&state->boot, sizeof(state->boot));
    state->arena = arena;
    site->state = state;
    return ERR_OK;
}

void web_site_close(struct web_site *site)
{
    struct web_state *state = site->state;
    if (state == NULL)
        return;
    events_close(state->events);
    guard_close(state->guard);
    struct arena arena = state->arena; /* holds the state itself */
    site->state = NULL;
    arena_clear(&arena);
}
