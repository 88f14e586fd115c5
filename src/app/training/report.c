#include "app/training/report.h"

#include "app/training/run_table.h"
#include "core/arena.h"

/* ---- facts ---- */

/* Insert into ascending order. */
static void insert(double *sorted, int count, double value)
{
    int at = count;
    for (; at > 0 && sorted[at - 1] > value; at--)
        sorted[at] = sorted[at - 1];
    sorted[at] = value;
}

/* Of a piece: a bundle is several. */
static double piece_price(const struct market_listing_view *listing)
{
    return (double)(listing->price_minor - listing->coupon_minor) /
           (listing->bundle_units > 1 ? listing->bundle_units : 1);
}

/* Median door price of a piece of the other firms' live listings in the nest of a listing (one firm
 * with absurd prices must not make all others look cheap); 0: there is none. */
static double rivals_price(const struct market_observation *seen, int firms, int firm, int nest)
{
    double prices[MARKET_FIRMS_MAX * MARKET_LISTINGS_MAX];
    int count = 0;
    for (int f = 0; f < firms; f++) {
        for (int i = 0; f != firm && i < seen[f].listing_count; i++) {
            const struct market_listing_view *listing = &seen[f].listings[i];
            if (!listing->live || listing->nest != nest)
                continue;
            insert(prices, count, piece_price(listing));
            count++;
        }
    }
    return count == 0 ? 0 : (prices[(count - 1) / 2] + prices[count / 2]) / 2;
}

static void add_listing(struct report_firm *facts, const struct market_listing_view *listing,
                        int days)
{
    facts->units += listing->round_units;
    facts->units_lost += listing->round_units_lost;
    facts->delivered += listing->round_delivered_units;
    facts->late += listing->round_late_units;
    facts->returned += listing->round_returned_units;
    for (int d = MARKET_HISTORY_DAYS - days; listing->live && d < MARKET_HISTORY_DAYS; d++) {
        facts->listing_days++;
        facts->days_out += !listing->in_stock[d];
    }
}

/* A spell of a few days lies between two observations: the notice tells of it. */
static void add_administration(struct report_firm *facts, const struct market_observation *own)
{
    for (int i = 0; i < own->notice_count && !facts->administration; i++) {
        if (own->notices[i].kind != NOTICE_ADMINISTRATION)
            continue;
        facts->administration = true;
        facts->administration_day = own->notices[i].day;
    }
}

void report_firm_add(struct report_firm *facts, const struct market_observation *seen, int firms,
                     int firm)
{
    const struct market_observation *own = &seen[firm];
    double rating = 0;
    int rated = 0;
    for (int i = 0; i < own->listing_count; i++) {
        const struct market_listing_view *listing = &own->listings[i];
        add_listing(facts, listing, own->rules->round_days);
        if (!listing->live)
            continue;
        rating += listing->rating;
        rated++;
        double rivals = rivals_price(seen, firms, firm, listing->nest);
        if (rivals > 0) {
            facts->price_ratio_sum += piece_price(listing) / rivals;
            facts->price_count++;
        }
    }
    facts->rating = rated == 0 ? 0 : rating / rated;
    facts->equity_opening_minor = own->equity_opening_minor;
    facts->equity_minor = own->equity_minor;
    facts->in_administration = own->in_administration;
    add_administration(facts, own);
    for (int line = 0; line < PL_COUNT; line++)
        facts->pl_minor[line] = own->total_pl_minor[line];
}

double report_price_ratio(const struct report_firm *facts)
{
    return facts->price_count == 0 ? 1 : facts->price_ratio_sum / (double)facts->price_count;
}

/* ---- the table ---- */

/* Figures are rounded half up in the last digit shown; they are for reading. */
static int64_t scaled(double value, double by)
{
    double wide = value * by;
    return (int64_t)(wide < 0 ? wide - 0.5 : wide + 0.5);
}

static void put_scaled(struct run_table *table, int column, double value, int decimals)
{
    static const double powers[] = {1, 10, 100, 1000};
    struct buf text;
    buf_init(&text);
    int64_t number = scaled(value, powers[decimals]);
    int64_append_scaled(&text, number, decimals);
    run_table_put(table, column, buf_str(&text));
    buf_clear(&text);
}

static void put_percent(struct run_table *table, int column, double share, bool sign)
{
    struct buf text;
    buf_init(&text);
    int64_t percent = scaled(share, 100);
    if (sign && percent >= 0)
        buf_append_byte(&text, '+');
    buf_append_int64(&text, percent);
    buf_append_c(&text, " %");
    run_table_put(table, column, buf_str(&text));
    buf_clear(&text);
}

enum column {
    COLUMN_RANK,
    COLUMN_FIRM,
    COLUMN_PLAYER,
    COLUMN_POINTS,
    COLUMN_EQUITY,
    COLUMN_UNITS,
    COLUMN_SERVICE,
    COLUMN_PRICE,
    COLUMN_RATING,
    COLUMN_COVER,
    COLUMN_COUNT
};

