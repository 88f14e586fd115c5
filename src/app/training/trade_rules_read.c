#include "app/training/trade_rules_read.h"

#include <string.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/file.h"

/* ---- a table in memory ---- */

enum { TABLE_COLUMNS_MAX = 32 };

struct table {
    const char *path;
    struct str text;
    size_t taken;
    struct csv *csv;
    const char *const *names; /* columns asked for, NULL-terminated */
    int column[TABLE_COLUMNS_MAX];
    int columns; /* of the header */
    struct csv_row row;
};

static enum err text_source(void *context, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    struct table *table = context;
    (void)problem;
    struct str rest = str_slice(table->text, table->taken, capacity);
    if (rest.length > 0)
        memcpy(into, rest.text, rest.length);
    table->taken += rest.length;
    *got = rest.length;
    return ERR_OK;
}

static enum err at_line(const struct table *table, const char *column, struct problem *problem)
{
    if (column == NULL)
        return problem_place(problem, "%s:%lld", table->path, (long long)csv_line(table->csv));
    return problem_place(problem, "%s:%lld: %s", table->path, (long long)csv_line(table->csv),
                         column);
}

static enum err header_read(struct table *table, struct problem *problem)
{
    bool found;
    TRY(csv_next(table->csv, &table->row, &found, problem));
    if (!found) {
        problem_set0(problem, ERR_DATA_EMPTY);
        return problem_place(problem, "%s", table->path);
    }
    table->columns = (int)table->row.count;
    for (int n = 0; table->names[n] != NULL; n++) {
        table->column[n] = -1;
        for (int c = 0; c < table->columns; c++) {
            if (str_equal_c(table->row.fields[c], table->names[n]))
                table->column[n] = c;
        }
        if (table->column[n] >= 0)
            continue;
        problem_set(problem, ERR_CSV_COLUMN_MISSING, ERR_CTEXT(table->names[n]));
        return at_line(table, NULL, problem);
    }
    return ERR_OK;
}

static enum err table_open(struct arena *scratch, const char *folder, const char *name,
                           const char *const *names, struct table *table, struct problem *problem)
{
    *table = (struct table){.path = path_join(scratch, folder, name), .names = names};
    TRY(file_read(scratch, table->path, TRADE_PACK_BYTES_MAX, &table->text, problem));
    if (str_starts_with(table->text, STR("\xEF\xBB\xBF")))
        table->taken = 3;
    struct csv_source source = {table, text_source};
    table->csv = csv_open(scratch, source, (struct csv_options){.delimiter = ',', .quotes = true});
    return header_read(table, problem);
}

static enum err table_next(struct table *table, bool *found, struct problem *problem)
{
    if (csv_next(table->csv, &table->row, found, problem) != ERR_OK)
        return at_line(table, NULL, problem);
    if (*found && (int)table->row.count != table->columns) {
        problem_set(problem, ERR_CSV_COLUMNS, ERR_INT(table->row.count), ERR_INT(table->columns));
        return at_line(table, NULL, problem);
    }
    return ERR_OK;
}

static struct str cell(const struct table *table, int name)
{
    return str_trim(table->row.fields[table->column[name]]);
}

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

static enum err cell_code(const struct table *table, int name, char code[4],
                          struct problem *problem)
{
    struct str text = cell(table, name);
    if (text.length >= 4) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT(3));
        return at_line(table, table->names[name], problem);
    }
    memset(code, 0, 4);
    memcpy(code, text.text, text.length);
    return ERR_OK;
}

static enum err cell_date(const struct table *table, int name, int32_t empty, int32_t *date,
                          struct problem *problem)
{
    struct str text = cell(table, name);
    *date = empty;
    if (text.length == 0 || date_parse(text, date))
        return ERR_OK;
    problem_set(problem, ERR_DATE_BAD, ERR_TEXT(text));
    return at_line(table, table->names[name], problem);
}

