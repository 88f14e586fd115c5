#include "nest_bench.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"

void nest_bench_open(struct nest_bench *bench, int firms, int products)
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    struct world_options options = {.firms = firms, .products = products, .level2 = true};
    struct market_rules *rules = bench->rules = world_rules(&bench->arena, &options);
    rules->customs.open = rules->loans.open = rules->compliance.open = rules->sourcing.open = false;
    rules->event_count = 0;
    bench->nest = (struct market_nest *)(uintptr_t)rules->nests;
    bench->key = world_key("nest bench");
    struct market_result result;
    assert_int_equal(market_open(&bench->arena, rules, &bench->key, &result, &bench->problem),
                     ERR_OK);
    market_work_init(&bench->work, &bench->arena, rules, &bench->key, NULL, result.after,
                     &bench->problem);
    market_lanes_promise(&bench->work);
    bench->nest->promise_ref_days = bench->work.state->firms[0].listings[0].promise_days;
}

void nest_bench_close(struct nest_bench *bench)
{
    arena_clear(&bench->arena);
}

struct market_listing *nest_bench_listing(struct nest_bench *bench, int firm, int i)
{
    return &bench->work.state->firms[firm].listings[i];
}

enum err nest_bench_day(struct nest_bench *bench)
{
    struct market_state *state = bench->work.state;
    bench->day = (struct market_nest_day){.nest = 0};
    bench->day.offers = ARENA_ARRAY(&bench->arena, struct market_offer, BENCH_OFFERS_MAX);
    for (int f = 0; f < state->firm_count; f++)
        for (int i = 0; i < state->firms[f].listing_count; i++) {
            struct market_listing *listing = nest_bench_listing(bench, f, i);
            bench->day.offers[bench->day.offer_count++] = (struct market_offer){
                .firm = f, .listing = listing, .listed = listing->live, .live = listing->live};
        }
    bench->day.traffic = market_traffic_day(&bench->work, 0);
    market_choice_prepare(&bench->work, &bench->day);
    TRY(market_promotion_day(&bench->work, &bench->day));
    market_choice_day(&bench->work, &bench->day);
    return market_promotion_check(&bench->work, &bench->day);
}

static const struct worked_number *worked_find(const struct worked_number *list, size_t count,
                                               struct str name)
{
    for (size_t w = 0; w < count; w++)
        if (str_equal_c(name, list[w].name))
            return &list[w];
    return NULL;
}

/* Half a unit of the last digit printed. */
static double tolerance(struct str number)
{
    double unit = 1;
    for (size_t d = str_find_byte(number, '.') + 1; d < number.length; d++)
        unit /= 10;
    return unit * 0.5000001;
}

void worked_page_agrees(const char *path, const char *prefix, const struct worked_number *list,
                        size_t count)
{
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    if (file_read(&arena, path, 1 << 20, &page, &problem) != ERR_OK)
        fail_msg("%s cannot be read", path);
    const struct str mark = STR("`worked ");
    size_t seen = 0;
    for (size_t at = 0; at + mark.length < page.length; at++) {
        if (!str_equal(str_slice(page, at, mark.length), mark))
            continue;
        struct str rest = str_slice(page, at + mark.length, page.length - at - mark.length);
        struct str text = str_slice(rest, 0, str_find_byte(rest, '`'));
        size_t equals = str_find_byte(text, '=');
        struct str name = str_trim(str_slice(text, 0, equals));
        if (!str_starts_with(name, str_from_c(prefix)))
            continue;
        struct str number = str_trim(str_slice(text, equals + 1, text.length - equals - 1));
        const struct worked_number *worked = worked_find(list, count, name);
        double printed = 0;
        if (worked == NULL || !str_to_double(number, &printed))
            fail_msg("%s: %.*s is not computed", path, (int)name.length, name.text);
        double computed = worked->compute();
        if (fabs(computed - printed) > tolerance(number))
            fail_msg("%s: %s is %.9g, the page says %.*s", path, worked->name, computed,
                     (int)number.length, number.text);
        seen++;
    }
    assert_int_equal(seen, count);
    arena_clear(&arena);
}
