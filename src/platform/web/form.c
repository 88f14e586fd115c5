#include "platform/web/form.h"

#include <string.h>

#include "core/arena.h"
#include "core/nearest.h"
#include "core/text.h"
#include "platform/web/form_body.h"
#include "platform/web/form_text.h"
#include "platform/web/web.h"

int form_field_index(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

void form_state_add(struct form_state *state, const char *field, const struct problem *problem)
{
    int index = form_field_index(state->form, field);
    if (index < 0 || state->problems[index].code != ERR_OK)
        return;
    state->problems[index] = *problem;
    state->problem_count++;
}

/* One field being read. */
struct reading {
    struct arena *arena;
    const struct form_field *field;
    const struct form_raw *raw;
    char *into;
    struct problem *problem;
};

static void *place_of(const struct reading *reading)
{
    return reading->into + reading->field->offset;
}

static enum err range_check(const struct reading *reading, int64_t value)
{
    const struct form_field *field = reading->field;
    if (value >= field->least && value <= field->most)
        return ERR_OK;
    return problem_set(reading->problem, ERR_RANGE, ERR_INT(value), ERR_INT(field->least),
                       ERR_INT(field->most));
}

static enum err text_read(const struct reading *reading)
{
    const struct form_field *field = reading->field;
    struct str text = reading->raw->value;
    if (!form_text_clean(reading->arena, text, field->kind == FORM_LINES, &text))
        return problem_set0(reading->problem, ERR_TEXT_CONTROL);
    if (field->kind != FORM_SECRET)
        text = form_text_trim(text);
    int64_t length = form_text_length(text);
    if (length == 0 && field->required)
        return problem_set0(reading->problem, ERR_FIELD_EMPTY);
    if (length < field->least && length > 0)
        return problem_set(reading->problem, ERR_TEXT_TOO_SHORT, ERR_INT(field->least));
    if (length > field->most)
        return problem_set(reading->problem, ERR_TEXT_TOO_LONG, ERR_INT(field->most));
    *(struct str *)place_of(reading) = text;
    return ERR_OK;
}

static enum err int_read(const struct reading *reading)
{
    int64_t value;
    struct str text = form_text_narrow(reading->arena, reading->raw->value);
    if (!str_to_int64(text, &value))
        return problem_set(reading->problem, ERR_INTEGER, ERR_TEXT(reading->raw->value));
    TRY(range_check(reading, value));
    *(int64_t *)place_of(reading) = value;
    return ERR_OK;
}

static enum err day_read(const struct reading *reading)
{
    struct str text = form_text_narrow(reading->arena, reading->raw->value);
    if (!form_day_read(text, place_of(reading)))
        return problem_set(reading->problem, ERR_DATE_BAD, ERR_TEXT(reading->raw->value));
    return ERR_OK;
}

static enum err flag_read(const struct reading *reading)
{
    static const char *const yes[] = {"on", "true", "1", "yes"};
    static const char *const no[] = {"off", "false", "0", "no"};
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (str_equal_c(reading->raw->value, yes[i]) || str_equal_c(reading->raw->value, no[i])) {
            *(bool *)place_of(reading) = str_equal_c(reading->raw->value, yes[i]);
            return ERR_OK;
        }
    }
    return problem_set(reading->problem, ERR_CHOICE, ERR_TEXT(reading->raw->value),
                       ERR_CTEXT("on, off"));
}

static enum err choice_read(const struct reading *reading)
{
    struct str rest = str_from_c(reading->field->choices);
    for (int i = 0; rest.length > 0; i++) {
        size_t end = str_find_byte(rest, ',');
        if (str_equal(str_slice(rest, 0, end), reading->raw->value)) {
            *(int *)place_of(reading) = i;
            return ERR_OK;
        }
        rest = str_slice(rest, end + 1, rest.length);
    }
    return problem_set(reading->problem, ERR_CHOICE, ERR_TEXT(reading->raw->value),
                       ERR_CTEXT(reading->field->choices));
}

static enum err file_take(const struct reading *reading)
{
    const struct form_raw *raw = reading->raw;
    struct form_file *file = place_of(reading);
    if (raw->value.length > (size_t)reading->field->most)
        return problem_set(reading->problem, ERR_FILE_TOO_LARGE, ERR_INT(reading->field->most));
    if (!form_text_clean(reading->arena, raw->file_name, false, &file->name))
        return problem_set0(reading->problem, ERR_TEXT_CONTROL);
    file->content = raw->value;
    return ERR_OK;
}

static enum err (*const readers[])(const struct reading *reading) = {
    [FORM_TEXT] = text_read, [FORM_LINES] = text_read,    [FORM_SECRET] = text_read,
    [FORM_INT] = int_read,   [FORM_DAY] = day_read,       [FORM_FLAG] = flag_read,
    [FORM_ID] = int_read,    [FORM_CHOICE] = choice_read, [FORM_FILE] = file_take,
};

