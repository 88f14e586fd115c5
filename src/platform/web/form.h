/* web/form: fields declared once, checked before a handler sees them.
 *
 *     FORM(role_add)
 *         FIELD_CHOICE(role, N_("Role"), REQUIRED, "student,teacher")
 *         FIELD_TEXT(note, N_("Note"), OPTIONAL, 0, 200)
 *     FORM_END(role_add)
 *
 * becomes `struct role_add_form` (text: struct str, number: int64_t, day: int32_t, flag: bool, id:
 * int64_t, choice: int, file: struct form_file, each with `NAME_given`), and `const struct form
 * *role_add_fields(void)` (form_table.def). Numbers accept full-width digits; text is valid UTF-8
 * in NFC without control characters, its length counted in characters. All problems of a form are
 * collected. Bodies are application/x-www-form-urlencoded, multipart/form-data (files) or
 * application/json with the same names.
 *
 * Words of a line: FIELD_TEXT, FIELD_LINES, FIELD_SECRET (name, label, required, least, most
 * characters); FIELD_INT (name, label, required, least, most); FIELD_DAY, FIELD_FLAG, FIELD_ID
 * (name, label, required); FIELD_CHOICE (name, label, required, "a,b"); FIELD_FILE (name, label,
 * required, most bytes). `required` is REQUIRED or OPTIONAL.
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
    struct str *typed;        /* by index of the field; never a secret, never a file's content */
    struct problem *problems; /* by index of the field; code ERR_OK: none */
    int problem_count;
};

/* Fill `into` (form->size zeroed bytes) from a body. ERR_FORM when a field does not pass (all in
 * `state`); ERR_FORM_BODY when the body itself is not of its type. */
MUST_USE enum err form_read(struct arena *arena, const struct form *form, struct str content_type,
                            struct str body, void *into, struct form_state *state,
                            struct problem *problem);
/* The second half of form_read: fields already taken apart (form_body.h). */
struct form_body;
MUST_USE enum err form_fill(struct arena *arena, const struct form *form,
                            const struct form_body *fields, void *into, struct form_state *state,
                            struct problem *problem);
/* Write a problem beside a field that a rule found later (a name that is taken). */
void form_state_add(struct form_state *state, const char *field, const struct problem *problem);
/* Index of a field by its name, or -1. */
int form_field_index(const struct form *form, const char *name);

#endif
