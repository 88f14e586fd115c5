#include "app/training/trade_rules_table.h"

#include <string.h>

#include "core/date.h"
#include "core/text.h"

static enum err text_source(void *context, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    struct trade_table *table = context;
    (void)problem;
    struct str rest = str_slice(table->text, table->taken, capacity);
    if (rest.length > 0)
        memcpy(into, rest.text, rest.length);
    table->taken += rest.length;
    *got = rest.length;
    return ERR_OK;
}

enum err trade_table_problem(const struct trade_table *table, const char *column,
                             struct problem *problem)
{
    if (column == NULL)
        return problem_place(problem, "%s:%lld", table->path, (long long)csv_line(table->csv));
    return problem_place(problem, "%s:%lld: %s", table->path, (long long)csv_line(table->csv),
                         column);
}

static enum err header_read(struct trade_table *table, struct problem *problem)
{
    bool found;
    if (csv_next(table->csv, &table->row, &found, problem) != ERR_OK)
        return trade_table_problem(table, NULL, problem);
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
        return trade_table_problem(table, NULL, problem);
    }
    return ERR_OK;
}

enum err trade_table_open(struct arena *arena, const char *path, struct str text,
                          const char *const *names, struct trade_table *table,
                          struct problem *problem)
{
    *table = (struct trade_table){.path = path, .text = text, .names = names};
    if (str_starts_with(table->text, STR("\xEF\xBB\xBF")))
        table->taken = 3;
    struct csv_source source = {table, text_source};
    table->csv = csv_open(arena, source, (struct csv_options){.delimiter = ',', .quotes = true});
    return header_read(table, problem);
}

enum err trade_table_next(struct trade_table *table, bool *found, struct problem *problem)
{
    if (csv_next(table->csv, &table->row, found, problem) != ERR_OK)
        return trade_table_problem(table, NULL, problem);
    if (*found && table->row.flaw == CSV_FLAW_QUOTE)
        problem_set0(problem, ERR_CSV_QUOTE);
    else if (*found && table->row.flaw == CSV_FLAW_NUL)
        problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(N_("a text holds a zero character")));
    else if (*found && (int)table->row.count != table->columns)
        problem_set(problem, ERR_CSV_COLUMNS, ERR_INT(table->row.count), ERR_INT(table->columns));
    else
        return ERR_OK;
    return trade_table_problem(table, NULL, problem);
}

struct str trade_cell(const struct trade_table *table, int name)
{
    return str_trim(table->row.fields[table->column[name]]);
}

enum err trade_cell_code(const struct trade_table *table, int name, char code[4],
                         struct problem *problem)
{
    struct str text = trade_cell(table, name);
    if (text.length >= 4) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT(3));
        return trade_table_problem(table, table->names[name], problem);
    }
    memset(code, 0, 4);
    memcpy(code, text.text, text.length);
    return ERR_OK;
}

enum err trade_cell_date(const struct trade_table *table, int name, int32_t empty, int32_t *date,
                         struct problem *problem)
{
    struct str text = trade_cell(table, name);
    *date = empty;
    if (text.length == 0 || date_parse(text, date))
        return ERR_OK;
    problem_set(problem, ERR_DATE_BAD, ERR_TEXT(text));
    return trade_table_problem(table, table->names[name], problem);
}

enum err trade_cell_text(const struct trade_table *table, int name, size_t least, char *into,
                         size_t room, struct problem *problem)
{
    struct str text = trade_cell(table, name);
    if (text.length >= room) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)room - 1));
        return trade_table_problem(table, table->names[name], problem);
    }
    if (text.length < least) {
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(table->names[name]));
        return trade_table_problem(table, table->names[name], problem);
    }
    memset(into, 0, room);
    memcpy(into, text.text, text.length);
    return ERR_OK;
}

enum err trade_cell_word(const struct trade_table *table, int name, enum trade_word word, int empty,
                         int *value, struct problem *problem)
{
    if (trade_word_read(word, trade_cell(table, name), empty, value, problem) != ERR_OK)
        return trade_table_problem(table, table->names[name], problem);
    return ERR_OK;
}

enum err trade_cell_rate(const struct trade_table *table, int name, int64_t *rate_1e9,
                         struct problem *problem)
{
    struct str text = trade_cell(table, name);
    double value = 0;
    size_t point = str_find_byte(text, '.');
    bool fits = text.length == 0 || (str_to_double(text, &value) && value > -1e6 && value < 1e6 &&
                                     (point == text.length || text.length - point - 1 <= 9));
    if (!fits) {
        problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
        return trade_table_problem(table, table->names[name], problem);
    }
    /* Nine decimals below a million: the nearest whole number of 1e-9 is the one written. */
    *rate_1e9 = (int64_t)(value * 1e9 + (value < 0 ? -0.5 : 0.5));
    return ERR_OK;
}

enum err trade_cell_money(const struct trade_table *table, int name, struct currency currency,
                          int64_t empty, int64_t *minor, struct problem *problem)
{
    struct str text = trade_cell(table, name);
    *minor = empty;
    if (text.length == 0)
        return ERR_OK;
    if (currency.code[0] == '\0') {
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT("currency"));
        return trade_table_problem(table, table->names[name], problem);
    }
    if (money_parse(text, currency, minor))
        return ERR_OK;
    problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
    return trade_table_problem(table, table->names[name], problem);
}
