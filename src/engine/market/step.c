/* One round: decisions, then the days in their order. */
#include "core/text.h"
#include "engine/market/market.h"
#include "engine/market/nest.h"

/* Orders and transfers a round may add; see decisions.def. */
enum { GOODS_A_ROUND = 32 };

/* Rules of reordering ask once a week for each product; see sourcing.c. */
static int goods_a_round(const struct market_rules *rules)
{
    int rules_ask = rules->sourcing.open ? rules->product_count * (rules->round_days / 7 + 1) : 0;
    return GOODS_A_ROUND + rules_ask;
}

static const struct market_probe probe_none = {.why_firm = -1, .check = true};

void market_work_init(struct market_work *work, struct arena *arena,
                      const struct market_rules *rules, const struct market_key *key,
                      const struct market_probe *probe, struct market_state *state,
                      struct problem *problem)
{
    size_t firms = (size_t)state->firm_count;
    *work = (struct market_work){.arena = arena,
                                 .rules = rules,
                                 .key = key,
                                 .probe = probe != NULL ? probe : &probe_none,
                                 .state = state,
                                 .problem = problem};
    work->notices = ARENA_ARRAY(arena, struct market_notices, firms);
    work->parcels = ARENA_ARRAY(arena, struct market_parcels, (size_t)state->listing_room);
    work->backs = ARENA_ARRAY(arena, struct market_return, (size_t)state->listing_room);
    size_t listings = firms * (size_t)state->listing_room;
    work->offers = ARENA_ARRAY(arena, struct market_offer, listings);
    work->again = ARENA_ARRAY(arena, struct market_again, listings);
    work->loading_minor = ARENA_ARRAY(arena, int64_t, firms);
    work->loading_any = ARENA_ARRAY(arena, bool, firms);
    work->loading_factor = ARENA_ARRAY(arena, double, firms *(size_t)state->lane_count);
    work->declared = ARENA_ARRAY(arena, struct market_declared_parcels, listings);
    work->declared_count = ARENA_ARRAY(arena, int, firms);
    work->laws = ARENA_ARRAY(arena, struct market_lane_law, (size_t)state->lane_count);
    work->exp_freight = ARENA_ARRAY(arena, struct again, (size_t)state->lane_count);
    work->trade_rules_until = INT32_MIN;
    work->balance_before =
        arena_array(arena, firms, sizeof(*work->balance_before), _Alignof(max_align_t));
    market_after_sale_round(work);
    market_work_day(work, state->day);
}

void market_work_day(struct market_work *work, int32_t day)
{
    work->day = day;
    work->date = work->rules->start_date + day;
}

void market_result_make(struct market_work *work, struct market_result *result)
{
    struct market_state *state = work->state;
    struct market_observation *seen =
        ARENA_ARRAY(work->arena, struct market_observation, (size_t)state->firm_count);
    market_lanes_promise(work);
    const struct market_public *all = market_public_see(work);
    for (int f = 0; f < state->firm_count; f++)
        market_observe(work, f, all, &seen[f]);
    *result =
        (struct market_result){.after = state,
                               .firm_count = state->firm_count,
                               .observations = seen,
                               .journal = {.count = work->entry_count, .entries = work->entries}};
}

/* Only on the dates on which a row begins or ends is there something to look up. */
static enum err tax_rates_today(struct market_work *work)
{
    const struct market_rules *rules = work->rules;
    if (work->date < work->trade_rules_until)
        return ERR_OK;
    for (int n = 0; n < rules->nest_count; n++) {
        const struct market_nest *nest = &rules->nests[n];
        TRY(trade_tax_rate(&rules->trade, rules->markets[nest->market].name.id,
                           rules->categories[nest->category].hs6, work->date,
                           &work->tax_rate_1e9[n], work->problem));
    }
    work->trade_rules_until = trade_rules_until(&rules->trade, work->date);
    work->trade_rules_number++;
    return ERR_OK;
}

static enum err play_day(struct market_work *work, const struct market_decisions *first_day,
                         bool last)
{
    TRY(tax_rates_today(work));
    market_books_day_begin(work);
    market_lanes_day(work);
    if (first_day != NULL)
        market_events_round(work);
    market_events_day(work);
    if (first_day != NULL) {
        TRY(market_apply_decisions(work, first_day));
        market_compliance_round(work);
    }
    market_storefront_day(work, first_day != NULL);
    market_sourcing_day(work);
    TRY(market_goods_day(work));
    TRY(market_nests_day(work));
    market_parcels_send(work);
    market_after_sale_day(work);
    market_books_day(work);
    if (last)
        market_books_round_end(work);
    market_books_day_end(work);
    return work->probe->check ? market_invariants_check(work) : ERR_OK;
}

enum err market_step(struct arena *arena, const struct market_rules *rules,
                     const struct market_state *before, const struct market_decisions *decisions,
                     const struct market_key *key, const struct market_probe *probe,
                     struct market_result *result, struct problem *problem)
{
    int32_t first = before->day;
    if (first + rules->round_days > MARKET_DAYS_MAX) {
        problem_set(problem, ERR_LIMIT, ERR_CTEXT("days"), ERR_INT(first + rules->round_days),
                    ERR_INT(MARKET_DAYS_MAX));
        return problem_place(problem, "round");
    }
    struct market_work work;
    market_work_init(&work, arena, rules, key, probe,
                     market_state_copy(arena, before, goods_a_round(rules), rules->round_days),
                     problem);
    struct market_decisions played;
    TRY(market_decisions_complete(&work, decisions, &played));
    for (int d = 0; d < rules->round_days; d++) {
        market_work_day(&work, first + d);
        TRY(play_day(&work, d == 0 ? &played : NULL, d == rules->round_days - 1));
    }
    market_after_sale_round_end(&work);
    market_tally_round(&work);
    market_result_round(&work);
    work.state->round++;
    work.state->day += rules->round_days;
    market_result_make(&work, result);
    return ERR_OK;
}

