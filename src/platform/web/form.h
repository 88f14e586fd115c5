/* web/form: fields declared once, checked before a handler sees them.
 *
 *     FORM(role_add)
 *         FIELD_CHOICE(role, N_("Role"), REQUIRED, "student,teacher")
 *         FIELD_TEXT(note, N_("Note"), OPTIONAL, 0, 200)
 *     FORM_END(role_add)
 *
 * becomes `struct role_add_form` (text: struct str, number: int64_t, day: int32_t, flag: bool, id:
 * int64_t, choice: int, each with `NAME_given`), and `const struct form role_add_fields`. Numbers
 * accept full-width digits; text is valid UTF-8 in NFC without control characters, its length
 * counted in characters. All problems of a form are collected. Bodies are
 * application/x-www-form-urlencoded, multipart/form-data (files) or application/json with the same
 * names.
 */
#ifndef PLATFORM_WEB_FORM_H
#define PLATFORM_WEB_FORM_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum form_kind {
    FORM_TEXT,
    FORM_LINES,  /* text with line ends */
    FORM_SECRET, /* never kept, never logged */
    FORM_INT,
    FORM_DAY,
    FORM_FLAG,
    FORM_ID,
    FORM_CHOICE,
    FORM_FILE
};

enum { FORM_FIELDS_MAX = 64 };

struct form_field {
    const char *name;
    const char *label; /* text key */
    enum form_kind kind;
    bool required;
    int64_t least, most; /* characters, or the value */
    const char *choices; /* "student,teacher" */
    size_t offset;       /* in the form's struct */
    size_t given_offset;
};

struct form {
    const char *name;
    const struct form_field *fields;
    size_t count;
    size_t size;
};

struct form_file {
    struct str name; /* as sent, without folders */
    struct str content;
};

/* What was typed and what is wrong with it, to show the form again. */
struct form_state {
    const struct form *form;
    struct str typed[FORM_FIELDS_MAX];
    struct problem problems[FORM_FIELDS_MAX]; /* code ERR_OK: none */
    int problem_count;
};

/* Fill `into` (form->size zeroed bytes) from a body. ERR_FORM when a field does not pass (all in
 * `state`); ERR_FORM_BODY when the body itself is not of its type. */
MUST_USE enum err form_read(struct arena *arena, const struct form *form, struct str content_type,
                            struct str body, void *into, struct form_state *state,
                            struct problem *problem);

#endif
