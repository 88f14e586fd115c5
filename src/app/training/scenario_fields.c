#include "app/training/scenario_fields.h"

#define BIJMOLT "Bijmolt, van Heerde, Pieters 2005: mean own-price elasticity -2.62"
#define YOU "You, Vadakkepatt, Joshi 2015: elasticities of rating 0.42 and review volume 0.24"
#define SETHURAMAN "Sethuraman, Tellis, Briesch 2011: advertising elasticity 0.12"

static const double zero[1] = {0};
static const double one[1] = {1};
static const double ones[53] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const double segment_weights[MARKET_SEGMENTS] = {0.35, 0.45, 0.20};
static const double price_betas[MARKET_SEGMENTS] = {2.4, 1.6, 0.9};

#define NUMBER(value) ((const double[]){value})
#define OF(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
#define PLAIN(name, kind, type, member)                                                            \
    {                                                                                              \
        name, SCENARIO_##kind, false, OF(type, member), NULL, NULL                                 \
    }
#define FIGURE(name, kind, type, member)                                                           \
    {                                                                                              \
        name, SCENARIO_##kind, true, OF(type, member), NULL, NULL                                  \
    }
#define DEFAULT(name, kind, type, member, fallback, source)                                        \
    {                                                                                              \
        name, SCENARIO_##kind, true, OF(type, member), fallback, source                            \
    }
#define REALS(name, type, member, entries, fallback, source)                                       \
    {                                                                                              \
        name, SCENARIO_REALS, true, offsetof(struct type, member), entries, fallback, source       \
    }
#define NAMES(type, member)                                                                        \
    {"id", SCENARIO_ID, false, OF(type, member.id), NULL, NULL},                                   \
        {"en", SCENARIO_TEXT, false, OF(type, member.en), zero, NULL},                             \
    {                                                                                              \
        "zh", SCENARIO_TEXT, false, OF(type, member.zh), zero, NULL                                \
    }

static const struct scenario_field root_fields[] = {
    PLAIN("id", ID, market_rules, id),
    PLAIN("name_en", TEXT, market_rules, name_en),
    PLAIN("name_zh", TEXT, market_rules, name_zh),
    PLAIN("level", INT, market_rules, level),
    PLAIN("start_date", DATE, market_rules, start_date),
    PLAIN("round_days", INT, market_rules, round_days),
    PLAIN("rounds", INT, market_rules, rounds),
    PLAIN("firms", INT, market_rules, firms),
    PLAIN("warm_start", BOOL, market_rules, warm_start),
    PLAIN("markets_max", LIMIT, market_rules, markets_max),
    PLAIN("listings_max", LIMIT, market_rules, listings_max),
};

static const struct scenario_field market_fields[] = {
    NAMES(market_country, name),
    PLAIN("currency", REF_CURRENCY, market_country, currency),
    REALS("season", market_country, season, 53, ones, NULL),
    REALS("weekday", market_country, weekday, 7, ones, NULL),
    DEFAULT("growth", REAL, market_country, growth, zero, NULL),
    DEFAULT("payout_hold_days", INT, market_country, payout_hold_days, NUMBER(14), NULL),
};

static const struct scenario_field channel_fields[] = {
    {"id", SCENARIO_ID, false, OF(market_name, id), NULL, NULL},
    {"en", SCENARIO_TEXT, false, OF(market_name, en), zero, NULL},
    {"zh", SCENARIO_TEXT, false, OF(market_name, zh), zero, NULL},
};

static const struct scenario_field category_fields[] = {
    NAMES(market_category, name),
    PLAIN("hs6", HS6, market_category, hs6),
    FIGURE("return_rate", REAL, market_category, return_rate),
    FIGURE("resale_fraction", REAL, market_category, resale_fraction),
};

