/* The words of `sampan explain`: sentences first, then the figures behind them. */
#include "app/training/explain.h"
#include "app/training/run_table.h"
#include "core/arena.h"
#include "core/detmath.h"
#include "core/money.h"
#include "engine/market/compliance.h"

/* What is being told, with what all sentences need. */
struct telling {
    const struct market_rules *rules;
    const struct market_why *why;
    enum lang lang;
    struct buf *text;
    struct currency currency;
    const struct explain_effect *effects;
    bool live;
};

static int64_t scaled(double value, double by)
{
    double wide = value * by;
    return (int64_t)(wide < 0 ? wide - 0.5 : wide + 0.5);
}

static double magnitude(double value)
{
    return value < 0 ? -value : value;
}

static const char *shown(enum lang lang, const struct market_name *name)
{
    return lang == LANG_ZH ? name->zh : name->en;
}

static struct err_arg tenths(double value)
{
    return ERR_DECIMAL(scaled(value, 10), 1);
}

static void end_sentence(const struct telling *telling)
{
    buf_append_byte(telling->text, '\n');
}

/* ---- sentences ---- */

static void tell_result(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    const struct market_rules *rules = telling->rules;
    const struct market_country *market = &rules->markets[rules->nests[why->nest].market];
    int64_t usual = scaled(why->expected_reference, 1);
    const char *sentence =
        usual == why->served
            ? N_("{0}, as many as usual: on {2} firm {3} sold {0} of {4} in {5}, where a listing "
                 "like the usual one could expect {1}.")
            : N_("{0} and not {1}: on {2} firm {3} sold {0} of {4} in {5}, where a listing like "
                 "the "
                 "usual one could expect {1}.");
    text_put(telling->text, telling->lang, sentence, ERR_INT(why->served), ERR_INT(usual),
             ERR_DATE(rules->start_date + why->day), ERR_INT(why->firm + 1),
             ERR_CTEXT(shown(telling->lang, &rules->products[why->product].name)),
             ERR_CTEXT(shown(telling->lang, &market->name)));
    end_sentence(telling);
}

/* What an event of the deck did to the day's shoppers; the usual listing met it too. */
static void tell_event(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    const struct market_rules *rules = telling->rules;
    bool known = why->event_card >= 0 && why->event_card < rules->event_count;
    if (!known || !(why->event > 0) || why->event == 1)
        return;
    const struct market_event_rules *card = &rules->events[why->event_card];
    text_put(telling->text, telling->lang,
             why->event < 1 ? N_("An event, '{0}', took {1} % of the shoppers, and of what a usual "
                                 "listing could expect.")
                            : N_("An event, '{0}', brought {1} % more shoppers, also to the usual "
                                 "listing."),
             ERR_CTEXT(telling->lang == LANG_ZH ? card->zh : card->en),
             ERR_INT(scaled(magnitude(why->event - 1), 100)));
    end_sentence(telling);
}

static const char *cause_words(enum explain_cause cause, bool more)
{
    static const char *const words[CAUSE_COUNT][2] = {
        [CAUSE_APPEAL] = {N_("The product appeals less than the usual one: {0} % fewer units."),
                          N_("The product appeals more than the usual one: {0} % more units.")},
        [CAUSE_PRICE] = {N_("The price: at {1} where {2} is usual it sold {0} % fewer units."),
                         N_("The price: at {1} where {2} is usual it sold {0} % more units.")},
        [CAUSE_RATING] = {N_("The rating of {1} stars where {2} is usual took {0} % of the units."),
                          N_("The rating of {1} stars where {2} is usual brought {0} % more "
                             "units.")},
        [CAUSE_REVIEWS] = {N_("Few reviews: {0} % fewer units."),
                           N_("Many reviews: {0} % more units.")},
        [CAUSE_DELIVERY] = {N_("Delivery in {1} days where {2} are usual took {0} % of the units."),
                            N_("Delivery in {1} days where {2} are usual brought {0} % more "
                               "units.")},
        [CAUSE_BRAND] = {N_("The brand: {0} % fewer units."), N_("The brand: {0} % more units.")},
        [CAUSE_CONTENT] = {N_("Pictures and words: {0} % fewer units."),
                           N_("Pictures and words: {0} % more units.")},
        [CAUSE_TRUST] = {N_("The terms of sale (returns, duty at the door): {0} % fewer units."),
                         N_("The terms of sale (returns, duty at the door): {0} % more units.")},
        [CAUSE_LATE] = {N_("Late parcels hid the listing, to {1} % of its weight: {0} % fewer "
                           "units."),
                        N_("Late parcels hid the listing, to {1} % of its weight: {0} % more "
                           "units.")},
        [CAUSE_BUNDLE] = {N_("The bundle of {1}: few buyers want so many, {0} % fewer orders."),
                          N_("The bundle of {1}: {0} % more orders.")},
        [CAUSE_LUCK] = {N_("The firm had a bad week: {0} % fewer units."),
                        N_("The firm had a good week: {0} % more units.")},
        [CAUSE_EXPOSURE] = {N_("It stood lower in the results than its share: {0} % fewer units."),
                            N_("It stood higher in the results than its share: {0} % more "
                               "units.")},
        [CAUSE_RIVALS] = {N_("Its rivals offered more than the usual: {0} % fewer units."),
                          N_("Its rivals offered less than the usual or had no goods: {0} % more "
                             "units.")},
    };
    return words[cause][more];
}

