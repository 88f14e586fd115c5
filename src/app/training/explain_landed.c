/* The cost of a unit, from the supplier's price to the price at which nothing is earned. */
#include <string.h>

#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "engine/market/customs.h"

/* The lot: the firm's last order of the product, else the first break of its first supplier. */
static void find_lot(const struct explain_asked *asked, struct explain_landed *landed)
{
    const struct market_rules *rules = &asked->history->play.rules;
    int market = rules->nests[landed->nest].market;
    for (int s = rules->supplier_count - 1; s >= 0; s--)
        if (rules->suppliers[s].product == landed->product)
            landed->supplier = s;
    landed->units = rules->suppliers[landed->supplier].breaks[0].units_min;
    landed->lane_bulk = -1;
    bool local = rules->lanes[landed->lane_sale].kind == LANE_LOCAL;
    for (int l = rules->lane_count - 1; l >= 0 && local; l--)
        if (rules->lanes[l].kind == LANE_BULK && rules->lanes[l].market == market)
            landed->lane_bulk = l;
    for (int r = 1; r <= asked->last; r++) {
        const struct market_rows *orders =
            &asked->history->decisions[(r - 1) * rules->firms + asked->firm].lists[LIST_orders];
        for (int i = 0; i < orders->count; i++) {
            const struct market_row *row = &orders->rows[i];
            int lane =
                (int)(market_row_has(row, F_orders_lane) ? market_row_number(row, F_orders_lane)
                                                         : -1);
            if (market_row_number(row, F_orders_product) != landed->product ||
                (lane >= 0 && rules->lanes[lane].market != market) || (lane < 0 && local))
                continue;
            landed->supplier = (int)market_row_number(row, F_orders_supplier);
            landed->units = market_row_number(row, F_orders_units);
            landed->lane_bulk = lane;
            landed->ordered = true;
            landed->inspected = market_row_has(row, F_orders_inspect) &&
                                market_row_number(row, F_orders_inspect) != 0;
        }
    }
}

enum err explain_landed_get(const struct explain_asked *asked, struct explain_landed *landed,
                            struct problem *problem)
{
    const struct market_observation *seen = &asked->history->play.now.observations[asked->firm];
    struct market_rules rules = asked->history->play.rules;
    if (asked->listing < 0)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT("--listing"),
                           ERR_CTEXT("explain"));
    const struct market_listing_view *listing = &seen->listings[asked->listing];
    *landed = (struct explain_landed){.product = listing->product,
                                      .nest = listing->nest,
                                      .lane_sale = listing->lane,
                                      .date = seen->date};
    if (listing->lane < 0) {
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT("lane"));
        return problem_place(problem, "--listing");
    }
    find_lot(asked, landed);
    if (asked->units > 0)
        landed->units = asked->units;
    /* Freight at today's rate, as the firm reads it. */
    struct market_lane *lanes =
        ARENA_ARRAY(asked->arena, struct market_lane, (size_t)rules.lane_count);
    for (int l = 0; l < rules.lane_count; l++)
        lanes[l] = rules.lanes[l];
    for (int l = 0; l < seen->lane_count; l++)
        lanes[seen->lanes[l].lane].price_per_kg_minor = seen->lanes[l].price_per_kg_minor;
    rules.lanes = lanes;
    /* The books take an inspection as an expense of its day, not into the cost of the goods. */
    struct market_supplier *suppliers =
        ARENA_ARRAY(asked->arena, struct market_supplier, (size_t)rules.supplier_count);
    memcpy(suppliers, rules.suppliers, (size_t)rules.supplier_count * sizeof(*suppliers));
    if (landed->inspected)
        landed->inspection_minor = suppliers[landed->supplier].inspection_fee_minor;
    suppliers[landed->supplier].inspection_fee_minor = 0;
    rules.suppliers = suppliers;
    landed->seat = market_cost_seat_get(seen, landed->product, landed->nest, asked->listing);
    landed->coupon_minor = listing->coupon_minor;
    return market_unit_cost_open(
        &rules, landed->date, landed->product, landed->nest, landed->supplier, landed->lane_bulk,
        landed->lane_sale, landed->units, &landed->seat, &landed->cost, &landed->terms, problem);
}

/* ---- telling ---- */

static const char *shown(enum lang lang, const struct market_name *name)
{
    return lang == LANG_ZH ? name->zh : name->en;
}

enum { COLUMN_STEP, COLUMN_LOT, COLUMN_UNIT, COLUMNS };

static void put_step(const struct explain_asked *asked, struct run_table *table, const char *label,
                     int64_t lot_minor, int64_t unit_minor)
{
    struct currency home = asked->history->play.rules.currencies[0];
    run_table_row(table);
    run_cells_put_key(table, COLUMN_STEP, asked->lang, label);
    if (lot_minor >= 0)
        run_cells_put_money(table, COLUMN_LOT, lot_minor, home, true);
    if (unit_minor >= 0)
        run_cells_put_money(table, COLUMN_UNIT, unit_minor, home, true);
}