static const struct scenario_field nest_fields[] = {
    PLAIN("market", REF_MARKET, market_nest, market),
    PLAIN("channel", REF_CHANNEL, market_nest, channel),
    PLAIN("category", REF_CATEGORY, market_nest, category),
    FIGURE("units_per_firm_day", REAL, market_nest, units_per_firm_day),
    DEFAULT("units_per_firm_day_est", REAL, market_nest, units_per_firm_day_est, zero, NULL),
    FIGURE("price_ref", MONEY_MARKET, market_nest, price_ref_minor),
    DEFAULT("listings_ref", INT, market_nest, listings_ref, one, NULL),
    DEFAULT("firms_expected", INT, market_nest, firms_expected, zero, NULL),
    FIGURE("promise_ref_days", REAL, market_nest, promise_ref_days),
    DEFAULT("traffic_sd", REAL, market_nest, traffic_sd, NUMBER(0.08), NULL),
    DEFAULT("dispersion", REAL, market_nest, dispersion, zero, NULL),
    FIGURE("referral_rate", RATE, market_nest, referral_rate_1e9),
    DEFAULT("referral_minimum", MONEY_MARKET, market_nest, referral_minimum_minor, zero, NULL),
    DEFAULT("payout_hold_days", INT, market_nest, payout_hold_days, zero, NULL),
    PLAIN("queries", QUERIES, market_nest, queries),
};

static const struct scenario_field product_fields[] = {
    NAMES(market_product, name),
    PLAIN("category", REF_CATEGORY, market_product, category),
    FIGURE("weight_g", INT, market_product, weight_g),
    DEFAULT("length_mm", INT, market_product, length_mm, zero, NULL),
    DEFAULT("width_mm", INT, market_product, width_mm, zero, NULL),
    DEFAULT("height_mm", INT, market_product, height_mm, zero, NULL),
    DEFAULT("appeal", REAL, market_product, appeal, zero, NULL),
    FIGURE("fulfil_fee", MARKETS_MONEY, market_product, fulfil_fee_minor),
    FIGURE("storage_fee", MARKETS_FINE, market_product, storage_fee_1e9),
};

static const struct scenario_field supplier_fields[] = {
    NAMES(market_supplier, name),
    PLAIN("product", REF_PRODUCT, market_supplier, product),
    FIGURE("breaks", BREAKS, market_supplier, breaks),
    FIGURE("lead_days_min", INT, market_supplier, lead_days_min),
    DEFAULT("lead_gamma_mean", REAL, market_supplier, lead_gamma_mean, zero, NULL),
    DEFAULT("lead_gamma_sd", REAL, market_supplier, lead_gamma_sd, zero, NULL),
    DEFAULT("defect_rate", REAL, market_supplier, defect_rate, NUMBER(0.02), NULL),
    DEFAULT("deposit_rate", RATE, market_supplier, deposit_rate_1e9, NUMBER(0.3), NULL),
    DEFAULT("inspection_fee", MONEY_HOME, market_supplier, inspection_fee_minor, zero, NULL),
    DEFAULT("inspection_catch", REAL, market_supplier, inspection_catch, NUMBER(0.9), NULL),
    {"bot", SCENARIO_OBJECT, false, offsetof(struct market_supplier, bot), SCENARIO_BOT, NULL,
     NULL},
};

static const struct scenario_field lane_fields[] = {
    NAMES(market_lane, name),
    PLAIN("kind", LANE_KIND, market_lane, kind),
    PLAIN("market", REF_MARKET, market_lane, market),
    FIGURE("days_min", INT, market_lane, days_min),
    DEFAULT("gamma_mean", REAL, market_lane, gamma_mean, zero, NULL),
    DEFAULT("gamma_sd", REAL, market_lane, gamma_sd, zero, NULL),
    DEFAULT("loss_rate", REAL, market_lane, loss_rate, zero, NULL),
    FIGURE("price_per_kg", MONEY_HOME, market_lane, price_per_kg_minor),
    DEFAULT("price_per_piece", MONEY_HOME, market_lane, price_per_piece_minor, zero, NULL),
    DEFAULT("weight_step_g", INT, market_lane, weight_step_g, one, NULL),
    DEFAULT("volume_divisor", INT, market_lane, volume_divisor, zero, NULL),
    DEFAULT("freight_sd", REAL, market_lane, freight_sd, zero, NULL),
    DEFAULT("freight_jump_rate", REAL, market_lane, freight_jump_rate, zero, NULL),
    DEFAULT("freight_jump", REAL, market_lane, freight_jump, zero, NULL),
};

