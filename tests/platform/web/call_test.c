/* The path of a request but the wire: routes, who may, form tokens, answers, errors, log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ask.h"
#include "site.h"
#include "stub_store.h"

static struct web_site site;
static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    site_begin(&site, "");
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

static const char *headers_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *headers_of(const char *format, ...)
{
    static char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return text;
}

static const char *session_of(int64_t person)
{
    struct str token = site_session(&arena, person);
    return headers_of("Cookie: sampan_session=%s\n", token.text);
}

static void routes_lead_to_handlers(void **state)
{
    (void)state;
    struct answer answer = ask(&site, "GET", "/", NULL, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "<h1>Front</h1>");
    assert_int_equal(ask(&site, "GET", "/nothing", NULL, "").status, 404);
    assert_int_equal(ask(&site, "GET", "/door/", NULL, "").status, 404);
    assert_int_equal(ask(&site, "GET", "//door", NULL, "").status, 404);
    assert_int_equal(ask(&site, "GET", "/door", NULL, "").status, 200);
    assert_int_equal(ask(&site, "GET", "/leave", NULL, "").status, 405);
    assert_int_equal(ask(&site, "DELETE", "/door", NULL, "").status, 405);
    assert_int_equal(ask(&site, "GET", "/broken", NULL, "").status, 500);
    assert_int_equal(ask(&site, "HEAD", "/", NULL, "").status, 200);
    assert_string_equal(ask(&site, "HEAD", "/", NULL, "").body, "");
}

static void parameters_are_unescaped_after_routing(void **state)
{
    (void)state;
    struct answer answer = ask(&site, "GET", "/echo/a%20b/and/%e4%bd%a0?q=1%2B1+2", NULL, "");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "a b|\xE4\xBD\xA0|1+1 2|"));
    static const struct {
        const char *target;
        int status;
    } bad[] = {
        {"/echo/%/and/b", 400},         {"/echo/%4/and/b", 400},        {"/echo/%zz/and/b", 400},
        {"/echo/%00/and/b", 400},       {"/echo/%c0%ae/and/b", 400},    {"/echo/%ff/and/b", 400},
        {"/echo/%ed%a0%80/and/b", 400}, {"/echo/../and/b", 404},        {"/echo/%2e%2e/and/b", 404},
        {"/echo/./and/b", 404},         {"/echo/a%2fb/and/b", 404},     {"/echo/a%5cb/and/b", 404},
        {"/echo/a%0ab/and/b", 404},     {"/%65cho/a/and/b", 404},       {"/echo//and/b", 404},
        {"echo/a/and/b", 400},          {"http://x/echo/a/and/b", 400}, {"*", 400},
        {"/echo/a/and/b#x", 400},       {"/echo/<>/and/b", 400},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(ask(&site, "GET", bad[i].target, NULL, "").status, bad[i].status);
}

static void permissions_are_asked(void **state)
{
    (void)state;
    assert_int_equal(ask(&site, "GET", "/notes", NULL, "").status, 401);
    assert_int_equal(ask(&site, "GET", "/notes", session_of(7), "").status, 200);
    assert_int_equal(ask(&site, "GET", "/notes", session_of(8), "").status, 200);
    assert_int_equal(ask(&site, "GET", "/notes", session_of(9), "").status, 403);
    assert_int_equal(ask(&site, "GET", "/notes", "Cookie: sampan_session=abc\n", "").status, 401);
    assert_int_equal(ask(&site, "GET", "/notes/1", session_of(7), "").status, 200);
    assert_int_equal(ask(&site, "GET", "/notes/9", session_of(7), "").status, 404);
    assert_int_equal(ask(&site, "GET", "/notes/x", session_of(7), "").status, 404);
    assert_int_equal(ask(&site, "GET", "/notes/-1", session_of(7), "").status, 404);
    assert_int_equal(ask(&site, "GET", "/notes?limit=9", session_of(7), "").status, 422);
}

static void a_post_is_saved_and_answered(void **state)
{
    (void)state;
    char cookie[256];
    char body[512];
    snprintf(cookie, sizeof(cookie), "%s", session_of(7));
    const char *token = answer_form_token(ask(&site, "GET", "/notes", cookie, ""));
    assert_non_null(token);
    snprintf(body, sizeof(body),
             "form_token=%s&title=Tea+%%26+rice&stars=%%EF%%BC%%94&kind=loud&day=2026%%2F3%%2F1"
             "&pinned=on&text=a%%0D%%0Ab&parent=9007199254740993",
             token);
    const char *headers = headers_of("%sContent-Type: application/x-www-form-urlencoded\n", cookie);
    struct answer answer = ask(&site, "POST", "/notes", headers, body);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_header(answer, "Location"), "/notes/2");
    assert_string_equal(site_seen.title, "Tea & rice");
    assert_string_equal(site_seen.text, "a\nb");
    assert_int_equal(site_seen.stars, 4);
    assert_int_equal(site_seen.kind, 1);
    assert_true(site_seen.pinned);
    assert_int_equal(site_seen.day, 20513);
    assert_true(site_seen.parent == INT64_C(9007199254740993));
    assert_int_equal(stub_store_rollbacks(site.store), 0);
    assert_int_equal(stub_store_commits(site.store), 1);
}

static void a_bad_form_comes_back(void **state)
{
    (void)state;
    char cookie[256];
    char body[512];
    snprintf(cookie, sizeof(cookie), "%s", session_of(7));
    const char *token = answer_form_token(ask(&site, "GET", "/notes", cookie, ""));
    snprintf(body, sizeof(body), "form_token=%s&title=%%3Cb%%3E&stars=9&kind=soft", token);
    const char *headers = headers_of("%sContent-Type: application/x-www-form-urlencoded\n", cookie);
    struct answer answer = ask(&site, "POST", "/notes", headers, body);
    assert_int_equal(answer.status, 422);
    assert_non_null(strstr(answer.body, "<p id=\"title\" title=\"ERR_OK\">&lt;b></p>"));
    assert_non_null(strstr(answer.body, "<p id=\"stars\" title=\"ERR_RANGE\">9</p>"));
    assert_non_null(strstr(answer.body, "<p id=\"kind\" title=\"ERR_CHOICE\">soft</p>"));
    assert_non_null(answer_form_token(answer));
    assert_int_equal(site_seen.adds, 0);
    /* A rule's own problem comes back the same way. */
    snprintf(body, sizeof(body), "form_token=%s&title=taken&kind=plain", token);
    answer = ask(&site, "POST", "/notes", headers, body);
    assert_int_equal(answer.status, 422);
    assert_non_null(strstr(answer.body, "<p id=\"title\" title=\"ERR_FIELD_TWICE\">taken</p>"));
    assert_int_equal(stub_store_rollbacks(site.store), 1);
    snprintf(body, sizeof(body), "form_token=%s&title=stale&kind=plain", token);
    assert_int_equal(ask(&site, "POST", "/notes", headers, body).status, 409);
}

