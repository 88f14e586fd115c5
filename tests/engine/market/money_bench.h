/* A level-2 world of two firms, opened, with a work area on its first day; and the reader of a
 * page's worked numbers. For the tests of customs and finance. */
#ifndef TESTS_ENGINE_MARKET_MONEY_BENCH_H
#define TESTS_ENGINE_MARKET_MONEY_BENCH_H

#include "engine/market/work.h"
#include "world.h"

struct money_bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_key key;
    struct market_result result;
    struct market_work work;
    struct problem problem;
};

enum { MONEY_PRODUCT = 0, MONEY_DE = 0, MONEY_GB = 1 };

/* With `setup` before the opening; may be NULL. */
void money_bench_open(struct money_bench *bench, bool cold,
                      void (*setup)(struct market_rules *rules));
void money_bench_close(struct money_bench *bench);
struct market_firm *money_firm(struct money_bench *bench);
int64_t money_cash(struct money_bench *bench, int currency);
int money_notices(struct money_bench *bench, enum market_notice_kind kind);
struct market_row *money_row(struct money_bench *bench, struct market_seat_decisions *decisions,
                             enum market_list list);
/* One round with firm 0's decisions. */
enum err money_step(struct money_bench *bench, const struct market_seat_decisions *decisions);

struct money_worked {
    const char *name;
    double (*compute)(void);
};
/* Every `worked PREFIX...` of docs/model-level2.md is computed, and every entry stands there. */
void money_page_check(const char *prefix, const struct money_worked *worked, int count);

#endif
