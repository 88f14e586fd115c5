/* Decisions: the reader. */
#include <stdio.h>
#include <string.h>

#include "app/training/decisions_json.h"
#include "app/training/scenario_names.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"

struct reading {
    struct arena *arena;
    const struct market_rules *rules;
    enum market_seat seat;
    int firm; /* whose file it must be, from 0; DECISIONS_ANY_FIRM: whoever's */
    struct problem *problem;
};

/* Where a value stands: the row and its field. */
struct place {
    const struct market_list_info *list;
    int field;
    const struct json *row;
};

static const char *place_key(const struct place *at)
{
    return at->list->fields[at->field].name;
}

static enum err at_field(const struct reading *reading, const struct place *at)
{
    return json_place(reading->problem, at->row, place_key(at));
}

static enum err type_problem(const struct reading *reading, const struct place *at,
                             const char *type)
{
    problem_set(reading->problem, ERR_JSON_TYPE, ERR_KEY(type));
    return at_field(reading, at);
}

/* ---- numbers in texts ---- */

enum { NUMBER_TEXT_MAX = 40 };

/* The text with full-width digits, point and minus made narrow. What does not fit in the room is no
 * number anyway and is cut. */
static struct str narrow(struct str text, char room[NUMBER_TEXT_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < text.length && length < NUMBER_TEXT_MAX;) {
        unsigned char last = i + 2 < text.length ? (unsigned char)text.text[i + 2] : 0;
        /* U+FF01 .. U+FF3F are EF BC 81 .. BF, in the order of ASCII from 0x21. */
        bool wide = last >= 0x81 && memcmp(text.text + i, "\xEF\xBC", 2) == 0;
        char byte = wide ? (char)(last - 0x81 + 0x21) : text.text[i];
        bool plain = (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
        if (wide && !plain)
            byte = '?'; /* keeps a wide comma from passing for anything */
        room[length++] = byte;
        i += wide ? 3 : 1;
    }
    return (struct str){room, length};
}

static bool is_decimal(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.text[i];
        if (!(byte >= '0' && byte <= '9') && byte != '.' && !(byte == '-' && i == 0))
            return false;
    }
    return text.length > 0;
}

static enum err range_check(const struct reading *reading, const struct place *at, int64_t number,
                            int decimals)
{
    const struct market_field_info *info = &at->list->fields[at->field];
    if (number >= info->least && number <= info->most)
        return ERR_OK;
    problem_set(reading->problem, ERR_RANGE, ERR_DECIMAL(number, decimals),
                ERR_DECIMAL(info->least, decimals), ERR_DECIMAL(info->most, decimals));
    return at_field(reading, at);
}

/* A text that is no amount: with too many decimals, too large to hold, or not a number at all. */
static enum err money_problem(const struct reading *reading, const struct place *at,
                              struct str text, struct str ascii, struct currency currency)
{
    const struct market_field_info *info = &at->list->fields[at->field];
    int decimals = currency_decimals(currency);
    size_t point = str_find_byte(ascii, '.');
    double ignored;
    if (!is_decimal(ascii) || !str_to_double(ascii, &ignored))
        problem_set(reading->problem, ERR_NUMBER, ERR_TEXT(text));
    else if (point < ascii.length && ascii.length - point - 1 > (size_t)decimals)
        problem_set(reading->problem, ERR_MONEY_DECIMALS, ERR_TEXT(text), ERR_CTEXT(currency.code),
                    ERR_INT(decimals));
    else
        problem_set(reading->problem, ERR_RANGE, ERR_TEXT(text), ERR_DECIMAL(info->least, decimals),
                    ERR_DECIMAL(info->most, decimals));
    return at_field(reading, at);
}

static enum err money_read(const struct reading *reading, const struct place *at,
                           const struct market_row *row, int64_t *number)
{
    struct currency currency;
    struct str text;
    char room[NUMBER_TEXT_MAX];
    struct problem *problem = reading->problem;
    struct json value = json_child(at->row, place_key(at));
    if (!decisions_currency(reading->rules, at->list, at->field, row, &currency)) {
        const char *names = at->list->fields[at->field].kind == KIND_MONEY_FROM ? "from" : "market";
        problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(names));
        return json_place(problem, at->row, names);
    }
    if (json_text(&value, &text)) {
        if (!money_parse(narrow(text, room), currency, number))
            return money_problem(reading, at, text, narrow(text, room), currency);
    } else {
        TRY(json_get_money(at->row, place_key(at), currency, INT64_MIN, INT64_MAX, number,
                           problem));
    }
    return range_check(reading, at, *number, currency_decimals(currency));
}

