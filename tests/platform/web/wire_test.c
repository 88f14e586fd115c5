/* Bytes on a socket: what is refused, what waits for COMMIT, streams, deadlines, the end. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask.h"
#include "site.h"
#include "stub_store.h"
#include "wire_client.h"

static struct web_site site;
static struct web_server *server;
static struct arena arena;
static struct buf answer;

static int begin(void **state)
{
    struct problem problem;
    struct web_options options = {
        .address = "127.0.0.1", .threads = 2, .workers = 2, .beat_seconds = 2};
    (void)state;
    arena_init(&arena);
    buf_init(&answer);
    site_clock_ms = 1000000;
    site_begin(&site, "");
    assert_int_equal(web_start(&options, &site, &server, &problem), ERR_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (server != NULL)
        web_stop(server);
    server = NULL;
    assert_int_equal(stub_store_reads_open(site.store), 0);
    site_end(&site);
    ask_end();
    arena_clear(&arena);
    buf_clear(&answer);
    return 0;
}

static int port(void)
{
    return web_port(server);
}

/* What follows a refused request on its connection could be part of it or another's: it must not be
 * taken for a request. */
static void nothing_behind_it_is_answered(size_t number, struct str bytes)
{
    static const char next[] = "GET /echo/smuggled/and/b HTTP/1.1\r\nHost: a\r\n\r\n";
    bool closed = false;
    int client = client_open(port());
    client_send(client, bytes);
    client_send(client, STR(next));
    for (int i = 0; i < 20 && !closed; i++) {
        buf_reset(&answer);
        client_read(client, 500, &answer, &closed);
        if (answer.length > 0 && memmem(answer.text, answer.length, "smuggled|", 9) != NULL)
            fail_msg("case %zu: what was behind it has been answered", number);
    }
    assert_true(closed);
    close(client);
}