static const struct scenario_field demand_fields[] = {
    REALS("segment_weight", market_demand, segment_weight, MARKET_SEGMENTS, segment_weights, NULL),
    REALS("price_beta", market_demand, price_beta, MARKET_SEGMENTS, price_betas, BIJMOLT),
    DEFAULT("lambda", REAL, market_demand, lambda, NUMBER(0.6), BIJMOLT),
    DEFAULT("inside_share", REAL, market_demand, inside_share, NUMBER(0.6), NULL),
    DEFAULT("rating_rho", REAL, market_demand, rating_rho, NUMBER(0.25), YOU),
    DEFAULT("review_rho", REAL, market_demand, review_rho, NUMBER(0.14), YOU),
    DEFAULT("brand_kappa", REAL, market_demand, brand_kappa, NUMBER(0.072), SETHURAMAN),
    DEFAULT("rank_exponent", REAL, market_demand, rank_exponent, NUMBER(0.15), NULL),
    DEFAULT("luck_sd", REAL, market_demand, luck_sd, NUMBER(0.05), NULL),
    DEFAULT("rating_ref", REAL, market_demand, rating_ref, NUMBER(4.2), NULL),
    DEFAULT("views_per_shopper", REAL, market_demand, views_per_shopper, NUMBER(10), NULL),
};

static const struct scenario_field finance_fields[] = {
    FIGURE("cash_opening", MONEY_HOME, market_finance, cash_opening_minor),
    FIGURE("overdraft_limit", MONEY_HOME, market_finance, overdraft_limit_minor),
    DEFAULT("overdraft_rate", RATE, market_finance, overdraft_rate_1e9, NUMBER(0.12), NULL),
    FIGURE("payroll_per_day", MONEY_HOME, market_finance, payroll_per_day_minor),
    DEFAULT("conversion_fee", RATE, market_finance, conversion_fee_1e9, NUMBER(0.01), NULL),
};

/* The five weights sum to 1. */
#define WEIGHT(name, indicator, fallback)                                                          \
    {                                                                                              \
        name, SCENARIO_RATE, true, (indicator) * sizeof(int64_t), sizeof(int64_t), fallback, NULL  \
    }
static const struct scenario_field score_fields[] = {
    WEIGHT("equity", INDICATOR_EQUITY, NUMBER(0.40)),
    WEIGHT("service", INDICATOR_SERVICE, NUMBER(0.20)),
    WEIGHT("stock", INDICATOR_STOCK, NUMBER(0.15)),
    WEIGHT("forecast", INDICATOR_FORECAST, NUMBER(0.10)),
    WEIGHT("rating", INDICATOR_RATING, NUMBER(0.15)),
};

/* ---- level 2: FIGUREs without a fallback take the default of their part ---- */

#define LIST(name, kind, type, member, entries)                                                    \
    {                                                                                              \
        name, SCENARIO_##kind, true, offsetof(struct type, member), entries, NULL, NULL            \
    }

static const struct scenario_field promotion_fields[] = {
    FIGURE("sponsored_share", REAL, market_promotion_rules, sponsored_share),
    FIGURE("slots", INT, market_promotion_rules, slots),
    FIGURE("exponent", REAL, market_promotion_rules, exponent),
    FIGURE("quality_noise", REAL, market_promotion_rules, quality_noise),
    FIGURE("reserve_share", REAL, market_promotion_rules, reserve_share),
    FIGURE("goodwill_keep", REAL, market_promotion_rules, goodwill_keep),
    FIGURE("goodwill_scale", REAL, market_promotion_rules, goodwill_scale),
    FIGURE("visit_cost", REAL, market_promotion_rules, visit_cost),
};

