/* Service and stock, opened: what was asked for and served, and how long goods would have lasted.
 */
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "core/arena.h"
#include "core/detmath.h"

static const struct market_observation *seen_by(const struct explain_asked *asked)
{
    return &asked->history->play.now.observations[asked->firm];
}

/* ---- service ---- */

void explain_service_get(const struct explain_asked *asked, int product, int nest,
                         struct explain_service *service)
{
    *service = (struct explain_service){0};
    for (int r = asked->first; r <= asked->last; r++) {
        const struct history_round *round = &asked->history->kept[asked->firm][r];
        for (int i = 0; i < round->why_count; i++) {
            const struct market_why *why = &round->why[i];
            if (product >= 0 && (why->product != product || why->nest != nest))
                continue;
            service->latent += why->expected_in_stock;
            service->asked += why->live ? (double)why->drawn : why->expected_in_stock;
            service->expected += why->expected;
            service->drawn += why->drawn;
            service->spill_in += why->spill_in;
            service->sold += why->served;
            service->lost += why->lost;
            service->spill_out += why->spill_out;
            service->days += why->live || why->expected_in_stock > 0;
            service->days_out += !why->live && why->expected_in_stock > 0;
        }
    }
}

static void put_service(struct run_table *table, const struct explain_service *it)
{
    int column = 1;
    run_cells_put_decimal(table, column++, it->latent, 1);
    run_cells_put_decimal(table, column++, it->expected, 1);
    run_cells_put_int(table, column++, it->drawn);
    run_cells_put_int(table, column++, it->spill_in);
    run_cells_put_int(table, column++, it->sold);
    run_cells_put_int(table, column++, it->lost);
    run_cells_put_int(table, column++, it->spill_out);
    run_cells_put_int(table, column++, it->days_out);
    if (it->asked > 0)
        run_cells_put_decimal(table, column, (double)(it->sold - it->spill_in) / it->asked * 100,
                              1);
}

static void tell_service(const struct explain_asked *asked, const struct explain_service *all)
{
    if (!(all->asked > 0)) {
        text_put(asked->text, asked->lang,
                 N_("Nobody asked for goods of firm {0} in rounds {1} to {2}."),
                 ERR_INT(asked->firm + 1), ERR_INT(asked->first), ERR_INT(asked->last));
    } else {
        text_put(
            asked->text, asked->lang,
            N_("Firm {0} served {3} % of its demand in rounds {1} to {2}: {4} of {5} orders "
               "asked for."),
            ERR_INT(asked->firm + 1), ERR_INT(asked->first), ERR_INT(asked->last),
            ERR_DECIMAL(run_cells_scaled((double)(all->sold - all->spill_in) / all->asked * 100, 1),
                        1),
            ERR_INT(all->sold - all->spill_in), ERR_DECIMAL(run_cells_scaled(all->asked, 1), 1));
    }
    buf_append_byte(asked->text, '\n');
    if (all->days_out + all->lost + all->spill_out > 0) {
        text_put(asked->text, asked->lang,
                 N_("Goods were missing on {0} of {1} listing days; on other days {2} buyers found "
                    "too little."),
                 ERR_INT(all->days_out), ERR_INT(all->days), ERR_INT(all->lost + all->spill_out));
        buf_append_byte(asked->text, '\n');
    }
    buf_append_byte(asked->text, '\n');
}

void explain_service_append(const struct explain_asked *asked)
{
    static const char *const heads[] = {
        N_("listing"),   N_("latent demand"),  N_("expected"),
        N_("asked for"), N_("come over"),      N_("sold"),
        N_("lost"),      N_("gone to rivals"), N_("days without goods"),
        N_("served %")};
    const struct market_observation *seen = seen_by(asked);
    const struct market_rules *rules = &asked->history->play.rules;
    struct explain_service all, one;
    struct run_table table;
    explain_service_get(asked, -1, -1, &all);
    tell_service(asked, &all);
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1,
                    MARKET_LISTINGS_MAX + 1);
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *listing = &seen->listings[i];
        if (asked->listing >= 0 && asked->listing != i)
            continue;
        explain_service_get(asked, listing->product, listing->nest, &one);
        run_table_row(&table);
        run_table_put(&table, 0,
                      str_format(asked->arena, "%s/%s/%s",
                                 rules->products[listing->product].name.id,
                                 rules->markets[listing->market].name.id,
                                 rules->channels[listing->channel].id));
        put_service(&table, &one);
    }
    if (asked->listing < 0) {
        run_table_row(&table);
        run_cells_put_key(&table, 0, asked->lang, N_("together"));
        put_service(&table, &all);
    }
    run_table_append(&table, true, asked->text);
    text_put0(asked->text, asked->lang,
              N_("asked for + come over = sold + lost + gone to rivals; served % = (sold - come "
                 "over) / asked for, where a day without goods counts with its latent demand."));
    buf_append_byte(asked->text, '\n');
}

/* ---- stock ---- */

