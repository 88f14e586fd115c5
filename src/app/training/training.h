/* training: scenarios, runs and what can be read from them, as the commands use them.
 *
 * Every function writes its text for people into `report`, in the language asked for; the caller
 * prints it. Nothing else is printed but progress (core/file.h) on standard error. Work can be
 * stopped (interrupt_asked): then ERR_INTERRUPTED is returned and nothing half-written is kept.
 *
 * A run folder is made by training_simulate and is written beside and published by rename:
 *
 *     scenario.json            the scenario played, self-contained (scenario.h)
 *     run.json                 format, engine version, seed, rounds, firms, worlds, policies, fork
 *     decisions/...            what every seat decided, per world, round and firm
 * (decisions_json.h) observations/, ledger/, scores ...   caches that a replay makes again
 *
 * The record is scenario.json, run.json and decisions; the rest follows from it.
 */
#ifndef APP_TRAINING_TRAINING_H
#define APP_TRAINING_TRAINING_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"

struct store;
struct web_table;

enum { TRAINING_RUN_FORMAT_VERSION = 1, TRAINING_THREADS_MAX = 64, TRAINING_SEED_MAX = 200 };

/* ---- sampan calibrate DATASET --out SCENARIO [--until DATE] [--level L] ---- */

struct training_calibrate_options {
    const char *dataset; /* folder made by `sampan import` */
    const char *out;     /* scenario file to write; an existing one is refused */
    bool has_until;      /* use only orders before `until` (for the realism report) */
    int32_t until;       /* date, exclusive, days since 1970-01-01 */
    int level; /* 0 or 1: level 1; 2: the parts of level 2 too, all assumed (calibrate_level2.h) */
    const char *data_folder; /* facts (trade rules ...); NULL: data_folder_find */
    enum lang lang;
};

/* Every parameter is estimated with a standard error, shrunk or left at its default; the report
 * lists them and says "n of m estimated". Errors besides the files': ERR_TOO_FEW (rows, days or
 * orders), ERR_FILE_EXISTS, ERR_INTERRUPTED. */
MUST_USE enum err training_calibrate(const struct training_calibrate_options *options,
                                     struct buf *report, struct problem *problem);

/* ---- sampan simulate SCENARIO --seed S --rounds R ... --out DIR ---- */

struct training_simulate_options {
    const char *scenario; /* file; NULL only for a fork, which takes the run's own */
    const char *seed;     /* text, hashed to 128 bits; NULL only for a fork, which keeps the seed */
    int rounds;           /* 0: as many as the scenario plans */
    int firms;            /* 0: as the scenario says */
    int level; /* 0: as the scenario says; lower: what that level does not know is closed */
    const char *decisions; /* folder of decision files (decisions_json.h); NULL: policies play */
    const char *policies;  /* "steady,novice,absent": firm i takes the i-th, the list repeats;
                              NULL: simulate_policies_default (simulate.h) */
    const char *from;      /* run folder a fork starts from; NULL: no fork */
    int fork_round;        /* rounds kept of `from` before decisions may differ; -1: no fork */
    int worlds;            /* >= 1; all under one seed */
    int threads;           /* 0: one; results do not depend on it */
    int score_seeds;       /* seeds the yardsticks are played over; 0: 32 for a run of one world,
                              else none; -1: none (indicators without points) */
    const char *out;       /* run folder to create; an existing one is refused */
    const char *data_folder;
    enum lang lang;
};

/* A firm is played by its policy, where one is given, until a file of decisions is found for it.
 * From then on the seat is a team's, and a round without a file is an absence: standing decisions
 * carry, the steady policy reorders, the report says so. Errors besides the files': those of
 * scenario_read, decisions_read and market_step, with file, world, round and firm in the place;
 * ERR_ENGINE_VERSION for a fork of a run of another engine. */
MUST_USE enum err training_simulate(const struct training_simulate_options *options,
                                    struct buf *report, struct problem *problem);

