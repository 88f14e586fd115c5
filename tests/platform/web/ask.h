/* ask: requests through the loopback, in a line each. */
#ifndef TESTS_PLATFORM_WEB_ASK_H
#define TESTS_PLATFORM_WEB_ASK_H

#include "platform/web/web.h"

/* The answer to one request; freed by the next ask or ask_end. */
struct answer {
    int status;
    const char *head; /* zero-terminated */
    const char *body;
};
/* `headers`: "Name: value\n" lines, or NULL. */
struct answer ask(struct web_site *site, const char *method, const char *target,
                  const char *headers, const char *body);
void ask_end(void);
/* Value of a header of the answer in static memory, or NULL. */
const char *answer_header(struct answer answer, const char *name);
/* The form token in a page, in static memory. */
const char *answer_form_token(struct answer answer);
/* "sampan_session=..." of the answer's Set-Cookie for that name, in static memory, or NULL. */
const char *answer_cookie_pair(struct answer answer, const char *name);

#endif
