/* The demands and typed fields of core/json.h. */
#include <string.h>

#include "core/date.h"
#include "core/json_parts.h"
#include "core/nearest.h"
#include "core/text.h"

/* Names of the types as a message shows them. */
#define TYPE_OBJECT N_("object {...}")
#define TYPE_LIST N_("list [...]")
#define TYPE_TEXT N_("text in quotes")
#define TYPE_INT N_("whole number")
#define TYPE_NUMBER N_("number")
#define TYPE_BOOL N_("true or false")
#define TYPE_MONEY N_("money amount")

static enum err type_problem(struct problem *problem, const struct json *at, const char *key,
                             const char *type)
{
    problem_set(problem, ERR_JSON_TYPE, ERR_KEY(type));
    return json_place(problem, at, key);
}

enum err json_require_object(const struct json *at, struct problem *problem)
{
    return json_is_object(at) ? ERR_OK : type_problem(problem, at, NULL, TYPE_OBJECT);
}

enum err json_require_list(const struct json *at, size_t count_max, struct problem *problem)
{
    if (!json_is_list(at))
        return type_problem(problem, at, NULL, TYPE_LIST);
    if (json_count(at) <= count_max)
        return ERR_OK;
    problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)json_count(at)),
                ERR_INT((int64_t)count_max));
    return json_place(problem, at, NULL);
}

static struct str nearest_of(const char *name, const char *const *known)
{
    size_t count = 0;
    while (known[count] != NULL)
        count++;
    int nearest = name_nearest(str_from_c(name), known, count);
    return nearest < 0 ? STR("") : str_from_c(known[nearest]);
}

static bool name_is_known(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (strcmp(name, *known) == 0)
            return true;
    }
    return false;
}

enum err json_require_known(const struct json *object, const char *const *known,
                            struct problem *problem)
{
    TRY(json_require_object(object, problem));
    json_t *node = node_mutable(object);
    for (void *at = json_object_iter(node); at != NULL; at = json_object_iter_next(node, at)) {
        const char *key = json_object_iter_key(at);
        if (name_is_known(key, known))
            continue;
        problem_set(problem, ERR_FIELD_UNKNOWN, ERR_CTEXT(key), ERR_TEXT(nearest_of(key, known)));
        return json_place(problem, object, key);
    }
    return ERR_OK;
}

/* Fields. */

static enum err field_find(const struct json *object, const char *key, struct json *field,
                           struct problem *problem)
{
    TRY(json_require_object(object, problem));
    *field = json_child(object, key);
    if (field->node != NULL)
        return ERR_OK;
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(key));
    return json_place(problem, object, key);
}

enum err json_get_int(const struct json *object, const char *key, int64_t least, int64_t most,
                      int64_t *value, struct problem *problem)
{
    struct json field;
    int64_t number;
    TRY(field_find(object, key, &field, problem));
    if (!json_int(&field, &number))
        return type_problem(problem, object, key, TYPE_INT);
    if (number < least || number > most) {
        problem_set(problem, ERR_RANGE, ERR_INT(number), ERR_INT(least), ERR_INT(most));
        return json_place(problem, object, key);
    }
    *value = number;
    return ERR_OK;
}

static enum err range_problem(struct problem *problem, double number, double least, double most)
{
    struct buf texts[3];
    const double values[3] = {number, least, most};
    for (int i = 0; i < 3; i++) {
        buf_init(&texts[i]);
        buf_append_double(&texts[i], values[i]);
    }
    problem_set(problem, ERR_RANGE, ERR_TEXT(buf_str(&texts[0])), ERR_TEXT(buf_str(&texts[1])),
                ERR_TEXT(buf_str(&texts[2])));
    for (int i = 0; i < 3; i++)
        buf_clear(&texts[i]);
    return problem->code;
}

enum err json_get_double(const struct json *object, const char *key, double least, double most,
                         double *value, struct problem *problem)
{
    struct json field;
    double number;
    TRY(field_find(object, key, &field, problem));
    if (!json_double(&field, &number))
        return type_problem(problem, object, key, TYPE_NUMBER);
    if (!(number >= least && number <= most)) {
        range_problem(problem, number, least, most);
        return json_place(problem, object, key);
    }
    *value = number;
    return ERR_OK;
}

