/* Generated functions: each kind, each type, null and not, and rows as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "fixture.h"
#include "sample/sample_queries.h"

static struct store_read *snapshot(struct fixture *fixture)
{
    struct store_read *read;
    assert_int_equal(store_read_begin(fixture->store, &read, &fixture->problem), ERR_OK);
    return read;
}

static enum err enter_everything(struct store_write *write, void *context, struct problem *problem)
{
    const int64_t tenant = *(const int64_t *)context;
    const double weight = 1.5;
    const struct str mark = STR("a\0b");
    const int64_t seen_ms = INT64_MAX;
    TRY(thing_insert(write, tenant, 11, STR("锤 'hammer'"), &weight, true, &mark, &seen_ms,
                     problem));
    return thing_insert(write, tenant, 12, STR(""), NULL, false, NULL, NULL, problem);
}

static void every_type_comes_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    struct thing_list_row *rows;
    size_t count;
    assert_int_equal(store_write_now(fixture->store, enter_everything, &tenant, &fixture->problem),
                     ERR_OK);
    struct store_read *read = snapshot(fixture);
    assert_int_equal(
        thing_list(read, &fixture->arena, tenant, 10, &rows, &count, &fixture->problem), ERR_OK);
    store_read_end(read);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, 12);
    assert_int_equal(rows[0].name.length, 0);
    assert_true(rows[0].weight_null && rows[0].mark_null && rows[0].seen_ms_null);
    assert_true(str_equal(rows[1].name, STR("锤 'hammer'")));
    assert_false(rows[1].weight_null || rows[1].mark_null || rows[1].seen_ms_null);
    assert_true(rows[1].weight == 1.5 && rows[1].lent);
    assert_true(str_equal(rows[1].mark, STR("a\0b")));
    assert_true(rows[1].seen_ms == INT64_MAX);
    assert_int_equal(rows[1].uses, 0);
}

static void one_and_maybe_find_or_not(void **state)
{
    struct fixture *fixture = *state;
    int64_t id = fixture_club(fixture, "tools");
    struct club_by_id_row club;
    struct club_by_name_row named;
    bool found;
    struct store_read *read = snapshot(fixture);
    assert_int_equal(club_by_id(read, &fixture->arena, id, &club, &fixture->problem), ERR_OK);
    assert_true(str_equal(club.name, STR("tools")) && club.open);
    assert_int_equal(club_by_id(read, &fixture->arena, id + 1, &club, &fixture->problem),
                     ERR_NOT_FOUND);
    assert_int_equal(
        club_by_name(read, &fixture->arena, STR("tools"), &named, &found, &fixture->problem),
        ERR_OK);
    assert_true(found && named.id == id);
    assert_int_equal(
        club_by_name(read, &fixture->arena, STR("none"), &named, &found, &fixture->problem),
        ERR_OK);
    assert_false(found);
    store_read_end(read);
}

static enum err use_twice(struct store_write *write, void *context, struct problem *problem)
{
    const int64_t *ids = context;
    TRY(thing_use(write, ids[0], ids[1], 0, problem));
    return thing_use(write, ids[0], ids[1], 0, problem); /* the version is 1 by now */
}

static void a_stale_change_is_refused_whole(void **state)
{
    struct fixture *fixture = *state;
    int64_t ids[2] = {fixture_club(fixture, "tools"), 0};
    struct thing_list_row *rows;
    size_t count;
    assert_int_equal(fixture_thing(fixture, ids[0], "saw", &ids[1]), ERR_OK);
    assert_int_equal(store_write_now(fixture->store, use_twice, ids, &fixture->problem), ERR_STALE);
    assert_non_null(strstr(fixture->problem.place, "sample/queries.sql:"));
    struct store_read *read = snapshot(fixture);
    assert_int_equal(
        thing_list(read, &fixture->arena, ids[0], 10, &rows, &count, &fixture->problem), ERR_OK);
    store_read_end(read);
    assert_int_equal(rows[0].uses, 0);
}

struct cleared {
    int64_t tenant;
    int64_t changed;
};

static enum err clear(struct store_write *write, void *context, struct problem *problem)
{
    struct cleared *cleared = context;
    return thing_clear(write, cleared->tenant, &cleared->changed, problem);
}

static void exec_tells_how_many_rows(void **state)
{
    struct fixture *fixture = *state;
    struct cleared cleared = {.tenant = fixture_club(fixture, "tools")};
    int64_t other = fixture_club(fixture, "books");
    for (int i = 0; i < 5; i++)
        assert_int_equal(fixture_thing(fixture, cleared.tenant, "saw", NULL), ERR_OK);
    assert_int_equal(fixture_thing(fixture, other, "atlas", NULL), ERR_OK);
    assert_int_equal(store_write_now(fixture->store, clear, &cleared, &fixture->problem), ERR_OK);
    assert_int_equal(cleared.changed, 5);
    assert_int_equal(fixture_count(fixture, cleared.tenant), 0);
    assert_int_equal(fixture_count(fixture, other), 1);
}

