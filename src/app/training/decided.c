#include "app/training/decided.h"

#include <string.h>

#include "core/file.h"
#include "engine/market/policy.h"

/* ---- areas ---- */

enum { NO_AREA = -1 };

/* The lists whose rows belong to one area; listings are split by field. */
static int list_area(int list)
{
    switch (list) {
    case LIST_campaigns:
    case LIST_brand:
        return DECIDED_ADS;
    case LIST_orders:
    case LIST_reorders:
        return DECIDED_ORDERS;
    case LIST_transfers:
    case LIST_removals:
        return DECIDED_MOVES;
    case LIST_customs:
    case LIST_registrations:
    case LIST_refund_claims:
        return DECIDED_CUSTOMS;
    case LIST_loans:
    case LIST_conversions:
    case LIST_payout:
        return DECIDED_FINANCE;
    case LIST_certificates:
    case LIST_agents:
    case LIST_ip_checks:
    case LIST_answers:
        return DECIDED_COMPLIANCE;
    case LIST_team:
        return DECIDED_TEAM;
    default:
        return NO_AREA; /* forecasts move no goods; other lists are not a firm's at these levels */
    }
}

static int listing_area(int field)
{
    static const struct {
        enum market_field field;
        enum decided_area area;
    } areas[] = {
        {F_listings_price, DECIDED_PRICE},
        {F_listings_coupon, DECIDED_PRICE},
        {F_listings_lane, DECIDED_PROMISE},
        {F_listings_promise_days, DECIDED_PROMISE},
        {F_listings_return_days, DECIDED_TERMS},
        {F_listings_duty_paid, DECIDED_TERMS},
        {F_listings_live, DECIDED_RANGE},
        {F_listings_bundle_units, DECIDED_RANGE},
        {F_listings_title_terms, DECIDED_CONTENT},
        {F_listings_translation, DECIDED_CONTENT},
        {F_listings_content_spend, DECIDED_CONTENT},
    };
    for (size_t i = 0; i < COUNT_OF(areas); i++)
        if (market_field_index(LIST_listings, areas[i].field) == field)
            return (int)areas[i].area;
    return NO_AREA; /* the keys */
}

static int field_area(int list, int field)
{
    if (list == LIST_listings)
        return listing_area(field);
    if (list == LIST_team && field == market_field_index(LIST_team, F_team_memo))
        return NO_AREA;
    return field < market_list_info((enum market_list)list)->keys ? NO_AREA : list_area(list);
}

static bool value_equal(const struct market_list_info *list, int field,
                        const struct market_value *a, const struct market_value *b)
{
    if (list->fields[field].kind == KIND_TEXT)
        return str_equal(a->text, b->text);
    return a->number == b->number;
}

static bool keys_equal(const struct market_list_info *list, const struct market_row *a,
                       const struct market_row *b)
{
    for (int k = 0; k < list->keys; k++)
        if (!value_equal(list, k, &a->value[k], &b->value[k]))
            return false;
    return true;
}

static bool row_has(const struct market_row *row, int field)
{
    return (row->set >> field) & 1;
}

static bool rows_equal(const struct market_list_info *list, const struct market_rows *a,
                       const struct market_rows *b)
{
    if (a->count != b->count)
        return false;
    for (int r = 0; r < a->count; r++) {
        if (a->rows[r].set != b->rows[r].set)
            return false;
        for (int f = 0; f < list->field_count; f++)
            if (row_has(&a->rows[r], f) &&
                !value_equal(list, f, &a->rows[r].value[f], &b->rows[r].value[f]))
                return false;
    }
    return true;
}

/* ---- what stands ---- */

enum { STANDING_MAX = 512 };

/* The rows of a standing list as they stand after the rounds read. */
struct standing {
    int count;
    struct market_row *rows;
};

static struct market_row *standing_find(const struct standing *standing,
                                        const struct market_list_info *list,
                                        const struct market_row *row)
{
    for (int i = 0; i < standing->count; i++)
        if (keys_equal(list, &standing->rows[i], row))
            return &standing->rows[i];
    return NULL;
}

static void standing_take(struct standing *standing, const struct market_list_info *list,
                          const struct market_rows *rows)
{
    for (int r = 0; r < rows->count; r++) {
        struct market_row *row = standing_find(standing, list, &rows->rows[r]);
        if (row == NULL && standing->count < STANDING_MAX) {
            row = &standing->rows[standing->count++];
            *row = (struct market_row){0};
        }
        for (int f = 0; row != NULL && f < list->field_count; f++) {
            if (!row_has(&rows->rows[r], f))
                continue;
            row->set |= UINT32_C(1) << f;
            row->value[f] = rows->rows[r].value[f];
        }
    }
}

/* ---- finding ---- */

