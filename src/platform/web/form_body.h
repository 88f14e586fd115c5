/* web/form_body: a body taken apart into named fields, whatever its type. Internal to web.
 *
 * Nothing is checked but that the body is of its type: values are as sent, percent-escapes
 * resolved. ERR_FORM_BODY with the reason, ERR_FIELD_MANY, ERR_MEDIA_TYPE.
 */
#ifndef PLATFORM_WEB_FORM_BODY_H
#define PLATFORM_WEB_FORM_BODY_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum { FORM_BODY_FIELDS_MAX = 256, FORM_NAME_BYTES_MAX = 64 };

enum form_raw_kind { FORM_RAW_TEXT, FORM_RAW_FILE, FORM_RAW_NUMBER, FORM_RAW_BOOL, FORM_RAW_NULL };

struct form_raw {
    struct str name;
    struct str value;
    struct str file_name; /* FORM_RAW_FILE */
    enum form_raw_kind kind;
};

struct form_body {
    struct form_raw *fields;
    size_t count;
    bool is_json;
};

enum form_media { FORM_MEDIA_OTHER, FORM_MEDIA_URLENCODED, FORM_MEDIA_MULTIPART, FORM_MEDIA_JSON };
enum form_media form_media(struct str content_type);

MUST_USE enum err form_body_read(struct arena *arena, struct str content_type, struct str body,
                                 struct form_body *fields, struct problem *problem);
/* Appends a field; ERR_FIELD_MANY, ERR_FORM_BODY. */
MUST_USE enum err form_body_add(struct form_body *fields, const struct form_raw *raw,
                                struct problem *problem);
/* The first field of that name, or NULL. */
const struct form_raw *form_body_find(const struct form_body *fields, const char *name);

#endif
