#include "app/training/trade_rules_read.h"

#include <string.h>

#include "app/training/trade_rules_table.h"
#include "core/arena.h"
#include "core/file.h"

/* ---- groups of markets ---- */

struct member {
    char group[4];
    char market[4];
    int32_t valid_from, valid_to;
};

enum { MEMBERS_MAX = 512 };

struct members {
    int count;
    struct member rows[MEMBERS_MAX];
};

static enum err members_read(struct arena *scratch, const struct trade_pack_text *text,
                             struct members *members, struct problem *problem)
{
    static const char *const names[] = {"group", "member", "valid_from", "valid_to", NULL};
    struct trade_table table;
    bool found;
    TRY(trade_table_open(scratch, text->groups_path, text->groups, names, &table, problem));
    for (;;) {
        TRY(trade_table_next(&table, &found, problem));
        if (!found)
            return ERR_OK;
        if (members->count == MEMBERS_MAX) {
            problem_set(problem, ERR_LIMIT, ERR_CTEXT("groups.csv"), ERR_INT(MEMBERS_MAX + 1),
                        ERR_INT(MEMBERS_MAX));
            return trade_table_problem(&table, NULL, problem);
        }
        struct member *member = &members->rows[members->count++];
        TRY(trade_cell_code(&table, 0, member->group, problem));
        TRY(trade_cell_code(&table, 1, member->market, problem));
        TRY(trade_cell_date(&table, 2, INT32_MIN, &member->valid_from, problem));
        TRY(trade_cell_date(&table, 3, INT32_MAX, &member->valid_to, problem));
    }
}

/* ---- one row ---- */

enum column {
    COLUMN_ID,
    COLUMN_MARKET,
    COLUMN_KIND,
    COLUMN_MODE,
    COLUMN_HS6_PREFIX,
    COLUMN_ORIGIN,
    COLUMN_FORMULA,
    COLUMN_BASE,
    COLUMN_RATE,
    COLUMN_AMOUNT,
    COLUMN_CURRENCY,
    COLUMN_THRESHOLD_LOW,
    COLUMN_THRESHOLD_HIGH,
    COLUMN_ROUNDING,
    COLUMN_ROUNDING_STEP,
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_ANNOUNCED_ON,
    COLUMN_STATUS,
    COLUMN_CONFIDENCE,
    COLUMN_SOURCE,
};

static const char *const rule_columns[] = {"id",
                                           "market",
                                           "kind",
                                           "mode",
                                           "hs6_prefix",
                                           "origin",
                                           "formula",
                                           "base",
                                           "rate",
                                           "amount",
                                           "currency",
                                           "threshold_low",
                                           "threshold_high",
                                           "rounding",
                                           "rounding_step",
                                           "valid_from",
                                           "valid_to",
                                           "announced_on",
                                           "status",
                                           "confidence",
                                           "source",
                                           NULL};