static void form_tokens_are_asked_and_bound(void **state)
{
    (void)state;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\n";
    char mine[256];
    char other[256];
    char token[128];
    char body[512];
    snprintf(mine, sizeof(mine), "%s", session_of(7));
    snprintf(other, sizeof(other), "%s", session_of(7));
    struct answer page = ask(&site, "GET", "/notes", mine, "");
    snprintf(token, sizeof(token), "%s", answer_form_token(page));
    assert_int_equal(strlen(token), 86);
    assert_string_equal(answer_header(page, "Cache-Control"), "no-store");
    /* Masked: no two answers hold the same bytes. */
    assert_string_not_equal(answer_form_token(ask(&site, "GET", "/notes", mine, "")), token);
    snprintf(body, sizeof(body), "form_token=%s&title=a&kind=plain", token);
    assert_int_equal(ask(&site, "POST", "/notes", headers_of("%s%s", mine, type), body).status,
                     303);
    assert_int_equal(ask(&site, "POST", "/notes", headers_of("%s%s", other, type), body).status,
                     403);
    assert_int_equal(
        ask(&site, "POST", "/notes", headers_of("%s%s", mine, type), "title=a&kind=plain").status,
        403);
    token[40] = token[40] == 'A' ? 'B' : 'A';
    snprintf(body, sizeof(body), "form_token=%s&title=a&kind=plain", token);
    assert_int_equal(ask(&site, "POST", "/notes", headers_of("%s%s", mine, type), body).status,
                     403);
    assert_int_equal(site_seen.adds, 1);
}