static enum err members_read(struct arena *scratch, const char *folder, struct members *members,
                             struct problem *problem)
{
    static const char *const names[] = {"group", "member", "valid_from", "valid_to", NULL};
    struct table table;
    bool found;
    TRY(table_open(scratch, folder, "groups.csv", names, &table, problem));
    for (;;) {
        TRY(table_next(&table, &found, problem));
        if (!found)
            return ERR_OK;
        if (members->count == MEMBERS_MAX) {
            problem_set(problem, ERR_LIMIT, ERR_CTEXT("groups.csv"), ERR_INT(MEMBERS_MAX + 1),
                        ERR_INT(MEMBERS_MAX));
            return at_line(&table, NULL, problem);
        }
        struct member *member = &members->rows[members->count++];
        TRY(cell_code(&table, 0, member->group, problem));
        TRY(cell_code(&table, 1, member->market, problem));
        TRY(cell_date(&table, 2, INT32_MIN, &member->valid_from, problem));
        TRY(cell_date(&table, 3, INT32_MAX, &member->valid_to, problem));
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

static enum err cell_text(const struct table *table, int name, size_t least, char *into,
                          size_t room, struct problem *problem)
{
    struct str text = cell(table, name);
    if (text.length >= room) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)room - 1));
        return at_line(table, table->names[name], problem);
    }
    if (text.length < least) {
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(table->names[name]));
        return at_line(table, table->names[name], problem);
    }
    memset(into, 0, room);
    memcpy(into, text.text, text.length);
    return ERR_OK;
}

static enum err cell_word(const struct table *table, int name, enum trade_word word, int empty,
                          int *value, struct problem *problem)
{
    if (trade_word_read(word, cell(table, name), empty, value, problem) != ERR_OK)
        return at_line(table, table->names[name], problem);
    return ERR_OK;
}

static enum err cell_rate(const struct table *table, int name, int64_t *rate_1e9,
                          struct problem *problem)
{
    struct str text = cell(table, name);
    double value = 0;
    size_t point = str_find_byte(text, '.');
    bool fits = text.length == 0 || (str_to_double(text, &value) && value > -1e6 && value < 1e6 &&
                                     (point == text.length || text.length - point - 1 <= 9));
    /* Nine decimals below a million: the nearest whole number of 1e-9 is the one written. */
    *rate_1e9 = (int64_t)(value * 1e9 + (value < 0 ? -0.5 : 0.5));
    if (fits)
        return ERR_OK;
    problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
    return at_line(table, table->names[name], problem);
}

static enum err cell_money(const struct table *table, int name, struct currency currency,
                           int64_t empty, int64_t *minor, struct problem *problem)
{
    struct str text = cell(table, name);
    *minor = empty;
    if (text.length == 0)
        return ERR_OK;
    if (currency.code[0] == '\0') {
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT("currency"));
        return at_line(table, table->names[name], problem);
    }
    if (money_parse(text, currency, minor))
        return ERR_OK;
    problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
    return at_line(table, table->names[name], problem);
}