/* Of one piece, half up: buyers compare a bundle by it. */
static int64_t piece_price(const struct market_why *why)
{
    int64_t pieces = why->bundle_units > 1 ? why->bundle_units : 1;
    return (2 * why->door_price_minor + pieces) / (2 * pieces);
}

static void tell_cause(const struct telling *telling, const struct explain_effect *effect)
{
    const struct market_why *why = telling->why;
    const struct market_nest *nest = &telling->rules->nests[why->nest];
    int decimals = currency_decimals(telling->currency);
    double delivery = (double)why->promise_days > why->promise_kept_days ? why->promise_days
                                                                         : why->promise_kept_days;
    struct err_arg percent = ERR_INT(scaled(magnitude(effect->factor - 1), 100));
    struct err_arg own = {0}, usual = {0};
    switch (effect->cause) {
    case CAUSE_PRICE:
        own = ERR_DECIMAL(piece_price(why), decimals);
        usual = ERR_DECIMAL(why->price_ref_minor, decimals);
        break;
    case CAUSE_LATE:
        own = ERR_INT(scaled(why->health, 100));
        break;
    case CAUSE_BUNDLE:
        own = ERR_INT(why->bundle_units);
        break;
    case CAUSE_RATING:
        own = ERR_DECIMAL(scaled(why->rating, 100), 2);
        usual = ERR_DECIMAL(scaled(telling->rules->demand.rating_ref, 100), 2);
        break;
    case CAUSE_DELIVERY:
        own = tenths(delivery);
        usual = tenths(nest->promise_ref_days);
        break;
    default:
        break;
    }
    text_put(telling->text, telling->lang, cause_words(effect->cause, effect->factor > 1), percent,
             own, usual);
    end_sentence(telling);
}

static void tell_choice(const struct telling *telling)
{
    enum { CAUSES_TOLD = 2 };
    static const double small = 0.03;
    if (!telling->live)
        return;
    for (int i = 0, told = 0; i < CAUSE_COUNT && told < CAUSES_TOLD; i++) {
        if (magnitude(telling->effects[i].factor - 1) < small)
            return;
        tell_cause(telling, &telling->effects[i]);
        told++;
    }
}

static void tell_chance(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    if (!telling->live)
        return;
    text_put(telling->text, telling->lang,
             N_("Chance: {0} were to be expected on such a day, and buyers asked for {1}."),
             tenths(why->expected), ERR_INT(why->drawn));
    end_sentence(telling);
}

const char *explain_fault_name(int kind)
{
    static const char *const names[INCIDENT_KINDS] = {
        [INCIDENT_CERTIFICATE] = N_("a product without its certificate"),
        [INCIDENT_RESPONSIBLE] = N_("no responsible person"),
        [INCIDENT_INFRINGEMENT] = N_("a brand word in the title"),
        [INCIDENT_LATE] = N_("too many late parcels"),
        [INCIDENT_COMPLAINT] = N_("a complaint")};
    return kind < 0 ? N_("a fault") : names[kind];
}

