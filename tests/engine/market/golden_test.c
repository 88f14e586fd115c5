/* The golden digest: equal inputs give the bytes they gave before, or the engine version is raised.
 * golden.txt has a line a version: "version digest". A change of the engine that changes bytes adds
 * a line under a new MARKET_ENGINE_VERSION; lines are never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "digest_play.h"
#include "engine/market/rules.h"

static void bytes_are_the_version_s(void **state)
{
    (void)state;
    char hex[DIGEST_HEX_MAX], line[128], wanted[DIGEST_HEX_MAX] = "";
    FILE *file = fopen(SAMPAN_SOURCE_ROOT "/tests/engine/market/golden.txt", "r");
    assert_non_null(file);
    int last = 0, version;
    while (fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "%d %64s", &version, wanted) == 2)
            last = version;
    fclose(file);
    assert_int_equal(last, MARKET_ENGINE_VERSION); /* the newest line is this engine's */
    digest_play(1, hex);
    if (strcmp(hex, wanted) != 0)
        print_message("engine %d now gives %s: raise MARKET_ENGINE_VERSION and add a line\n",
                      MARKET_ENGINE_VERSION, hex);
    assert_string_equal(hex, wanted);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    char one[DIGEST_HEX_MAX], two[DIGEST_HEX_MAX], five[DIGEST_HEX_MAX];
    digest_play(1, one);
    digest_play(2, two);
    digest_play(5, five);
    assert_string_equal(one, two);
    assert_string_equal(one, five);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_the_version_s),
        cmocka_unit_test(threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