/* ---- sampan balance SCENARIO --out SCENARIO ---- */

enum training_difficulty { DIFFICULTY_EASY, DIFFICULTY_NORMAL, DIFFICULTY_HARD, DIFFICULTY_COUNT };

struct training_balance_options {
    const char *scenario;
    int level; /* 0: as the scenario says; a lower one keeps its own demand and cash */
    enum training_difficulty difficulty;
    int worlds;       /* of the all-steady target; 0: 32 */
    int mixed_worlds; /* of the acceptance; 0: 100 */
    int gap_worlds;   /* of the novice against steady; 0: 100 */
    int threads;      /* 0: one; the result does not depend on it */
    const char *out;  /* scenario file to write; an existing one is refused */
    enum lang lang;
};

/* Make money fit (docs/model.md, balance): demand is set so that a world of steady firms ends at
 * 1 + 0.22 * days / 168 of its opening equity (easy 0.35, hard 0.10), cash is raised to 1.25 times
 * their deepest need, and worlds of mixed styles are looked at. The report is a table of both, and
 * says how far the novice ends below steady in one seat (told, not asked for).
 * ERR_BALANCE with the reason, and no file, when no demand reaches the target or the mixed worlds
 * are not accepted; the report is filled all the same. Others: those of scenario_read and
 * scenario_level_lower, ERR_FILE_EXISTS, ERR_INTERRUPTED. */
MUST_USE enum err training_balance(const struct training_balance_options *options,
                                   struct buf *report, struct problem *problem);

/* ---- sampan explain DIR --firm F [--what W] [--listing L] [--day D] [--round R] ---- */

enum training_explain_what {
    EXPLAIN_SALES,   /* of a listing on a day */
    EXPLAIN_LANDED,  /* cost of a unit of a listing's product, and its break-even price */
    EXPLAIN_PROFIT,  /* of a round, or of the run */
    EXPLAIN_SCORE,   /* points after a round, and the closing equity */
    EXPLAIN_SERVICE, /* what was asked for and served, in a round or in the run */
    EXPLAIN_STOCK,   /* cover, round by round, and where the units are */
    EXPLAIN_WHAT_COUNT
};

struct training_explain_options {
    const char *run; /* run folder */
    enum training_explain_what what;
    int world;           /* 0: the first */
    int firm;            /* 0-based; the command line writes F1 for 0 */
    int round;           /* 0: the run, or its last round; not for sales */
    int64_t units;       /* landed: of the lot; 0: as the firm ordered last */
    const char *listing; /* "product/market/channel", or "product/market", or "product", where that
                            names one listing alone; ids of the scenario */
    bool is_date;        /* `day` is a date (days since 1970-01-01), else a day of the world */
    int32_t day;         /* the world's first day is 0 */
    enum lang lang;
};

/* Sales: the terms behind that day's sales (engine/market/why.h), by replaying to the day's round.
 * The other figures: opened to terms that add up to them (explain_figures.h), by replaying the run.
 * ERR_NAME_UNKNOWN for a listing the firm does not have, with those it has; ERR_RANGE for a day,
 * round, world or firm that was not played; ERR_OPTION_MISSING for what a figure needs: sales a
 * listing and a day, landed a listing. */
MUST_USE enum err training_explain(const struct training_explain_options *options,
                                   struct buf *report, struct problem *problem);

/* ---- sampan compare DIR F1 F2, sampan compare DIR1 DIR2 --firm F ---- */

struct training_compare_options {
    const char *run_a;
    const char *run_b;  /* NULL: two firms of run_a */
    int firm_a, firm_b; /* 0-based; of two runs only firm_a counts */
    int world;          /* 0: the first */
    int rounds;         /* compare the first of them; 0: all that both played */
    enum lang lang;
};

