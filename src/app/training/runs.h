/* runs: what the pages of played runs share: finding a run, playing it again, tables of figures.
 *
 * A run's folder lies in the data folder under runs/<id>. Pages keep nothing: each plays the run
 * again, which takes some tens of ms, on a worker thread.
 */
#ifndef APP_TRAINING_RUNS_H
#define APP_TRAINING_RUNS_H

#include "app/training/contrast.h"
#include "app/training/history.h"
#include "app/training/runs_views.h"
#include "platform/web/web.h"

/* One round of a firm, as programs read it. */
struct run_firm_round_row {
    int64_t round;
    struct str decided_by; /* file, policy, absent; "" for the opening */
    int64_t equity_minor;
    struct str currency;
    int64_t units, hand_units;
    int64_t cash_minor; /* in all currencies, at the day's rates */
};
/* One listing's day. */
struct run_why_row {
    struct str product, market, channel;
    struct str day;
    int64_t sold, drawn, stock;
    double shoppers, exposure, share, expected, expected_reference;
};
extern const struct store_columns run_firm_round_columns, run_why_columns;

#define ROUTES_FILE "app/training/routes.def"
#include "platform/web/route_handlers.def"

struct run_by_id_row;

/* A run being looked at. */
struct runs_look {
    const struct run_by_id_row *row; /* training_queries.h */
    const char *folder;
    struct history history;
    int firms;
    struct currency home;
    const char *world_path;
    struct run_digest *digests;
};

/* Find the run of the route's first parameter in the viewer's organisation and play its first
 * `rounds` rounds (0: all), keeping all firms. ERR_NOT_FOUND when it is not there; the history's
 * errors. runs_look_end must follow also after an error. */
MUST_USE enum err runs_look_begin(struct request *request, int rounds, struct runs_look *look);
void runs_look_end(struct runs_look *look);
/* The parameter `index` of the route as a firm, from "1"; 0-based. ERR_NOT_FOUND. */
MUST_USE enum err runs_firm_parameter(struct request *request, const struct runs_look *look,
                                      int index, int *firm);
/* runs/<id> below the site's data folder, in the arena. */
const char *runs_folder(struct arena *arena, const struct store *store, int64_t id);

/* ---- words ---- */

struct str runs_text(struct request *request, const char *key, const struct err_arg *arguments,
                     size_t count);
#define RUNS_TEXT(request, key, ...)                                                               \
    runs_text((request), (key), (const struct err_arg[]){__VA_ARGS__},                             \
              COUNT_OF(((const struct err_arg[]){__VA_ARGS__})))
/* The lines of a text, at most `most`, until an empty one. */
size_t runs_lines(struct request *request, struct str text, size_t most, const struct str **lines);
struct str runs_name(const struct request *request, const struct market_name *name);
/* "Phone case, Germany, shop" */
struct str runs_listing_name(struct request *request, const struct market_rules *rules, int product,
                             int nest);
/* "Firm 3" */
struct str runs_firm_name(struct request *request, int firm);
/* novice, steady ...; team or absent: what played the firm, a text key. */
const char *runs_player(const struct runs_look *look, int firm);
const char *runs_source_label(enum run_source source);

/* What a list or a field of a firm's decisions is called, a text key; its own name without one. */
const char *runs_list_label(const char *name);
const char *runs_field_label(const char *name);

/* ---- tables ---- */

void runs_grid_begin(struct run_grid *grid, struct arena *arena, const char *caption,
                     const struct run_head *heads, size_t columns, size_t rows_most);
/* The next row; its cells are empty. */
struct run_cell *runs_grid_row(struct run_grid *grid);
/* Into a cell of a row. */
void runs_cell_put(struct run_cell *at, struct run_cell cell);
struct run_cell runs_cell_text(struct str text);
struct run_cell runs_cell_key(const char *key);
struct run_cell runs_cell_int(int64_t value);
struct run_cell runs_cell_scaled(int64_t value, int decimals);
struct run_cell runs_cell_decimal(double value, int decimals);
struct run_cell runs_cell_money(int64_t minor, struct currency currency);
/* The same with the currency behind it. */
struct run_cell runs_cell_amount(struct request *request, int64_t minor, struct currency currency);
struct run_cell runs_cell_percent(double share);
struct run_cell runs_cell_day(int32_t date);
struct run_cell runs_cell_link(struct run_cell cell, struct link to);

/* "0", "1" ... `rounds`. */
const struct str *runs_round_names(struct request *request, int rounds);
/* The causes of a difference from the largest on, at most `most`, with their amounts. */
void runs_causes_fill(struct request *request, const struct runs_look *look,
                      const struct contrast *contrast, size_t most, struct run_grid *grid);
/* What the books gained of some firms, round by round. */
void runs_equity_chart(struct request *request, const struct runs_look *look, const int *firms,
                       int count, struct chart *chart);
/* A choice among the firms. */
struct field runs_firm_field(struct request *request, const struct runs_look *look,
                             const char *name, const char *label, int chosen);

/* The frame of a page with crumbs: Runs > the run > `firm` (-1: none). */
void runs_shell(struct request *request, const struct runs_look *look, int firm, struct str title,
                struct shell *shell);
struct link runs_link(struct request *request, const char *pattern, int64_t id, int64_t a,
                      int64_t b);

#endif
