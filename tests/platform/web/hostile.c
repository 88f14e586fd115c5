#include "hostile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ask.h"
#include "platform/web/percent.h"
#include "platform/web/route.h"
#include "platform/web/state.h"

/* What is tried in every place. The word "evil" marks them all in answers. */
static const struct str values[] = {
#define VALUE(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
    VALUE("<script>evil()</script>"),
    VALUE("\"><img src=x onerror=evil()>"),
    VALUE("' onmouseover='evil()"),
    VALUE("javascript:evil()"),
    VALUE("evil' OR '1'='1"),
    VALUE("evil'); DROP TABLE person; --"),
    VALUE("evil\" UNION SELECT 1,2,3 --"),
    VALUE("evil\r\nSet-Cookie: evil=1\r\n\r\n<html>"),
    VALUE("evil\nX-Evil: 1"),
    VALUE("//evil.example/"),
    VALUE("https://evil.example/"),
    VALUE("/\\evil.example"),
    VALUE("../../../../etc/passwd"),
    VALUE("..\\..\\evil"),
    VALUE("evil%s%s%n%x"),
    VALUE("{{evil}}${evil}#{evil}"),
    VALUE("=cmd|' /C evil'!A0"),
    VALUE("evil\0evil"),
    VALUE("\xFF\xFE"
          "evil"),
    VALUE("\xC0\xAE\xC0\xAE/evil"),
    VALUE("evil\xE2\x80\xAE"),
    VALUE("-9223372036854775808"),
    VALUE("9223372036854775807"),
    VALUE("9223372036854775808"),
    VALUE("1e308"),
    VALUE("0x7fffffff"),
    VALUE("NaN"),
    VALUE("99999999999-12-31"),
    VALUE("[]"),
    VALUE("null"),
    VALUE(""),
    VALUE(" "),
#undef VALUE
};

static void fail_at(const struct web_route *route, const char *field, struct str value,
                    struct answer answer, const char *what)
{
    fail_msg("%s %s, field %s, value %.*s: %s (status %d)\n%s%.400s", route->name, route->path,
             field, (int)value.length, value.text, what, answer.status, answer.head, answer.body);
}

/* Marks that only stand in an answer when a value was taken for markup, a header or an address. */
static void answer_check(const struct web_route *route, const char *field, struct str value,
                         struct answer answer)
{
    static const char *const in_body[] = {"<script>evil",
                                          "<img src=x",
                                          "' onmouseover='evil",
                                          "href=\"javascript:",
                                          "href=\"//evil",
                                          "href=\"https://evil",
                                          "root:x:0"};
    static const char *const in_head[] = {
        "\nX-Evil",       "evil=1\r",      "\nSet-Cookie: evil",  "Location: //",
        "Location: http", "Location: /\\", "Location: javascript"};
    if (answer.status == 0 || answer.status >= 500)
        fail_at(route, field, value, answer, "the program failed");
    const char *type = answer_header(answer, "Content-Type");
    bool is_html = type != NULL && strncmp(type, "text/html", 9) == 0;
    for (size_t i = 0; is_html && i < COUNT_OF(in_body); i++) {
        if (strstr(answer.body, in_body[i]) != NULL)
            fail_at(route, field, value, answer, "a value became markup");
    }
    for (size_t i = 0; i < COUNT_OF(in_head); i++) {
        if (strstr(answer.head, in_head[i]) != NULL)
            fail_at(route, field, value, answer, "a value became a header");
    }
    if (is_html && strstr(answer.head, "Content-Security-Policy: default-src 'none'") == NULL)
        fail_at(route, field, value, answer, "a page without its policy");
}

/* ":id" and the like become `value`, escaped. */
static void path_fill(struct buf *path, const struct web_site *site, const char *pattern,
                      struct str value)
{
    buf_reset(path);
    buf_append_c(path, site->prefix);
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at != ':') {
            buf_append_byte(path, *at);
            continue;
        }
        percent_encode(path, value);
        while (at[1] != '\0' && at[1] != '/')
            at++;
    }
}

static const char *c_text(struct buf *text)
{
    buf_append_byte(text, '\0');
    text->length--;
    return text->text;
}

static const char *headers_with(const char *cookie, const char *more)
{
    static char headers[2048];
    snprintf(headers, sizeof(headers), "%s%s", cookie, more);
    return headers;
}

/* The same with a session that is good for the next route: the last may have ended it. */
static struct hostile renewed(const struct hostile *hostile)
{
    struct hostile fresh = *hostile;
    if (hostile->renew != NULL &&
        ask(hostile->site, "GET", hostile->page_with_form, hostile->all_may, "").status != 200)
        fresh.all_may = hostile->renew(hostile->context);
    return fresh;
}

static const char urlencoded[] = "Content-Type: application/x-www-form-urlencoded\n";

