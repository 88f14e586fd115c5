#include "platform/web/form_body.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "platform/web/form_multipart.h"
#include "platform/web/percent.h"

static enum err broken(struct problem *problem, const char *why)
{
    return problem_set(problem, ERR_FORM_BODY, ERR_KEY(why));
}

enum form_media form_media(struct str content_type)
{
    static const struct {
        const char *name;
        enum form_media media;
    } medias[] = {
        {"application/x-www-form-urlencoded", FORM_MEDIA_URLENCODED},
        {"multipart/form-data", FORM_MEDIA_MULTIPART},
        {"application/json", FORM_MEDIA_JSON},
    };
    struct str type = str_trim(str_slice(content_type, 0, str_find_byte(content_type, ';')));
    for (size_t i = 0; i < COUNT_OF(medias); i++) {
        if (str_equal_ascii_fold(type, str_from_c(medias[i].name)))
            return medias[i].media;
    }
    return FORM_MEDIA_OTHER;
}

enum err form_body_add(struct form_body *fields, const struct form_raw *raw,
                       struct problem *problem)
{
    if (fields->count == FORM_BODY_FIELDS_MAX)
        return problem_set(problem, ERR_FIELD_MANY, ERR_INT(FORM_BODY_FIELDS_MAX));
    if (raw->name.length == 0 || raw->name.length > FORM_NAME_BYTES_MAX)
        return broken(problem, N_("a field has no name, or too long a one"));
    fields->fields[fields->count++] = *raw;
    return ERR_OK;
}

static enum err urlencoded_read(struct arena *arena, struct str body, struct form_body *fields,
                                struct problem *problem)
{
    while (body.length > 0) {
        struct form_raw raw = {.kind = FORM_RAW_TEXT};
        size_t end = str_find_byte(body, '&');
        struct str pair = str_slice(body, 0, end);
        body = str_slice(body, end + 1, body.length);
        if (pair.length == 0)
            continue;
        size_t equals = str_find_byte(pair, '=');
        if (!percent_decode(arena, str_slice(pair, 0, equals), true, &raw.name) ||
            !percent_decode(arena, str_slice(pair, equals + 1, pair.length), true, &raw.value))
            return broken(problem, N_("a value is wrongly escaped, or not UTF-8"));
        TRY(form_body_add(fields, &raw, problem));
    }
    return ERR_OK;
}

static enum err json_value_read(struct arena *arena, const struct json *at, struct form_raw *raw,
                                struct problem *problem)
{
    struct str text;
    int64_t number;
    struct buf digits;
    if (json_text(at, &text)) {
        if (memchr(text.text, 0, text.length) != NULL)
            return broken(problem, N_("a value is wrongly escaped, or not UTF-8"));
        raw->kind = FORM_RAW_TEXT;
        raw->value = str_copy(arena, text);
        return ERR_OK;
    }
    if (json_int(at, &number)) {
        buf_init(&digits);
        buf_append_int64(&digits, number);
        raw->kind = FORM_RAW_NUMBER;
        raw->value = str_copy(arena, buf_str(&digits));
        buf_clear(&digits);
        return ERR_OK;
    }
    if (json_is_null_value(at)) {
        raw->kind = FORM_RAW_NULL;
        raw->value = STR("");
        return ERR_OK;
    }
    bool flag;
    struct problem unused;
    if (json_get_bool(at->up, at->key, &flag, &unused) != ERR_OK)
        return broken(problem, N_("a value is neither text, whole number, true, false nor null"));
    raw->kind = FORM_RAW_BOOL;
    raw->value = flag ? STR("true") : STR("false");
    return ERR_OK;
}

static enum err json_fields_read(struct arena *arena, const struct json *root,
                                 struct form_body *fields, struct problem *problem)
{
    TRY(json_require_object(root, problem));
    size_t count = json_count(root);
    if (count > FORM_BODY_FIELDS_MAX)
        return problem_set(problem, ERR_FIELD_MANY, ERR_INT(FORM_BODY_FIELDS_MAX));
    for (size_t i = 0; i < count; i++) {
        struct json child;
        struct form_raw raw = {0};
        const char *key = json_key_at(root, i, &child);
        raw.name = str_copy(arena, str_from_c(key));
        TRY(json_value_read(arena, &child, &raw, problem));
        TRY(form_body_add(fields, &raw, problem));
    }
    return ERR_OK;
}

static enum err json_body_read(struct arena *arena, struct str body, struct form_body *fields,
                               struct problem *problem)
{
    struct json_document *document;
    struct json root;
    fields->is_json = true;
    if (body.length == 0)
        return ERR_OK;
    TRY(json_parse(body, "", &document, &root, problem));
    enum err code = json_fields_read(arena, &root, fields, problem);
    json_close(document);
    return code;
}

enum err form_body_read(struct arena *arena, struct str content_type, struct str body,
                        struct form_body *fields, struct problem *problem)
{
    *fields =
        (struct form_body){.fields = ARENA_ARRAY(arena, struct form_raw, FORM_BODY_FIELDS_MAX)};
    switch (form_media(content_type)) {
    case FORM_MEDIA_URLENCODED:
        return urlencoded_read(arena, body, fields, problem);
    case FORM_MEDIA_MULTIPART:
        return form_multipart_read(arena, content_type, body, fields, problem);
    case FORM_MEDIA_JSON:
        return json_body_read(arena, body, fields, problem);
    case FORM_MEDIA_OTHER:
        break;
    }
    /* A form without fields may come without a body and without a type. */
    if (body.length == 0 && content_type.length == 0)
        return ERR_OK;
    return problem_set0(problem, ERR_MEDIA_TYPE);
}

const struct form_raw *form_body_find(const struct form_body *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (str_equal_c(fields->fields[i].name, name))
            return &fields->fields[i];
    }
    return NULL;
}
