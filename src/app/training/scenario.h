/* scenario: a world's rules as a document, every figure with where it comes from.
 *
 * A scenario is one JSON file, self-contained when it is written (the trade rules in use and the
 * basket tables are part of it); docs/scenario-format.md lists every field. A parameter is a plain
 * value, or an object that says where the value comes from:
 *
 *     "units_per_firm_day": {"value": 8.2, "origin": "estimated", "se": 0.4, "n": 212,
 *                            "source": "orders of the data set", "date": "2026-11-24"}
 *
 * Reading fills market_rules and, beside it, one `scenario_figure` for each parameter that says its
 * origin. Money in the document is in major units as a text ("19.90"), rates are fractions (0.15).
 * Writing, reading and writing again gives the same bytes.
 */
#ifndef APP_TRAINING_SCENARIO_H
#define APP_TRAINING_SCENARIO_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/rules.h"

struct arena;
struct market_baskets; /* engine/market/baskets.h */

enum {
    SCENARIO_FORMAT_VERSION = 1,
    SCENARIO_BYTES_MAX = 16 << 20,
    SCENARIO_FIGURES_MAX = 4096,
    SCENARIO_TEXT_MAX = 2000, /* characters of a source, note, citation or statement */
    SCENARIO_PATH_MAX = 160
};

/* Where one parameter comes from. Texts belong to the arena the scenario was made in. */
struct scenario_figure {
    struct str path; /* "nests[0].units_per_firm_day", "markets[1].season", "demand.lambda" */
    enum market_origin origin;
    bool has_error;
    double standard_error; /* in the units of the document (major units for money) */
    int64_t count;         /* observations behind it; 0: not told */
    bool has_date;
    int32_t date;      /* of reading the source */
    struct str source; /* may be empty */
    struct str note;   /* may be empty */
};

/* What level 1 opens of a scenario of level 2: `sampan simulate --level 1`. */
struct scenario_level1 {
    int market_count; /* 0: the first market */
    int markets[MARKET_MARKETS_MAX];
    int product_count; /* 0: all */
    int products[MARKET_PRODUCTS_MAX];
    double units_scale;         /* times b of the nests, so that money fits; 0: 1 */
    int64_t cash_opening_minor; /* home; 0: as at level 2 */
};

struct scenario {
    struct market_rules rules;
    struct scenario_level1 level1;
    int figure_count;
    int figure_capacity;
    struct scenario_figure *figures; /* no two with one path; in any order */

    const struct market_baskets *baskets; /* one a channel; NULL: units cannot become orders */

    bool invented;           /* the world and its people are made up, and every export says so */
    struct str statement_en; /* a sentence or two for people: what this is */
    struct str statement_zh;
    struct str citation;       /* how to cite the data behind it; may be empty */
    struct str dataset_digest; /* hex of the data set's digest (datasets.h); empty: none */
};

/* "estimated" ...: stable names of the document; and back. */
const char *scenario_origin_name(enum market_origin origin);
bool scenario_origin_from_name(struct str name, enum market_origin *origin);
/* The same for people: an English text key. */
const char *scenario_origin_label(enum market_origin origin);

/* ---- making one ---- */

/* An empty scenario whose demand, finance and score weights are the defaults of docs/model.md, each
 * with its figure (ORIGIN_DEFAULT with the source, or ORIGIN_ASSUMED); level 1, 14-day rounds, 12
 * rounds, 12 firms, warm start. Names, markets, nests ... are the caller's to fill, with arrays in
 * the same arena. Opening cash and payroll are in the home currency, which the caller sets first:
 * they are given here for `home` at `home_per_usd` home units per US dollar. */
void scenario_defaults(struct arena *arena, struct scenario *scenario, struct currency home,
                       double home_per_usd);