/* The row as it stands, in the row's own currency. */
static enum err row_read(const struct trade_table *table, struct trade_rule *rule,
                         struct currency *currency, struct problem *problem)
{
    int kind, mode, formula, base, rounding, status, confidence;
    *rule = (struct trade_rule){0};
    TRY(trade_cell_text(table, COLUMN_ID, 1, rule->id, sizeof(rule->id), problem));
    TRY(trade_cell_code(table, COLUMN_MARKET, rule->market, problem));
    TRY(trade_cell_word(table, COLUMN_KIND, TRADE_WORD_KIND, -1, &kind, problem));
    TRY(trade_cell_word(table, COLUMN_MODE, TRADE_WORD_MODE, TRADE_MODE_ANY, &mode, problem));
    TRY(trade_cell_text(table, COLUMN_HS6_PREFIX, 0, rule->hs6_prefix, sizeof(rule->hs6_prefix),
                        problem));
    TRY(trade_cell_code(table, COLUMN_ORIGIN, rule->origin, problem));
    TRY(trade_cell_word(table, COLUMN_FORMULA, TRADE_WORD_FORMULA, -1, &formula, problem));
    TRY(trade_cell_word(table, COLUMN_BASE, TRADE_WORD_BASE, TRADE_BASE_VALUE, &base, problem));
    TRY(trade_cell_word(table, COLUMN_ROUNDING, TRADE_WORD_ROUNDING, ROUND_HALF_UP, &rounding,
                        problem));
    TRY(trade_cell_word(table, COLUMN_STATUS, TRADE_WORD_STATUS, -1, &status, problem));
    TRY(trade_cell_word(table, COLUMN_CONFIDENCE, TRADE_WORD_CONFIDENCE, -1, &confidence, problem));
    TRY(trade_cell_text(table, COLUMN_SOURCE, 1, rule->source, sizeof(rule->source), problem));
    rule->kind = (enum trade_kind)kind;
    rule->mode = (enum trade_mode)mode;
    rule->formula = (enum trade_formula)formula;
    rule->base = (enum trade_base)base;
    rule->rounding = (enum rounding)rounding;
    rule->status = (enum trade_status)status;
    rule->confidence = (enum trade_confidence)confidence;
    struct str code = trade_cell(table, COLUMN_CURRENCY);
    *currency = (struct currency){""};
    if (code.length > 0 && !currency_from_code(code, currency)) {
        problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_TEXT(code), ERR_CTEXT("ISO 4217"));
        return trade_table_problem(table, "currency", problem);
    }
    TRY(trade_cell_rate(table, COLUMN_RATE, &rule->rate_1e9, problem));
    TRY(trade_cell_money(table, COLUMN_AMOUNT, *currency, 0, &rule->amount_minor, problem));
    TRY(trade_cell_money(table, COLUMN_THRESHOLD_LOW, *currency, 0, &rule->threshold_low_minor,
                         problem));
    TRY(trade_cell_money(table, COLUMN_THRESHOLD_HIGH, *currency, INT64_MAX,
                         &rule->threshold_high_minor, problem));
    TRY(trade_cell_money(table, COLUMN_ROUNDING_STEP, *currency, 1, &rule->rounding_step_minor,
                         problem));
    TRY(trade_cell_date(table, COLUMN_VALID_FROM, INT32_MIN, &rule->valid_from, problem));
    TRY(trade_cell_date(table, COLUMN_VALID_TO, INT32_MAX, &rule->valid_to, problem));
    return trade_cell_date(table, COLUMN_ANNOUNCED_ON, INT32_MIN, &rule->announced_on, problem);
}

/* ---- from the row's currency to the market's ---- */

static int currency_index(const struct market_rules *rules, struct currency currency)
{
    for (int c = 0; c < rules->currency_count; c++) {
        if (currency_equal(rules->currencies[c], currency))
            return c;
    }
    return -1;
}

static bool convert(const struct market_rules *rules, int from, int to, int64_t *minor)
{
    int64_t rate;
    if (*minor == INT64_MAX || *minor == 0)
        return true;
    return int64_multiply_divide(RATE_ONE, market_fx(rules, from, 0), market_fx(rules, to, 0),
                                 ROUND_HALF_UP, &rate) &&
           money_convert(*minor, rules->currencies[from], rules->currencies[to], rate,
                         ROUND_HALF_UP, minor);
}

static enum err rule_convert(const struct trade_table *table, const struct market_rules *rules,
                             struct currency currency, struct trade_rule *rule,
                             struct problem *problem)
{
    int to = 0;
    for (int m = 0; m < rules->market_count; m++) {
        if (strcmp(rules->markets[m].name.id, rule->market) == 0)
            to = rules->markets[m].currency;
    }
    if (currency.code[0] == '\0' || currency_equal(currency, rules->currencies[to]))
        return ERR_OK;
    int from = currency_index(rules, currency);
    if (from < 0) {
        struct buf known;
        buf_init(&known);
        for (int c = 0; c < rules->currency_count; c++)
            buf_format(&known, "%s%s", c > 0 ? ", " : "", rules->currencies[c].code);
        problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_CTEXT(currency.code),
                    ERR_TEXT(buf_str(&known)));
        buf_clear(&known);
        return trade_table_problem(table, "currency", problem);
    }
    bool fits = convert(rules, from, to, &rule->amount_minor) &&
                convert(rules, from, to, &rule->threshold_low_minor) &&
                convert(rules, from, to, &rule->threshold_high_minor) &&
                convert(rules, from, to, &rule->rounding_step_minor);
    if (!fits) {
        problem_set(problem, ERR_NUMBER, ERR_CTEXT(rule->id));
        return trade_table_problem(table, "amount", problem);
    }
    if (rule->rounding_step_minor < 1)
        rule->rounding_step_minor = 1;
    return ERR_OK;
}