static enum err lend(struct store_write *write, void *context, struct problem *problem)
{
    const int64_t *ids = context;
    int64_t changed;
    TRY(loan_insert(write, ids[0], 1, ids[1], STR("Li"), 2, problem));
    TRY(loan_insert_again(write, ids[0], 1, ids[1], STR("Li"), 3, &changed, problem));
    return loan_insert(write, ids[0], 2, ids[1], STR("Wang"), 4, problem);
}

static void joins_sums_and_unions(void **state)
{
    struct fixture *fixture = *state;
    int64_t ids[2] = {fixture_club(fixture, "tools"), 0};
    struct thing_loans_row *loans;
    struct thing_names_row *names;
    struct club_sizes_row *sizes;
    struct loan_days_row days;
    size_t count;
    assert_int_equal(fixture_thing(fixture, ids[0], "saw", &ids[1]), ERR_OK);
    assert_int_equal(fixture_thing(fixture, ids[0], "axe", NULL), ERR_OK);
    struct arena *arena = &fixture->arena;
    struct problem *problem = &fixture->problem;
    struct store_read *read = snapshot(fixture);
    assert_int_equal(loan_days(read, arena, ids[0], &days, problem), ERR_OK);
    assert_true(days.loans == 0 && days.days_null && days.mean_null);
    store_read_end(read);
    assert_int_equal(store_write_now(fixture->store, lend, ids, problem), ERR_OK);
    read = snapshot(fixture);
    assert_int_equal(loan_days(read, arena, ids[0], &days, problem), ERR_OK);
    assert_true(days.loans == 2 && days.days == 9 && days.mean == 4.5);
    assert_int_equal(thing_loans(read, arena, ids[0], 10, &loans, &count, problem), ERR_OK);
    assert_int_equal(count, 3);
    assert_true(str_equal(loans[1].person, STR("Wang")) && loans[1].days == 4);
    assert_true(loans[2].person_null && loans[2].days_null);
    assert_int_equal(thing_names(read, arena, ids[0], &names, &count, problem), ERR_OK);
    assert_int_equal(count, 4);
    assert_true(str_equal(names[0].name, STR("Li")) && str_equal(names[3].name, STR("saw")));
    assert_int_equal(club_sizes(read, arena, 2, 10, &sizes, &count, problem), ERR_OK);
    assert_true(count == 1 && sizes[0].id == ids[0] && sizes[0].things == 2);
    store_read_end(read);
}

static void many_rows_and_none(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(fixture_count(fixture, tenant), 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(fixture_count(fixture, tenant), 100);
}

static void a_row_becomes_json(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    struct thing_list_row *rows;
    struct json_writer writer;
    size_t count;
    assert_int_equal(store_write_now(fixture->store, enter_everything, &tenant, &fixture->problem),
                     ERR_OK);
    struct store_read *read = snapshot(fixture);
    assert_int_equal(
        thing_list(read, &fixture->arena, tenant, 10, &rows, &count, &fixture->problem), ERR_OK);
    store_read_end(read);
    struct buf buf;
    buf_init(&buf);
    json_writer_init(&writer, &buf, false);
    json_list_begin(&writer);
    for (size_t i = 0; i < count; i++)
        store_row_json(&writer, &thing_list_columns, &rows[i]);
    json_list_end(&writer);
    const char *expected =
        "[{\"id\":\"12\",\"name\":\"\",\"weight\":null,\"lent\":false,\"mark\":null,\"uses\":0,"
        "\"seen_ms\":null},{\"id\":\"11\",\"name\":\"锤 'hammer'\",\"weight\":1.5,\"lent\":true,"
        "\"mark\":\"610062\",\"uses\":0,\"seen_ms\":9223372036854775807}]";
    buf_append_byte(&buf, '\0');
    assert_string_equal(buf.text, expected);
    buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_comes_back, fixture_make, fixture_remove),
        cmocka_unit_test_setup_teardown(one_and_maybe_find_or_not, fixture_make, fixture_remove),
        cmocka_unit_test_setup_teardown(a_stale_change_is_refused_whole, fixture_make,
                                        fixture_remove),
        cmocka_unit_test_setup_teardown(exec_tells_how_many_rows, fixture_make, fixture_remove),
        cmocka_unit_test_setup_teardown(joins_sums_and_unions, fixture_make, fixture_remove),
        cmocka_unit_test_setup_teardown(many_rows_and_none, fixture_make, fixture_remove),
        cmocka_unit_test_setup_teardown(a_row_becomes_json, fixture_make, fixture_remove),
    };
    return cmocka_run_group_tests_name("store/statement", tests, NULL, NULL);
}