static enum err int_read(const struct reading *reading, const struct place *at, int64_t *number)
{
    struct json value = json_child(at->row, place_key(at));
    struct str text;
    char room[NUMBER_TEXT_MAX];
    double real;
    if (json_text(&value, &text)) {
        if (!str_to_int64(narrow(text, room), number)) {
            problem_set(reading->problem, ERR_INTEGER, ERR_TEXT(text));
            return at_field(reading, at);
        }
    } else if (!json_int(&value, number)) {
        if (!json_double(&value, &real))
            return type_problem(reading, at, N_("whole number"));
        struct buf shown;
        buf_init(&shown);
        buf_append_double(&shown, real);
        problem_set(reading->problem, ERR_INTEGER, ERR_TEXT(buf_str(&shown)));
        buf_clear(&shown);
        return at_field(reading, at);
    }
    return ERR_OK;
}

static enum err share_read(const struct reading *reading, const struct place *at, int64_t *number)
{
    struct json value = json_child(at->row, place_key(at));
    struct str text;
    char room[NUMBER_TEXT_MAX];
    double share;
    if (json_text(&value, &text)) {
        if (!is_decimal(narrow(text, room)) || !str_to_double(narrow(text, room), &share)) {
            problem_set(reading->problem, ERR_NUMBER, ERR_TEXT(text));
            return at_field(reading, at);
        }
    } else if (!json_double(&value, &share)) {
        return type_problem(reading, at, N_("number"));
    }
    /* Far outside is outside: the cast below must hold. */
    if (!(share > -1e9 && share < 1e9))
        share = share > 0 ? 1e9 : -1e9;
    *number = (int64_t)(share * 1e6 + (share < 0 ? -0.5 : 0.5));
    return range_check(reading, at, *number, 6);
}

/* ---- names and texts ---- */

static enum err firm_read(const struct reading *reading, const struct place *at, int64_t *number)
{
    struct json value = json_child(at->row, place_key(at));
    struct str text;
    int64_t firm = 0;
    char room[NUMBER_TEXT_MAX];
    bool named = json_text(&value, &text);
    bool known = named ? text.length > 1 && (text.text[0] == 'F' || text.text[0] == 'f') &&
                             str_to_int64(narrow(str_slice(text, 1, text.length), room), &firm)
                       : json_int(&value, &firm);
    if (!named && !known)
        return type_problem(reading, at, N_("text in quotes"));
    if (known && firm >= 1 && firm <= reading->rules->firms) {
        *number = firm - 1;
        return ERR_OK;
    }
    struct buf asked, range;
    buf_init(&asked);
    buf_init(&range);
    if (named)
        buf_append(&asked, text);
    else
        buf_append_int64(&asked, firm);
    buf_format(&range, "F1 ... F%d", reading->rules->firms);
    problem_set(reading->problem, ERR_NAME_UNKNOWN, ERR_TEXT(buf_str(&asked)),
                ERR_TEXT(buf_str(&range)));
    buf_clear(&asked);
    buf_clear(&range);
    return at_field(reading, at);
}

static enum err reference_read(const struct reading *reading, const struct place *at,
                               int64_t *number)
{
    struct json value = json_child(at->row, place_key(at));
    enum market_kind kind = at->list->fields[at->field].kind;
    struct names names = names_of_kind(reading->rules, kind);
    struct str text;
    int index;
    bool is_null = json_is_null_value(&value);
    if (is_null && kind == KIND_REF_LANE &&
        (strcmp(at->list->name, "orders") == 0 || strcmp(at->list->name, "reorders") == 0)) {
        *number = -1;
        return ERR_OK;
    }
    if (!json_text(&value, &text))
        return type_problem(reading, at, N_("text in quotes"));
    if (names_resolve(&names, text, &index, reading->problem) != ERR_OK)
        return at_field(reading, at);
    *number = index;
    return ERR_OK;
}

static enum err text_read(const struct reading *reading, const struct place *at, struct str *text)
{
    const struct market_field_info *info = &at->list->fields[at->field];
    struct str read;
    size_t characters = 0;
    TRY(json_get_text(at->row, place_key(at), (size_t)info->most, &read, reading->problem));
    for (size_t i = 0; i < read.length; i++)
        characters += ((unsigned char)read.text[i] & 0xC0) != 0x80;
    if ((int64_t)characters < info->least) {
        problem_set(reading->problem, ERR_TEXT_TOO_SHORT, ERR_INT(info->least));
        return at_field(reading, at);
    }
    *text = str_copy(reading->arena, read);
    return ERR_OK;
}