static void bytes_are_served_or_refused(void **state)
{
    static const struct {
        struct str bytes;
        int status;
        bool closed;
    } cases[] = {
#define CASE(bytes, status, closed) {{bytes, sizeof(bytes) - 1}, status, closed}
        CASE("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, false),
        CASE("GET /?a=b&c HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Wide:   \t b\r\n\r\n", 200, false),
        CASE("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", 200, false),
        CASE("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 200, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, true),
        /* no host, two hosts */
        CASE("GET / HTTP/1.1\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.0\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, true),
        /* line ends */
        CASE("GET / HTTP/1.1\nHost: a\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\nY: c\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\nY: c\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\n\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\n\r\n", 400, true),
        /* continued lines */
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nY: d\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\n Transfer-Encoding: chunked\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, true),
        /* names */
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\nY: d\r\n\r\n", 400, true),
        /* the first line */
        CASE("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, true),
        CASE("GET / b HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("GET /\0b HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, true),
        CASE("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", 405, true),
        CASE("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, true),
        CASE("get / HTTP/1.1\r\nHost: a\r\n\r\n", 405, true),
        /* lengths and codings */
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\n\r\n", 411, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
             400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 0\r\n\r\nx",
             400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\nx", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\nx", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nx", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 413,
             true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411,
             true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;x=y\r\n\r\n",
             411, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
             411, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 411, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 411, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
             "Content-Length: 5\r\n\r\n0\r\n\r\n",
             400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             400, true),
        CASE("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400, true),
        CASE("POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n", 413, true),
        CASE("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, true),
#undef CASE
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool closed;
        int status = client_ask(port(), cases[i].bytes, &answer, &closed);
        /* The library refuses some by closing alone. */
        bool fits = status == cases[i].status || (cases[i].closed && status == 0);
        if (!fits || closed != cases[i].closed)
            fail_msg("case %zu: status %d, closed %d", i, status, closed);
        if (cases[i].closed)
            nothing_behind_it_is_answered(i, cases[i].bytes);
    }
}

static void a_head_may_come_in_pieces(void **state)
{
    struct buf head;
    bool closed;
    (void)state;
    buf_init(&head);
    buf_append_c(&head, "GET /echo/a/and/b?q=xyz HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 40; i++)
        buf_format(&head, "X-Filler-%d: %0*d\r\n", i, 300, i);
    buf_append_c(&head, "\r\n");
    for (size_t piece = 1; piece < 2000; piece = piece * 3 + 1) {
        int client = client_open(port());
        for (size_t at = 0; at < head.length; at += piece) {
            client_send(client, str_slice(buf_str(&head), at, piece));
            if (piece > 100)
                poll(NULL, 0, 1);
        }
        buf_reset(&answer);
        client_read(client, 5000, &answer, &closed);
        assert_int_equal(client_status(&answer), 200);
        assert_non_null(memmem(answer.text, answer.length, "a|b|xyz|", 8));
        close(client);
    }
    buf_clear(&head);
}

static void large_heads_are_refused(void **state)
{
    struct buf head;
    bool closed;
    (void)state;
    buf_init(&head);
    buf_append_c(&head, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 70; i++)
        buf_format(&head, "X-%d: a\r\n", i);
    buf_append_c(&head, "\r\n");
    assert_int_equal(client_ask(port(), buf_str(&head), &answer, &closed), 400);
    assert_true(closed);
    buf_reset(&head);
    buf_append_c(&head, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < 40000; i++)
        buf_append_byte(&head, 'a');
    buf_append_c(&head, "\r\n\r\n");
    assert_int_equal(client_ask(port(), buf_str(&head), &answer, &closed), 431);
    assert_true(closed);
    buf_clear(&head);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    bool closed;
    (void)state;
    int client = client_open(port());
    client_send(client, STR("GET /echo/1/and/b HTTP/1.1\r\nHost: a\r\n\r\n"
                            "GET /echo/2/and/b HTTP/1.1\r\nHost: a\r\n\r\n"
                            "GET /echo/3/and/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    buf_reset(&answer);
    do {
        struct buf one;
        buf_init(&one);
        client_read(client, 5000, &one, &closed);
        buf_append(&answer, buf_str(&one));
        buf_clear(&one);
    } while (!closed);
    buf_append_byte(&answer, '\0');
    const char *first = strstr(answer.text, "1|b|");
    const char *second = strstr(answer.text, "2|b|");
    const char *third = strstr(answer.text, "3|b|");
    assert_true(first != NULL && first < second && second < third);
    close(client);
}

/* A POST of person 7 with its cookie and form token. */
static struct str post_bytes(const char *path, const char *fields)
{
    struct str token = site_session(&arena, 7);
    struct str cookie = str_format(&arena, "Cookie: sampan_session=%s\n", token.text);
    struct str form_token =
        str_from_c(answer_form_token(ask(&site, "GET", "/notes", cookie.text, "")));
    struct str body = str_format(&arena, "form_token=%s&%s", form_token.text, fields);
    return str_format(&arena,
                      "POST %s HTTP/1.1\r\nHost: a\r\nCookie: sampan_session=%s\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: %zu\r\n\r\n%s",
                      path, token.text, body.length, body.text);
}

static void an_answer_waits_for_commit(void **state)
{
    bool closed;
    (void)state;
    struct str bytes = post_bytes("/notes", "title=a&kind=plain");
    int client = client_open(port());
    stub_store_hold(site.store, true);
    client_send(client, bytes);
    buf_reset(&answer);
    client_read(client, 200, &answer, &closed);
    assert_int_equal(answer.length, 0);
    /* Web threads are free meanwhile. */
    struct buf other;
    buf_init(&other);
    for (int i = 0; i < 8; i++)
        assert_int_equal(
            client_ask(port(), STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), &other, &closed), 200);
    buf_clear(&other);
    stub_store_hold(site.store, false);
    client_read(client, 5000, &answer, &closed);
    assert_int_equal(client_status(&answer), 303);
    assert_int_equal(stub_store_commits(site.store), 1);
    close(client);
}

static void a_prepared_post_runs_on_a_worker(void **state)
{
    bool closed;
    (void)state;
    struct answer page = ask(&site, "GET", "/door", NULL, "");
    struct str visit = str_copy(&arena, str_from_c(answer_cookie_pair(page, "sampan_visit")));
    struct str token = str_copy(&arena, str_from_c(answer_form_token(page)));
    static const struct {
        const char *password;
        int status;
    } cases[] = {{"wrong", 401}, {"let+me+in", 303}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str body =
            str_format(&arena, "form_token=%s&name=ann&password=%s", token.text, cases[i].password);
        struct str bytes = str_format(&arena,
                                      "POST /door HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n"
                                      "Content-Type: application/x-www-form-urlencoded\r\n"
                                      "Content-Length: %zu\r\n\r\n%s",
                                      visit.text, body.length, body.text);
        assert_int_equal(client_ask(port(), bytes, &answer, &closed), cases[i].status);
    }
}

/* More of them than there are web threads, and others are still answered. */
static void a_get_that_reckons_holds_up_nobody(void **state)
{
    enum { CLIENTS = 6, WORKERS = 2 };
    int clients[CLIENTS];
    bool closed;
    (void)state;
    struct str bytes =
        str_format(&arena, "GET /slow HTTP/1.1\r\nHost: a\r\nCookie: sampan_session=%s\r\n\r\n",
                   site_session(&arena, 8).text);
    site_slow_held = true;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_open(port());
        client_send(clients[i], bytes);
    }
    while (site_slow_waiting < WORKERS)
        poll(NULL, 0, 1);
    for (int i = 0; i < 8; i++)
        assert_int_equal(
            client_ask(port(), STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), &answer, &closed), 200);
    assert_int_equal(site_slow_waiting, WORKERS);
    site_slow_held = false;
    for (int i = 0; i < CLIENTS; i++) {
        buf_reset(&answer);
        client_read(clients[i], 5000, &answer, &closed);
        assert_int_equal(client_status(&answer), 200);
        assert_non_null(memmem(answer.text, answer.length, "<h1>Slow</h1>", 13));
        close(clients[i]);
    }
    assert_int_equal(
        client_ask(port(), STR("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"), &answer, &closed), 401);
}

static void many_clients_at_once(void **state)
{
    enum { CLIENTS = 64, ROUNDS = 5 };
    int clients[CLIENTS];
    (void)state;
    struct str bytes = post_bytes("/notes", "title=a&kind=plain");
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = client_open(port());
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CLIENTS; i++)
            client_send(clients[i], bytes);
        for (int i = 0; i < CLIENTS; i++) {
            buf_reset(&answer);
            client_read(clients[i], 5000, &answer, NULL);
            assert_int_equal(client_status(&answer), 303);
        }
    }
    for (int i = 0; i < CLIENTS; i++)
        close(clients[i]);
    assert_int_equal(stub_store_commits(site.store), CLIENTS * ROUNDS);
}

static void uploads_arrive_whole(void **state)
{
    bool closed;
    (void)state;
    struct str token = site_session(&arena, 7);
    struct str cookie = str_format(&arena, "Cookie: sampan_session=%s\n", token.text);
    struct str form_token =
        str_from_c(answer_form_token(ask(&site, "GET", "/notes", cookie.text, "")));
    struct buf body;
    buf_init(&body);
    buf_format(&body,
               "--b0\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n%s\r\n"
               "--b0\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n\xE6\xB5\x8B\r\n"
               "--b0\r\nContent-Disposition: form-data; name=\"file\"; "
               "filename=\"C:\\dir\\a%%22b.csv\"\r\nContent-Type: text/csv\r\n\r\n",
               form_token.text);
    for (int i = 0; i < 1500000; i++)
        buf_append_byte(&body, (char)(i % 251));
    buf_append_c(&body, "\r\n--b0--\r\n");
    struct str head = str_format(&arena,
                                 "POST /notes/1/upload HTTP/1.1\r\nHost: a\r\n"
                                 "Cookie: sampan_session=%s\r\n"
                                 "Content-Type: multipart/form-data; boundary=b0\r\n"
                                 "Content-Length: %zu\r\n\r\n",
                                 token.text, body.length);
    int client = client_open(port());
    client_send(client, head);
    client_send(client, buf_str(&body));
    buf_reset(&answer);
    client_read(client, 5000, &answer, &closed);
    assert_int_equal(client_status(&answer), 303);
    assert_int_equal(site_seen.file_length, 1500000);
    assert_string_equal(site_seen.file_name, "a\"b.csv");
    close(client);
    buf_clear(&body);
}

static void wait_for(const char *text, int client)
{
    for (int i = 0; i < 100; i++) {
        if (answer.length > 0 && memmem(answer.text, answer.length, text, strlen(text)) != NULL)
            return;
        client_read_some(client, 100, &answer);
    }
    fail_msg("never came: %s", text);
}

static int stream_open_as(int64_t person)
{
    struct str token = site_session(&arena, person);
    int client = client_open(port());
    client_send(client, str_format(&arena,
                                   "GET /events?topics=notes HTTP/1.1\r\nHost: a\r\n"
                                   "Cookie: sampan_session=%s\r\n\r\n",
                                   token.text));
    return client;
}

static void streams_hear_and_end(void **state)
{
    (void)state;
    int client = stream_open_as(7);
    buf_reset(&answer);
    wait_for(": beat", client);
    web_publish(&site, "notes", STR("first"));
    wait_for("data: first", client);
    web_publish(&site, "other", STR("unheard"));
    for (int i = 0; i < 100; i++)
        web_publish(&site, "notes", STR("more"));
    web_publish(&site, "notes", STR("last"));
    wait_for("data: last", client);
    assert_null(memmem(answer.text, answer.length, "unheard", 7));
    /* A saved note is told after its COMMIT. */
    bool closed;
    struct buf saved;
    buf_init(&saved);
    struct str bytes = post_bytes("/notes", "title=a&kind=plain");
    assert_int_equal(client_ask(port(), bytes, &saved, &closed), 303);
    buf_clear(&saved);
    wait_for("data: added", client);
    /* The end: the stream is closed in order. */
    web_stop(server);
    server = NULL;
    struct buf rest;
    buf_init(&rest);
    client_read(client, 2000, &rest, &closed);
    assert_true(closed);
    assert_non_null(memmem(rest.text, rest.length, "0\r\n\r\n", 5));
    buf_clear(&rest);
    close(client);
}

static void many_streams_sleep_and_wake(void **state)
{
    enum { STREAMS = 200 };
    int clients[STREAMS];
    (void)state;
    for (int i = 0; i < STREAMS; i++) {
        clients[i] = stream_open_as(7);
        buf_reset(&answer);
        wait_for(": beat", clients[i]);
    }
    assert_non_null(strstr(ask(&site, "GET", "/metrics", NULL, "").body, "sampan_streams 200\n"));
    web_publish(&site, "notes", STR("news"));
    for (int i = 0; i < STREAMS; i++) {
        buf_reset(&answer);
        wait_for("data: news", clients[i]);
    }
    for (int i = 0; i < STREAMS; i++)
        close(clients[i]);
}

static void streams_end_with_their_session(void **state)
{
    bool closed = false;
    (void)state;
    int client = stream_open_as(7);
    buf_reset(&answer);
    wait_for(": beat", client);
    site_forget_sessions();
    site_clock_ms += 60000; /* a heartbeat is due; it comes within its real time */
    struct buf rest;
    buf_init(&rest);
    bool ended = false;
    for (int i = 0; i < 30 && !ended && !closed; i++) {
        client_read(client, 1000, &rest, &closed);
        ended = rest.length >= 5 && memmem(rest.text, rest.length, "0\r\n\r\n", 5) != NULL;
    }
    assert_true(ended);
    buf_clear(&rest);
    close(client);
}

/* A browser with very many pages must not take the streams of the others. */
static void streams_of_one_session_are_few(void **state)
{
    enum { TRIES = 20 };
    int clients[TRIES];
    int open = 0;
    bool closed;
    (void)state;
    struct str token = site_session(&arena, 7);
    struct str bytes = str_format(&arena,
                                  "GET /events?topics=notes HTTP/1.1\r\nHost: a\r\n"
                                  "Cookie: sampan_session=%s\r\n\r\n",
                                  token.text);
    for (int i = 0; i < TRIES; i++) {
        clients[i] = client_open(port());
        client_send(clients[i], bytes);
        buf_reset(&answer);
        client_read(clients[i], 300, &answer, &closed);
        int status = client_status(&answer);
        assert_true(status == 200 || status == 503);
        open += status == 200;
    }
    assert_int_equal(open, 12);
    for (int i = 0; i < TRIES; i++)
        close(clients[i]);
}

static void slow_requests_are_cut(void **state)
{
    static const char *const slow[] = {
        "",
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "POST /leave HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        bool closed = false;
        int client = client_open(port());
        client_send(client, str_from_c(slow[i]));
        poll(NULL, 0, 100);
        site_clock_ms += 100000;
        buf_reset(&answer);
        client_read(client, 5000, &answer, &closed);
        assert_true(closed);
        close(client);
    }
}

static void what_runs_is_answered_at_the_end(void **state)
{
    bool closed;
    (void)state;
    struct str bytes = post_bytes("/notes", "title=a&kind=plain");
    int client = client_open(port());
    int idle = client_open(port());
    stub_store_hold(site.store, true);
    client_send(client, bytes);
    poll(NULL, 0, 200);
    stub_store_hold(site.store, false);
    web_stop(server);
    server = NULL;
    buf_reset(&answer);
    client_read(client, 5000, &answer, &closed);
    assert_int_equal(client_status(&answer), 303);
    assert_true(closed);
    close(client);
    close(idle);
}

static void a_port_in_use_is_told(void **state)
{
    struct problem problem;
    struct web_server *second = NULL;
    struct web_options options = {.address = "127.0.0.1", .port = port()};
    (void)state;
    assert_int_equal(web_start(&options, &site, &second, &problem), ERR_LISTEN);
    options.address = "not an address";
    assert_int_equal(web_start(&options, &site, &second, &problem), ERR_LISTEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bytes_are_served_or_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_head_may_come_in_pieces, begin, end),
        cmocka_unit_test_setup_teardown(large_heads_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(pipelined_requests_are_answered_in_order, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_waits_for_commit, begin, end),
        cmocka_unit_test_setup_teardown(a_prepared_post_runs_on_a_worker, begin, end),
        cmocka_unit_test_setup_teardown(a_get_that_reckons_holds_up_nobody, begin, end),
        cmocka_unit_test_setup_teardown(many_clients_at_once, begin, end),
        cmocka_unit_test_setup_teardown(uploads_arrive_whole, begin, end),
        cmocka_unit_test_setup_teardown(streams_hear_and_end, begin, end),
        cmocka_unit_test_setup_teardown(many_streams_sleep_and_wake, begin, end),
        cmocka_unit_test_setup_teardown(streams_end_with_their_session, begin, end),
        cmocka_unit_test_setup_teardown(streams_of_one_session_are_few, begin, end),
        cmocka_unit_test_setup_teardown(slow_requests_are_cut, begin, end),
        cmocka_unit_test_setup_teardown(what_runs_is_answered_at_the_end, begin, end),
        cmocka_unit_test_setup_teardown(a_port_in_use_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
