/* site: a site with two organisations in a folder of its own, asked through the loopback. */
#ifndef TESTS_APP_PEOPLE_SITE_H
#define TESTS_APP_PEOPLE_SITE_H

#include "app/people/people.h"
#include "ask.h"

enum { SITE_ORGANISATIONS = 2 };

/* Each organisation ("college", "firm") has one person a role, whose number is the role's word. */
struct people_fixture {
    struct web_site site;
    char folder[64];
    int64_t organisation[SITE_ORGANISATIONS];
    int64_t person[SITE_ORGANISATIONS][ROLE_COUNT];
    int64_t now_ms;
};

#define FIXTURE_PASSWORD "correct horse battery"

void people_fixture_begin(struct people_fixture *fixture);
void people_fixture_end(struct people_fixture *fixture);
/* A browser of its own that has signed in: "Cookie: ..." for `ask`, in static memory for each of
 * four `browser`s. NULL when signing in was refused. */
const char *sign_in_as(struct people_fixture *fixture, int browser, const char *organisation,
                       const char *number, const char *password);
/* POST a form of that browser, with the token of the page `from`. */
struct answer send_form(struct people_fixture *fixture, const char *cookie, const char *from,
                        const char *to, const char *fields);

#endif
