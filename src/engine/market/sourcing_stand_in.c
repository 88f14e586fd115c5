/* Who decides when a team is absent or its firm in administration. */
#include "engine/market/policy.h"
#include "engine/market/work.h"

/* The rows of steady's orders that the firm's own rules leave to it. */
static struct market_rows orders_left(struct market_work *work, int f,
                                      const struct market_rows *orders)
{
    const struct market_firm *firm = &work->state->firms[f];
    struct market_rows left = {0};
    if (firm->sourcing.exit_plan)
        return left;
    struct market_row *rows = ARENA_ARRAY(work->arena, struct market_row, (size_t)orders->count);
    for (int r = 0; r < orders->count; r++) {
        const struct market_reorder *rule =
            &firm->reorders[market_row_number(&orders->rows[r], F_orders_product)];
        if (rule->supplier < 0 || rule->up_to == 0)
            rows[left.count++] = orders->rows[r];
    }
    left.rows = rows;
    return left;
}

static void stand_in(struct market_work *work, int f, const struct market_public *all,
                     bool administered, struct market_seat_decisions *decisions)
{
    struct market_observation seen;
    struct market_seat_decisions steady;
    market_observe(work, f, all, &seen);
    market_policy_decide(work->arena, POLICY_STEADY, &seen, &steady);
    if (administered) {
        /* Whether to leave stays with the team, and so does what it writes. */
        steady.lists[LIST_team] =
            decisions->absent ? (struct market_rows){0} : decisions->lists[LIST_team];
        steady.lists[LIST_orders] = steady.lists[LIST_transfers] = (struct market_rows){0};
        *decisions = steady;
        return;
    }
    *decisions = (struct market_seat_decisions){.absent = true};
    decisions->lists[LIST_orders] = orders_left(work, f, &steady.lists[LIST_orders]);
    decisions->lists[LIST_transfers] = steady.lists[LIST_transfers];
}

enum err market_sourcing_stand_in(struct market_work *work, const struct market_decisions *given,
                                  struct market_decisions *played)
{
    const struct market_public *all = NULL;
    struct market_seat_decisions *firms = NULL;
    *played = *given;
    for (int f = 0; f < given->firm_count; f++) {
        bool administered = work->rules->sourcing.open && work->state->firms[f].administration;
        if (!given->firms[f].absent && !administered)
            continue;
        if (firms == NULL) {
            firms =
                ARENA_ARRAY(work->arena, struct market_seat_decisions, (size_t)given->firm_count);
            for (int g = 0; g < given->firm_count; g++)
                firms[g] = given->firms[g];
            market_lanes_promise(work);
            all = market_public_see(work);
            played->firms = firms;
        }
        stand_in(work, f, all, administered, &firms[f]);
    }
    return ERR_OK;
}