/* The row as it stands, in the row's own currency. */
static enum err row_read(const struct table *table, struct trade_rule *rule,
                         struct currency *currency, struct problem *problem)
{
    int kind, mode, formula, base, rounding, status, confidence;
    *rule = (struct trade_rule){0};
    TRY(cell_text(table, COLUMN_ID, 1, rule->id, sizeof(rule->id), problem));
    TRY(cell_code(table, COLUMN_MARKET, rule->market, problem));
    TRY(cell_word(table, COLUMN_KIND, TRADE_WORD_KIND, -1, &kind, problem));
    TRY(cell_word(table, COLUMN_MODE, TRADE_WORD_MODE, TRADE_MODE_ANY, &mode, problem));
    TRY(cell_text(table, COLUMN_HS6_PREFIX, 0, rule->hs6_prefix, sizeof(rule->hs6_prefix),
                  problem));
    TRY(cell_code(table, COLUMN_ORIGIN, rule->origin, problem));
    TRY(cell_word(table, COLUMN_FORMULA, TRADE_WORD_FORMULA, -1, &formula, problem));
    TRY(cell_word(table, COLUMN_BASE, TRADE_WORD_BASE, TRADE_BASE_VALUE, &base, problem));
    TRY(cell_word(table, COLUMN_ROUNDING, TRADE_WORD_ROUNDING, ROUND_HALF_UP, &rounding, problem));
    TRY(cell_word(table, COLUMN_STATUS, TRADE_WORD_STATUS, -1, &status, problem));
    TRY(cell_word(table, COLUMN_CONFIDENCE, TRADE_WORD_CONFIDENCE, -1, &confidence, problem));
    TRY(cell_text(table, COLUMN_SOURCE, 1, rule->source, sizeof(rule->source), problem));
    rule->kind = (enum trade_kind)kind;
    rule->mode = (enum trade_mode)mode;
    rule->formula = (enum trade_formula)formula;
    rule->base = (enum trade_base)base;
    rule->rounding = (enum rounding)rounding;
    rule->status = (enum trade_status)status;
    rule->confidence = (enum trade_confidence)confidence;
    struct str code = cell(table, COLUMN_CURRENCY);
    *currency = (struct currency){""};
    if (code.length > 0 && !currency_from_code(code, currency)) {
        problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_TEXT(code), ERR_CTEXT("ISO 4217"));
        return at_line(table, "currency", problem);
    }
    TRY(cell_rate(table, COLUMN_RATE, &rule->rate_1e9, problem));
    TRY(cell_money(table, COLUMN_AMOUNT, *currency, 0, &rule->amount_minor, problem));
    TRY(cell_money(table, COLUMN_THRESHOLD_LOW, *currency, 0, &rule->threshold_low_minor, problem));
    TRY(cell_money(table, COLUMN_THRESHOLD_HIGH, *currency, INT64_MAX, &rule->threshold_high_minor,
                   problem));
    TRY(cell_money(table, COLUMN_ROUNDING_STEP, *currency, 1, &rule->rounding_step_minor, problem));
    TRY(cell_date(table, COLUMN_VALID_FROM, INT32_MIN, &rule->valid_from, problem));
    TRY(cell_date(table, COLUMN_VALID_TO, INT32_MAX, &rule->valid_to, problem));
    return cell_date(table, COLUMN_ANNOUNCED_ON, INT32_MIN, &rule->announced_on, problem);
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

