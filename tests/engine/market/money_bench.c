#include "money_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "effects.h"

void money_bench_open(struct money_bench *bench, bool cold,
                      void (*setup)(struct market_rules *rules))
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    struct world_options options = {
        .firms = 2, .level2 = true, .second_market = true, .cold = cold};
    bench->rules = world_rules(&bench->arena, &options);
    if (setup != NULL)
        setup(bench->rules);
    bench->key = world_key("money");
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &bench->result, &bench->problem),
        ERR_OK);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL,
                     market_state_copy(&bench->arena, bench->result.after, 8, 28), &bench->problem);
    market_lanes_promise(&bench->work);
}

void money_bench_close(struct money_bench *bench)
{
    arena_clear(&bench->arena);
}

struct market_firm *money_firm(struct money_bench *bench)
{
    return &bench->work.state->firms[0];
}

int64_t money_cash(struct money_bench *bench, int currency)
{
    return money_firm(bench)->balance[ACCOUNT_CASH][currency];
}

int money_notices(struct money_bench *bench, enum market_notice_kind kind)
{
    int count = 0;
    for (int i = 0; i < bench->work.notices[0].count; i++)
        count += bench->work.notices[0].notices[i].kind == kind;
    return count;
}

struct market_row *money_row(struct money_bench *bench, struct market_seat_decisions *decisions,
                             enum market_list list)
{
    return effect_row_add(&bench->arena, decisions, list);
}

enum err money_step(struct money_bench *bench, const struct market_seat_decisions *decisions)
{
    struct market_seat_decisions *firms =
        ARENA_ARRAY(&bench->arena, struct market_seat_decisions, (size_t)bench->rules->firms);
    firms[0] = *decisions;
    struct market_decisions all = {.firm_count = bench->rules->firms, .firms = firms};
    return market_step(&bench->arena, bench->rules, bench->result.after, &all, &bench->key, NULL,
                       &bench->result, &bench->problem);
}

void money_page_check(const char *prefix, const struct money_worked *worked, int count)
{
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    assert_int_equal(
        file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/model-level2.md", 1 << 20, &page, &problem),
        ERR_OK);
    char head[64];
    snprintf(head, sizeof(head), "`worked %s_", prefix);
    int found = 0;
    for (const char *at = strstr(page.text, head); at != NULL; at = strstr(at + 1, head)) {
        char name[64];
        double printed;
        assert_int_equal(sscanf(at, "`worked %63[a-z0-9_] = %lf", name, &printed), 2);
        int i = 0;
        while (i < count && strcmp(worked[i].name, name) != 0)
            i++;
        assert_true(i < count);
        double computed = worked[i].compute();
        if (fabs(computed - printed) > 0.0005)
            print_message("%s: page %g, engine %g\n", name, printed, computed);
        assert_true(fabs(computed - printed) <= 0.0005);
        found++;
    }
    assert_int_equal(found, count);
    arena_clear(&arena);
}