/* ---- the pack ---- */

struct pack {
    int count;
    int capacity;
    struct trade_rule *rows; /* in the scratch arena until all are there */
};

static enum err pack_add(struct arena *scratch, const struct trade_table *table,
                         const struct market_rules *rules, struct currency currency,
                         const struct trade_rule *rule, struct pack *pack, struct problem *problem)
{
    if (!trade_rule_in_use(rules, rule))
        return ERR_OK;
    if (pack->count == TRADE_RULES_MAX) {
        problem_set(problem, ERR_LIMIT, ERR_CTEXT("rules.csv"), ERR_INT(pack->count + 1),
                    ERR_INT(TRADE_RULES_MAX));
        return trade_table_problem(table, NULL, problem);
    }
    if (pack->rows == NULL)
        pack->rows = ARENA_ARRAY(scratch, struct trade_rule, TRADE_RULES_MAX);
    struct trade_rule *kept = &pack->rows[pack->count++];
    *kept = *rule;
    return rule_convert(table, rules, currency, kept, problem);
}

/* The copy of a group's row for one member; false when the two never hold together. */
static bool member_copy(const struct trade_rule *rule, const struct member *member,
                        struct trade_rule *copy)
{
    if (strcmp(member->group, rule->market) != 0)
        return false;
    *copy = *rule;
    memcpy(copy->market, member->market, sizeof(copy->market));
    if (member->valid_from > copy->valid_from)
        copy->valid_from = member->valid_from;
    if (member->valid_to < copy->valid_to)
        copy->valid_to = member->valid_to;
    size_t length = strlen(copy->id);
    if (length > sizeof(copy->id) - 4)
        length = sizeof(copy->id) - 4;
    copy->id[length] = '-';
    for (int i = 0; i < 2; i++) {
        char letter = member->market[i];
        copy->id[length + 1 + (size_t)i] =
            letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
    }
    copy->id[length + 3] = '\0';
    return copy->valid_from < copy->valid_to;
}

static enum err rows_read(struct arena *scratch, const struct trade_pack_text *text,
                          const struct market_rules *rules, const struct members *members,
                          struct pack *pack, struct problem *problem)
{
    struct trade_table table;
    TRY(trade_table_open(scratch, text->rules_path, text->rules, rule_columns, &table, problem));
    for (int read = 0;; read++) {
        struct trade_rule rule, copy;
        struct currency currency;
        bool found, group = false;
        TRY(trade_table_next(&table, &found, problem));
        if (!found)
            return ERR_OK;
        if (read == TRADE_PACK_ROWS_MAX) {
            problem_set(problem, ERR_LIMIT, ERR_CTEXT("rules.csv"), ERR_INT(read + 1),
                        ERR_INT(TRADE_PACK_ROWS_MAX));
            return trade_table_problem(&table, NULL, problem);
        }
        TRY(row_read(&table, &rule, &currency, problem));
        for (int m = 0; m < members->count; m++) {
            group = group || strcmp(members->rows[m].group, rule.market) == 0;
            if (member_copy(&rule, &members->rows[m], &copy))
                TRY(pack_add(scratch, &table, rules, currency, &copy, pack, problem));
        }
        if (!group)
            TRY(pack_add(scratch, &table, rules, currency, &rule, pack, problem));
    }
}

static enum err stamp_read(struct arena *scratch, const struct trade_pack_text *text,
                           struct trade_rules *trade, struct problem *problem)
{
    static const char *const names[] = {"format_version", "checked_on", "checked_by", NULL};
    struct trade_table table;
    int64_t format = 0;
    bool found;
    TRY(trade_table_open(scratch, text->pack_path, text->pack, names, &table, problem));
    TRY(trade_table_next(&table, &found, problem));
    if (!found) {
        problem_set0(problem, ERR_DATA_EMPTY);
        return problem_place(problem, "%s", table.path);
    }
    if (!str_to_int64(trade_cell(&table, 0), &format) || format != TRADE_PACK_FORMAT_VERSION) {
        problem_set(problem, ERR_FILE_VERSION, ERR_INT(format), ERR_INT(TRADE_PACK_FORMAT_VERSION));
        return trade_table_problem(&table, "format_version", problem);
    }
    TRY(trade_cell_date(&table, 1, 0, &trade->checked_on, problem));
    return trade_cell_text(&table, 2, 0, trade->checked_by, sizeof(trade->checked_by), problem);
}

