#include "app/training/scenario_trade.h"

#include <stdio.h>
#include <string.h>

#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/text.h"

/* ---- rows in the document: as the columns of data/trade, in the market's currency ---- */

static const char *const row_known[] = {
    "id",         "market",        "kind",       "mode",     "hs6_prefix",    "origin",
    "formula",    "base",          "rate",       "amount",   "threshold_low", "threshold_high",
    "rounding",   "rounding_step", "valid_from", "valid_to", "announced_on",  "status",
    "confidence", "source",        NULL};

static bool has(const struct json *row, const char *key)
{
    return json_child(row, key).node != NULL;
}

static enum err cell_get(const struct json *row, const char *key, bool required, char *into,
                         size_t room, struct problem *problem)
{
    struct str text;
    memset(into, 0, room);
    if (!required && !has(row, key))
        return ERR_OK;
    TRY(json_get_text(row, key, room - 1, &text, problem));
    if (text.length >= room) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)room - 1));
        return json_place(problem, row, key);
    }
    memcpy(into, text.text, text.length);
    return ERR_OK;
}

static enum err word_get(const struct json *row, const char *key, enum trade_word word, int empty,
                         int *value, struct problem *problem)
{
    struct str text = {"", 0};
    if (has(row, key) || empty < 0)
        TRY(json_get_text(row, key, MARKET_NAME_MAX, &text, problem));
    if (trade_word_read(word, text, empty, value, problem) != ERR_OK)
        return json_place(problem, row, key);
    return ERR_OK;
}

static enum err amount_get(const struct json *row, const char *key, struct currency currency,
                           int64_t empty, int64_t *minor, struct problem *problem)
{
    *minor = empty;
    if (!has(row, key))
        return ERR_OK;
    return json_get_money(row, key, currency, -INT64_C(1000000000000000), INT64_C(1000000000000000),
                          minor, problem);
}

static enum err date_get(const struct json *row, const char *key, int32_t empty, int32_t *date,
                         struct problem *problem)
{
    *date = empty;
    return has(row, key) ? json_get_date(row, key, date, problem) : ERR_OK;
}

static enum err words_get(const struct json *row, struct trade_rule *rule, struct problem *problem)
{
    int kind, mode, formula, base, rounding, status, confidence;
    TRY(word_get(row, "kind", TRADE_WORD_KIND, -1, &kind, problem));
    TRY(word_get(row, "mode", TRADE_WORD_MODE, TRADE_MODE_ANY, &mode, problem));
    TRY(word_get(row, "formula", TRADE_WORD_FORMULA, -1, &formula, problem));
    TRY(word_get(row, "base", TRADE_WORD_BASE, TRADE_BASE_VALUE, &base, problem));
    TRY(word_get(row, "rounding", TRADE_WORD_ROUNDING, ROUND_HALF_UP, &rounding, problem));
    TRY(word_get(row, "status", TRADE_WORD_STATUS, -1, &status, problem));
    TRY(word_get(row, "confidence", TRADE_WORD_CONFIDENCE, -1, &confidence, problem));
    rule->kind = (enum trade_kind)kind;
    rule->mode = (enum trade_mode)mode;
    rule->formula = (enum trade_formula)formula;
    rule->base = (enum trade_base)base;
    rule->rounding = (enum rounding)rounding;
    rule->status = (enum trade_status)status;
    rule->confidence = (enum trade_confidence)confidence;
    return ERR_OK;
}

static struct currency currency_of(const struct market_rules *rules, const char *market)
{
    for (int m = 0; m < rules->market_count; m++) {
        if (strcmp(rules->markets[m].name.id, market) == 0)
            return rules->currencies[rules->markets[m].currency];
    }
    return rules->currencies[0]; /* a row of no market of ours is dropped afterwards */
}

static enum err row_get(const struct market_rules *rules, const struct json *row,
                        struct trade_rule *rule, struct problem *problem)
{
    double rate = 0;
    TRY(json_require_known(row, row_known, problem));
    TRY(cell_get(row, "id", true, rule->id, sizeof(rule->id), problem));
    TRY(cell_get(row, "market", true, rule->market, sizeof(rule->market), problem));
    TRY(cell_get(row, "hs6_prefix", false, rule->hs6_prefix, sizeof(rule->hs6_prefix), problem));
    TRY(cell_get(row, "origin", false, rule->origin, sizeof(rule->origin), problem));
    TRY(cell_get(row, "source", true, rule->source, sizeof(rule->source), problem));
    TRY(words_get(row, rule, problem));
    if (has(row, "rate"))
        TRY(json_get_double(row, "rate", -1e6, 1e6, &rate, problem));
    rule->rate_1e9 = scenario_to_1e9(rate);
    struct currency currency = currency_of(rules, rule->market);
    TRY(amount_get(row, "amount", currency, 0, &rule->amount_minor, problem));
    TRY(amount_get(row, "threshold_low", currency, 0, &rule->threshold_low_minor, problem));
    TRY(amount_get(row, "threshold_high", currency, INT64_MAX, &rule->threshold_high_minor,
                   problem));
    TRY(amount_get(row, "rounding_step", currency, 1, &rule->rounding_step_minor, problem));
    TRY(date_get(row, "valid_from", INT32_MIN, &rule->valid_from, problem));
    TRY(date_get(row, "valid_to", INT32_MAX, &rule->valid_to, problem));
    return date_get(row, "announced_on", INT32_MIN, &rule->announced_on, problem);
}