/* What stood in the way of a listing that could not be bought. */
static void tell_absence(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    int32_t start = telling->rules->start_date;
    struct err_arg fault = ERR_KEY(explain_fault_name(why->closed_kind));
    switch (why->absence) {
    case ABSENCE_RETIRED:
        text_put0(telling->text, telling->lang,
                  N_("It could not be sold: the firm had taken it off sale."));
        break;
    case ABSENCE_NO_PRICE:
        text_put0(telling->text, telling->lang, N_("It could not be sold: it had no price."));
        break;
    case ABSENCE_NO_LANE:
        text_put0(telling->text, telling->lang,
                  N_("It could not be sold: no lane was named for its orders."));
        break;
    case ABSENCE_CLOSED:
        if (why->lacks_certificate || why->lacks_responsible)
            text_put(telling->text, telling->lang,
                     why->closed_number > 0
                         ? N_("It could not be sold: incident {0} ({1}) closed it until what is "
                              "lacking is there.")
                         : N_("It could not be sold: it was closed ({1}) until what is lacking is "
                              "there."),
                     ERR_INT(why->closed_number), fault);
        else
            text_put(telling->text, telling->lang,
                     why->closed_number > 0
                         ? N_("It could not be sold: incident {0} ({1}) closed it until {2}.")
                         : N_("It could not be sold: it was closed ({1}) until {2}."),
                     ERR_INT(why->closed_number), fault, ERR_DATE(start + why->closed_until));
        break;
    default:
        if (why->held_units > 0)
            text_put(telling->text, telling->lang,
                     N_("It could not be sold: there was no stock at the day's start; {0} units "
                        "were held at customs until {1}."),
                     ERR_INT(why->held_units), ERR_DATE(start + why->held_until));
        else
            text_put0(telling->text, telling->lang,
                      N_("It could not be sold: there was no stock at the day's start."));
        break;
    }
    if (why->expected_in_stock > 0) {
        buf_append_c(telling->text, telling->lang == LANG_ZH ? "" : " ");
        text_put(telling->text, telling->lang, N_("On sale it could have expected {0}."),
                 tenths(why->expected_in_stock));
    }
    end_sentence(telling);
}

static void tell_stock(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    if (!why->live) {
        tell_absence(telling);
    } else if (why->lost + why->spill_out > 0) {
        text_put(telling->text, telling->lang,
                 N_("Stock: {0} lay ready and {1} buyers found nothing; {2} of them bought from a "
                    "rival and {3} went home."),
                 ERR_INT(why->stock), ERR_INT(why->lost + why->spill_out), ERR_INT(why->spill_out),
                 ERR_INT(why->lost));
        end_sentence(telling);
    } else if (why->spill_in > 0) {
        text_put(telling->text, telling->lang,
                 N_("Rivals were sold out: {0} of their buyers came over."),
                 ERR_INT(why->spill_in));
        end_sentence(telling);
    }
}

/* The steps from 60 to 37 in units, told from the largest. */
static void tell_steps(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    struct step {
        double units;
        void (*tell)(const struct telling *telling);
    } steps[] = {
        {magnitude(why->expected - why->expected_reference), tell_choice},
        {magnitude((double)(why->served - why->drawn)), tell_stock},
        {magnitude((double)why->drawn - why->expected), tell_chance},
    };
    if (!why->live)
        steps[1].units = why->expected_reference + 1; /* then it is the one cause */
    for (size_t i = 1; i < COUNT_OF(steps); i++) {
        struct step moved = steps[i];
        size_t at = i;
        for (; at > 0 && steps[at - 1].units < moved.units; at--)
            steps[at] = steps[at - 1];
        steps[at] = moved;
    }
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        steps[i].tell(telling);
}

/* ---- tables ---- */

static void put_decimal(struct run_table *table, int column, double value, int decimals)
{
    static const double powers[] = {1, 10, 100, 1000, 10000};
    struct buf text;
    buf_init(&text);
    int64_append_scaled(&text, scaled(value, powers[decimals]), decimals);
    run_table_put(table, column, buf_str(&text));
    buf_clear(&text);
}

static void put_money(struct run_table *table, int column, int64_t minor, struct currency currency)
{
    struct buf text;
    buf_init(&text);
    money_append(&text, minor, currency);
    buf_format(&text, " %s", currency.code);
    run_table_put(table, column, buf_str(&text));
    buf_clear(&text);
}

static void put_effect(struct run_table *table, int column, double factor)
{
    struct buf text;
    buf_init(&text);
    int64_t tenth = scaled(factor - 1, 1000);
    if (tenth >= 0)
        buf_append_byte(&text, '+');
    int64_append_scaled(&text, tenth, 1);
    buf_append_c(&text, " %");
    run_table_put(table, column, buf_str(&text));
    buf_clear(&text);
}

static const char *cause_name(enum explain_cause cause)
{
    if (cause == CAUSE_EXPOSURE)
        return N_("exposure");
    if (cause == CAUSE_LATE)
        return N_("late parcels");
    if (cause == CAUSE_BUNDLE)
        return N_("the bundle");
    if (cause == CAUSE_RIVALS)
        return N_("rivals and interplay");
    return market_term_name((enum market_term)cause);
}

enum { CAUSE_COLUMN, OWN_COLUMN, USUAL_COLUMN, TERM_COLUMN, EFFECT_COLUMN = TERM_COLUMN + 3 };