static void other_sites_are_refused(void **state)
{
    (void)state;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\n";
    static const struct {
        const char *header;
        int status;
    } cases[] = {
        {"Origin: http://localhost\n", 303},
        {"Origin: https://localhost\n", 303},
        {"Origin: http://localhost:80\n", 403},
        {"Origin: http://evil.example\n", 403},
        {"Origin: http://localhost.evil.example\n", 403},
        {"Origin: null\n", 403},
        {"Sec-Fetch-Site: same-origin\n", 303},
        {"Sec-Fetch-Site: same-site\n", 403},
        {"Sec-Fetch-Site: cross-site\n", 403},
        {"Sec-Fetch-Site: none\n", 403},
    };
    char mine[256];
    char body[512];
    snprintf(mine, sizeof(mine), "%s", session_of(7));
    snprintf(body, sizeof(body), "form_token=%s&title=a&kind=plain",
             answer_form_token(ask(&site, "GET", "/notes", mine, "")));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *headers = headers_of("%s%s%s", mine, type, cases[i].header);
        assert_int_equal(ask(&site, "POST", "/notes", headers, body).status, cases[i].status);
    }
}

/* Through the door and out again; `visit` is the stranger's cookie. */
static void a_stranger_signs_in(void **state)
{
    (void)state;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\n";
    char visit[256];
    char session[256];
    char body[512];
    struct answer page = ask(&site, "GET", "/door", NULL, "");
    snprintf(visit, sizeof(visit), "%s", answer_cookie_pair(page, "sampan_visit"));
    assert_non_null(strstr(answer_header(page, "Set-Cookie"), "; Path=/; HttpOnly; SameSite=Lax"));
    assert_null(strstr(page.head, "; Secure"));
    snprintf(body, sizeof(body), "form_token=%s&name=ann&password=let+me+in",
             answer_form_token(page));
    /* Without the visit's cookie, or with another one, the token is worth nothing. */
    assert_int_equal(ask(&site, "POST", "/door", type, body).status, 403);
    const char *planted = "sampan_visit=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_int_equal(
        ask(&site, "POST", "/door", headers_of("%sCookie: %s\n", type, planted), body).status, 403);
    /* A session planted beforehand does not survive. */
    const char *fixed = "sampan_session=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";
    struct answer answer =
        ask(&site, "POST", "/door", headers_of("%sCookie: %s; %s\n", type, visit, fixed), body);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_header(answer, "Location"), "/notes");
    snprintf(session, sizeof(session), "%s", answer_cookie_pair(answer, "sampan_session"));
    assert_string_not_equal(session, fixed);
    assert_int_equal(ask(&site, "GET", "/notes", headers_of("Cookie: %s\n", session), "").status,
                     200);
    assert_int_equal(ask(&site, "GET", "/notes", headers_of("Cookie: %s\n", fixed), "").status,
                     401);
    /* The form from before signing in is no longer taken. */
    assert_int_equal(
        ask(&site, "POST", "/door", headers_of("%sCookie: %s; %s\n", type, visit, session), body)
            .status,
        403);
}