static enum err pack_parse(struct arena *scratch, struct arena *arena,
                           const struct trade_pack_text *text, const struct market_rules *rules,
                           struct trade_rules *trade, struct problem *problem)
{
    struct members *members = ARENA_NEW(scratch, struct members);
    struct pack pack = {0};
    *trade = (struct trade_rules){0};
    TRY(stamp_read(scratch, text, trade, problem));
    TRY(members_read(scratch, text, members, problem));
    TRY(rows_read(scratch, text, rules, members, &pack, problem));
    trade_rules_sort(pack.rows, pack.count);
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, (size_t)pack.count);
    if (pack.count > 0)
        memcpy(rows, pack.rows, (size_t)pack.count * sizeof(*rows));
    trade->rows = rows;
    trade->count = pack.count;
    return trade_rules_check(trade, problem);
}

enum err trade_rules_parse(struct arena *arena, const struct trade_pack_text *text,
                           const struct market_rules *rules, struct trade_rules *trade,
                           struct problem *problem)
{
    struct arena scratch;
    arena_init(&scratch);
    enum err code = pack_parse(&scratch, arena, text, rules, trade, problem);
    arena_clear(&scratch);
    return code;
}

static enum err pack_open(struct arena *scratch, const char *folder, struct trade_pack_text *text,
                          struct problem *problem)
{
    text->pack_path = path_join(scratch, folder, "pack.csv");
    text->groups_path = path_join(scratch, folder, "groups.csv");
    text->rules_path = path_join(scratch, folder, "rules.csv");
    TRY(file_read(scratch, text->pack_path, TRADE_PACK_BYTES_MAX, &text->pack, problem));
    TRY(file_read(scratch, text->groups_path, TRADE_PACK_BYTES_MAX, &text->groups, problem));
    return file_read(scratch, text->rules_path, TRADE_PACK_BYTES_MAX, &text->rules, problem);
}

enum err trade_rules_read(struct arena *arena, const char *folder, const struct market_rules *rules,
                          struct trade_rules *trade, struct problem *problem)
{
    struct trade_pack_text text;
    struct arena scratch;
    arena_init(&scratch);
    enum err code = pack_open(&scratch, folder, &text, problem);
    if (code == ERR_OK)
        code = trade_rules_parse(arena, &text, rules, trade, problem);
    arena_clear(&scratch);
    return code;
}

static enum err currency_find(struct arena *scratch, const struct trade_pack_text *text,
                              const char *market, struct currency *currency, bool *found,
                              struct problem *problem)
{
    struct members *members = ARENA_NEW(scratch, struct members);
    struct trade_table table;
    TRY(members_read(scratch, text, members, problem));
    TRY(trade_table_open(scratch, text->rules_path, text->rules, rule_columns, &table, problem));
    for (*found = false; !*found;) {
        bool more;
        TRY(trade_table_next(&table, &more, problem));
        if (!more)
            return ERR_OK;
        struct str row = trade_cell(&table, COLUMN_MARKET);
        bool ours = str_equal_c(row, market);
        for (int m = 0; m < members->count; m++)
            ours = ours || (str_equal_c(row, members->rows[m].group) &&
                            strcmp(members->rows[m].market, market) == 0);
        *found = ours && currency_from_code(trade_cell(&table, COLUMN_CURRENCY), currency);
    }
    return ERR_OK;
}

enum err trade_rules_currency(const char *folder, const char *market, struct currency *currency,
                              bool *found, struct problem *problem)
{
    struct trade_pack_text text;
    struct arena scratch;
    arena_init(&scratch);
    enum err code = pack_open(&scratch, folder, &text, problem);
    if (code == ERR_OK)
        code = currency_find(&scratch, &text, market, currency, found, problem);
    arena_clear(&scratch);
    return code;
}