static const char *const heads[COLUMN_COUNT] = {
    N_("rank"),       N_("firm"),   N_("player"),          N_("points"),      N_("equity x"),
    N_("units sold"), N_("served"), N_("price to rivals"), N_("buyer stars"), N_("stock days")};

/* Firms best first: by points, then by equity; firms without points behind those with. */
static bool is_better(const struct score_firm *a, const struct score_firm *b, int rounds)
{
    if (a->has_total[rounds - 1] != b->has_total[rounds - 1])
        return a->has_total[rounds - 1];
    if (a->has_total[rounds - 1] && a->total[rounds - 1] != b->total[rounds - 1])
        return a->total[rounds - 1] > b->total[rounds - 1];
    return a->cells[rounds - 1][INDICATOR_EQUITY].value >
           b->cells[rounds - 1][INDICATOR_EQUITY].value;
}

/* A stable sort by insertion would be slow for many worlds; merge two sorted halves. */
static void sort(int *order, int *spare, int count, const struct score_firm *scores, int rounds)
{
    if (count < 2)
        return;
    int half = count / 2;
    sort(order, spare, half, scores, rounds);
    sort(order + half, spare, count - half, scores, rounds);
    int a = 0, b = half;
    for (int i = 0; i < count; i++) {
        bool right =
            a == half || (b < count && is_better(&scores[order[b]], &scores[order[a]], rounds));
        spare[i] = right ? order[b++] : order[a++];
    }
    for (int i = 0; i < count; i++)
        order[i] = spare[i];
}

/* What a policy is called in a table; files and options keep its English name. */
static const char *policy_shown(enum market_policy policy)
{
    static const char *const names[POLICY_COUNT] = {
        [POLICY_NOVICE] = N_("novice"), [POLICY_STEADY] = N_("steady"),
        [POLICY_CHEAP] = N_("cheap"),   [POLICY_PREMIUM] = N_("premium"),
        [POLICY_AIR] = N_("air"),       [POLICY_LATE] = N_("late"),
        [POLICY_OVER] = N_("over"),     [POLICY_HEAVY_ADS] = N_("heavy-ads"),
        [POLICY_NO_ADS] = N_("no-ads")};
    return names[policy];
}

static void put_player(struct run_table *table, const struct report_firm *firm, enum lang lang)
{
    const char *name = firm->policy >= 0 ? policy_shown((enum market_policy)firm->policy) : NULL;
    if (firm->file_rounds > 0)
        run_table_put(table, COLUMN_PLAYER, str_from_c(text_get(lang, N_("team"))));
    else if (name != NULL)
        run_table_put(table, COLUMN_PLAYER, str_from_c(text_get(lang, name)));
    else
        run_table_put(table, COLUMN_PLAYER, str_from_c(text_get(lang, N_("absent"))));
}

static void put_firm_name(struct run_table *table, const struct report_firm *firm, int worlds)
{
    struct buf text;
    buf_init(&text);
    if (worlds > 1)
        buf_format(&text, "%d/", firm->world + 1);
    buf_format(&text, "F%d", firm->firm + 1);
    run_table_put(table, COLUMN_FIRM, buf_str(&text));
    buf_clear(&text);
}

static void put_firm(struct run_table *table, int rank, const struct report_firm *firm,
                     const struct score_firm *score, int rounds, int worlds, enum lang lang)
{
    const struct score_cell *cells = score->cells[rounds - 1];
    run_table_row(table);
    put_scaled(table, COLUMN_RANK, rank, 0);
    put_firm_name(table, firm, worlds);
    put_player(table, firm, lang);
    if (score->has_total[rounds - 1])
        put_scaled(table, COLUMN_POINTS, score->total[rounds - 1], 1);
    else
        run_table_put(table, COLUMN_POINTS, STR("-"));
    put_scaled(table, COLUMN_EQUITY, cells[INDICATOR_EQUITY].value, 2);
    put_scaled(table, COLUMN_UNITS, (double)firm->units, 0);
    put_percent(table, COLUMN_SERVICE, cells[INDICATOR_SERVICE].value, false);
    put_percent(table, COLUMN_PRICE, report_price_ratio(firm) - 1, true);
    put_scaled(table, COLUMN_RATING, firm->rating, 2);
    put_scaled(table, COLUMN_COVER, score->goods_days, 0);
}

/* The firm that the others are set beside. */
static void append_median(const struct report_firm *firms, int count, enum lang lang,
                          struct buf *text)
{
    int beside[MARKET_FIRMS_MAX] = {0}, median = 0;
    if (firms[0].contrast == NULL)
        return;
    for (int f = 0; f < count; f++)
        if (++beside[firms[f].contrast_firm] > beside[median])
            median = firms[f].contrast_firm;
    buf_append_byte(text, ' ');
    text_put(text, lang, N_("(each firm beside a typical one of the middle, firm {0})"),
             ERR_INT(median + 1));
}

