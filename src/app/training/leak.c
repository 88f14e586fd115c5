#include "app/training/leak.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/detmath.h"

enum { QUOTE = 0x22 };

static char lower(char byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte & 0x80) != 0;
}

bool leak_finds(struct str texts, struct str name)
{
    const char *at = texts.text, *end = texts.text + texts.length;
    while (name.length > 0 && at < end) {
        at = memmem(at, (size_t)(end - at), name.text, name.length);
        if (!at)
            return false;
        const char *behind = at + name.length;
        bool starts = at == texts.text || !is_word_byte(at[-1]) || !is_word_byte(name.text[0]);
        bool stops =
            behind == end || !is_word_byte(behind[0]) || !is_word_byte(name.text[name.length - 1]);
        if (starts && stops)
            return true;
        at++;
    }
    return false;
}

/* ---- names ---- */

/* All texts of the document in lower case, a line each: what stands between quotes. */
static void collect_texts(const struct scenario *scenario, struct buf *texts)
{
    struct buf document;
    buf_init(&document);
    scenario_append(scenario, &document);
    bool inside = false;
    for (size_t i = 0; i < document.length; i++) {
        char byte = document.text[i];
        if (byte == '\\' && inside) {
            i++;
        } else if (byte == QUOTE) {
            inside = !inside;
            buf_append_byte(texts, '\n');
        } else if (inside) {
            buf_append_byte(texts, lower(byte));
        }
    }
    buf_clear(&document);
}

static void try_name(struct str name, size_t least, struct str texts, struct buf *folded,
                     struct leak *leak)
{
    if (name.length < least)
        return;
    buf_reset(folded);
    for (size_t i = 0; i < name.length; i++)
        buf_append_byte(folded, lower(name.text[i]));
    leak->names_tried++;
    if (!leak_finds(texts, buf_str(folded)))
        return;
    if (leak->names_found++ == 0) {
        size_t length = str_utf8_cut(name, sizeof(leak->first_found) - 1);
        memcpy(leak->first_found, name.text, length);
        leak->first_found[length] = '\0';
    }
}

static void try_names(const struct calibrate_work *work, struct leak *leak)
{
    struct buf texts, folded;
    buf_init(&texts);
    buf_init(&folded);
    collect_texts(&work->scenario, &texts);
    for (uint32_t i = 0; i < work->source.summary.skus; i++) {
        struct dataset_sku sku = dataset_sku(work->dataset, i);
        if (work->fit.survey->article_units[i] == 0)
            continue;
        try_name(sku.code, LEAK_CODE_LEAST, buf_str(&texts), &folded, leak);
        try_name(sku.title, LEAK_TITLE_LEAST, buf_str(&texts), &folded, leak);
    }
    for (uint16_t c = 0; c < work->source.summary.channels; c++) {
        struct str name = dataset_channel(work->dataset, c);
        /* Not the neutral name, which may by chance be the same, nor the rules' own word. */
        if (!str_equal(name, STR("shop")) && !str_starts_with(name, STR("other")))
            try_name(name, LEAK_CODE_LEAST, buf_str(&texts), &folded, leak);
    }
    buf_clear(&folded);
    buf_clear(&texts);
}

/* ---- prices and the best seller ---- */

struct article_price {
    int64_t units;
    double value; /* main currency, major units */
};

static void take_price(void *context, const struct market_fit_line *line)
{
    struct article_price *articles = context;
    if (line->kind != FIT_SALE)
        return;
    articles[line->article].units += line->units;
    articles[line->article].value += (double)line->value_e4 / 10000.0;
}

static double price_of(const struct article_price *article)
{
    return article->value / (double)article->units;
}

/* How many articles lie nearer, in logarithms, to `price` than article `which`; plus one. */
static int64_t place_of(const struct article_price *articles, uint32_t count, uint32_t which,
                        double price)
{
    double own = fabs(dm_log(price_of(&articles[which]) / price));
    int64_t place = 1;
    for (uint32_t i = 0; i < count; i++)
        if (articles[i].units > 0 && articles[i].value > 0.0 &&
            fabs(dm_log(price_of(&articles[i]) / price)) < own)
            place++;
    return place;
}

/* Units of the main currency to one of the largest market's. */
static double main_per_local(const struct calibrate_work *work)
{
    double local = calibrate_fx_per_usd(&work->fx, work->fit.markets[0].currency);
    double main = calibrate_fx_per_usd(&work->fx, work->source.currency);
    return local > 0.0 ? main / local : 1.0;
}

static void try_prices(const struct calibrate_work *work, const struct article_price *articles,
                       struct leak *leak)
{
    uint32_t count = work->source.summary.skus, best = UINT32_MAX, second = UINT32_MAX;
    const struct market_estimate *reference = &work->fit.markets[0].price_e4;
    for (uint32_t i = 0; i < count; i++) {
        if (articles[i].units <= 0 || articles[i].value <= 0.0)
            continue;
        leak->articles++;
        double price = price_of(&articles[i]) * 10000.0 / main_per_local(work);
        leak->near_price += price >= reference->low && price <= reference->high;
        if (best == UINT32_MAX || articles[i].units > articles[best].units) {
            second = best;
            best = i;
        } else if (second == UINT32_MAX || articles[i].units > articles[second].units) {
            second = i;
        }
    }
    if (best == UINT32_MAX || !reference->known)
        return;
    double shown = reference->value / 10000.0 * main_per_local(work);
    leak->top_seller_place = place_of(articles, count, best, shown);
    /* Who knows one real price may take it for what the reference stands for. */
    double known = second == UINT32_MAX ? shown : price_of(&articles[second]);
    leak->known_price_place = place_of(articles, count, best, known);
}

