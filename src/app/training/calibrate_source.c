#include "app/training/calibrate_source.h"

#include <string.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/file.h"

enum { FX_BYTES_MAX = 1 << 20, INTERRUPT_EVERY = 1 << 16 };

/* ---- currencies ---- */

struct memory_source {
    struct str text;
    size_t given;
};

static enum err memory_read(void *context, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    (void)problem;
    struct memory_source *source = context;
    size_t left = source->text.length - source->given;
    *got = left < capacity ? left : capacity;
    memcpy(into, source->text.text + source->given, *got);
    source->given += *got;
    return ERR_OK;
}

static enum err fx_row(const struct csv_row *row, struct calibrate_fx *fx, struct problem *problem)
{
    int at = fx->count;
    if (row->count != 3)
        return problem_set(problem, ERR_CSV_COLUMNS, ERR_INT(row->count), ERR_INT(3));
    if (at == (int)COUNT_OF(fx->rates))
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("currencies")), ERR_INT(at + 1),
                           ERR_INT(at));
    if (!currency_from_code(row->fields[0], &fx->rates[at].currency))
        return problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_TEXT(row->fields[0]),
                           ERR_CTEXT("ISO 4217"));
    if (!str_to_double(row->fields[1], &fx->rates[at].per_usd) || fx->rates[at].per_usd <= 0.0)
        return problem_set(problem, ERR_NUMBER, ERR_TEXT(row->fields[1]));
    size_t length = row->fields[2].length < sizeof(fx->rates[at].month) - 1
                        ? row->fields[2].length
                        : sizeof(fx->rates[at].month) - 1;
    memcpy(fx->rates[at].month, row->fields[2].text, length);
    fx->count++;
    return ERR_OK;
}

enum err calibrate_fx_read(struct arena *arena, const char *data_folder, struct calibrate_fx *fx,
                           struct problem *problem)
{
    *fx = (struct calibrate_fx){0};
    const char *path = path_join(arena, path_join(arena, data_folder, "fx"), "usd.csv");
    struct memory_source memory = {0};
    TRY(file_read(arena, path, FX_BYTES_MAX, &memory.text, problem));
    struct csv_source source = {.context = &memory, .read = memory_read};
    struct csv *csv =
        csv_open(arena, source, (struct csv_options){.delimiter = ',', .quotes = true});
    struct csv_row row;
    bool found;
    enum err code = csv_next(csv, &row, &found, problem); /* the header */
    while (code == ERR_OK && found) {
        code = csv_next(csv, &row, &found, problem);
        if (code == ERR_OK && found)
            code = fx_row(&row, fx, problem);
    }
    return code == ERR_OK ? ERR_OK
                          : problem_place(problem, "%s:%lld", path, (long long)csv_line(csv));
}

double calibrate_fx_per_usd(const struct calibrate_fx *fx, struct currency currency)
{
    for (int i = 0; i < fx->count; i++)
        if (currency_equal(fx->rates[i].currency, currency))
            return fx->rates[i].per_usd;
    return 0.0;
}

/* ---- the first reading ---- */

/* Sale rows as the first reading sees them. */
static bool is_sale(const struct dataset_row *row)
{
    return row->quantity > 0 && (row->kind == DATASET_SALE || row->kind == DATASET_RETURN);
}

static bool is_credit(const struct dataset_row *row)
{
    return row->quantity < 0 && (row->kind == DATASET_CANCELLATION || row->kind == DATASET_RETURN);
}

static void note_big(struct calibrate_big *rows, int *count, const struct dataset_row *row)
{
    if (*count < CALIBRATE_BIG_ROWS_MAX)
        rows[(*count)++] =
            (struct calibrate_big){.customer = row->customer,
                                   .sku = row->sku,
                                   .units = row->quantity < 0 ? -row->quantity : row->quantity,
                                   .day = row->day};
}

static int keep_annulled(struct calibrate_big *rows, int count)
{
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (rows[i].annulled)
            rows[kept++] = rows[i];
    return kept;
}

/* A sale and the same buyer's credit of it within a week never happened, whichever the file tells
 * first. A pair on both sides of `until` is left: calibration must not know what comes later. Only
 * matched rows stay in the lists. */
static void match_big(struct calibrate_source *source)
{
    for (int i = 0; i < source->credit_count; i++) {
        struct calibrate_big *credit = &source->credits[i];
        bool held_out = source->has_until && credit->day >= source->until;
        for (int k = 0; k < source->sale_count && !credit->annulled; k++) {
            struct calibrate_big *sale = &source->sales[k];
            bool sale_held_out = source->has_until && sale->day >= source->until;
            if (sale->annulled || sale->sku != credit->sku || sale->units != credit->units ||
                sale->customer != credit->customer || credit->day < sale->day ||
                credit->day > sale->day + CALIBRATE_ANNUL_DAYS || held_out != sale_held_out)
                continue;
            sale->annulled = credit->annulled = true;
        }
    }
    source->sale_count = keep_annulled(source->sales, source->sale_count);
    source->credit_count = keep_annulled(source->credits, source->credit_count);
}

