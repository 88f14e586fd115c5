#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/digest.h"

static void check(const char *text, const char *wanted)
{
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_MAX];
    digest_bytes(text, strlen(text), digest);
    digest_hex(digest, hex);
    assert_string_equal(hex, wanted);
}

/* BLAKE2b with 32 bytes, by python's hashlib. */
static void known_answers(void **state)
{
    (void)state;
    check("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    check("abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
