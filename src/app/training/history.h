/* history: a world of a run played again, with all that its figures are made of.
 *
 * The record of a run is its decisions; what explains a figure (journal entries, terms behind
 * sales, indicators after each round) is made anew by playing them.
 */
#ifndef APP_TRAINING_HISTORY_H
#define APP_TRAINING_HISTORY_H

#include "app/training/run.h"
#include "app/training/run_play.h"
#include "core/arena.h"
#include "core/base.h"
#include "core/err.h"
#include "engine/market/figures.h"
#include "engine/market/score.h"
#include "engine/market/why.h"

/* One round of one firm; [0] is the opening and has only equity and indicators. */
struct history_round {
    int64_t equity_minor; /* in the books after the round, home */
    int64_t pl_minor[PL_COUNT];
    int64_t units;      /* sold */
    int64_t cash_minor; /* in all currencies at the rates of the day, home */
    int64_t hand_units; /* on hand after the round, all products and places */
    struct market_sums sums;
    struct market_indicators indicators;
    struct market_closing closing; /* as if the run closed after this round */
    int32_t administration_day; /* on which it went under administration; -1: not in this round */
    bool in_administration;     /* at the end of the round */
    int64_t claims_open_minor;  /* export tax that could be claimed, home */
    int event_count;            /* cards that began in the round */
    struct {
        int event;
        int32_t from_day;
    } events[MARKET_EVENTS_RUNNING];
    int entry_count;
    const struct market_entry *entries; /* the firm's journal */
    int why_count;
    const struct market_why *why; /* its listings' days */
};

struct history {
    struct arena arena;
    struct run run;
    struct scenario scenario;
    int world, rounds;                       /* rounds played here */
    uint32_t firms;                          /* bit f: firm f is kept */
    struct run_play play;                    /* after the last of them */
    struct market_seat_decisions *decisions; /* [(round - 1) * rules.firms + firm] */
    struct history_round *kept[MARKET_FIRMS_MAX];
};

/* Nothing is played yet; history_clear must follow. */
void history_init(struct history *history);
/* Play rounds 1 .. rounds (0: all) of a world (0-based) of the run in `folder`, keeping what
 * belongs to `firms`. The history was made by history_init and stays where it is.
 * Errors  those of run_read, run_decisions_read and market_step; ERR_RANGE for a world or a round
 *         that was not played; ERR_INTERRUPTED. */
MUST_USE enum err history_read(struct history *history, const char *folder, int world, int rounds,
                               uint32_t firms, struct problem *problem);
void history_clear(struct history *history);

/* Home minor units of an amount at the scenario's rate of a day, half up. */
int64_t history_home(const struct market_rules *rules, int currency, int32_t day, int64_t minor);

#endif