static const char *token_get(const struct hostile *hostile, const char *cookie)
{
    static char token[128];
    const char *got =
        answer_form_token(ask(hostile->site, "GET", hostile->page_with_form, cookie, ""));
    assert_non_null(got);
    snprintf(token, sizeof(token), "%s", got);
    return token;
}

/* A value that the field would take, so that others at fault are reached. */
static struct str value_fitting(const struct form_field *field)
{
    static char text[64];
    switch (field->kind) {
    case FORM_INT:
        snprintf(text, sizeof(text), "%lld", (long long)field->least);
        return str_from_c(text);
    case FORM_DAY:
        return STR("2026-03-31");
    case FORM_FLAG:
        return STR("on");
    case FORM_ID:
        return STR("1");
    case FORM_CHOICE:
        return str_slice(str_from_c(field->choices), 0,
                         str_find_byte(str_from_c(field->choices), ','));
    default:
        snprintf(text, sizeof(text), "%0*d", (int)(field->least < 1 ? 1 : field->least), 1);
        return str_from_c(text);
    }
}

/* `at` < 0: the value in every field. */
static void body_fill(struct buf *body, const struct form *form, const char *token, int at,
                      struct str value)
{
    buf_reset(body);
    buf_format(body, "form_token=%s", token);
    for (size_t i = 0; i < form->count; i++) {
        buf_format(body, "&%s=", form->fields[i].name);
        percent_encode(body, at < 0 || at == (int)i ? value : value_fitting(&form->fields[i]));
    }
}

static void post_try(const struct hostile *hostile, const struct web_route *route, struct buf *path,
                     struct buf *body, const char *field, struct str value)
{
    static const char *const accepts[] = {"", "Accept: application/json\n"};
    /* Programs get the same problems in JSON: it is enough to look once for each value. */
    size_t count = strcmp(field, "(all)") == 0 ? COUNT_OF(accepts) : 1;
    for (size_t i = 0; i < count; i++) {
        char more[256];
        snprintf(more, sizeof(more), "%s%s", urlencoded, accepts[i]);
        answer_check(route, field, value,
                     ask(hostile->site, "POST", c_text(path), headers_with(hostile->all_may, more),
                         c_text(body)));
    }
}

static void post_values(const struct hostile *hostile, const struct web_route *route,
                        const char *token, struct buf *path, struct buf *body)
{
    const struct form *form = route->form();
    for (size_t v = 0; v < COUNT_OF(values); v++) {
        path_fill(path, hostile->site, route->path, str_from_c(hostile->parameter));
        for (int f = -1; f < (int)form->count; f++) {
            body_fill(body, form, token, f, values[v]);
            post_try(hostile, route, path, body, f < 0 ? "(all)" : form->fields[f].name, values[v]);
        }
        path_fill(path, hostile->site, route->path, values[v]);
        body_fill(body, form, token, (int)form->count, STR(""));
        post_try(hostile, route, path, body, "(path)", values[v]);
    }
}

static void get_values(const struct hostile *hostile, const struct web_route *route,
                       struct buf *path)
{
    static const char *const names[] = {"q", "limit", "after", "back", "topics", "sort"};
    for (size_t v = 0; v < COUNT_OF(values); v++) {
        path_fill(path, hostile->site, route->path, values[v]);
        answer_check(route, "(path)", values[v],
                     ask(hostile->site, "GET", c_text(path), hostile->all_may, ""));
        for (size_t n = 0; n < COUNT_OF(names); n++) {
            path_fill(path, hostile->site, route->path, str_from_c(hostile->parameter));
            buf_format(path, "?%s=", names[n]);
            percent_encode(path, values[v]);
            answer_check(route, names[n], values[v],
                         ask(hostile->site, "GET", c_text(path), hostile->all_may, ""));
        }
    }
}

void hostile_values(const struct hostile *hostile)
{
    const struct router *router = &hostile->site->state->router;
    struct buf path;
    struct buf body;
    buf_init(&path);
    buf_init(&body);
    for (int i = 0; i < router->count; i++) {
        const struct web_route *route = router->entries[i].route;
        struct hostile fresh = renewed(hostile);
        if (route->method == WEB_GET) {
            get_values(&fresh, route, &path);
        } else {
            char token[128];
            snprintf(token, sizeof(token), "%s", token_get(&fresh, fresh.all_may));
            post_values(&fresh, route, token, &path, &body);
        }
    }
    buf_clear(&path);
    buf_clear(&body);
}