static void guessing_is_slowed_down_per_account(void **state)
{
    (void)state;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\n";
    char visit[256];
    char token[128];
    char body[512];
    struct answer page = ask(&site, "GET", "/door", NULL, "");
    snprintf(visit, sizeof(visit), "%s", answer_cookie_pair(page, "sampan_visit"));
    snprintf(token, sizeof(token), "%s", answer_form_token(page));
    /* Known and unknown accounts are answered alike. */
    static const char *const names[] = {"ann", "nobody"};
    char bodies[2][8][600] = {{{0}}};
    for (int n = 0; n < 2; n++) {
        for (int i = 0; i < 8; i++) {
            snprintf(body, sizeof(body), "form_token=%s&name=%s&password=guess", token, names[n]);
            struct answer answer =
                ask(&site, "POST", "/door", headers_of("%sCookie: %s\n", type, visit), body);
            assert_int_equal(answer.status, i < 5 ? 401 : 429);
            if (i >= 5)
                assert_string_equal(answer_header(answer, "Retry-After"), "1");
            snprintf(bodies[n][i], sizeof(bodies[n][i]), "%.*s",
                     (int)(strstr(answer.body, "<code>") - answer.body), answer.body);
        }
    }
    assert_memory_equal(bodies[0], bodies[1], sizeof(bodies[0]));
    snprintf(body, sizeof(body), "form_token=%s&name=ann&password=let+me+in", token);
    assert_int_equal(
        ask(&site, "POST", "/door", headers_of("%sCookie: %s\n", type, visit), body).status, 429);
    site_clock_ms += 1000;
    assert_int_equal(
        ask(&site, "POST", "/door", headers_of("%sCookie: %s\n", type, visit), body).status, 303);
    /* The class behind the same address is not held up. */
    for (int i = 0; i < 48; i++) {
        for (int try = 0; try < 3; try++) {
            snprintf(body, sizeof(body), "form_token=%s&name=student%d&password=guess", token, i);
            assert_int_equal(
                ask(&site, "POST", "/door", headers_of("%sCookie: %s\n", type, visit), body).status,
                401);
        }
    }
}

static void secrets_come_back_nowhere(void **state)
{
    (void)state;
    static const char type[] = "Content-Type: application/x-www-form-urlencoded\n";
    char visit[256];
    char body[512];
    struct answer page = ask(&site, "GET", "/door", NULL, "");
    snprintf(visit, sizeof(visit), "%s", answer_cookie_pair(page, "sampan_visit"));
    snprintf(body, sizeof(body), "form_token=%s&name=&password=hunter2x", answer_form_token(page));
    struct answer answer =
        ask(&site, "POST", "/door?key=hunter2x", headers_of("%sCookie: %s\n", type, visit), body);
    assert_int_equal(answer.status, 422);
    assert_null(strstr(answer.body, "hunter2x"));
    ask(&site, "GET", "/notes/77?token=hunter2x", session_of(7), "");
    assert_null(strstr(site_seen.log, "hunter2x"));
    assert_null(strstr(site_seen.log, "/notes/77"));
    assert_non_null(strstr(site_seen.log, "\"route\":\"/notes/:id\""));
    assert_non_null(strstr(site_seen.log, "\"person\":7"));
    assert_non_null(strstr(site_seen.log, "\"status\":422"));
}