static void append_why(const struct market_rules *rules, const struct report_firm *firms,
                       const struct score_firm *scores, const int *order, int count, int shown,
                       int rounds, enum lang lang, struct buf *text)
{
    buf_append_byte(text, '\n');
    text_put0(text, lang, N_("Why:"));
    append_median(firms, count, lang, text);
    buf_append_byte(text, '\n');
    for (int i = 0; i < shown; i++) {
        const struct report_firm *firm = &firms[order[i]];
        int first = order[i] - firm->firm; /* of its world */
        int world_firms = 0;
        while (first + world_firms < count && firms[first + world_firms].world == firm->world)
            world_firms++;
        buf_append_c(text, "  ");
        if (firms[count - 1].world > 0)
            text_put(text, lang, N_("World {0}, firm {1}: "), ERR_INT(firm->world + 1),
                     ERR_INT(firm->firm + 1));
        else
            text_put(text, lang, N_("Firm {0}: "), ERR_INT(firm->firm + 1));
        report_reason_append(rules, firms + first, scores + first, world_firms, firm->firm, rounds,
                             lang, text);
        buf_append_c(text, lang == LANG_ZH ? "。\n" : ".\n");
    }
}

/* What could not be scored, said once for all firms it concerns. */
static bool nothing_played(const struct score_firm *scores, int count, int rounds)
{
    for (int f = 0; f < count; f++)
        for (int i = 0; i < INDICATOR_COUNT; i++)
            if (scores[f].cells[rounds - 1][i].state != SCORE_NO_YARDSTICK &&
                scores[f].cells[rounds - 1][i].state != SCORE_UNDEFINED)
                return false;
    return true;
}

static void append_unscored(const struct score_firm *scores, int count, int rounds, enum lang lang,
                            struct buf *text)
{
    if (nothing_played(scores, count, rounds)) {
        text_put0(text, lang, N_("No yardsticks were played, so there are no points."));
        buf_append_byte(text, '\n');
        return;
    }
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        for (int s = SCORE_UNDEFINED; s < SCORE_STATE_COUNT; s++) {
            int firms = 0;
            for (int f = 0; f < count; f++)
                firms += (int)scores[f].cells[rounds - 1][i].state == s;
            if (firms == 0)
                continue;
            text_put(text, lang, N_("Not scored for {0} of {1} firms: {2}, because {3}."),
                     ERR_INT(firms), ERR_INT(count),
                     ERR_KEY(market_indicator_name((enum market_indicator)i)),
                     ERR_KEY(score_state_text((enum score_state)s)));
            const char *more = score_state_note((enum market_indicator)i, (enum score_state)s);
            if (more != NULL) {
                buf_append_c(text, lang == LANG_ZH ? "" : " ");
                text_put0(text, lang, more);
            }
            buf_append_byte(text, '\n');
        }
    }
}

static void append_weights(const struct market_rules *rules, enum lang lang, struct buf *text)
{
    buf_append_byte(text, '\n');
    text_put0(text, lang,
              N_("Points: as good as the novice policy in the same seat is 60, as good as steady "
                 "85. Weights: "));
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        if (i > 0)
            buf_append_c(text, lang == LANG_ZH ? "，" : ", ");
        buf_append_c(text, text_get(lang, market_indicator_name((enum market_indicator)i)));
        buf_format(text, " %d %%", (int)(rules->score_weight_1e9[i] / 10000000));
    }
    buf_append_c(text, lang == LANG_ZH ? "。\n" : ".\n");
}

void report_append(struct arena *arena, const struct market_rules *rules,
                   const struct report_firm *firms, const struct score_firm *scores, int count,
                   int rounds, enum lang lang, struct buf *text)
{
    enum { ROWS_SHOWN = 48 }; /* of many worlds: the best; all stand in score.csv */
    int shown = count < ROWS_SHOWN ? count : ROWS_SHOWN;
    int worlds = firms[count - 1].world + 1;
    int *order = ARENA_ARRAY(arena, int, (size_t)count);
    int *spare = ARENA_ARRAY(arena, int, (size_t)count);
    for (int f = 0; f < count; f++)
        order[f] = f;
    sort(order, spare, count, scores, rounds);
    struct run_table table;
    run_table_init(&table, arena, COLUMN_COUNT, shown + 1);
    run_table_row(&table);
    for (int c = 0; c < COLUMN_COUNT; c++) {
        run_table_put(&table, c, str_from_c(text_get(lang, heads[c])));
        table.right[c] = c != COLUMN_PLAYER;
    }
    for (int i = 0; i < shown; i++)
        put_firm(&table, i + 1, &firms[order[i]], &scores[order[i]], rounds, worlds, lang);
    run_table_append(&table, true, text);
    if (shown < count) {
        text_put(text, lang, N_("The best {0} of {1} firms; all stand in score.csv."),
                 ERR_INT(shown), ERR_INT(count));
        buf_append_byte(text, '\n');
    }
    append_why(rules, firms, scores, order, count, shown, rounds, lang, text);
    append_weights(rules, lang, text);
    append_unscored(scores, count, rounds, lang, text);
}