void hostile_tokens(const struct hostile *hostile)
{
    const struct router *router = &hostile->site->state->router;
    struct buf path;
    struct buf body;
    char mine[128];
    char others[128];
    char forged[128];
    buf_init(&path);
    buf_init(&body);
    snprintf(mine, sizeof(mine), "%s", token_get(hostile, hostile->all_may));
    snprintf(others, sizeof(others), "%s", token_get(hostile, hostile->other));
    snprintf(forged, sizeof(forged), "%s", mine);
    forged[60] = forged[60] == 'x' ? 'y' : 'x';
    const struct {
        const char *token, *cookie, *more;
    } tries[] = {
        {"", hostile->all_may, ""},
        {forged, hostile->all_may, ""},
        {others, hostile->all_may, ""},
        {mine, hostile->other, ""},
        {mine, "", ""},
        {mine, "Cookie: sampan_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", ""},
        {mine, hostile->all_may, "Origin: https://evil.example\n"},
        {mine, hostile->all_may, "Origin: null\n"},
        {mine, hostile->all_may, "Sec-Fetch-Site: cross-site\n"},
    };
    for (int i = 0; i < router->count; i++) {
        const struct web_route *route = router->entries[i].route;
        if (route->method != WEB_POST)
            continue;
        path_fill(&path, hostile->site, route->path, str_from_c(hostile->parameter));
        for (size_t t = 0; t < COUNT_OF(tries); t++) {
            char more[256];
            snprintf(more, sizeof(more), "%s%s", urlencoded, tries[t].more);
            int64_t before = hostile->commits(hostile->context);
            body_fill(&body, route->form(), tries[t].token, (int)route->form()->count, STR(""));
            struct answer answer = ask(hostile->site, "POST", c_text(&path),
                                       headers_with(tries[t].cookie, more), c_text(&body));
            if (answer.status != 403 && answer.status != 401)
                fail_at(route, "form_token", str_from_c(tries[t].token), answer, "was taken");
            assert_true(hostile->commits(hostile->context) == before);
        }
    }
    buf_clear(&path);
    buf_clear(&body);
}

void hostile_methods_and_bodies(const struct hostile *hostile)
{
    static const char *const methods[] = {"PUT",   "DELETE",  "PATCH", "OPTIONS",
                                          "TRACE", "CONNECT", "post",  "GETX"};
    static const char *const types[] = {
        "Content-Type: text/plain\n",
        "Content-Type: text/xml\n",
        "Content-Type: application/xml\n",
        "Content-Type: multipart/form-data\n",
        "Content-Type: application/json\n",
        "Content-Type: application/x-www-form-urlencoded\nContent-Length: 99999999\n"};
    static const char entity[] = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM "
                                 "\"file:///etc/passwd\">]><a>&b;</a>";
    static const char *const bodies[] = {"", "{", entity, "--x\r\n", "\x1f\x8b\x08", "a=b&a=b"};
    const struct router *router = &hostile->site->state->router;
    struct buf path;
    buf_init(&path);
    for (int i = 0; i < router->count; i++) {
        const struct web_route *route = router->entries[i].route;
        struct hostile fresh = renewed(hostile);
        path_fill(&path, hostile->site, route->path, str_from_c(hostile->parameter));
        for (size_t m = 0; m < COUNT_OF(methods); m++) {
            struct answer answer = ask(hostile->site, methods[m], c_text(&path), fresh.all_may, "");
            if (answer.status != 405)
                fail_at(route, "(method)", str_from_c(methods[m]), answer, "was taken");
        }
        int64_t before = hostile->commits(hostile->context);
        for (size_t t = 0; route->method == WEB_POST && t < COUNT_OF(types); t++) {
            for (size_t b = 0; b < COUNT_OF(bodies); b++) {
                struct answer answer = ask(hostile->site, "POST", c_text(&path),
                                           headers_with(fresh.all_may, types[t]), bodies[b]);
                if (answer.status < 400 || answer.status >= 500)
                    fail_at(route, types[t], str_from_c(bodies[b]), answer, "was taken");
            }
        }
        assert_true(hostile->commits(hostile->context) == before);
    }
    buf_clear(&path);
}

void hostile_strangers(const struct hostile *hostile, bool (*is_public)(int permission))
{
    static const char *const cookies[] = {
        "", "Cookie: sampan_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "Cookie: sampan_session=evil\n",
        "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"};
    const struct router *router = &hostile->site->state->router;
    struct buf path;
    buf_init(&path);
    for (int i = 0; i < router->count; i++) {
        const struct web_route *route = router->entries[i].route;
        if (route->permission == PERMISSION_WEB_ANYONE || is_public(route->permission))
            continue;
        path_fill(&path, hostile->site, route->path, str_from_c(hostile->parameter));
        for (size_t c = 0; c < COUNT_OF(cookies); c++) {
            struct answer answer = ask(hostile->site, route->method == WEB_GET ? "GET" : "POST",
                                       c_text(&path), headers_with(cookies[c], urlencoded), "");
            bool led = answer.status == 303 && hostile->site->sign_in != NULL &&
                       strstr(answer_header(answer, "Location"), hostile->site->sign_in) != NULL;
            if (answer.status != 401 && !led)
                fail_at(route, "(stranger)", str_from_c(cookies[c]), answer, "was let in");
        }
    }
    buf_clear(&path);
}
