#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "sample/sample_queries.h"
#include "sample/sample_schema.h"

static int64_t fixture_now(void *context)
{
    return ((const struct fixture *)context)->now_ms;
}

int fixture_make_closed(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof(fixture));
    arena_init(&fixture.arena);
    const char *top = getenv("TMPDIR");
    struct str name =
        str_format(&fixture.arena, "%s/sampan-store-XXXXXX", top == NULL ? "/tmp" : top);
    char *folder = arena_alloc(&fixture.arena, name.length + 1, 1);
    memcpy(folder, name.text, name.length);
    fixture.folder = mkdtemp(folder);
    fixture.now_ms = 1790000000000;
    fixture.options = (struct store_options){.folder = fixture.folder,
                                             .migrations = sample_migrations,
                                             .migration_count = sample_migration_count,
                                             .readers = 4,
                                             .now_ms = fixture_now,
                                             .now_context = &fixture};
    *state = &fixture;
    return fixture.folder == NULL;
}

int fixture_make(void **state)
{
    if (fixture_make_closed(state) != 0)
        return 1;
    fixture_open(*state);
    return 0;
}

int fixture_remove(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    enum err code = folder_remove(fixture->folder, &fixture->problem);
    arena_clear(&fixture->arena);
    return code != ERR_OK;
}

void fixture_open(struct fixture *fixture)
{
    enum err code = store_open(&fixture->options, &fixture->store, &fixture->problem);
    if (code != ERR_OK)
        fprintf(stderr, "%s at %s\n", err_name(code), fixture->problem.place);
    assert_int_equal(code, ERR_OK);
}

void fixture_close(struct fixture *fixture)
{
    store_close(fixture->store);
    fixture->store = NULL;
}

void fixture_reopen(struct fixture *fixture)
{
    fixture_close(fixture);
    fixture_open(fixture);
}

struct entering {
    int64_t tenant;
    const char *name;
    int64_t id;
};

static enum err enter_club(struct store_write *write, void *context, struct problem *problem)
{
    struct entering *entering = context;
    entering->id = store_id_new(write);
    return club_insert(write, entering->id, str_from_c(entering->name), problem);
}

int64_t fixture_club(struct fixture *fixture, const char *name)
{
    struct entering entering = {.name = name};
    assert_int_equal(store_write_now(fixture->store, enter_club, &entering, &fixture->problem),
                     ERR_OK);
    return entering.id;
}

static enum err enter_thing(struct store_write *write, void *context, struct problem *problem)
{
    struct entering *entering = context;
    entering->id = store_id_new(write);
    return thing_insert(write, entering->tenant, entering->id, str_from_c(entering->name), NULL,
                        false, NULL, NULL, problem);
}

enum err fixture_thing(struct fixture *fixture, int64_t tenant, const char *name, int64_t *id)
{
    struct entering entering = {.tenant = tenant, .name = name};
    enum err code = store_write_now(fixture->store, enter_thing, &entering, &fixture->problem);
    if (id != NULL)
        *id = entering.id;
    return code;
}

size_t fixture_count(struct fixture *fixture, int64_t tenant)
{
    struct store_read *read;
    struct thing_list_row *rows;
    size_t count;
    struct arena_mark mark = arena_mark_get(&fixture->arena);
    assert_int_equal(store_read_begin(fixture->store, &read, &fixture->problem), ERR_OK);
    assert_int_equal(
        thing_list(read, &fixture->arena, tenant, 1000000, &rows, &count, &fixture->problem),
        ERR_OK);
    store_read_end(read);
    arena_rewind(&fixture->arena, mark);
    return count;
}

const char *fixture_path(struct fixture *fixture, const char *name)
{
    return path_join(&fixture->arena, fixture->folder, name);
}

int fixture_number(const char *variable, int ordinary, int soak)
{
    const char *text = getenv(variable);
    int64_t value;
    if (text != NULL && str_to_int64(str_from_c(text), &value))
        return (int)value;
    return getenv("SAMPAN_SOAK") == NULL ? ordinary : soak;
}
