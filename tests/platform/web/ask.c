#include "ask.h"

#include <stdio.h>
#include <string.h>

static struct web_result result;
static bool has_result;

enum { LINES_MAX = 40 };

struct answer ask(struct web_site *site, const char *method, const char *target,
                  const char *headers, const char *body)
{
    static char text[8192];
    const char *pairs[2 * LINES_MAX + 1] = {NULL};
    int count = 0;
    ask_end();
    snprintf(text, sizeof(text), "%s", headers == NULL ? "" : headers);
    for (char *at = text; *at != '\0' && count < LINES_MAX;) {
        char *end = strchr(at, '\n');
        char *colon = strstr(at, ": ");
        *end = '\0';
        *colon = '\0';
        pairs[2 * count] = at;
        pairs[2 * count + 1] = colon + 2;
        count++;
        at = end + 1;
    }
    struct web_exchange exchange = {
        .method = method, .target = target, .headers = pairs, .body = str_from_c(body)};
    web_loopback(site, &exchange, &result);
    has_result = true;
    buf_append_byte(&result.head, '\0');
    buf_append_byte(&result.body, '\0');
    return (struct answer){result.status, result.head.text, result.body.text};
}

void ask_end(void)
{
    if (has_result)
        web_result_clear(&result);
    has_result = false;
}

static const char *line_value(const char *head, const char *start)
{
    static char value[4096];
    const char *at = head;
    while (at != NULL && strncmp(at, start, strlen(start)) != 0) {
        at = strchr(at, '\n');
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL)
        return NULL;
    at += strlen(start);
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\n"), at);
    return value;
}

const char *answer_header(struct answer answer, const char *name)
{
    char start[128];
    snprintf(start, sizeof(start), "%s: ", name);
    return line_value(answer.head, start);
}

const char *answer_form_token(struct answer answer)
{
    static char token[128];
    const char *at = strstr(answer.body, "name=\"form_token\" value=\"");
    if (at == NULL)
        return NULL;
    at += strlen("name=\"form_token\" value=\"");
    snprintf(token, sizeof(token), "%.*s", (int)strcspn(at, "\""), at);
    return token;
}

const char *answer_cookie_pair(struct answer answer, const char *name)
{
    static char pair[256];
    char start[64];
    snprintf(start, sizeof(start), "Set-Cookie: %s=", name);
    const char *value = line_value(answer.head, start);
    if (value == NULL)
        return NULL;
    snprintf(pair, sizeof(pair), "%s=%.*s", name, (int)strcspn(value, ";"), value);
    return pair;
}