static const struct scenario_field storefront_fields[] = {
    FIGURE("relevance_floor", REAL, market_storefront_rules, relevance_floor),
    FIGURE("content_bound", REAL, market_storefront_rules, content_bound),
    FIGURE("content_scale", MONEY_HOME, market_storefront_rules, content_scale_minor),
    FIGURE("content_keep", REAL, market_storefront_rules, content_keep),
    LIST("translation_u", REALS, market_storefront_rules, translation_u, 3),
    LIST("translation", MONEYS_HOME, market_storefront_rules, translation_minor, 3),
    FIGURE("rating_bound", REAL, market_storefront_rules, rating_bound),
    FIGURE("bill_at_door_u", REAL, market_storefront_rules, bill_at_door_u),
    FIGURE("bundle_u", REAL, market_storefront_rules, bundle_u),
    FIGURE("brand_words", WORDS, market_storefront_rules, brand_words),
};

static const struct scenario_field customs_fields[] = {
    FIGURE("refund_rate", RATE, market_customs_rules, refund_rate_1e9),
    FIGURE("input_tax_rate", RATE, market_customs_rules, input_tax_rate_1e9),
    LIST("refund_days", INTS, market_customs_rules, refund_days, CUSTOMS_MODES),
    LIST("entry_fee", MONEYS_HOME, market_customs_rules, entry_fee_minor, CUSTOMS_MODES),
    FIGURE("hold_rate", REAL, market_customs_rules, hold_rate),
    FIGURE("hold_days", INT, market_customs_rules, hold_days),
    FIGURE("undervalue_rate", REAL, market_customs_rules, undervalue_rate),
    FIGURE("undervalue_slope", REAL, market_customs_rules, undervalue_slope),
    FIGURE("misclass_rate", REAL, market_customs_rules, misclass_rate),
    FIGURE("repeat_rate", REAL, market_customs_rules, repeat_rate),
    FIGURE("penalty_rate", RATE, market_customs_rules, penalty_rate_1e9),
    FIGURE("penalty_least", MONEY_HOME, market_customs_rules, penalty_least_minor),
    FIGURE("seizure_from", INT, market_customs_rules, seizure_from),
    FIGURE("vat_fee", MONEY_HOME, market_customs_rules, vat_fee_minor),
    FIGURE("ioss_fee", MONEY_HOME, market_customs_rules, ioss_fee_minor),
    FIGURE("no_ioss_u", REAL, market_customs_rules, no_ioss_u),
};

static const struct scenario_field loan_fields[] = {
    FIGURE("loan_rate", RATE, market_finance_rules, loan_rate_1e9),
    FIGURE("loan_limit_rate", RATE, market_finance_rules, loan_limit_rate_1e9),
    FIGURE("loan_fee", RATE, market_finance_rules, loan_fee_1e9),
};

static const struct scenario_field compliance_fields[] = {
    FIGURE("certificate_needed", NEEDED, market_compliance_rules, certificate_needed),
    FIGURE("responsible_needed", MARKET_SET, market_compliance_rules, responsible_needed),
    FIGURE("held_at_start", BOOL, market_compliance_rules, held_at_start),
    FIGURE("certificate_fee", MONEY_HOME, market_compliance_rules, certificate_fee_minor),
    FIGURE("certificate_days", INT, market_compliance_rules, certificate_days),
    FIGURE("responsible_fee", MONEY_HOME, market_compliance_rules, responsible_fee_minor),
    FIGURE("service_fee", MONEY_HOME, market_compliance_rules, service_fee_minor),
    FIGURE("ip_check_fee", MONEY_HOME, market_compliance_rules, ip_check_fee_minor),
    LIST("audit_rate", REALS, market_compliance_rules, audit_rate, INCIDENT_KINDS),
    LIST("closed_days", INTS, market_compliance_rules, closed_days, INCIDENT_KINDS),
    FIGURE("late_threshold", REAL, market_compliance_rules, late_threshold),
    FIGURE("complaint_scale", REAL, market_compliance_rules, complaint_scale),
    LIST("answer_fee", MONEYS_HOME, market_compliance_rules, answer_fee_minor, INCIDENT_KINDS * 3),
    LIST("answer_stars", REALS, market_compliance_rules, answer_stars, INCIDENT_KINDS * 3),
    FIGURE("service_stars", REAL, market_compliance_rules, service_stars),
};

