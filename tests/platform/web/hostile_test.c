/* Misuse of the tests' site, generated from its tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ask.h"
#include "hostile.h"
#include "site.h"
#include "stub_store.h"

static struct web_site site;
static struct arena arena;
static char mine[256];
static char other[256];
static struct hostile hostile;

static int64_t commits(void *context)
{
    (void)context;
    return stub_store_commits(site.store);
}

static bool is_public(int permission)
{
    return permission == 0;
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    site_begin(&site, "");
    snprintf(mine, sizeof(mine), "Cookie: sampan_session=%s\n", site_session(&arena, 7).text);
    snprintf(other, sizeof(other), "Cookie: sampan_session=%s\n", site_session(&arena, 7).text);
    hostile = (struct hostile){.site = &site,
                               .all_may = mine,
                               .other = other,
                               .page_with_form = "/notes",
                               .commits = commits,
                               .parameter = "1"};
    return 0;
}

static int end(void **state)
{
    (void)state;
    ask_end();
    assert_int_equal(stub_store_reads_open(site.store), 0);
    site_end(&site);
    arena_clear(&arena);
    return 0;
}

static void values_do_no_harm(void **state)
{
    (void)state;
    site_broken_answers = false;
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