static void append_lot(const struct explain_asked *asked, const struct explain_landed *landed)
{
    static const char *const heads[COLUMNS] = {N_("step"), N_("the lot"), N_("a unit")};
    const struct market_cost_terms *terms = &landed->terms;
    struct run_table table;
    run_cells_begin(&table, asked->arena, asked->lang, heads, COLUMNS, 1, 8);
    put_step(asked, &table, N_("purchase at the price break"), terms->goods_minor,
             terms->price_minor);
    put_step(asked, &table, N_("freight"), terms->freight_minor, landed->cost.freight_minor);
    put_step(asked, &table, N_("duty"), terms->duty_minor, landed->cost.duty_minor);
    put_step(asked, &table, N_("landed"), -1, landed->cost.landed_minor);
    if (landed->inspected)
        put_step(asked, &table, N_("inspection, an expense apart"), landed->inspection_minor,
                 landed->inspection_minor / landed->units);
    run_table_append(&table, true, asked->text);
}

static const char *kind_name(enum trade_kind kind)
{
    static const char *const names[] = {N_("customs value"), N_("duty"), N_("other charges"),
                                        N_("consumption tax"), N_("handling")};
    return names[kind];
}

static void append_border(const struct explain_asked *asked, const struct explain_landed *landed,
                          const struct trade_quote *quote)
{
    static const char *const heads[] = {N_("at the border"), N_("base"),       N_("amount"),
                                        N_("rule"),          N_("confidence"), N_("source")};
    const struct market_rules *rules = &asked->history->play.rules;
    int market = rules->nests[landed->nest].market;
    struct currency local = rules->currencies[rules->markets[market].currency];
    struct run_table table;
    if (quote->line_count == 0)
        return;
    buf_append_byte(asked->text, '\n');
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1, TRADE_LINES_MAX);
    table.right[3] = table.right[4] = table.right[5] = false;
    for (int i = 0; i < quote->line_count; i++) {
        const struct trade_line *line = &quote->lines[i];
        const struct trade_rule *rule = &rules->trade.rows[line->rule];
        run_table_row(&table);
        run_cells_put_key(&table, 0, asked->lang, kind_name(line->kind));
        run_cells_put_money(&table, 1, line->base_minor, local, false);
        run_cells_put_money(&table, 2, line->amount_minor, local, true);
        run_table_put(&table, 3, str_from_c(rule->id));
        run_table_put(&table, 4,
                      str_from_c(trade_word_name(TRADE_WORD_CONFIDENCE, (int)rule->confidence)));
        run_table_put(&table, 5, str_from_c(rule->source));
    }
    run_table_append(&table, true, asked->text);
}

static void append_price(const struct explain_asked *asked, const struct explain_landed *landed)
{
    static const char *const heads[] = {N_("in the break-even price"), N_("amount")};
    const struct market_rules *rules = &asked->history->play.rules;
    const struct market_cost_terms *terms = &landed->terms;
    int market = rules->nests[landed->nest].market;
    struct currency local = rules->currencies[rules->markets[market].currency];
    const struct {
        const char *label;
        int64_t minor;
    } rows[] = {{N_("landed"), terms->landed_local_minor},
                {rules->lanes[landed->lane_sale].kind == LANE_LOCAL
                     ? N_("fulfilment of orders")
                     : N_("parcel with its charges at the border"),
                 landed->cost.sale_minor},
                {N_("consumption tax"), terms->tax_minor},
                {N_("channel fee"), terms->referral_minor},
                {N_("left by rounding"), terms->rest_minor},
                {N_("break-even price"), landed->cost.break_even_minor}};
    struct run_table table;
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1, COUNT_OF(rows));
    for (int i = 0; i < (int)COUNT_OF(rows); i++) {
        run_table_row(&table);
        run_cells_put_key(&table, 0, asked->lang, rows[i].label);
        run_cells_put_money(&table, 1, rows[i].minor, local, true);
    }
    run_table_append(&table, true, asked->text);
    text_put(asked->text, asked->lang,
             N_("Tax inside the price {0} %, channel fee {1} % of it, one {2} is {3} {4}."),
             ERR_DECIMAL(landed->cost.tax_rate_1e9 / 100000, 2),
             ERR_DECIMAL(landed->cost.referral_rate_1e9 / 100000, 2), ERR_CTEXT(local.code),
             ERR_DECIMAL(terms->fx_1e9 / 100000, 4), ERR_CTEXT(rules->currencies[0].code));
    buf_append_byte(asked->text, '\n');
}