static enum err rows_get(struct scenario_reading *reading, const struct json *trade)
{
    static const char *const known[] = {"checked_by", "checked_on", "rows", NULL};
    struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    TRY(json_require_known(trade, known, problem));
    TRY(cell_get(trade, "checked_by", false, rules->trade.checked_by,
                 sizeof(rules->trade.checked_by), problem));
    TRY(date_get(trade, "checked_on", 0, &rules->trade.checked_on, problem));
    struct json list = json_child(trade, "rows");
    TRY(json_require_list(&list, TRADE_RULES_MAX, problem));
    size_t count = json_count(&list);
    struct trade_rule *rows = ARENA_ARRAY(reading->arena, struct trade_rule, count);
    rules->trade.rows = rows;
    for (size_t i = 0; i < count; i++) {
        struct json item = json_item(&list, i);
        struct trade_rule *rule = &rows[rules->trade.count];
        TRY(row_get(rules, &item, rule, problem));
        rules->trade.count += trade_rule_in_use(rules, rule);
    }
    trade_rules_sort(rows, rules->trade.count);
    if (trade_rules_check(&rules->trade, problem) == ERR_OK)
        return ERR_OK;
    char place[PROBLEM_PLACE_MAX];
    snprintf(place, sizeof(place), "%s", problem->place);
    return problem_place(problem, "trade.rows: %s", place);
}

enum err scenario_trade_read(struct scenario_reading *reading, const struct json *root)
{
    struct str pack;
    struct json trade = json_child(root, "trade");
    if (trade.node == NULL) {
        problem_set(reading->problem, ERR_FIELD_MISSING, ERR_CTEXT("trade"));
        return json_place(reading->problem, root, "trade");
    }
    if (json_is_object(&trade))
        return rows_get(reading, &trade);
    TRY(json_get_text(root, "trade", SCENARIO_TEXT_MAX, &pack, reading->problem));
    if (reading->folder == NULL) {
        problem_set(reading->problem, ERR_SCENARIO,
                    ERR_KEY(N_("it names a pack of trade rules, which cannot be looked up here")));
        return json_place(reading->problem, root, "trade");
    }
    const char *folder = str_copy(reading->arena, pack).text;
    if (folder[0] != '/')
        folder = path_join(reading->arena, reading->folder, folder);
    return trade_rules_read(reading->arena, folder, &reading->scenario->rules,
                            &reading->scenario->rules.trade, reading->problem);
}

/* ---- writing: what has its usual value is left out ---- */

static void cell_put(struct json_writer *writer, const char *key, const char *text)
{
    if (text[0] == '\0')
        return;
    json_key(writer, key);
    json_put_text(writer, str_from_c(text));
}

static void amount_put(struct json_writer *writer, const char *key, int64_t minor, int64_t usual,
                       struct currency currency)
{
    if (minor == usual)
        return;
    json_key(writer, key);
    json_put_money(writer, minor, currency);
}

static void date_put(struct json_writer *writer, const char *key, int32_t date, int32_t usual)
{
    if (date == usual)
        return;
    json_key(writer, key);
    json_put_date(writer, date);
}

static void word_put(struct json_writer *writer, const char *key, enum trade_word word, int value,
                     int usual)
{
    if (value != usual)
        cell_put(writer, key, trade_word_name(word, value));
}

static void row_put(struct json_writer *writer, const struct market_rules *rules,
                    const struct trade_rule *rule)
{
    struct currency currency = currency_of(rules, rule->market);
    json_object_begin(writer);
    bool pretty = writer->pretty;
    writer->pretty = false;
    cell_put(writer, "id", rule->id);
    cell_put(writer, "market", rule->market);
    word_put(writer, "kind", TRADE_WORD_KIND, rule->kind, -1);
    word_put(writer, "mode", TRADE_WORD_MODE, rule->mode, TRADE_MODE_ANY);
    cell_put(writer, "hs6_prefix", rule->hs6_prefix);
    cell_put(writer, "origin", rule->origin);
    word_put(writer, "formula", TRADE_WORD_FORMULA, rule->formula, -1);
    word_put(writer, "base", TRADE_WORD_BASE, rule->base, TRADE_BASE_VALUE);
    if (rule->rate_1e9 != 0) {
        json_key(writer, "rate");
        json_put_double(writer, scenario_from_1e9(rule->rate_1e9));
    }
    amount_put(writer, "amount", rule->amount_minor, 0, currency);
    amount_put(writer, "threshold_low", rule->threshold_low_minor, 0, currency);
    amount_put(writer, "threshold_high", rule->threshold_high_minor, INT64_MAX, currency);
    word_put(writer, "rounding", TRADE_WORD_ROUNDING, rule->rounding, ROUND_HALF_UP);
    amount_put(writer, "rounding_step", rule->rounding_step_minor, 1, currency);
    date_put(writer, "valid_from", rule->valid_from, INT32_MIN);
    date_put(writer, "valid_to", rule->valid_to, INT32_MAX);
    date_put(writer, "announced_on", rule->announced_on, INT32_MIN);
    word_put(writer, "status", TRADE_WORD_STATUS, rule->status, -1);
    word_put(writer, "confidence", TRADE_WORD_CONFIDENCE, rule->confidence, -1);
    cell_put(writer, "source", rule->source);
    json_object_end(writer);
    writer->pretty = pretty;
}

void scenario_trade_put(struct json_writer *writer, const struct market_rules *rules)
{
    json_key(writer, "trade");
    json_object_begin(writer);
    cell_put(writer, "checked_by", rules->trade.checked_by);
    date_put(writer, "checked_on", rules->trade.checked_on, 0);
    json_key(writer, "rows");
    json_list_begin(writer);
    for (int i = 0; i < rules->trade.count; i++) {
        if (trade_rule_in_use(rules, &rules->trade.rows[i]))
            row_put(writer, rules, &rules->trade.rows[i]);
    }
    json_list_end(writer);
    json_object_end(writer);
}
