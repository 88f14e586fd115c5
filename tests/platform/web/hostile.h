/* hostile: misuse of a site, generated from its route and form tables.
 *
 * Any site can be given: the tests' own and the program's. Each function fails the running cmocka
 * test with the route, the field and the value at fault.
 */
#ifndef TESTS_PLATFORM_WEB_HOSTILE_H
#define TESTS_PLATFORM_WEB_HOSTILE_H

#include "platform/web/web.h"

struct hostile {
    struct web_site *site;
    /* "Cookie: sampan_session=...\n" of somebody who may use every route, and of another session.
     */
    const char *all_may;
    const char *other;
    /* Writes a new session over `all_may` when a route has ended it; NULL: it lasts. */
    const char *(*renew)(void *context);
    const char *page_with_form; /* a GET that shows `all_may` a form: for its token */
    /* How many write handlers have been committed so far. */
    int64_t (*commits)(void *context);
    void *context;
    /* A value that a parameter takes, to reach the handler: "1". */
    const char *parameter;
};

/* Every field of every form, alone and together, with each of the values; every parameter and the
 * query of every GET. No answer is 500 or above, none echoes a value as markup, none gains a
 * header, none leads off the site. */
void hostile_values(const struct hostile *hostile);
/* Every POST without a token, with a forged one, with another session's, from another origin, with
 * an unknown session: nothing is committed. */
void hostile_tokens(const struct hostile *hostile);
/* Every path with methods it does not take, bodies too large, bodies of the wrong type. */
void hostile_methods_and_bodies(const struct hostile *hostile);
/* Every route that is not public, as a stranger: 401 (or led to the sign-in), nothing of it shown.
 */
void hostile_strangers(const struct hostile *hostile, bool (*is_public)(int permission));

#endif