/* ---- rows, lists, the document ---- */

/* A number by name only: market_decisions_check tells which modes there are. */
static bool is_customs_mode(const struct place *at)
{
    return strcmp(at->list->name, "customs") == 0 &&
           strcmp(at->list->fields[at->field].name, "mode") == 0;
}

static enum err value_read(const struct reading *reading, const struct place *at,
                           const struct market_row *row, struct market_value *value)
{
    struct json child = json_child(at->row, place_key(at));
    bool flag;
    switch (at->list->fields[at->field].kind) {
    case KIND_INT:
        TRY(int_read(reading, at, &value->number));
        if (is_customs_mode(at))
            return ERR_OK;
        return range_check(reading, at, value->number, 0);
    case KIND_BOOL:
        TRY(json_get_bool(at->row, place_key(at), &flag, reading->problem));
        value->number = flag;
        return ERR_OK;
    case KIND_PPM:
        return share_read(reading, at, &value->number);
    case KIND_MONEY_LOCAL:
    case KIND_MONEY_HOME:
    case KIND_MONEY_FROM:
        return money_read(reading, at, row, &value->number);
    case KIND_TEXT:
        return text_read(reading, at, &value->text);
    case KIND_REF_FIRM:
        return firm_read(reading, at, &value->number);
    case KIND_REF_INCIDENT:
    case KIND_REF_REQUEST:
        if (!json_int(&child, &value->number))
            return type_problem(reading, at, N_("whole number"));
        return ERR_OK;
    case KIND_REF_PRODUCT:
    case KIND_REF_MARKET:
    case KIND_REF_CHANNEL:
    case KIND_REF_SUPPLIER:
    case KIND_REF_LANE:
    case KIND_REF_CURRENCY:
        return reference_read(reading, at, &value->number);
    }
    return ERR_INTERNAL;
}

static enum err level_check(const struct reading *reading, int level, const struct json *at,
                            const char *key)
{
    if (level <= reading->rules->level)
        return ERR_OK;
    problem_set(reading->problem, ERR_LEVEL_CLOSED, ERR_INT(level), ERR_INT(reading->rules->level));
    return json_place(reading->problem, at, key);
}

static enum err row_read(const struct reading *reading, const struct market_list_info *list,
                         const struct json *object, struct market_row *row)
{
    const char *known[MARKET_FIELDS_MAX + 1] = {NULL};
    for (int f = 0; f < list->field_count; f++)
        known[f] = list->fields[f].name;
    TRY(json_require_known(object, known, reading->problem));
    for (int f = 0; f < list->field_count; f++) {
        struct place at = {list, f, object};
        if (json_child(object, known[f]).node == NULL)
            continue;
        TRY(level_check(reading, list->fields[f].level, object, known[f]));
        TRY(value_read(reading, &at, row, &row->value[f]));
        row->set |= UINT32_C(1) << f;
    }
    return ERR_OK;
}

static enum err list_read(const struct reading *reading, enum market_list which,
                          const struct json *root, struct market_rows *rows)
{
    const struct market_list_info *list = market_list_info(which);
    struct json value = json_child(root, list->name);
    if (value.node == NULL)
        return ERR_OK;
    if (list->seat != reading->seat) {
        problem_set(reading->problem, ERR_SEAT_FIELD, ERR_CTEXT(market_seat_name(list->seat)),
                    ERR_CTEXT(market_seat_name(reading->seat)));
        return json_place(reading->problem, root, list->name);
    }
    TRY(json_require_list(&value, (size_t)list->rows_max, reading->problem));
    if (json_count(&value) > 0)
        TRY(level_check(reading, list->level, root, list->name));
    struct market_row *read = ARENA_ARRAY(reading->arena, struct market_row, json_count(&value));
    for (size_t r = 0; r < json_count(&value); r++) {
        struct json item = json_item(&value, r);
        TRY(row_read(reading, list, &item, &read[r]));
    }
    *rows = (struct market_rows){(int)json_count(&value), read};
    return ERR_OK;
}

/* The names of a document of this seat; those of other seats are known so that the message can say
 * whose they are, and stand at the end so that they are the last to be suggested. */