struct first_reading {
    struct calibrate_source *source;
    int64_t *currency_lines; /* per country and currency */
    int64_t *channel_baskets;
    int64_t sales;
};

static double to_main(const struct calibrate_source *source, const struct dataset_row *row)
{
    struct currency own = dataset_currency(source->dataset, row->currency);
    double from = calibrate_fx_per_usd(source->fx, own);
    double to = calibrate_fx_per_usd(source->fx, source->currency);
    double major = (double)row->value_e4 / 10000.0;
    return currency_equal(own, source->currency) || from <= 0.0 ? major : major * to / from;
}

static void first_row(struct first_reading *reading, const struct dataset_row *row)
{
    struct calibrate_source *source = reading->source;
    if (row->quantity >= CALIBRATE_BIG_UNITS && is_sale(row))
        note_big(source->sales, &source->sale_count, row);
    if (row->quantity <= -CALIBRATE_BIG_UNITS && is_credit(row))
        note_big(source->credits, &source->credit_count, row);
    if (!is_sale(row) || (source->has_until && row->day >= source->until))
        return;
    reading->sales++;
    reading->currency_lines[row->country * source->summary.currencies + row->currency]++;
    reading->channel_baskets[row->channel] += !(row->flags & DATASET_BUNDLE);
    source->has_customers = source->has_customers || row->customer != 0;
}

/* The second look at each row needs the main currency. */
static void total_row(struct calibrate_source *source, const struct dataset_row *row)
{
    if (!is_sale(row) || (source->has_until && row->day >= source->until))
        return;
    struct calibrate_total *totals[2] = {&source->countries[row->country],
                                         &source->channels[row->channel]};
    for (int i = 0; i < 2; i++) {
        totals[i]->lines++;
        totals[i]->units += row->quantity;
        totals[i]->value += to_main(source, row);
    }
}

typedef void row_take(void *context, const struct dataset_row *row);

static enum err each_row(const struct dataset *dataset, row_take *take, void *context,
                         struct problem *problem)
{
    struct arena arena;
    struct dataset_cursor *cursor = NULL;
    arena_init(&arena);
    enum err code = dataset_rows_begin(&arena, dataset, &cursor, problem);
    struct dataset_row row;
    bool found = code == ERR_OK;
    for (int64_t count = 0; code == ERR_OK && found; count++) {
        if (count % INTERRUPT_EVERY == 0 && interrupt_asked())
            code = problem_set0(problem, ERR_INTERRUPTED);
        else
            code = dataset_rows_next(cursor, &row, &found, problem);
        if (code == ERR_OK && found)
            take(context, &row);
    }
    if (cursor)
        dataset_rows_end(cursor);
    arena_clear(&arena);
    return code;
}

static void take_first(void *context, const struct dataset_row *row)
{
    first_row(context, row);
}

static void take_total(void *context, const struct dataset_row *row)
{
    total_row(context, row);
}

/* The currency most lines bear, of each country and of all; every one must have a rate. */
static enum err choose_currencies(struct first_reading *reading, struct problem *problem)
{
    struct calibrate_source *source = reading->source;
    uint16_t currencies = source->summary.currencies, main_currency = 0;
    int64_t most_all = -1;
    for (uint16_t k = 0; k < currencies; k++) {
        int64_t all = 0;
        for (uint16_t c = 0; c < source->summary.countries; c++) {
            int64_t lines = reading->currency_lines[c * currencies + k];
            all += lines;
            if (lines > reading->currency_lines[c * currencies + source->country_currency[c]])
                source->country_currency[c] = k;
        }
        if (all > most_all) {
            most_all = all;
            main_currency = k;
        }
        struct currency currency = dataset_currency(source->dataset, k);
        if (all > 0 && calibrate_fx_per_usd(source->fx, currency) <= 0.0)
            return problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_CTEXT(currency.code),
                               ERR_CTEXT("data/fx/usd.csv"));
    }
    source->main_currency = main_currency;
    source->currency = dataset_currency(source->dataset, main_currency);
    for (uint16_t c = 0; c < source->summary.countries; c++)
        if (reading->currency_lines[c * currencies + source->country_currency[c]] == 0)
            source->country_currency[c] = main_currency;
    return ERR_OK;
}

static void choose_channels(struct first_reading *reading)
{
    struct calibrate_source *source = reading->source;
    bool any = false;
    for (uint16_t c = 0; c < source->summary.channels; c++) {
        bool unknown = str_starts_with(dataset_channel(source->dataset, c), STR("other"));
        source->in_shop[c] = reading->channel_baskets[c] > 0 && !unknown;
        any = any || source->in_shop[c];
    }
    source->all_is_shop = !any;
    for (uint16_t c = 0; c < source->summary.channels && !any; c++)
        source->in_shop[c] = true;
}