static void api_tokens_need_no_form_token(void **state)
{
    (void)state;
    char bearer[256];
    struct str token = site_api_token(&arena, 7);
    snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s\nContent-Type: application/json\n",
             token.text);
    struct answer answer = ask(&site, "GET", "/api/v1/notes", bearer, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "{\"items\":[{\"id\":\"1\",\"title\":\"one <1>\",\"stars\":5},"
                                     "{\"id\":\"2\",\"title\":\"two\",\"stars\":null}],"
                                     "\"next\":\"2\"}");
    answer = ask(&site, "GET", "/api/v1/notes/1", bearer, "");
    assert_string_equal(answer.body, "{\"id\":\"1\",\"title\":\"one <1>\",\"stars\":5}");
    assert_int_equal(ask(&site, "GET", "/api/v1/door", bearer, "").status, 406);
    answer = ask(&site, "POST", "/api/v1/notes", bearer,
                 "{\"title\":\"t\",\"kind\":\"loud\",\"stars\":3,\"pinned\":true}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "{\"location\":\"/notes/2\"}");
    assert_int_equal(site_seen.stars, 3);
    answer = ask(&site, "POST", "/api/v1/notes", bearer, "{\"title\":\"\",\"stars\":\"3\"}");
    assert_int_equal(answer.status, 422);
    assert_string_equal(answer_header(answer, "Content-Type"), "application/problem+json");
    assert_non_null(strstr(answer.body, "{\"field\":\"title\",\"code\":\"ERR_FIELD_EMPTY\""));
    assert_non_null(strstr(answer.body, "{\"field\":\"stars\",\"code\":\"ERR_JSON_TYPE\""));
    assert_non_null(strstr(answer.body, "{\"field\":\"kind\",\"code\":\"ERR_FIELD_EMPTY\""));
    answer = ask(&site, "POST", "/api/v1/notes", bearer, "{\"titel\":\"a\"}");
    assert_non_null(strstr(answer.body, "ERR_FIELD_UNKNOWN"));
    assert_int_equal(ask(&site, "POST", "/api/v1/notes", bearer, "{\"title\":[1]}").status, 400);
    assert_int_equal(ask(&site, "POST", "/api/v1/notes", bearer, "[]").status, 422);
    assert_int_equal(
        ask(&site, "GET", "/api/v1/notes", "Authorization: Bearer nonsense\n", "").status, 401);
    assert_int_equal(ask(&site, "GET", "/api/v1/notes", "Authorization: Basic YTpi\n", "").status,
                     401);
    /* A session's cookie is not an API token, nor the other way round. */
    assert_int_equal(
        ask(&site, "GET", "/notes", headers_of("Cookie: sampan_session=%s\n", token.text), "")
            .status,
        401);
}

static void headers_guard_the_pages(void **state)
{
    (void)state;
    struct answer answer = ask(&site, "GET", "/notes", session_of(7), "");
    assert_non_null(strstr(answer_header(answer, "Content-Security-Policy"), "default-src 'none'"));
    assert_null(strstr(answer_header(answer, "Content-Security-Policy"), "unsafe"));
    assert_non_null(
        strstr(answer_header(answer, "Content-Security-Policy"), "frame-ancestors 'none'"));
    assert_string_equal(answer_header(answer, "X-Content-Type-Options"), "nosniff");
    assert_string_equal(answer_header(answer, "Referrer-Policy"), "same-origin");
    assert_string_equal(answer_header(answer, "Cross-Origin-Opener-Policy"), "same-origin");
    assert_string_equal(answer_header(answer, "Cache-Control"), "no-store");
    assert_non_null(answer_header(answer, "Permissions-Policy"));
    assert_int_equal(strlen(answer_header(answer, "X-Request-Id")), 16);
    /* A page for all, and a file with a Chinese name. */
    answer = ask(&site, "GET", "/", NULL, "");
    assert_string_equal(answer_header(answer, "Cache-Control"), "private, max-age=60");
    answer = ask(&site, "GET", "/", session_of(7), "");
    assert_string_equal(answer_header(answer, "Cache-Control"), "no-store");
    answer = ask(&site, "GET", "/file", NULL, "");
    assert_string_equal(answer_header(answer, "Content-Disposition"),
                        "attachment; filename*=UTF-8''%E6%88%90%E7%BB%A9.csv");
    assert_non_null(strstr(answer_header(answer, "Content-Security-Policy"), "sandbox"));
}