static enum err names_check(const struct reading *reading, const struct json *root)
{
    const char *known[LIST_COUNT + 4] = {"format", "seat", "firm", NULL};
    int count = 3;
    for (int own = 1; own >= 0; own--) {
        for (int l = 0; l < LIST_COUNT; l++) {
            const struct market_list_info *list = market_list_info((enum market_list)l);
            if ((list->seat == reading->seat) == (own == 1))
                known[count++] = list->name;
        }
    }
    return json_require_known(root, known, reading->problem);
}

static enum err head_read(const struct reading *reading, const struct json *root)
{
    static const struct market_field_info firm_info = {.name = "firm", .kind = KIND_REF_FIRM};
    static const struct market_list_info head = {
        .name = "", .field_count = 1, .fields = &firm_info};
    struct problem *problem = reading->problem;
    struct place at = {&head, 0, root};
    int64_t format, firm;
    struct str seat;
    if (json_child(root, "format").node != NULL) {
        TRY(json_get_int(root, "format", INT64_MIN, INT64_MAX, &format, problem));
        if (format != DECISIONS_FORMAT_VERSION) {
            problem_set(problem, ERR_FILE_VERSION, ERR_INT(format),
                        ERR_INT(DECISIONS_FORMAT_VERSION));
            return json_place(problem, root, "format");
        }
    }
    if (json_child(root, "seat").node != NULL) {
        TRY(json_get_text(root, "seat", MARKET_NAME_MAX, &seat, problem));
        if (!str_equal_c(seat, market_seat_name(reading->seat))) {
            problem_set(problem, ERR_CHOICE, ERR_TEXT(seat),
                        ERR_CTEXT(market_seat_name(reading->seat)));
            return json_place(problem, root, "seat");
        }
    }
    if (json_child(root, "firm").node == NULL)
        return ERR_OK;
    TRY(firm_read(reading, &at, &firm));
    if (reading->firm == DECISIONS_ANY_FIRM || firm == reading->firm)
        return ERR_OK;
    char named[NUMBER_TEXT_MAX], right[NUMBER_TEXT_MAX];
    snprintf(named, sizeof(named), "F%d", (int)firm + 1);
    snprintf(right, sizeof(right), "F%d", reading->firm + 1);
    problem_set(problem, ERR_CHOICE, ERR_CTEXT(named), ERR_CTEXT(right));
    return json_place(problem, root, "firm");
}

static enum err root_read(const struct reading *reading, const struct json *root,
                          struct market_seat_decisions *decisions)
{
    TRY(names_check(reading, root));
    TRY(head_read(reading, root));
    for (int l = 0; l < LIST_COUNT; l++)
        TRY(list_read(reading, (enum market_list)l, root, &decisions->lists[l]));
    return market_decisions_check(reading->rules, reading->seat, decisions, reading->problem);
}

static enum err text_parse(const struct reading *reading, struct str text,
                           struct market_seat_decisions *decisions)
{
    struct json_document *document;
    struct json root;
    if (text.length > DECISIONS_BYTES_MAX)
        return problem_set(reading->problem, ERR_FILE_TOO_LARGE, ERR_INT(DECISIONS_BYTES_MAX));
    if (str_trim(text).length == 0)
        return ERR_OK;
    TRY(json_parse(text, "", &document, &root, reading->problem));
    enum err code = root_read(reading, &root, decisions);
    json_close(document);
    return code;
}

static enum err parse(struct reading reading, struct str text, const char *file,
                      struct market_seat_decisions *decisions)
{
    *decisions = (struct market_seat_decisions){0};
    enum err code = text_parse(&reading, text, decisions);
    if (code != ERR_OK && file != NULL)
        problem_place_prefix(reading.problem, "%s", file);
    return code;
}

enum err decisions_parse(struct arena *arena, const struct market_rules *rules,
                         enum market_seat seat, struct str text, const char *file,
                         struct market_seat_decisions *decisions, struct problem *problem)
{
    return parse((struct reading){arena, rules, seat, DECISIONS_ANY_FIRM, problem}, text, file,
                 decisions);
}

enum err decisions_read(struct arena *arena, const struct market_rules *rules,
                        enum market_seat seat, int firm, const char *path,
                        struct market_seat_decisions *decisions, struct problem *problem)
{
    struct arena scratch;
    struct str text;
    arena_init(&scratch);
    enum err code = file_read(&scratch, path, DECISIONS_BYTES_MAX, &text, problem);
    if (code == ERR_OK)
        code = parse((struct reading){arena, rules, seat, firm, problem}, text, path, decisions);
    arena_clear(&scratch);
    return code;
}
