/* Misuse of the room people, generated from its route and form tables, on a real database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hostile.h"
#include "site.h"

static struct people_fixture fixture;
static struct hostile hostile;
static atomic_int_fast64_t commit_count;
static char mine[512];
static char other[512];

static void count_commit(void *context)
{
    (void)context;
    atomic_fetch_add(&commit_count, 1);
}

static enum err nothing(struct store_write *write, void *context, struct problem *problem)
{
    (void)write;
    (void)context;
    (void)problem;
    return ERR_OK;
}

/* Commits are told on the writer's thread, after who waited for them goes on: wait until all are.
 */
static int64_t commits(void *context)
{
    struct problem problem;
    (void)context;
    assert_int_equal(store_write_now(fixture.site.store, nothing, NULL, &problem), ERR_OK);
    return commit_count;
}

static const char *renew(void *context)
{
    (void)context;
    const char *cookie = sign_in_as(&fixture, 2, "college", "administrator", FIXTURE_PASSWORD);
    assert_non_null(cookie);
    snprintf(mine, sizeof(mine), "%s", cookie);
    return mine;
}

static bool is_public(int permission)
{
    struct viewer stranger = {0};
    return people_may(&stranger, permission);
}

static int begin(void **state)
{
    (void)state;
    people_fixture_begin(&fixture);
    snprintf(other, sizeof(other), "%s",
             sign_in_as(&fixture, 1, "college", "administrator", FIXTURE_PASSWORD));
    hostile = (struct hostile){.site = &fixture.site,
                               .all_may = renew(NULL),
                               .other = other,
                               .renew = renew,
                               .page_with_form = "/account",
                               .commits = commits,
                               .parameter = "1"};
    store_on_commit(fixture.site.store, count_commit, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    people_fixture_end(&fixture);
    return 0;
}

static void values_do_no_harm(void **state)
{
    (void)state;
    hostile_values(&hostile);
}

static void tokens_are_not_forged(void **state)
{
    (void)state;
    hostile_tokens(&hostile);
}

static void methods_and_bodies_are_refused(void **state)
{
    (void)state;
    hostile_methods_and_bodies(&hostile);
}

static void strangers_see_nothing(void **state)
{
    (void)state;
    hostile_strangers(&hostile, is_public);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_do_no_harm, begin, end),
        cmocka_unit_test_setup_teardown(tokens_are_not_forged, begin, end),
        cmocka_unit_test_setup_teardown(methods_and_bodies_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(strangers_see_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