static const struct scenario_field sourcing_fields[] = {
    FIGURE("insurance_rate", RATE, market_sourcing_rules, insurance_rate_1e9),
    FIGURE("bulk_loss_share", REAL, market_sourcing_rules, bulk_loss_share),
    FIGURE("training_effect", REAL, market_sourcing_rules, training_effect),
    FIGURE("training_scale", MONEY_HOME, market_sourcing_rules, training_scale_minor),
    FIGURE("training_keep", REAL, market_sourcing_rules, training_keep),
};

static const struct scenario_field event_fields[] = {
    PLAIN("id", ID, market_event_rules, id),
    PLAIN("en", TEXT, market_event_rules, en),
    PLAIN("zh", TEXT, market_event_rules, zh),
    PLAIN("market", REF_MARKET_ALL, market_event_rules, market),
    FIGURE("probability", REAL, market_event_rules, probability),
    FIGURE("warning_days", INT, market_event_rules, warning_days),
    FIGURE("days", INT, market_event_rules, days),
    PLAIN("effect", EVENT_EFFECT, market_event_rules, effect),
    FIGURE("size", REAL, market_event_rules, size),
    PLAIN("counter", EVENT_COUNTER, market_event_rules, counter),
    FIGURE("counter_factor", REAL, market_event_rules, counter_factor),
};

static const struct scenario_field query_fields[] = {
    PLAIN("term", WORD, market_query_group, term),
    FIGURE("weight", REAL, market_query_group, weight),
    PLAIN("waste_term", WORD, market_query_group, waste_term),
    FIGURE("waste", REAL, market_query_group, waste),
};

static const struct scenario_field bot_fields[] = {
    FIGURE("cost", MONEY_HOME, market_bot_supplier, cost_minor),
    FIGURE("margin", REAL, market_bot_supplier, margin),
    FIGURE("quantity_ref", REAL, market_bot_supplier, quantity_ref),
    FIGURE("capacity_per_day", REAL, market_bot_supplier, capacity_per_day),
};

#define TABLE(name, type, rows_max, fields)                                                        \
    {                                                                                              \
        name, sizeof(struct type), rows_max, fields, COUNT_OF(fields)                              \
    }
static const struct scenario_table tables[SCENARIO_ROW_COUNT] = {
    [SCENARIO_ROOT] = TABLE("", market_rules, 1, root_fields),
    [SCENARIO_MARKETS] = TABLE("markets", market_country, MARKET_MARKETS_MAX, market_fields),
    [SCENARIO_CHANNELS] = TABLE("channels", market_name, MARKET_CHANNELS_MAX, channel_fields),
    [SCENARIO_CATEGORIES] =
        TABLE("categories", market_category, MARKET_CATEGORIES_MAX, category_fields),
    [SCENARIO_NESTS] = TABLE("nests", market_nest, MARKET_NESTS_MAX, nest_fields),
    [SCENARIO_PRODUCTS] = TABLE("products", market_product, MARKET_PRODUCTS_MAX, product_fields),
    [SCENARIO_SUPPLIERS] =
        TABLE("suppliers", market_supplier, MARKET_SUPPLIERS_MAX, supplier_fields),
    [SCENARIO_LANES] = TABLE("lanes", market_lane, MARKET_LANES_MAX, lane_fields),
    [SCENARIO_DEMAND] = TABLE("demand", market_demand, 1, demand_fields),
    [SCENARIO_FINANCE] = TABLE("finance", market_finance, 1, finance_fields),
    [SCENARIO_SCORE] = {"score", sizeof(int64_t[INDICATOR_COUNT]), 1, score_fields,
                        COUNT_OF(score_fields)},
    [SCENARIO_PROMOTION] = TABLE("promotion", market_promotion_rules, 1, promotion_fields),
    [SCENARIO_STOREFRONT] = TABLE("storefront", market_storefront_rules, 1, storefront_fields),
    [SCENARIO_CUSTOMS] = TABLE("customs", market_customs_rules, 1, customs_fields),
    [SCENARIO_LOANS] = TABLE("loans", market_finance_rules, 1, loan_fields),
    [SCENARIO_COMPLIANCE] = TABLE("compliance", market_compliance_rules, 1, compliance_fields),
    [SCENARIO_SOURCING] = TABLE("sourcing", market_sourcing_rules, 1, sourcing_fields),
    [SCENARIO_EVENTS] = TABLE("events", market_event_rules, MARKET_EVENTS_MAX, event_fields),
    [SCENARIO_QUERY] = TABLE("queries", market_query_group, MARKET_QUERIES_MAX, query_fields),
    [SCENARIO_BOT] = TABLE("bot", market_bot_supplier, 1, bot_fields),
};