/* What mattered most between them in one sentence, then the parts of the difference of their
 * results (contrast.h), which add up to it. Of two runs under one seed the sentence names the
 * decision that differs, and what it did when it was played alone (decided.h). Errors besides the
 * runs': ERR_RANGE for a world, firm or round that was not played; ERR_OPTION_VALUE for runs of
 * different scenarios. */
MUST_USE enum err training_compare(const struct training_compare_options *options,
                                   struct buf *report, struct problem *problem);

/* ---- sampan replay DIR ---- */

struct training_replay_options {
    const char *run;
    int threads; /* 0: one */
    enum lang lang;
};

/* Plays the run again from its record, reckons its scores again over the seeds that score.json
 * names, and compares every cache byte by byte. ERR_REPLAY_DIFFERS names the first that differs;
 * ERR_ENGINE_VERSION for another engine's run. */
MUST_USE enum err training_replay(const struct training_replay_options *options, struct buf *report,
                                  struct problem *problem);

/* ---- sampan orders DIR --format tidy|shopify|amazon [--firm F] ---- */

enum training_orders_format { ORDERS_TIDY, ORDERS_SHOPIFY, ORDERS_AMAZON, ORDERS_FORMAT_COUNT };

struct training_orders_options {
    const char *run;
    enum training_orders_format format;
    int world;       /* 0: the first */
    int firm;        /* 0-based; -1: all firms */
    const char *out; /* file to write (atomically); NULL: standard output */
    enum lang lang;
};

/* The units sold, split into orders, lines and customers by the scenario's basket tables. The
 * report counts them; it does not hold the rows. ERR_SCENARIO when the scenario has no tables. */
MUST_USE enum err training_orders(const struct training_orders_options *options, struct buf *report,
                                  struct problem *problem);

/* ---- sampan scenario show|check FILE ---- */

struct training_scenario_options {
    const char *scenario;
    bool check_only; /* say only whether it can be played */
    enum lang lang;
};

/* What the scenario holds, each figure with its origin, and "n of m estimated". Errors of
 * scenario_read. */
MUST_USE enum err training_scenario_show(const struct training_scenario_options *options,
                                         struct buf *report, struct problem *problem);

/* ---- sampan quote --market M --hs6 C --value A ... ---- */

/* Amounts are decimal texts in the currency. */
struct training_quote_options {
    const char *market;   /* ISO 3166 alpha-2 */
    const char *currency; /* ISO 4217; NULL: the one in which the market's rules are written */
    const char *hs6;
    const char *origin;              /* NULL: "CN" */
    const char *value;               /* of all the goods */
    const char *freight, *insurance; /* NULL: 0 */
    int64_t units;
    bool freight_mode; /* freight to the seller's stock abroad; else a parcel to a buyer */
    int32_t date;
    const char *data_folder; /* where trade/ lies; NULL: data_folder_find */
    enum lang lang;
};

/* Duty, charges, tax and handling with the row each comes from (engine/trade). Errors those of
 * trade_rules_read and trade_quote_make; ERR_OPTION_MISSING for a currency that the rules do not
 * tell. */
MUST_USE enum err training_quote(const struct training_quote_options *options, struct buf *report,
                                 struct problem *problem);

/* ---- the site: pages of played runs, and sampan run add RUN ---- */

extern const struct web_table training_routes;

struct training_run_add_options {
    const char *run;         /* run folder; copied to runs/<id> of the data folder */
    struct str organisation; /* short name */
    struct str title;
    int64_t now_ms;
    enum lang lang;
};
/* Copy a run into the site and enter it. Played again first: ERR_FILE_DAMAGED and the errors of
 * history_read for a run that is not sound, ERR_ENGINE_VERSION, ERR_FILE_EXISTS for one that the
 * organisation has already, ERR_NOT_FOUND without such an organisation, ERR_OPTION_VALUE for
 * several worlds. */
MUST_USE enum err training_run_add(struct store *store,
                                   const struct training_run_add_options *options,
                                   struct buf *report, struct problem *problem);

#endif