struct search {
    const struct history *a, *b;
    int firm, rounds;
    const struct run_digest *digests_a, *digests_b;
    struct standing standing_a[LIST_COUNT], standing_b[LIST_COUNT];
    bool differs[DECIDED_COUNT];
    struct decided_change found[DECIDED_COUNT];
};

static const struct market_seat_decisions *decided_of(const struct history *history, int firm,
                                                      int round)
{
    return &history->decisions[(round - 1) * history->play.rules.firms + firm];
}

/* A difference that a file made is told rather than an earlier one that no file made. */
static void note(struct search *search, int area, bool by_file, const struct decided_first *first)
{
    struct decided_change *change = &search->found[area];
    if (search->differs[area] && (change->by_file || !by_file))
        return;
    search->differs[area] = true;
    change->area = (enum decided_area)area;
    change->by_file = by_file;
    change->first = *first;
}

static bool given(const struct market_list_info *list, const struct market_rows *rows,
                  const struct market_row *key, int field)
{
    for (int r = 0; r < rows->count; r++)
        if (keys_equal(list, &rows->rows[r], key) && row_has(&rows->rows[r], field))
            return true;
    return false;
}

static void look_at_standing(struct search *search, int round, int l, bool file_a, bool file_b)
{
    const struct market_list_info *list = market_list_info((enum market_list)l);
    struct standing *a = &search->standing_a[l], *b = &search->standing_b[l];
    const struct market_rows *now_a = &decided_of(search->a, search->firm, round)->lists[l];
    const struct market_rows *now_b = &decided_of(search->b, search->firm, round)->lists[l];
    struct market_row none = {0};
    standing_take(a, list, now_a);
    standing_take(b, list, now_b);
    for (int side = 0; side < 2; side++) {
        const struct standing *from = side == 0 ? a : b, *to = side == 0 ? b : a;
        for (int i = 0; i < from->count; i++) {
            const struct market_row *mine = &from->rows[i];
            const struct market_row *its = standing_find(to, list, mine);
            if (side == 1 && its != NULL)
                continue; /* seen from the other side */
            its = its != NULL ? its : &none;
            const struct market_row *row_a = side == 0 ? mine : its;
            const struct market_row *row_b = side == 0 ? its : mine;
            for (int f = list->keys; f < list->field_count; f++) {
                int area = field_area(l, f);
                if (area == NO_AREA || (!row_has(row_a, f) && !row_has(row_b, f)) ||
                    (row_has(row_a, f) == row_has(row_b, f) &&
                     value_equal(list, f, &row_a->value[f], &row_b->value[f])))
                    continue;
                bool by_file = (file_a && given(list, now_a, mine, f)) ||
                               (file_b && given(list, now_b, mine, f));
                note(search, area, by_file,
                     &(struct decided_first){.round = round,
                                             .list = (enum market_list)l,
                                             .field = f,
                                             .row = *mine,
                                             .has_a = row_has(row_a, f),
                                             .has_b = row_has(row_b, f),
                                             .a = row_a->value[f],
                                             .b = row_b->value[f]});
            }
        }
    }
}

static void look_at_once(struct search *search, int round, int l, bool file_a, bool file_b)
{
    const struct market_list_info *list = market_list_info((enum market_list)l);
    const struct market_rows *a = &decided_of(search->a, search->firm, round)->lists[l];
    const struct market_rows *b = &decided_of(search->b, search->firm, round)->lists[l];
    if (rows_equal(list, a, b))
        return;
    note(search, list_area(l), file_a || file_b,
         &(struct decided_first){.round = round, .list = (enum market_list)l, .field = -1});
}

/* Units ordered of a product; -1: of all. */
static int64_t ordered(const struct history *history, int firm, int rounds, int product)
{
    int64_t units = 0;
    for (int r = 1; r <= rounds; r++) {
        const struct market_rows *rows = &decided_of(history, firm, r)->lists[LIST_orders];
        for (int i = 0; i < rows->count; i++)
            if (product < 0 || market_row_number(&rows->rows[i], F_orders_product) == product)
                units += market_row_number(&rows->rows[i], F_orders_units);
    }
    return units;
}

static void search_all(struct search *search)
{
    for (int round = 1; round <= search->rounds; round++) {
        bool file_a = search->digests_a[round].source[search->firm] == RUN_SOURCE_FILE;
        bool file_b = search->digests_b[round].source[search->firm] == RUN_SOURCE_FILE;
        for (int l = 0; l < LIST_COUNT; l++) {
            const struct market_list_info *list = market_list_info((enum market_list)l);
            if (list->seat != SEAT_FIRM || (l != LIST_listings && list_area(l) == NO_AREA))
                continue;
            if (list->carry == MARKET_CARRY)
                look_at_standing(search, round, l, file_a, file_b);
            else
                look_at_once(search, round, l, file_a, file_b);
        }
    }
}