enum err calibrate_source_open(struct arena *arena, const struct dataset *dataset,
                               const struct calibrate_fx *fx, bool has_until, int32_t until,
                               struct calibrate_source *source, struct problem *problem)
{
    *source = (struct calibrate_source){
        .dataset = dataset, .fx = fx, .has_until = has_until, .until = until};
    source->summary = dataset_summary(dataset);
    size_t countries = source->summary.countries, channels = source->summary.channels;
    source->in_shop = ARENA_ARRAY(arena, bool, channels);
    source->countries = ARENA_ARRAY(arena, struct calibrate_total, countries);
    source->channels = ARENA_ARRAY(arena, struct calibrate_total, channels);
    source->country_currency = ARENA_ARRAY(arena, uint16_t, countries);
    source->sales = ARENA_ARRAY(arena, struct calibrate_big, CALIBRATE_BIG_ROWS_MAX);
    source->credits = ARENA_ARRAY(arena, struct calibrate_big, CALIBRATE_BIG_ROWS_MAX);
    struct first_reading reading = {.source = source};
    reading.currency_lines = ARENA_ARRAY(arena, int64_t, countries * source->summary.currencies);
    reading.channel_baskets = ARENA_ARRAY(arena, int64_t, channels);
    TRY(each_row(dataset, take_first, &reading, problem));
    if (reading.sales == 0)
        return problem_set(problem, ERR_TOO_FEW, ERR_KEY(N_("sales")), ERR_INT(0), ERR_INT(1));
    TRY(choose_currencies(&reading, problem));
    choose_channels(&reading);
    match_big(source);
    return each_row(dataset, take_total, source, problem);
}

/* ---- lines of the shop ---- */

struct shop_reading {
    struct calibrate_source *source;
    bool held_out;
    calibrate_take *take;
    void *context;
};

/* Whether this row is one of the matched ones; it is used up. */
static bool annul(struct calibrate_big *rows, int count, const struct dataset_row *row)
{
    int32_t units = row->quantity < 0 ? -row->quantity : row->quantity;
    for (int i = 0; i < count; i++) {
        struct calibrate_big *one = &rows[i];
        if (one->used || one->sku != row->sku || one->units != units ||
            one->customer != row->customer || one->day != row->day)
            continue;
        one->used = true;
        return true;
    }
    return false;
}

static int64_t value_in_country(const struct calibrate_source *source,
                                const struct dataset_row *row)
{
    uint16_t want =
        source->in_main_currency ? source->main_currency : source->country_currency[row->country];
    int64_t value = row->value_e4 < 0 ? -row->value_e4 : row->value_e4;
    if (want == row->currency)
        return value;
    double from =
        calibrate_fx_per_usd(source->fx, dataset_currency(source->dataset, row->currency));
    double to = calibrate_fx_per_usd(source->fx, dataset_currency(source->dataset, want));
    double converted = from > 0.0 ? (double)value * to / from : 0.0;
    return converted < 9e18 ? (int64_t)converted : INT64_MAX;
}

static void shop_row(void *context, const struct dataset_row *row)
{
    struct shop_reading *reading = context;
    struct calibrate_source *source = reading->source;
    bool held_out = source->has_until && row->day >= source->until;
    bool bundle = row->flags & DATASET_BUNDLE;
    if (held_out != reading->held_out || !source->in_shop[row->channel] ||
        (bundle && !source->all_is_shop) || row->quantity == 0)
        return;
    struct market_fit_line line = {.basket = !bundle && !source->all_is_shop,
                                   .customer = row->customer,
                                   .order = row->order,
                                   .article = row->sku,
                                   .region = row->country,
                                   .day = row->day,
                                   .minute = row->minute,
                                   .delivered_days = row->delivered_days,
                                   .units = row->quantity < 0 ? -row->quantity : row->quantity};
    line.value_e4 = value_in_country(source, row);
    bool big = line.units >= CALIBRATE_BIG_UNITS;
    if (is_sale(row)) {
        if (big && annul(source->sales, source->sale_count, row)) {
            source->annulled_lines++;
            source->annulled_units += row->quantity;
            return;
        }
        line.kind = FIT_SALE;
        reading->take(reading->context, &line);
    }
    if (row->kind == DATASET_RETURN || row->kind == DATASET_CANCELLATION) {
        if (big && is_credit(row) && annul(source->credits, source->credit_count, row))
            return;
        line.kind = FIT_RETURN;
        reading->take(reading->context, &line);
    } else if (row->kind == DATASET_CANCELLED && row->quantity > 0) {
        line.kind = FIT_CANCELLED;
        reading->take(reading->context, &line);
    }
}

enum err calibrate_source_each(struct calibrate_source *source, bool held_out, calibrate_take *take,
                               void *context, struct problem *problem)
{
    for (int i = 0; i < source->sale_count; i++)
        source->sales[i].used = false;
    for (int i = 0; i < source->credit_count; i++)
        source->credits[i].used = false;
    source->annulled_lines = source->annulled_units = 0;
    struct shop_reading reading = {
        .source = source, .held_out = held_out, .take = take, .context = context};
    return each_row(source->dataset, shop_row, &reading, problem);
}