static void files_are_kept_by_their_tag(void **state)
{
    (void)state;
    struct answer answer = ask(&site, "GET", "/static/app.css", NULL, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "body{}");
    assert_string_equal(answer_header(answer, "ETag"), "\"abc123\"");
    assert_string_equal(answer_header(answer, "Cache-Control"), "no-cache");
    answer = ask(&site, "GET", "/static/app.css?v=abc123", "Accept-Encoding: br, gzip;q=0.5\n", "");
    assert_string_equal(answer_header(answer, "Cache-Control"),
                        "public, max-age=31536000, immutable");
    assert_string_equal(answer_header(answer, "Content-Encoding"), "gzip");
    assert_string_equal(answer.body, "\x1f\x8bzip");
    answer = ask(&site, "GET", "/static/app.css", "Accept-Encoding: gzip;q=0\n", "");
    assert_null(answer_header(answer, "Content-Encoding"));
    answer = ask(&site, "GET", "/static/app.css", "If-None-Match: \"x\", \"abc123\"\n", "");
    assert_int_equal(answer.status, 304);
    assert_string_equal(answer.body, "");
    assert_int_equal(ask(&site, "GET", "/static/../app.css", NULL, "").status, 404);
    assert_int_equal(ask(&site, "GET", "/static/%2e%2e/site.c", NULL, "").status, 404);
    assert_int_equal(ask(&site, "GET", "/static/", NULL, "").status, 404);
    assert_int_equal(ask(&site, "POST", "/static/app.css", NULL, "").status, 404);
}

static void heads_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        int status;
    } cases[] = {
        {"Host: a\nHost: b\n", 400},
        {"Host: \n", 400},
        {"Host: a b\n", 400},
        {"Host: a/b\n", 400},
        {"Content-Length: 3\n", 400},
        {"Content-Length: 0\n", 200},
        {"Content-Length: 0\nContent-Length: 0\n", 400},
        {"Content-Length: +0\n", 400},
        {"Content-Length: 0,0\n", 400},
        {"Transfer-Encoding: chunked\n", 411},
        {"Transfer-Encoding: identity\n", 411},
        {"Transfer-Encoding: chunked\nContent-Length: 0\n", 400},
        {"Bad Name: x\n", 400},
        {"Bad\x7fName: x\n", 400},
        {"X: a\x01"
         "b\n",
         400},
        {"Cookie: a=b\nCookie: c=d\n", 400},
        {"Authorization: a\nAuthorization: b\n", 400},
        {"X-Fine: a\nX-Fine: b\n", 200},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(ask(&site, "GET", "/", cases[i].headers, "").status, cases[i].status);
    char target[WEB_TARGET_BYTES_MAX + 2];
    memset(target, 'a', sizeof(target));
    target[0] = '/';
    target[sizeof(target) - 1] = '\0';
    assert_int_equal(ask(&site, "GET", target, NULL, "").status, 414);
    assert_int_equal(ask(&site, "POST", "/notes", "Content-Length: 1048577\n", "").status, 413);
    assert_int_equal(
        ask(&site, "POST", "/notes", "Content-Length: 99999999999999999999\n", "").status, 413);
    assert_int_equal(ask(&site, "POST", "/notes/1/upload", "Content-Length: 8388609\n", "").status,
                     413);
}

