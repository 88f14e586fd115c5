/* A nest of equal firms at level 2, ready for days of its auctions and choice, and the worked
 * numbers of docs/model-level2.md. Include cmocka.h first. */
#ifndef TESTS_ENGINE_MARKET_NEST_BENCH_H
#define TESTS_ENGINE_MARKET_NEST_BENCH_H

#include "engine/market/nest.h"
#include "world.h"

enum { BENCH_FIRMS_MAX = 24, BENCH_OFFERS_MAX = 96 };

struct nest_bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_nest *nest; /* rules->nests, which the bench may change */
    struct market_key key;
    struct market_work work;
    struct market_nest_day day;
    struct problem problem;
};

/* Promotion and storefront open, the other parts of level 2 closed; warm start. */
void nest_bench_open(struct nest_bench *bench, int firms, int products);
void nest_bench_close(struct nest_bench *bench);
struct market_listing *nest_bench_listing(struct nest_bench *bench, int firm, int i);
/* Today's offers of nest 0: traffic, utilities, promotion, exposure, shares; the answer is that of
 * promotion and its check. */
enum err nest_bench_day(struct nest_bench *bench);

struct worked_number {
    const char *name;
    double (*compute)(void);
};
/* Every "`worked <prefix>NAME = VALUE`" of the page is computed, to half a unit of its last digit,
 * and every name of the list stands there once. */
void worked_page_agrees(const char *path, const char *prefix, const struct worked_number *list,
                        size_t count);

#endif