const struct scenario_table *scenario_table(enum scenario_row row)
{
    return &tables[row];
}

const void *scenario_rows(const struct market_rules *rules, enum scenario_row row, int *count)
{
    *count = 1;
    switch (row) {
    case SCENARIO_MARKETS:
        *count = rules->market_count;
        return rules->markets;
    case SCENARIO_CHANNELS:
        *count = rules->channel_count;
        return rules->channels;
    case SCENARIO_CATEGORIES:
        *count = rules->category_count;
        return rules->categories;
    case SCENARIO_NESTS:
        *count = rules->nest_count;
        return rules->nests;
    case SCENARIO_PRODUCTS:
        *count = rules->product_count;
        return rules->products;
    case SCENARIO_SUPPLIERS:
        *count = rules->supplier_count;
        return rules->suppliers;
    case SCENARIO_LANES:
        *count = rules->lane_count;
        return rules->lanes;
    case SCENARIO_DEMAND:
        return &rules->demand;
    case SCENARIO_FINANCE:
        return &rules->finance;
    case SCENARIO_SCORE:
        return rules->score_weight_1e9;
    case SCENARIO_PROMOTION:
        return &rules->promotion;
    case SCENARIO_STOREFRONT:
        return &rules->storefront;
    case SCENARIO_CUSTOMS:
        return &rules->customs;
    case SCENARIO_LOANS:
        return &rules->loans;
    case SCENARIO_COMPLIANCE:
        return &rules->compliance;
    case SCENARIO_SOURCING:
        return &rules->sourcing;
    case SCENARIO_EVENTS:
        *count = rules->event_count;
        return rules->events;
    default:
        return rules;
    }
}

void scenario_rows_set(struct market_rules *rules, enum scenario_row row, const void *rows,
                       int count)
{
    switch (row) {
    case SCENARIO_MARKETS:
        rules->markets = rows;
        rules->market_count = count;
        break;
    case SCENARIO_CHANNELS:
        rules->channels = rows;
        rules->channel_count = count;
        break;
    case SCENARIO_CATEGORIES:
        rules->categories = rows;
        rules->category_count = count;
        break;
    case SCENARIO_NESTS:
        rules->nests = rows;
        rules->nest_count = count;
        break;
    case SCENARIO_PRODUCTS:
        rules->products = rows;
        rules->product_count = count;
        break;
    case SCENARIO_SUPPLIERS:
        rules->suppliers = rows;
        rules->supplier_count = count;
        break;
    case SCENARIO_LANES:
        rules->lanes = rows;
        rules->lane_count = count;
        break;
    case SCENARIO_EVENTS:
        rules->events = rows;
        rules->event_count = count;
        break;
    default:
        break;
    }
}

const char *scenario_lane_kind_name(enum market_lane_kind kind)
{
    static const char *const names[] = {"direct", "bulk", "local"};
    return (unsigned)kind < COUNT_OF(names) ? names[kind] : "";
}

bool scenario_row_is_part(enum scenario_row row)
{
    return row >= SCENARIO_PROMOTION && row <= SCENARIO_SOURCING;
}

bool scenario_kind_is_quiet(enum scenario_kind kind)
{
    return kind == SCENARIO_LIMIT || kind == SCENARIO_QUERIES || kind == SCENARIO_OBJECT;
}