enum err json_get_bool(const struct json *object, const char *key, bool *value,
                       struct problem *problem)
{
    struct json field;
    TRY(field_find(object, key, &field, problem));
    if (!json_is_boolean(node_of(&field)))
        return type_problem(problem, object, key, TYPE_BOOL);
    *value = json_is_true(node_of(&field));
    return ERR_OK;
}

/* Characters, as a reader counts them: bytes that do not continue another. */
static size_t utf8_count(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
    return count;
}

enum err json_get_text(const struct json *object, const char *key, size_t length_max,
                       struct str *value, struct problem *problem)
{
    struct json field;
    struct str text;
    TRY(field_find(object, key, &field, problem));
    if (!json_text(&field, &text))
        return type_problem(problem, object, key, TYPE_TEXT);
    if (utf8_count(text) > length_max) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)length_max));
        return json_place(problem, object, key);
    }
    *value = text;
    return ERR_OK;
}

enum err json_get_date(const struct json *object, const char *key, int32_t *day,
                       struct problem *problem)
{
    struct json field;
    struct str text;
    TRY(field_find(object, key, &field, problem));
    if (!json_text(&field, &text))
        return type_problem(problem, object, key, TYPE_TEXT);
    if (!date_parse(text, day)) {
        problem_set(problem, ERR_DATE_BAD, ERR_TEXT(text));
        return json_place(problem, object, key);
    }
    return ERR_OK;
}

/* [-] digits [. digits]; counts the digits behind the point. */
static bool is_plain_decimal(struct str text, size_t *decimals)
{
    if (text.length > 0 && text.text[0] == '-')
        text = str_slice(text, 1, text.length);
    size_t point = str_find_byte(text, '.');
    *decimals = point == text.length ? 0 : text.length - point - 1;
    if (point == 0 || (point < text.length && *decimals == 0))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (i != point && (text.text[i] < '0' || text.text[i] > '9'))
            return false;
    }
    return true;
}

/* The amount was refused: it is no number, it has too many decimals, or 64 bits do not hold it. */
static enum err money_problem(struct problem *problem, struct str text, struct currency currency,
                              int64_t least, int64_t most)
{
    int allowed = currency_decimals(currency);
    size_t decimals;
    if (!is_plain_decimal(text, &decimals))
        return problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
    if (decimals > (size_t)allowed)
        return problem_set(problem, ERR_MONEY_DECIMALS, ERR_TEXT(text), ERR_CTEXT(currency.code),
                           ERR_INT(allowed));
    return problem_set(problem, ERR_RANGE, ERR_TEXT(text), ERR_DECIMAL(least, allowed),
                       ERR_DECIMAL(most, allowed));
}

enum err json_get_money(const struct json *object, const char *key, struct currency currency,
                        int64_t least, int64_t most, int64_t *minor, struct problem *problem)
{
    struct json field;
    struct str text;
    char digits[24];
    int64_t number;
    TRY(field_find(object, key, &field, problem));
    if (json_int(&field, &number)) {
        struct buf buf = {.text = digits, .capacity = sizeof(digits)};
        buf_append_int64(&buf, number);
        text = buf_str(&buf);
    } else if (json_is_real(node_of(&field))) {
        text = json_literals_find(&field.document->literals, field.node);
    } else if (!json_text(&field, &text)) {
        return type_problem(problem, object, key, TYPE_MONEY);
    }
    if (!money_parse(text, currency, &number)) {
        money_problem(problem, text, currency, least, most);
        return json_place(problem, object, key);
    }
    if (number < least || number > most) {
        int decimals = currency_decimals(currency);
        problem_set(problem, ERR_RANGE, ERR_DECIMAL(number, decimals), ERR_DECIMAL(least, decimals),
                    ERR_DECIMAL(most, decimals));
        return json_place(problem, object, key);
    }
    *minor = number;
    return ERR_OK;
}