static bool is_text(enum form_kind kind)
{
    return kind == FORM_TEXT || kind == FORM_LINES || kind == FORM_SECRET;
}

/* Nothing was typed there. A text that is left empty is given: it empties the record's field. */
static bool is_absent(const struct form_field *field, const struct form_raw *raw)
{
    if (raw == NULL || raw->kind == FORM_RAW_NULL)
        return true;
    if (field->kind == FORM_FILE)
        return raw->kind == FORM_RAW_FILE && raw->value.length == 0 && raw->file_name.length == 0;
    return !is_text(field->kind) && form_text_trim(raw->value).length == 0;
}

/* JSON says of which kind a value is; a form's fields are all text. */
static bool kind_fits(enum form_kind field, enum form_raw_kind raw, bool is_json)
{
    if (field == FORM_FILE || raw == FORM_RAW_FILE)
        return field == FORM_FILE && raw == FORM_RAW_FILE;
    if (!is_json)
        return true;
    if (raw == FORM_RAW_BOOL)
        return field == FORM_FLAG;
    if (raw == FORM_RAW_NUMBER)
        return field == FORM_INT || field == FORM_ID;
    return field != FORM_FLAG && field != FORM_INT;
}

static const char *json_type_name(enum form_kind kind)
{
    if (kind == FORM_FLAG)
        return N_("truth value");
    if (kind == FORM_INT)
        return N_("whole number");
    return kind == FORM_FILE ? N_("file") : N_("text");
}

static enum err field_read(struct reading *reading, const struct form_body *body)
{
    const struct form_field *field = reading->field;
    reading->raw = form_body_find(body, field->name);
    for (size_t i = 0; i < body->count; i++) {
        if (&body->fields[i] != reading->raw && str_equal_c(body->fields[i].name, field->name))
            return problem_set(reading->problem, ERR_FIELD_TWICE, ERR_CTEXT(field->name));
    }
    if (is_absent(field, reading->raw)) {
        if (field->required && field->kind != FORM_FLAG)
            return problem_set0(reading->problem, ERR_FIELD_EMPTY);
        return ERR_OK;
    }
    if (!kind_fits(field->kind, reading->raw->kind, body->is_json))
        return problem_set(reading->problem, ERR_JSON_TYPE, ERR_KEY(json_type_name(field->kind)));
    TRY(readers[field->kind](reading));
    *(bool *)(void *)(reading->into + field->given_offset) = true;
    return ERR_OK;
}

/* A mistyped name in JSON would be lost silently; a browser's buttons and tokens are no fields. */
static enum err names_check(const struct form *form, const struct form_body *body,
                            struct problem *problem)
{
    const char *names[FORM_FIELDS_MAX];
    if (!body->is_json)
        return ERR_OK;
    for (size_t i = 0; i < form->count; i++)
        names[i] = form->fields[i].name;
    for (size_t i = 0; i < body->count; i++) {
        const char *name = body->fields[i].name.text; /* zero-terminated: str_copy */
        if (form_field_index(form, name) >= 0 || strcmp(name, WEB_FORM_TOKEN_FIELD) == 0)
            continue;
        int nearest = name_nearest(body->fields[i].name, names, form->count);
        return problem_set(problem, ERR_FIELD_UNKNOWN, ERR_TEXT(body->fields[i].name),
                           ERR_CTEXT(nearest < 0 ? "" : names[nearest]));
    }
    return ERR_OK;
}

enum err form_fill(struct arena *arena, const struct form *form, const struct form_body *body,
                   void *into, struct form_state *state, struct problem *problem)
{
    *state = (struct form_state){
        .form = form,
        .typed = ARENA_ARRAY(arena, struct str, form->count + 1),
        .problems = ARENA_ARRAY(arena, struct problem, form->count + 1),
    };
    TRY(names_check(form, body, problem));
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *field = &form->fields[i];
        struct reading reading = {arena, field, NULL, into, &state->problems[i]};
        if (field_read(&reading, body) != ERR_OK)
            state->problem_count++;
        if (reading.raw != NULL && field->kind != FORM_SECRET && field->kind != FORM_FILE &&
            reading.raw->kind != FORM_RAW_FILE)
            state->typed[i] = reading.raw->value;
    }
    *(bool *)into = true; /* `sent`, the first of every form's struct */
    return state->problem_count == 0 ? ERR_OK : problem_set0(problem, ERR_FORM);
}

enum err form_read(struct arena *arena, const struct form *form, struct str content_type,
                   struct str body, void *into, struct form_state *state, struct problem *problem)
{
    struct form_body fields;
    *state = (struct form_state){.form = form};
    TRY(form_body_read(arena, content_type, body, &fields, problem));
    return form_fill(arena, form, &fields, into, state, problem);
}