/* The lanes of section 4 of the market model. */
enum scenario_lane {
    SCENARIO_LANE_POST,      /* direct */
    SCENARIO_LANE_DEDICATED, /* direct */
    SCENARIO_LANE_EXPRESS,   /* direct */
    SCENARIO_LANE_AIR,       /* bulk */
    SCENARIO_LANE_RAIL,      /* bulk */
    SCENARIO_LANE_SEA,       /* bulk */
    SCENARIO_LANE_LOCAL,     /* local: the carrier in the country of sale */
    SCENARIO_LANE_COUNT
};
/* Fill `lane` (name "express-GB", days, losses, freight walk, and prices in the home currency at
 * `home_per_usd`) for market index `market` of scenario->rules, whose name must be set, and record
 * the figures under lanes[index]. */
void scenario_default_lane(struct arena *arena, struct scenario *scenario, enum scenario_lane which,
                           int market, double home_per_usd, int index, struct market_lane *lane);

/* Record where the parameter at `path` comes from; replaces an earlier figure of that path. Texts
 * are copied into the arena (which must be the scenario's). */
void scenario_figure_put(struct arena *arena, struct scenario *scenario,
                         const struct scenario_figure *figure);
/* The same by parts: `error` < 0 none, `count` 0 none, `source` NULL none. The path is formatted:
 * scenario_figure_set(arena, s, ORIGIN_ESTIMATED, 0.4, 212, "orders", "nests[%d].dispersion", n) */
void scenario_figure_set(struct arena *arena, struct scenario *scenario, enum market_origin origin,
                         double error, int64_t count, const char *source, const char *path, ...)
    __attribute__((format(printf, 7, 8)));
/* NULL when nothing is recorded for the path. */
const struct scenario_figure *scenario_figure_find(const struct scenario *scenario,
                                                   struct str path);

/* ---- levels ---- */

/* Make the scenario one of a lower level: what that level does not know is closed, and level 1
 * keeps only its markets and products, with b and cash as it says; figures move along. Arrays are
 * new, in `arena`. ERR_RANGE for a level it does not have. */
MUST_USE enum err scenario_level_lower(struct arena *arena, struct scenario *scenario, int level,
                                       struct problem *problem);

/* ---- reading and writing ---- */

/* A scenario file, checked (market_rules_check) and ready to play. A trade pack named by the
 * document ("trade": "../trade") is looked up beside the file. Fields without a value take their
 * default where docs/scenario-format.md gives one, with its figure. `problem` bears the file and
 * the path of the field: "shop.json: nests[0].price_ref".
 * Errors  those of json.h, ERR_FILE_VERSION (another format), ERR_NAME_UNKNOWN (with the known
 *         names), ERR_FIELD_TWICE (two entries with one id), those of trade_rules_read and of
 *         market_rules_check. */
MUST_USE enum err scenario_read(struct arena *arena, const char *path, struct scenario *scenario,
                                struct problem *problem);
/* The same from text; `folder` is where a trade pack is looked up, NULL: naming one is refused. */
MUST_USE enum err scenario_parse(struct arena *arena, struct str text, const char *folder,
                                 struct scenario *scenario, struct problem *problem);
/* Append the document. Only the trade rows that can apply (the scenario's markets and categories)
 * are written. Equal scenarios give equal bytes. */
void scenario_append(const struct scenario *scenario, struct buf *text);
/* Check, then write atomically. */
MUST_USE enum err scenario_write(const char *path, const struct scenario *scenario,
                                 struct problem *problem);

/* ---- reading it aloud ---- */

/* One parameter for a table: its path, its value as the document would give it, and its figure
 * (NULL: a plain value, set by whoever wrote the file). */
struct scenario_parameter {
    struct str path;
    struct str value;
    const struct scenario_figure *figure;
};
/* All parameters in the order of the document, in the arena. */
void scenario_parameters(struct arena *arena, const struct scenario *scenario,
                         const struct scenario_parameter **parameters, int *count);
/* How many parameters have each origin; plain values count as ORIGIN_SET. */
void scenario_origins_count(const struct scenario *scenario, int counts[6]);

#endif