static void tell(const struct explain_asked *asked, const struct explain_landed *landed)
{
    const struct market_rules *rules = &asked->history->play.rules;
    int market = rules->nests[landed->nest].market;
    struct currency local = rules->currencies[rules->markets[market].currency];
    bool none = landed->cost.break_even_minor == INT64_MAX;
    text_put(asked->text, asked->lang,
             none ? N_("A unit of {0} lands in {1} at {2} {3}; fees and tax take all, so that no "
                       "price brings a profit.")
                  : N_("A unit of {0} lands in {1} at {2} {3}; below a door price of {4} {5} it "
                       "is sold at a loss."),
             ERR_CTEXT(shown(asked->lang, &rules->products[landed->product].name)),
             ERR_CTEXT(shown(asked->lang, &rules->markets[market].name)),
             run_cells_money(landed->cost.landed_minor, rules->currencies[0]),
             ERR_CTEXT(rules->currencies[0].code),
             run_cells_money(none ? 0 : landed->cost.break_even_minor, local),
             ERR_CTEXT(local.code));
    buf_append_byte(asked->text, '\n');
    text_put(
        asked->text, asked->lang,
        landed->ordered ? N_("On {3}, a lot of {0} from {1}, as the firm last ordered it; on "
                             "to the market by {2}.")
                        : N_("On {3}, a lot of {0} from {1} (the firm has ordered none); on "
                             "to the market by {2}."),
        ERR_INT(landed->units),
        ERR_CTEXT(shown(asked->lang, &rules->suppliers[landed->supplier].name)),
        ERR_CTEXT(shown(
            asked->lang,
            &rules->lanes[landed->lane_bulk >= 0 ? landed->lane_bulk : landed->lane_sale].name)),
        ERR_DATE(landed->date));
    buf_append_c(asked->text, "\n\n");
}

static void end_line(const struct explain_asked *asked)
{
    buf_append_byte(asked->text, '\n');
}

/* What the firm declares, lacks and offers that moves the figures above. */
static void append_seat(const struct explain_asked *asked, const struct explain_landed *landed)
{
    const struct market_rules *rules = &asked->history->play.rules;
    const struct market_cost_seat *seat = &landed->seat;
    const struct market_lane *sale = &rules->lanes[landed->lane_sale];
    const char *right = rules->categories[rules->products[landed->product].category].hs6;
    struct currency local =
        rules->currencies[rules->markets[rules->nests[landed->nest].market].currency];
    bool misclassed =
        seat->declared_hs6[0] != '\0' && !str_equal_c(str_from_c(seat->declared_hs6), right);
    if (seat->declared_minor > 0 || misclassed) {
        double hold =
            market_customs_hold_rate(&rules->customs, landed->terms.declared_share_1e9, misclassed);
        text_put(asked->text, asked->lang,
                 N_("Customs is told {0} % of the value and class {1} (right: {2}); such goods are "
                    "opened with a probability of {3} %, and what was kept back is then paid with "
                    "a fine."),
                 ERR_DECIMAL(landed->terms.declared_share_1e9 / 1000000, 1),
                 ERR_CTEXT(misclassed ? seat->declared_hs6 : right), ERR_CTEXT(right),
                 ERR_DECIMAL(run_cells_scaled(hold < 0.95 ? hold * 100 : 95, 1), 1));
        end_line(asked);
    }
    if (seat->vat_lacking && landed->lane_bulk >= 0) {
        text_put(asked->text, asked->lang,
                 N_("Without a VAT number the import tax of the lot, {0} {1}, is a cost of the "
                    "goods and stands in the duty."),
                 run_cells_money(landed->terms.import_tax_local_minor, local),
                 ERR_CTEXT(local.code));
        end_line(asked);
    }
    if (seat->bundle_units > 1) {
        text_put(asked->text, asked->lang,
                 N_("An order is a bundle of {0} units: the prices are those of an order."),
                 ERR_INT(seat->bundle_units));
        end_line(asked);
    }
    if (seat->duty_unpaid && sale->kind == LANE_DIRECT) {
        text_put0(asked->text, asked->lang,
                  N_("The buyer pays tax and charges at the door: the price bears neither."));
        end_line(asked);
    }
    if (landed->coupon_minor > 0 && landed->cost.break_even_minor != INT64_MAX) {
        text_put(asked->text, asked->lang,
                 N_("With the coupon of {0} {2} nothing is lost from a list price of {1} {2} on."),
                 run_cells_money(landed->coupon_minor, local),
                 run_cells_money(landed->cost.break_even_minor + landed->coupon_minor, local),
                 ERR_CTEXT(local.code));
        end_line(asked);
    }
}

enum err explain_landed_append(const struct explain_asked *asked, struct problem *problem)
{
    struct explain_landed landed;
    TRY(explain_landed_get(asked, &landed, problem));
    tell(asked, &landed);
    append_lot(asked, &landed);
    append_border(asked, &landed, &landed.terms.border);
    if (landed.terms.parcel.line_count > 0)
        append_border(asked, &landed, &landed.terms.parcel);
    if (landed.cost.break_even_minor != INT64_MAX) {
        buf_append_byte(asked->text, '\n');
        append_price(asked, &landed);
    }
    append_seat(asked, &landed);
    return ERR_OK;
}