static enum err rule_convert(const struct table *table, const struct market_rules *rules,
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
        return at_line(table, "currency", problem);
    }
    bool fits = convert(rules, from, to, &rule->amount_minor) &&
                convert(rules, from, to, &rule->threshold_low_minor) &&
                convert(rules, from, to, &rule->threshold_high_minor) &&
                convert(rules, from, to, &rule->rounding_step_minor);
    if (!fits) {
        problem_set(problem, ERR_NUMBER, ERR_CTEXT(rule->id));
        return at_line(table, "amount", problem);
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

static enum err pack_add(struct arena *scratch, const struct table *table,
                         const struct market_rules *rules, struct currency currency,
                         const struct trade_rule *rule, struct pack *pack, struct problem *problem)
{
    if (!trade_rule_in_use(rules, rule))
        return ERR_OK;
    if (pack->count == TRADE_RULES_MAX) {
        problem_set(problem, ERR_LIMIT, ERR_CTEXT("rules.csv"), ERR_INT(pack->count + 1),
                    ERR_INT(TRADE_RULES_MAX));
        return at_line(table, NULL, problem);
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

static enum err rows_read(struct arena *scratch, const char *folder,
                          const struct market_rules *rules, const struct members *members,
                          struct pack *pack, struct problem *problem)
{
    struct table table;
    TRY(table_open(scratch, folder, "rules.csv", rule_columns, &table, problem));
    for (int read = 0;; read++) {
        struct trade_rule rule, copy;
        struct currency currency;
        bool found, group = false;
        TRY(table_next(&table, &found, problem));
        if (!found)
            return ERR_OK;
        if (read == TRADE_PACK_ROWS_MAX) {
            problem_set(problem, ERR_LIMIT, ERR_CTEXT("rules.csv"), ERR_INT(read + 1),
                        ERR_INT(TRADE_PACK_ROWS_MAX));
            return at_line(&table, NULL, problem);
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

static enum err stamp_read(struct arena *scratch, const char *folder, struct trade_rules *trade,
                           struct problem *problem)
{
    static const char *const names[] = {"format_version", "checked_on", "checked_by", NULL};
    struct table table;
    int64_t format = 0;
    bool found;
    TRY(table_open(scratch, folder, "pack.csv", names, &table, problem));
    TRY(table_next(&table, &found, problem));
    if (!found) {
        problem_set0(problem, ERR_DATA_EMPTY);
        return problem_place(problem, "%s", table.path);
    }
    struct str text = cell(&table, 0);
    if (!str_to_int64(text, &format) || format != TRADE_PACK_FORMAT_VERSION) {
        problem_set(problem, ERR_FILE_VERSION, ERR_INT(format), ERR_INT(TRADE_PACK_FORMAT_VERSION));
        return at_line(&table, "format_version", problem);
    }
    TRY(cell_date(&table, 1, 0, &trade->checked_on, problem));
    return cell_text(&table, 2, 0, trade->checked_by, sizeof(trade->checked_by), problem);
}

static enum err pack_read(struct arena *scratch, struct arena *arena, const char *folder,
                          const struct market_rules *rules, struct trade_rules *trade,
                          struct problem *problem)
{
    struct members *members = ARENA_NEW(scratch, struct members);
    struct pack pack = {0};
    *trade = (struct trade_rules){0};
    TRY(stamp_read(scratch, folder, trade, problem));
    TRY(members_read(scratch, folder, members, problem));
    TRY(rows_read(scratch, folder, rules, members, &pack, problem));
    trade_rules_sort(pack.rows, pack.count);
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, (size_t)pack.count);
    if (pack.count > 0)
        memcpy(rows, pack.rows, (size_t)pack.count * sizeof(*rows));
    trade->rows = rows;
    trade->count = pack.count;
    return trade_rules_check(trade, problem);
}

enum err trade_rules_read(struct arena *arena, const char *folder, const struct market_rules *rules,
                          struct trade_rules *trade, struct problem *problem)
{
    struct arena scratch;
    arena_init(&scratch);
    enum err code = pack_read(&scratch, arena, folder, rules, trade, problem);
    arena_clear(&scratch);
    return code;
}

static enum err currency_find(struct arena *scratch, const char *folder, const char *market,
                              struct currency *currency, bool *found, struct problem *problem)
{
    struct members *members = ARENA_NEW(scratch, struct members);
    struct table table;
    TRY(members_read(scratch, folder, members, problem));
    TRY(table_open(scratch, folder, "rules.csv", rule_columns, &table, problem));
    for (*found = false; !*found;) {
        bool more;
        TRY(table_next(&table, &more, problem));
        if (!more)
            return ERR_OK;
        struct str row = cell(&table, COLUMN_MARKET);
        bool ours = str_equal_c(row, market);
        for (int m = 0; m < members->count; m++)
            ours = ours || (str_equal_c(row, members->rows[m].group) &&
                            strcmp(members->rows[m].market, market) == 0);
        *found = ours && currency_from_code(cell(&table, COLUMN_CURRENCY), currency);
    }
    return ERR_OK;
}

enum err trade_rules_currency(struct arena *arena, const char *folder, const char *market,
                              struct currency *currency, bool *found, struct problem *problem)
{
    struct arena_mark mark = arena_mark_get(arena);
    enum err code = currency_find(arena, folder, market, currency, found, problem);
    arena_rewind(arena, mark);
    return code;
}