enum err market_exchange(struct arena *arena, const struct market_rules *rules,
                         const struct market_state *before, const struct market_message *message,
                         const struct market_key *key, struct market_state **after,
                         struct problem *problem)
{
    (void)arena;
    (void)before;
    (void)message;
    (void)key;
    (void)after;
    problem_set(problem, ERR_LEVEL_CLOSED, ERR_INT(MARKET_LEVEL_MAX), ERR_INT(rules->level));
    return problem_place(problem, "message");
}

const char *market_account_name(enum market_account account)
{
    static const char *const names[ACCOUNT_COUNT] = {
        [ACCOUNT_CASH] = N_("cash"),
        [ACCOUNT_RECEIVABLE] = N_("held by channels"),
        [ACCOUNT_INVENTORY] = N_("inventory"),
        [ACCOUNT_TRANSIT] = N_("goods on the way"),
        [ACCOUNT_PREPAID] = N_("paid to suppliers in advance"),
        [ACCOUNT_TAX] = N_("consumption tax"),
        [ACCOUNT_SUPPLIER_DUE] = N_("owed to suppliers"),
        [ACCOUNT_LOAN] = N_("loans"),
        [ACCOUNT_EQUITY] = N_("opening equity"),
        [ACCOUNT_EXCHANGE] = N_("currency exchange"),
        [ACCOUNT_REVENUE] = N_("revenue"),
        [ACCOUNT_COGS] = N_("cost of goods sold"),
        [ACCOUNT_REFERRAL] = N_("channel fees"),
        [ACCOUNT_FULFILMENT] = N_("fulfilment"),
        [ACCOUNT_STORAGE] = N_("storage"),
        [ACCOUNT_ADS] = N_("advertising expense"),
        [ACCOUNT_WRITE_OFF] = N_("write-offs"),
        [ACCOUNT_PAYROLL] = N_("payroll"),
        [ACCOUNT_INTEREST] = N_("interest"),
        [ACCOUNT_INSPECTION] = N_("inspections"),
        [ACCOUNT_CONVERSION] = N_("currency conversion"),
        [ACCOUNT_REFUND] = N_("export tax to be refunded"),
        [ACCOUNT_PENALTY] = N_("fines and back duty")};
    return names[account];
}

const char *market_reason_name(enum market_reason reason)
{
    static const char *const names[REASON_COUNT] = {
        [REASON_OPENING] = N_("opening"),
        [REASON_ORDER_DEPOSIT] = N_("deposit on an order"),
        [REASON_ORDER_REST] = N_("rest of an order"),
        [REASON_INSPECTION] = N_("inspection"),
        [REASON_FREIGHT] = N_("freight"),
        [REASON_DUTY] = N_("duty"),
        [REASON_IMPORT_TAX] = N_("import tax"),
        [REASON_ARRIVAL] = N_("arrival"),
        [REASON_SALE] = N_("sale"),
        [REASON_SALE_TAX] = N_("tax on sales"),
        [REASON_REFERRAL] = N_("channel fee"),
        [REASON_COGS] = N_("goods sold"),
        [REASON_FULFILMENT] = N_("fulfilment of orders"),
        [REASON_PARCEL] = N_("parcel"),
        [REASON_LOSS] = N_("lost parcel"),
        [REASON_REFUND] = N_("refund"),
        [REASON_RETURN_STOCK] = N_("return to stock"),
        [REASON_RETURN_HANDLING] = N_("handling of a return"),
        [REASON_WRITE_OFF] = N_("write-off"),
        [REASON_STORAGE] = N_("storage of stock"),
        [REASON_PAYOUT] = N_("payout"),
        [REASON_CONVERSION] = N_("conversion"),
        [REASON_TAX_REMITTED] = N_("tax paid to the office"),
        [REASON_PAYROLL] = N_("wages"),
        [REASON_INTEREST] = N_("interest on the overdraft"),
        [REASON_REMOVAL] = N_("removal of stock"),
        [REASON_ADS] = N_("advertising spend"),
        [REASON_CONTENT] = N_("content and translation"),
        [REASON_COMPLIANCE] = N_("certificates, agents and incidents"),
        [REASON_EXPORT_ENTRY] = N_("export declaration"),
        [REASON_EXPORT_REFUND] = N_("export tax earned back"),
        [REASON_EXPORT_REFUND_PAID] = N_("export tax refunded"),
        [REASON_EXPORT_REFUND_BACK] = N_("export tax paid back"),
        [REASON_REGISTRATION] = N_("tax registrations"),
        [REASON_PENALTY] = N_("fines and back duty of the customs office"),
        [REASON_LOAN] = N_("loan taken"),
        [REASON_LOAN_REPAID] = N_("loan repaid"),
        [REASON_LOAN_FEE] = N_("fee on a loan"),
        [REASON_LOAN_INTEREST] = N_("interest on loans"),
        [REASON_TRAINING] = N_("training"),
        [REASON_INSURANCE] = N_("insurance"),
        [REASON_SEIZED] = N_("goods taken by customs")};
    return names[reason];
}
