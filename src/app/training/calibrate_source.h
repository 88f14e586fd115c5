/* calibrate_source: the rows of a data set as the order lines of one shop.
 *
 * A scenario is calibrated for one shop: all channels whose orders are baskets. Bundled channels
 * (bookings of many baskets) and channels the rules call "other" are left out and said so; when
 * nothing else is there, everything is the shop and nothing is a basket.
 *
 *   kinds    a sale is a sale; a return with a positive quantity (a status) is a sale that came
 *            back; credits of earlier sales count as returns, for a file seldom says which is which
 *   annulled a sale of CALIBRATE_BIG_UNITS or more that the same buyer's credit takes back within a
 *            week never happened; both are left out and counted
 *   money    a market's currency is the one most of its lines bear; other lines are converted
 */
#ifndef APP_TRAINING_CALIBRATE_SOURCE_H
#define APP_TRAINING_CALIBRATE_SOURCE_H

#include "app/datasets/datasets.h"
#include "core/base.h"
#include "core/err.h"
#include "engine/market/fit_gather.h"

struct arena;

enum { CALIBRATE_BIG_UNITS = 500, CALIBRATE_BIG_ROWS_MAX = 16384, CALIBRATE_ANNUL_DAYS = 7 };

/* ---- currencies: data/fx/usd.csv ---- */

struct calibrate_fx {
    int count;
    struct {
        struct currency currency;
        double per_usd;
        char month[8];
    } rates[DATASET_CURRENCIES_MAX];
};
/* Errors of files and tables. */
MUST_USE enum err calibrate_fx_read(struct arena *arena, const char *data_folder,
                                    struct calibrate_fx *fx, struct problem *problem);
/* Units per US dollar; 0 when the table lacks it. */
double calibrate_fx_per_usd(const struct calibrate_fx *fx, struct currency currency);

/* ---- rows ---- */

/* Sums over all channels, for the mix of the whole enterprise. */
struct calibrate_total {
    int64_t lines, units;
    double value; /* in the data set's main currency, major units */
};

/* A big sale or a credit of one. */
struct calibrate_big {
    uint64_t customer;
    uint32_t sku;
    int32_t units, day;
    bool annulled; /* matched with one of the other kind */
    bool used;     /* met in this reading */
};

struct calibrate_source {
    const struct dataset *dataset;
    struct dataset_summary summary;
    const struct calibrate_fx *fx;
    bool has_until;
    int32_t until;            /* rows from this date on are held out */
    struct currency currency; /* that most lines bear */
    bool all_is_shop;         /* no channel has baskets */
    bool has_customers;
    bool *in_shop;                     /* per channel */
    struct calibrate_total *countries; /* per country, all channels, before `until` */
    struct calibrate_total *channels;  /* per channel, before `until` */
    uint16_t *country_currency;        /* per country: index of its currency in the data set */
    uint16_t main_currency;            /* index of `currency` */
    bool in_main_currency; /* lines bear their value in it, whatever their country's; for sums over
                              countries */
    int sale_count, credit_count; /* matched pairs among the first CALIBRATE_BIG_ROWS_MAX of each */
    struct calibrate_big *sales, *credits;
    int64_t annulled_lines, annulled_units; /* sales of the last reading */
};

/* One reading of the rows. ERR_CURRENCY_UNKNOWN: a currency without a rate; ERR_TOO_FEW: no sales
 * before `until`; those of the data set. */
MUST_USE enum err calibrate_source_open(struct arena *arena, const struct dataset *dataset,
                                        const struct calibrate_fx *fx, bool has_until,
                                        int32_t until, struct calibrate_source *source,
                                        struct problem *problem);

typedef void calibrate_take(void *context, const struct market_fit_line *line);
/* All lines of the shop before `until` (or, with `held_out`, from it on); regions are the data
 * set's countries, articles its stock codes. ERR_INTERRUPTED. */
MUST_USE enum err calibrate_source_each(struct calibrate_source *source, bool held_out,
                                        calibrate_take *take, void *context,
                                        struct problem *problem);

#endif