bool explain_cover(const struct market_rules *rules, const struct history_round *round,
                   double *cover_days, double *value)
{
    if (!(round->sums.round_latent > 0))
        return false;
    *cover_days = (double)round->hand_units / (round->sums.round_latent / rules->round_days);
    double log = dm_log((*cover_days + 1) / (double)(MARKET_COVER_TARGET_DAYS + 1));
    *value = log < 0 ? log : -log;
    return true;
}

static void append_rounds(const struct explain_asked *asked)
{
    static const char *const heads[] = {N_("round"), N_("units on hand"), N_("demand a day"),
                                        N_("days of cover"), N_("-|ln((cover + 1)/31)|")};
    const struct market_rules *rules = &asked->history->play.rules;
    struct run_table table;
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 0,
                    asked->last - asked->first + 1);
    for (int r = asked->first; r <= asked->last; r++) {
        const struct history_round *round = &asked->history->kept[asked->firm][r];
        double cover, value;
        run_table_row(&table);
        run_cells_put_int(&table, 0, r);
        run_cells_put_int(&table, 1, round->hand_units);
        run_cells_put_decimal(&table, 2, round->sums.round_latent / rules->round_days, 2);
        if (!explain_cover(rules, round, &cover, &value))
            continue;
        run_cells_put_decimal(&table, 3, cover, 1);
        run_cells_put_decimal(&table, 4, value, 4);
    }
    run_table_append(&table, true, asked->text);
}

static void append_goods(const struct explain_asked *asked)
{
    static const char *const heads[] = {N_("product"),
                                        N_("bought"),
                                        N_("sold"),
                                        N_("returned"),
                                        N_("at home"),
                                        N_("abroad"),
                                        N_("on the way"),
                                        N_("written off"),
                                        N_("ordered, not ready"),
                                        N_("lost on the way to buyers")};
    const struct market_rules *rules = &asked->history->play.rules;
    struct run_table table;
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1,
                    rules->product_count);
    for (int p = 0; p < rules->product_count; p++) {
        struct market_goods goods;
        market_goods_get(asked->history->play.now.after, asked->firm, p, &goods);
        run_table_row(&table);
        run_table_put(&table, 0, str_from_c(rules->products[p].name.id));
        const int64_t cells[] = {goods.bought,      goods.sold,    goods.returned,
                                 goods.home,        goods.abroad,  goods.on_way,
                                 goods.written_off, goods.ordered, goods.lost};
        for (int c = 0; c < (int)COUNT_OF(cells); c++)
            run_cells_put_int(&table, 1 + c, cells[c]);
    }
    run_table_append(&table, true, asked->text);
}

/* The report's stock days: those of the close. */
static void append_anywhere(const struct explain_asked *asked)
{
    const struct market_closing *closing = &asked->history->kept[asked->firm][asked->last].closing;
    double daily = 0;
    int64_t units = 0;
    for (int p = 0; p < closing->product_count; p++) {
        units += closing->goods[p].units;
        daily += closing->goods[p].units_per_day;
    }
    if (!(daily > 0))
        return;
    buf_append_c(asked->text, asked->lang == LANG_ZH ? "" : " ");
    text_put(asked->text, asked->lang,
             N_("With what is on its way it has {0} units, {1} days of the demand of the 56 days "
                "before the last round (the report's stock days)."),
             ERR_INT(units), ERR_DECIMAL(run_cells_scaled((double)units / daily, 1), 1));
}

void explain_stock_append(const struct explain_asked *asked)
{
    const struct history_round *last = &asked->history->kept[asked->firm][asked->last];
    double cover, value;
    if (!explain_cover(&asked->history->play.rules, last, &cover, &value)) {
        text_put(asked->text, asked->lang,
                 N_("After round {1} firm {0} held {2} units, and nobody asked for them."),
                 ERR_INT(asked->firm + 1), ERR_INT(asked->last), ERR_INT(last->hand_units));
    } else {
        text_put(asked->text, asked->lang,
                 N_("After round {1} firm {0} held {2} units, enough for {3} days of the demand of "
                    "that round; {4} are the target."),
                 ERR_INT(asked->firm + 1), ERR_INT(asked->last), ERR_INT(last->hand_units),
                 ERR_DECIMAL(run_cells_scaled(cover, 1), 1), ERR_INT(MARKET_COVER_TARGET_DAYS));
    }
    append_anywhere(asked);
    buf_append_c(asked->text, "\n\n");
    append_rounds(asked);
    if (last->sums.cover_rounds > 0) {
        text_put(asked->text, asked->lang,
                 N_("The indicator is the mean of the rounds with demand: {0} / {1} = {2}."),
                 ERR_DECIMAL(run_cells_scaled(last->sums.cover, 4), 4),
                 ERR_INT(last->sums.cover_rounds),
                 ERR_DECIMAL(run_cells_scaled(last->indicators.value[INDICATOR_STOCK], 4), 4));
        buf_append_byte(asked->text, '\n');
    }
    buf_append_byte(asked->text, '\n');
    append_goods(asked);
    text_put0(asked->text, asked->lang,
              N_("Since the start: bought = sold - returned + at home + abroad + on the way + "
                 "written off; parcels lost on the way to buyers are among those sold."));
    buf_append_byte(asked->text, '\n');
}