/* ---- volume and counts ---- */

static void try_volume(const struct calibrate_work *work, struct leak *leak)
{
    double total = 0.0, error = 0.0;
    for (int m = 0; m < work->fit.market_count; m++) {
        const struct market_estimate *base = &work->fit.markets[m].series.base;
        leak->is_volume_in_file = leak->is_volume_in_file || base->known;
        total += base->value;
        error += base->error * base->error;
    }
    leak->volume_error = total > 0.0 ? sqrt(error) / total : 0.0;
    leak->is_volume_in_play = !work->made.is_size_scaled;
}

/* The smallest number of orders of which every hour's weight is a whole part, to the digits given.
 */
static int64_t guess_orders(const double weight[24])
{
    for (int64_t orders = 1; orders <= LEAK_ORDERS_MAX; orders++) {
        bool fits = true;
        for (int hour = 0; hour < 24 && fits; hour++) {
            double count = weight[hour] * (double)orders;
            fits = fabs(count - round(count)) <= 0.0005 * (double)orders + 1e-9;
        }
        if (fits && orders > 1)
            return orders;
    }
    return 0;
}

enum err leak_measure(struct arena *arena, struct calibrate_work *work, struct leak *leak,
                      struct problem *problem)
{
    *leak = (struct leak){0};
    try_names(work, leak);
    struct arena_mark mark = arena_mark_get(arena);
    struct article_price *articles =
        ARENA_ARRAY(arena, struct article_price, work->source.summary.skus);
    work->source.in_main_currency = true;
    enum err code = calibrate_source_each(&work->source, false, take_price, articles, problem);
    if (code == ERR_OK)
        try_prices(work, articles, leak);
    arena_rewind(arena, mark);
    TRY(code);
    try_volume(work, leak);
    leak->orders = work->fit.hour_orders;
    if (leak->orders > 0)
        leak->orders_guess = guess_orders(work->scenario.baskets->hour_weight);
    return ERR_OK;
}

/* ---- the report ---- */

static void put_visible(enum lang lang, struct buf *text)
{
    text_put0(text, lang, N_("\nLeak report: what students could learn about the enterprise.\n"));
    text_put0(
        text, lang,
        N_("Players see: names of markets, reference prices, season and weekday, fees, duties, "
           "suppliers, lanes, and their own firm's sales, stock and money.\n"));
    text_put0(
        text, lang,
        N_("The file also holds, hidden from players: level, weekly shock, dispersion, growth, "
           "basket tables, and the errors beside every figure. It holds no row, buyer or "
           "article.\n"));
    text_put0(text, lang, N_("Attempts to recover what is the enterprise's own:\n"));
}

static void put_names(const struct leak *leak, enum lang lang, struct buf *text)
{
    text_put(
        text, lang,
        N_("  names: {0} stock codes, titles and channels looked for in all texts of the file; "
           "{1} found"),
        ERR_INT(leak->names_tried), ERR_INT(leak->names_found));
    if (leak->names_found > 0)
        text_put(text, lang, N_(" (the first: '{0}')"), ERR_CTEXT(leak->first_found));
    buf_append_c(text, "\n");
}

static void put_volume(const struct leak *leak, enum lang lang, struct buf *text)
{
    struct err_arg error = ERR_DECIMAL(llround(1000.0 * leak->volume_error), 1);
    if (leak->is_volume_in_file)
        text_put(text, lang,
                 N_("  volume: OPEN to who has the file (units_per_firm_day_est, within {0} %)"),
                 error);
    else
        text_put0(text, lang, N_("  volume: not in the file with an error"));
    if (leak->is_volume_in_play)
        text_put(text, lang,
                 N_("; OPEN to players, too: firms have the enterprise's size, so stock and sales "
                    "show it within about {0} %. Run 'sampan balance', or scale "
                    "units_per_firm_day, to hide it.\n"),
                 error);
    else
        text_put0(text, lang, N_("; players see firms of another size and cannot tell.\n"));
}

enum err leak_report_append(struct arena *arena, struct calibrate_work *work, enum lang lang,
                            struct buf *text, struct problem *problem)
{
    struct leak leak;
    TRY(leak_measure(arena, work, &leak, problem));
    put_visible(lang, text);
    put_names(&leak, lang, text);
    text_put0(text, lang,
              N_("  unit cost: not in a data set of orders; the scenario's costs follow from its "
                 "reference price by assumed shares, so they tell that price and nothing more\n"));
    text_put(
        text, lang,
        N_("  top seller, from the scenario: guessed by the price nearest to the reference, the "
           "best seller comes {0} of {1}; {2} articles share that price range\n"),
        ERR_INT(leak.top_seller_place), ERR_INT(leak.articles), ERR_INT(leak.near_price));
    text_put(
        text, lang,
        N_("  top seller, with one real price known (the second best's): it comes {0} of {1}\n"),
        ERR_INT(leak.known_price_place), ERR_INT(leak.articles));
    text_put0(
        text, lang,
        N_("  prices: reference prices are means of the enterprise's own, OPEN to players; one "
           "known price adds only on which side of the mean it lies\n"));
    put_volume(&leak, lang, text);
    if (leak.orders > 0)
        text_put(text, lang,
                 N_("  number of orders, from the weights of the hours: at least {0} would explain "
                    "them; there are {1}\n"),
                 ERR_INT(leak.orders_guess), ERR_INT(leak.orders));
    return ERR_OK;
}