static void put_own_and_usual(const struct telling *telling, struct run_table *table,
                              enum explain_cause cause)
{
    const struct market_why *why = telling->why;
    const struct market_nest *nest = &telling->rules->nests[why->nest];
    switch (cause) {
    case CAUSE_PRICE:
        put_money(table, OWN_COLUMN, piece_price(why), telling->currency);
        put_money(table, USUAL_COLUMN, why->price_ref_minor, telling->currency);
        return;
    case CAUSE_RATING:
        put_decimal(table, OWN_COLUMN, why->rating, 2);
        put_decimal(table, USUAL_COLUMN, telling->rules->demand.rating_ref, 2);
        return;
    case CAUSE_REVIEWS:
        put_decimal(table, OWN_COLUMN, why->reviews, 1);
        return;
    case CAUSE_DELIVERY:
        put_decimal(table, OWN_COLUMN,
                    why->promise_days > why->promise_kept_days ? why->promise_days
                                                               : why->promise_kept_days,
                    1);
        put_decimal(table, USUAL_COLUMN, nest->promise_ref_days, 1);
        return;
    case CAUSE_EXPOSURE:
        put_decimal(table, OWN_COLUMN, why->exposure, 4);
        put_decimal(table, USUAL_COLUMN, why->exposure_reference, 4);
        return;
    case CAUSE_LATE:
        put_decimal(table, OWN_COLUMN, why->health, 2);
        put_decimal(table, USUAL_COLUMN, 1, 2);
        return;
    case CAUSE_BUNDLE:
        put_decimal(table, OWN_COLUMN, why->bundle_units > 1 ? why->bundle_units : 1, 0);
        put_decimal(table, USUAL_COLUMN, 1, 0);
        return;
    default:
        return;
    }
}

static void append_causes(const struct telling *telling, struct arena *arena)
{
    static const char *const heads[] = {N_("cause"),
                                        N_("here"),
                                        N_("usual"),
                                        N_("u price-sensitive"),
                                        N_("u main"),
                                        N_("u quality"),
                                        N_("effect on the expectation")};
    struct run_table table;
    run_table_init(&table, arena, COUNT_OF(heads), CAUSE_COUNT + 1);
    run_table_row(&table);
    for (int c = 0; c < (int)COUNT_OF(heads); c++) {
        run_table_put(&table, c, str_from_c(text_get(telling->lang, heads[c])));
        table.right[c] = c > 0;
    }
    for (int i = 0; i < CAUSE_COUNT; i++) {
        enum explain_cause cause = telling->effects[i].cause;
        run_table_row(&table);
        run_table_put(&table, CAUSE_COLUMN, str_from_c(text_get(telling->lang, cause_name(cause))));
        put_own_and_usual(telling, &table, cause);
        for (int g = 0; cause <= CAUSE_LUCK && g < MARKET_SEGMENTS; g++)
            put_decimal(&table, TERM_COLUMN + g, telling->why->term[g][cause], 4);
        put_effect(&table, EFFECT_COLUMN, telling->effects[i].factor);
    }
    run_table_append(&table, true, telling->text);
}

/* Planted terms may leave it out: then nothing ran. */
static double event_factor(const struct market_why *why)
{
    return why->event > 0 ? why->event : 1;
}

static void append_traffic(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    double whole = why->shoppers_reference > 0 ? why->shoppers / why->shoppers_reference : 0;
    text_put(
        telling->text, telling->lang,
        N_("Shoppers N: {0}, {2} % of the usual {1}: season x{3}, weekday x{4}, growth x{5}, the "
           "week's shock x{6}, events x{7}."),
        tenths(why->shoppers), tenths(why->shoppers_reference), ERR_INT(scaled(whole, 100)),
        ERR_DECIMAL(scaled(why->season, 1000), 3), ERR_DECIMAL(scaled(why->weekday, 1000), 3),
        ERR_DECIMAL(scaled(why->growth, 1000), 3), ERR_DECIMAL(scaled(why->shock, 1000), 3),
        ERR_DECIMAL(scaled(event_factor(why), 1000), 3));
    end_sentence(telling);
    text_put(
        telling->text, telling->lang,
        N_("Exposure x: weight {0} of {1} in the nest = rank {2} x title {4} x late parcels {5} "
           "x listings of the firm {3}; sponsored slots {6} of the view, visits from outside "
           "{7}."),
        ERR_DECIMAL(scaled(why->organic_weight, 1000), 3),
        ERR_DECIMAL(scaled(why->organic_total, 1000), 3), ERR_DECIMAL(scaled(why->rank, 1000), 3),
        ERR_DECIMAL(scaled(why->own_listings, 1000), 3),
        ERR_DECIMAL(scaled(why->relevance, 1000), 3), ERR_DECIMAL(scaled(why->health, 1000), 3),
        ERR_DECIMAL(scaled(why->sponsored, 10000), 4), tenths(why->outside));
    end_sentence(telling);
}