/* ---- grafting ---- */

static bool is_listed(const struct market_observation *seen, const struct market_row *row)
{
    for (int i = 0; i < seen->listing_count; i++)
        if (seen->listings[i].product == market_row_number(row, F_listings_product) &&
            seen->listings[i].market == market_row_number(row, F_listings_market) &&
            seen->listings[i].channel == market_row_number(row, F_listings_channel))
            return true;
    return false;
}

/* Copy the fields of a row that belong to the area, or those that do not. False: none do. */
static bool fields_take(const struct market_list_info *list, int l, int area, bool inside,
                        const struct market_row *from, struct market_row *into)
{
    bool any = false;
    for (int f = 0; f < list->field_count; f++) {
        bool key = f < list->keys;
        if (!row_has(from, f) || (!key && (field_area(l, f) == area) != inside))
            continue;
        into->set |= UINT32_C(1) << f;
        into->value[f] = from->value[f];
        any = any || !key;
    }
    return any;
}

static void graft_rows(struct arena *arena, int area, int l, const struct market_observation *seen,
                       const struct market_rows *base, const struct market_rows *other,
                       struct market_rows *mixed)
{
    const struct market_list_info *list = market_list_info((enum market_list)l);
    struct market_row *rows =
        ARENA_ARRAY(arena, struct market_row, (size_t)(base->count + other->count) + 1);
    int count = 0;
    for (int r = 0; r < base->count; r++) {
        struct market_row row = {0};
        if (fields_take(list, l, area, false, &base->rows[r], &row) || l == LIST_listings)
            rows[count++] = row;
    }
    for (int r = 0; r < other->count; r++) {
        const struct market_row *from = &other->rows[r];
        bool fresh = l == LIST_listings && !is_listed(seen, from);
        int at = 0;
        while (at < count && !keys_equal(list, &rows[at], from))
            at++;
        if (fresh && at == count && area != DECIDED_RANGE)
            continue; /* the base does not offer it: nothing to change */
        struct market_row row = at < count ? rows[at] : (struct market_row){0};
        if (fresh && area == DECIDED_RANGE)
            row = *from;
        else if (!fields_take(list, l, area, true, from, &row))
            continue;
        rows[at] = row;
        count += at == count;
    }
    *mixed = (struct market_rows){.count = count, .rows = rows};
}

void decided_graft(struct arena *arena, enum decided_area area,
                   const struct market_observation *seen, const struct market_seat_decisions *base,
                   const struct market_seat_decisions *other, struct market_seat_decisions *mixed)
{
    struct market_seat_decisions from = *base;
    bool any = false;
    for (int l = 0; l < LIST_COUNT; l++)
        any =
            any || ((l == LIST_listings || list_area(l) == (int)area) && other->lists[l].count > 0);
    if (base->absent && (area == DECIDED_ORDERS || area == DECIDED_MOVES ? other->absent : !any)) {
        *mixed = *base;
        return;
    }
    if (base->absent) {
        /* Who is absent is not read: what stands in for him is written out. */
        struct market_seat_decisions steady;
        market_policy_decide(arena, POLICY_STEADY, seen, &steady);
        from = (struct market_seat_decisions){0};
        from.lists[LIST_orders] = steady.lists[LIST_orders];
        from.lists[LIST_transfers] = steady.lists[LIST_transfers];
    }
    *mixed = from;
    struct market_seat_decisions stood = *other;
    if (other->absent) {
        struct market_seat_decisions steady;
        market_policy_decide(arena, POLICY_STEADY, seen, &steady);
        stood.lists[LIST_orders] = steady.lists[LIST_orders];
        stood.lists[LIST_transfers] = steady.lists[LIST_transfers];
    }
    for (int l = 0; l < LIST_COUNT; l++) {
        if (l == LIST_listings || l == LIST_team)
            graft_rows(arena, (int)area, l, seen, &from.lists[l], &stood.lists[l],
                       &mixed->lists[l]);
        else if (list_area(l) == (int)area)
            mixed->lists[l] = stood.lists[l];
    }
}

/* ---- playing ---- */

static enum err play_mixed(const struct history *base, const struct history *other, int firm,
                           int rounds, enum decided_area area, struct run_play *play,
                           int64_t *units, int64_t *closing, struct problem *problem)
{
    int firms = base->play.rules.firms;
    *units = *closing = 0;
    TRY(run_play_open(play, &base->play.key, problem));
    for (int r = 1; r <= rounds; r++) {
        struct arena *arena = run_play_arena(play);
        struct market_seat_decisions *seats =
            ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)firms);
        for (int f = 0; f < firms; f++)
            seats[f] = *decided_of(base, f, r);
        decided_graft(arena, area, &play->now.observations[firm], decided_of(base, firm, r),
                      decided_of(other, firm, r), &seats[firm]);
        TRY(run_play_step(play, seats, NULL, problem));
        if (interrupt_asked())
            return problem_set0(problem, ERR_INTERRUPTED);
        const struct market_observation *seen = &play->now.observations[firm];
        for (int i = 0; i < seen->listing_count; i++)
            *units += seen->listings[i].round_units;
    }
    *closing = market_closing_equity(&play->rules, play->now.after, firm);
    return ERR_OK;
}

