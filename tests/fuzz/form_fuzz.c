/* Bodies of forms. Property: whatever comes, the form passes with every value inside its limits and
 * fit to keep, or its problems say where; and what passes passes again as it was kept. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"
#include "platform/web/form.h"
#include "platform/web/form_text.h"
#include "platform/web/upload_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FORMS_FILE "../tests/platform/web/form_test.def"
#include "platform/web/form_table.def"

#define FORMS_FILE "../tests/platform/web/form_test.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"

static void text_check(struct arena *arena, struct str text, bool lines, int64_t most)
{
    struct str again;
    assert(str_is_utf8(text));
    assert(form_text_length(text) <= most);
    assert(form_text_clean(arena, text, lines, &again));
    assert(str_equal(text, again)); /* normal text stays as it is */
}

static void form_check(struct arena *arena, const struct all_kinds_form *form)
{
    assert(form->sent && form->text_given && form->text.length > 0);
    text_check(arena, form->text, false, 10);
    text_check(arena, form->lines, true, 100);
    text_check(arena, form->secret, false, 8);
    assert(form->number >= -10 && form->number <= 10);
    assert(!form->id_given || form->id > 0);
    assert(form->choice == 0 || form->choice == 1);
    assert(form->file.content.length <= 10);
    assert(str_find_byte(form->file.name, '/') == form->file.name.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"application/x-www-form-urlencoded",
                                        "multipart/form-data; boundary=b", "application/json",
                                        "multipart/form-data; boundary=\"a;b\"; x"};
    if (size == 0)
        return 0;
    struct arena arena;
    struct all_kinds_form form = {0};
    struct form_state state;
    struct problem problem = {0};
    struct str body = {(const char *)data + 1, size - 1};
    arena_init(&arena);
    enum err code =
        form_read(&arena, all_kinds_fields(), str_from_c(types[data[0] % COUNT_OF(types)]), body,
                  &form, &state, &problem);
    if (code == ERR_OK)
        form_check(&arena, &form);
    assert(code != ERR_FORM || state.problem_count > 0);
    assert(code == ERR_OK || problem.code == code);
    struct str text;
    if (upload_text_decode(&arena, body, &text, &problem) == ERR_OK)
        assert(str_is_utf8(text));
    arena_clear(&arena);
    return 0;
}