/* From the sum of the terms to units, one row a segment: what a pocket calculator needs. */
static void append_segments(const struct telling *telling, struct arena *arena)
{
    static const char *const heads[] = {N_("segment"),    N_("weight"),       N_("utility u"),
                                        N_("x exp(u/l)"), N_("all listings"), N_("W"),
                                        N_("S"),          N_("share"),        N_("units")};
    static const char *const segments[MARKET_SEGMENTS] = {N_("price-sensitive"), N_("main"),
                                                          N_("quality")};
    const struct market_why *why = telling->why;
    const struct market_demand *demand = &telling->rules->demand;
    double shoppers = why->shoppers_all > 0 ? why->shoppers_all : why->shoppers;
    struct run_table table;
    run_table_init(&table, arena, COUNT_OF(heads), MARKET_SEGMENTS + 1);
    run_table_row(&table);
    for (int c = 0; c < (int)COUNT_OF(heads); c++) {
        run_table_put(&table, c, str_from_c(text_get(telling->lang, heads[c])));
        table.right[c] = c > 0;
    }
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        double own = why->exposure * dm_exp(why->utility[g] / demand->lambda);
        run_table_row(&table);
        run_table_put(&table, 0, str_from_c(text_get(telling->lang, segments[g])));
        put_decimal(&table, 1, demand->segment_weight[g], 2);
        put_decimal(&table, 2, why->utility[g], 4);
        put_decimal(&table, 3, own, 4);
        if (why->share[g] > 0)
            put_decimal(&table, 4, own * why->nest_share[g] / why->share[g], 4);
        put_decimal(&table, 5, why->nest_weight[g], 4);
        put_decimal(&table, 6, why->nest_share[g], 4);
        put_decimal(&table, 7, why->share[g], 4);
        put_decimal(&table, 8, shoppers * demand->segment_weight[g] * why->share[g], 3);
    }
    run_table_append(&table, true, telling->text);
    text_put(telling->text, telling->lang,
             N_("units = N x weight x share, with N = {0} where visitors from outside are counted; "
                "share = S x own / all; S = W^l / ({1} + W^l), l = {2}."),
             ERR_DECIMAL(scaled(shoppers, 100), 2),
             ERR_DECIMAL(scaled((1 - demand->inside_share) / demand->inside_share, 10000), 4),
             ERR_DECIMAL(scaled(demand->lambda, 100), 2));
    end_sentence(telling);
}

static void append_settlement(const struct telling *telling)
{
    const struct market_why *why = telling->why;
    text_put(telling->text, telling->lang,
             N_("Expectation {0} (reference {1}; had all listings been in stock {2})."),
             ERR_DECIMAL(scaled(why->expected, 1000), 3),
             ERR_DECIMAL(scaled(why->expected_reference, 1000), 3),
             ERR_DECIMAL(scaled(why->expected_in_stock, 1000), 3));
    end_sentence(telling);
    text_put(
        telling->text, telling->lang,
        N_("In units: drawn {0} + come over {1} = sold {2} + lost {3} + gone to rivals {4}; in "
           "stock at the day's start {5}."),
        ERR_INT(why->drawn), ERR_INT(why->spill_in), ERR_INT(why->served), ERR_INT(why->lost),
        ERR_INT(why->spill_out), ERR_INT(why->stock));
    end_sentence(telling);
}

void explain_append(struct arena *arena, const struct market_rules *rules,
                    const struct market_why *why, enum lang lang, struct buf *text)
{
    struct explain_effect effects[CAUSE_COUNT];
    const struct market_country *market = &rules->markets[rules->nests[why->nest].market];
    struct telling telling = {.rules = rules,
                              .why = why,
                              .lang = lang,
                              .text = text,
                              .currency = rules->currencies[market->currency],
                              .effects = effects};
    telling.live = explain_effects_get(rules, why, effects);
    tell_result(&telling);
    tell_event(&telling);
    tell_steps(&telling);
    buf_append_byte(text, '\n');
    text_put0(text, lang, N_("Details"));
    buf_append_byte(text, '\n');
    append_traffic(&telling);
    if (telling.live)
        append_causes(&telling, arena);
    if (telling.live)
        append_segments(&telling, arena);
    append_settlement(&telling);
}