static enum err effect_play(const struct history *base, const struct history *other, int firm,
                            int rounds, struct decided_change *change, struct problem *problem)
{
    struct run_play play;
    struct problem ignored;
    run_play_init(&play, &base->play.rules, &base->play.key);
    enum err code = play_mixed(base, other, firm, rounds, change->area, &play, &change->units,
                               &change->closing_minor, &ignored);
    run_play_clear(&play);
    if (code == ERR_INTERRUPTED)
        return problem_set0(problem, ERR_INTERRUPTED);
    change->known = code == ERR_OK;
    for (int r = 1; r <= rounds; r++)
        change->units -= base->kept[firm][r].units;
    change->closing_minor -= base->kept[firm][rounds].closing.equity_minor;
    if (!change->known)
        change->units = change->closing_minor = 0;
    return ERR_OK;
}

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

static bool comes_before(const struct decided_change *one, const struct decided_change *two)
{
    if (one->by_file != two->by_file)
        return one->by_file;
    if (size(one->closing_minor) != size(two->closing_minor))
        return size(one->closing_minor) > size(two->closing_minor);
    return size(one->units) > size(two->units);
}

/* Totals hide a product that took the place of another: the one that differs most is told, too. */
static void ordered_tell(const struct history *a, const struct history *b, int firm, int rounds,
                         struct decided_change *change)
{
    change->units_a = ordered(a, firm, rounds, -1);
    change->units_b = ordered(b, firm, rounds, -1);
    for (int p = 0; p < a->play.rules.product_count; p++) {
        int64_t own = ordered(a, firm, rounds, p), its = ordered(b, firm, rounds, p);
        if (size(own - its) <= size(change->product_a - change->product_b))
            continue;
        change->product = p;
        change->product_a = own;
        change->product_b = its;
    }
}

static void insert(struct decided *decided, const struct decided_change *change)
{
    int at = decided->count++;
    for (; at > 0 && comes_before(change, &decided->changes[at - 1]); at--)
        decided->changes[at] = decided->changes[at - 1];
    decided->changes[at] = *change;
}

bool decided_comparable(const struct history *a, const struct history *b)
{
    return strcmp(a->run.scenario_digest, b->run.scenario_digest) == 0 &&
           strcmp(a->run.commitment, b->run.commitment) == 0 &&
           a->play.rules.firms == b->play.rules.firms && a->world == b->world;
}

static enum err digests_of(struct history *history, struct run_digest **digests,
                           struct problem *problem)
{
    const char *path =
        run_world_path(&history->arena, history->run.folder, history->run.worlds, history->world);
    return run_digests_read(&history->arena, path, history->play.rules.firms, history->run.rounds,
                            digests, problem);
}

enum err decided_find(struct history *a, struct history *b, int firm, int rounds,
                      struct decided *decided, struct problem *problem)
{
    struct run_digest *digests_a, *digests_b;
    TRY(digests_of(a, &digests_a, problem));
    TRY(digests_of(b, &digests_b, problem));
    struct search *search = ARENA_ARRAY(&a->arena, struct search, 1);
    *search = (struct search){.a = a,
                              .b = b,
                              .firm = firm,
                              .rounds = rounds,
                              .digests_a = digests_a,
                              .digests_b = digests_b};
    for (int l = 0; l < LIST_COUNT; l++) {
        const struct market_list_info *list = market_list_info((enum market_list)l);
        if (list->seat != SEAT_FIRM || list->carry != MARKET_CARRY)
            continue;
        search->standing_a[l].rows = ARENA_ARRAY(&a->arena, struct market_row, STANDING_MAX);
        search->standing_b[l].rows = ARENA_ARRAY(&a->arena, struct market_row, STANDING_MAX);
    }
    search_all(search);
    *decided = (struct decided){.base_is_a = a->run.origin.length == 0 && b->run.origin.length > 0};
    const struct history *base = decided->base_is_a ? a : b, *other = decided->base_is_a ? b : a;
    for (int c = 0; c < DECIDED_COUNT; c++) {
        struct decided_change *change = &search->found[c];
        if (!search->differs[c])
            continue;
        ordered_tell(a, b, firm, rounds, change);
        TRY(effect_play(base, other, firm, rounds, change, problem));
        if (!change->known || change->units != 0 || change->closing_minor != 0)
            insert(decided, change);
    }
    return ERR_OK;
}