static void languages_and_themes_are_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        const char *heading;
    } cases[] = {
        {NULL, "Front"},
        {"Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\n", "首页"},
        {"Accept-Language: en-GB,zh;q=0.9\n", "Front"},
        {"Accept-Language: fr, zh;q=0.1\n", "首页"},
        {"Accept-Language: zh;q=0, en;q=0.1\n", "Front"},
        {"Accept-Language: zh;q=x\n", "Front"},
        {"Accept-Language: en\nCookie: sampan_language=zh\n", "首页"},
        {"Accept-Language: zh\nCookie: x=y; sampan_language=en\n", "Front"},
        {"Accept-Language: zhx\n", "Front"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_non_null(
            strstr(ask(&site, "GET", "/", cases[i].headers, "").body, cases[i].heading));
    char mine[256];
    char body[512];
    snprintf(mine, sizeof(mine), "%sContent-Type: application/x-www-form-urlencoded\n",
             session_of(7));
    char token[128];
    snprintf(token, sizeof(token), "%s", answer_form_token(ask(&site, "GET", "/notes", mine, "")));
    static const struct {
        const char *back;
        const char *location;
    } backs[] = {
        {"%2Fnotes%3Flimit%3D1", "/notes?limit=1"},
        {"%2F%2Fevil.example", "/"},
        {"https%3A%2F%2Fevil.example", "/"},
        {"%2F%5Cevil.example", "/"},
        {"%2Fnothing", "/"},
        {"", "/"},
        {"%2Fleave", "/"},
        {"%2Fnotes%0d%0aX%3A1", "/"},
    };
    for (size_t i = 0; i < COUNT_OF(backs); i++) {
        snprintf(body, sizeof(body), "form_token=%s&language=zh&back=%s", token, backs[i].back);
        struct answer answer = ask(&site, "POST", "/language", mine, body);
        if (strstr(backs[i].back, "%0d") != NULL) {
            assert_int_equal(answer.status, 422);
            continue;
        }
        assert_int_equal(answer.status, 303);
        assert_string_equal(answer_header(answer, "Location"), backs[i].location);
        assert_string_equal(answer_cookie_pair(answer, "sampan_language"), "sampan_language=zh");
    }
    assert_int_equal(stub_store_commits(site.store), 0); /* no row is touched for it */
    snprintf(body, sizeof(body), "form_token=%s&theme=dark", token);
    struct answer answer = ask(&site, "POST", "/theme", mine, body);
    assert_string_equal(answer_cookie_pair(answer, "sampan_theme"), "sampan_theme=dark");
    answer = ask(&site, "GET", "/echo/a/and/b", "Cookie: sampan_theme=dark\n", "");
    assert_non_null(strstr(answer.body, "|127.0.0.1|0|2|localhost"));
}

static void prefixes_and_proxies(void **state)
{
    (void)state;
    struct web_site inner;
    stub_store_close(site.store);
    web_site_close(&site);
    site_begin(&inner, "/sampan");
    assert_int_equal(ask(&inner, "GET", "/", NULL, "").status, 404);
    assert_int_equal(ask(&inner, "GET", "/sampanx/", NULL, "").status, 404);
    assert_int_equal(ask(&inner, "GET", "/sampan", NULL, "").status, 200);
    assert_int_equal(ask(&inner, "GET", "/sampan/", NULL, "").status, 200);
    assert_int_equal(ask(&inner, "GET", "/sampan/static/app.css", NULL, "").status, 200);
    struct answer page = ask(&inner, "GET", "/sampan/door", NULL, "");
    assert_non_null(strstr(answer_header(page, "Set-Cookie"), "; Path=/sampan; HttpOnly"));
    static const char forwarded[] = "X-Forwarded-For: 6.6.6.6, 10.0.0.9\nX-Forwarded-Proto: https\n"
                                    "X-Forwarded-Host: college.example\n";
    struct answer answer = ask(&inner, "GET", "/sampan/echo/a/and/b", forwarded, "");
    assert_non_null(strstr(answer.body, "|127.0.0.1|0|0|localhost"));
    inner.trusted_proxy = "127.0.0.1";
    answer = ask(&inner, "GET", "/sampan/echo/a/and/b", forwarded, "");
    assert_non_null(strstr(answer.body, "|10.0.0.9|1|0|college.example"));
    page = ask(&inner, "GET", "/sampan/door", forwarded, "");
    assert_non_null(strstr(answer_header(page, "Set-Cookie"), "; Secure"));
    inner.sign_in = "/door";
    answer = ask(&inner, "GET", "/sampan/notes?limit=1", NULL, "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_header(answer, "Location"),
                        "/sampan/door?back=%2Fnotes%3Flimit%3D1");
    assert_int_equal(ask(&inner, "GET", "/sampan/api/v1/notes", NULL, "").status, 401);
    site_end(&inner);
    site_begin(&site, "");
}

static void health_and_metrics(void **state)
{
    (void)state;
    struct answer answer = ask(&site, "GET", "/healthz", NULL, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "ok\n");
    ask(&site, "GET", "/nothing", NULL, "");
    answer = ask(&site, "GET", "/metrics", NULL, "");
    assert_non_null(
        strstr(answer.body,
               "sampan_requests_total{method=\"GET\",route=\"/healthz\",status=\"2xx\"} 1\n"));
    assert_non_null(
        strstr(answer.body, "sampan_requests_total{method=\"\",route=\"\",status=\"4xx\"} 1\n"));
    assert_non_null(strstr(answer.body, "sampan_request_seconds_bucket{le=\"+Inf\"} 2\n"));
    assert_non_null(strstr(answer.body, "sampan_writes_waiting 0\n"));
    site.trusted_proxy = "127.0.0.1";
    assert_int_equal(ask(&site, "GET", "/metrics", "X-Forwarded-For: 10.0.0.1\n", "").status, 404);
}

static void events_are_heard(void **state)
{
    (void)state;
    char mine[512];
    snprintf(mine, sizeof(mine), "%s", session_of(7));
    assert_int_equal(ask(&site, "GET", "/events?topics=notes", NULL, "").status, 403);
    assert_int_equal(ask(&site, "GET", "/events?topics=secret", mine, "").status, 403);
    assert_int_equal(ask(&site, "GET", "/events", mine, "").status, 400);
    struct answer answer = ask(&site, "GET", "/events/poll?topics=notes,x", mine, "");
    assert_int_equal(answer.status, 200);
    char last[64];
    const char *at = strstr(answer.body, "\"last\":\"");
    snprintf(last, sizeof(last), "%.*s", (int)strcspn(at + 8, "\""), at + 8);
    web_publish(&site, "notes", STR("added\ndata: forged"));
    web_publish(&site, "other", STR("unheard"));
    char target[256];
    snprintf(target, sizeof(target), "/events/poll?topics=notes,x&after=%s", last);
    answer = ask(&site, "GET", target, mine, "");
    assert_non_null(strstr(answer.body,
                           "{\"events\":[{\"event\":\"notes\",\"data\":\"added data: forged\"}],"
                           "\"reset\":false"));
    answer = ask(&site, "GET", "/events?topics=notes",
                 headers_of("%sLast-Event-ID: %s\n", mine, last), "");
    assert_string_equal(answer_header(answer, "Content-Type"), "text/event-stream");
    assert_non_null(strstr(answer.body, "\nevent: notes\ndata: added data: forged\n\n"));
    assert_null(strstr(answer.body, "unheard"));
    /* From before a restart, or from too long ago: load the page anew. */
    answer =
        ask(&site, "GET", "/events?topics=notes", headers_of("%sLast-Event-ID: 1-1\n", mine), "");
    assert_non_null(strstr(answer.body, "event: reset"));
    for (int i = 0; i < 2000; i++)
        web_publish(&site, "noise", STR("x"));
    answer = ask(&site, "GET", target, mine, "");
    assert_non_null(strstr(answer.body, "\"reset\":true"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(routes_lead_to_handlers, begin, end),
        cmocka_unit_test_setup_teardown(parameters_are_unescaped_after_routing, begin, end),
        cmocka_unit_test_setup_teardown(permissions_are_asked, begin, end),
        cmocka_unit_test_setup_teardown(a_post_is_saved_and_answered, begin, end),
        cmocka_unit_test_setup_teardown(a_bad_form_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(form_tokens_are_asked_and_bound, begin, end),
        cmocka_unit_test_setup_teardown(other_sites_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_stranger_signs_in, begin, end),
        cmocka_unit_test_setup_teardown(guessing_is_slowed_down_per_account, begin, end),
        cmocka_unit_test_setup_teardown(secrets_come_back_nowhere, begin, end),
        cmocka_unit_test_setup_teardown(api_tokens_need_no_form_token, begin, end),
        cmocka_unit_test_setup_teardown(headers_guard_the_pages, begin, end),
        cmocka_unit_test_setup_teardown(files_are_kept_by_their_tag, begin, end),
        cmocka_unit_test_setup_teardown(heads_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(languages_and_themes_are_chosen, begin, end),
        cmocka_unit_test_setup_teardown(prefixes_and_proxies, begin, end),
        cmocka_unit_test_setup_teardown(health_and_metrics, begin, end),
        cmocka_unit_test_setup_teardown(events_are_heard, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
