/* web/call: one request being served, from its head to its reply, without the wire. http.c gives it
 * heads and bodies from sockets, loopback.c from a test; both walk the same stages. Internal.
 *
 *     call_begin   the head: refusals, language, route            -> CALL_REPLY, CALL_GET,
 * CALL_POST call_get     a snapshot, who asks, the handler              -> CALL_REPLY call_post who
 * asks, form token, the form's fields        -> CALL_REPLY, CALL_PREPARE, CALL_WRITE call_prepare
 * the slow part, on a worker                     -> CALL_REPLY, CALL_WRITE call_write   the
 * handler, inside the write transaction call_written after COMMIT -> CALL_REPLY
 */
#ifndef PLATFORM_WEB_CALL_H
#define PLATFORM_WEB_CALL_H

#include <stdatomic.h>

#include "platform/web/form_body.h"
#include "platform/web/route.h"
#include "platform/web/web.h"

struct route_entry;

enum {
    REPLY_HEADERS_MAX = 32,
    ANSWER_COOKIES_MAX = 6,
    ANSWER_EVENTS_MAX = 8,
    CALL_KEEP_BYTES = 256 << 10 /* memory a call keeps for the next request */
};

struct web_header {
    struct str name;
    struct str value;
};

enum answer_kind { ANSWER_NONE, ANSWER_PAGE, ANSWER_REDIRECT, ANSWER_FILE };

struct answer_event {
    const char *topic;
    struct str data;
};

enum guard_outcome { GUARD_NONE, GUARD_FAILED, GUARD_PASSED };

/* What a handler has said so far; emptied before it runs again. */
struct web_answer {
    enum answer_kind kind;
    struct page page;
    struct buf out; /* the page */
    struct link to;
    struct str content;
    const char *media_type;
    struct str download_name;
    const struct store_columns *columns; /* NULL: no rows were answered */
    const void *rows;
    size_t row_count;
    bool many;
    struct str next;
    struct str cookies[ANSWER_COOKIES_MAX];
    int cookie_count;
    bool is_public;
    int64_t public_seconds;
    struct answer_event events[ANSWER_EVENTS_MAX];
    int event_count;
    enum guard_outcome guard;
    struct str guard_account;
    int64_t retry_seconds;
    struct event_stream *stream; /* GET /events */
};

/* What goes to the wire. Texts live in the arena, in constants or in the answer. */
struct web_reply {
    int status;
    struct web_header headers[REPLY_HEADERS_MAX];
    int header_count;
    struct str body;
    bool close; /* the connection cannot be used again */
    bool is_html;
    enum err code;
};

/* The headers that mean something here; empty when absent. */
struct call_head {
    struct str host, content_length, content_type, transfer_encoding, cookie, accept,
        accept_language, accept_encoding, origin, fetch_site, authorization, forwarded_for,
        forwarded_proto, forwarded_host, if_none_match, form_token, last_event_id;
    struct str session_token, visit_token; /* from the cookie */
    int64_t length;                        /* of the body; 0 when there is none */
};

/* CALL_GET_WORKER: call_get, on a worker. */
enum call_next {
    CALL_REPLY,
    CALL_GET,
    CALL_GET_WORKER,
    CALL_POST,
    CALL_PREPARE,
    CALL_WRITE,
    CALL_STREAM
};

struct call {
    struct request request;
    struct web_answer answer;
    struct web_reply reply;
    struct call_head head;
    int header_count;
    struct str method;
    bool is_head; /* HEAD: the reply has no body */
    bool is_api;
    bool http_1_0;
    char remote[64];
    char request_id[17];
    struct buf body; /* of the request */
    const struct route_entry *entry;
    struct form_body fields;
    void *form;
    struct form_state form_state;
    bool form_failed;
    bool has_visit_token; /* a cookie with a usable visit token came */
    unsigned char session_hash[WEB_TOKEN_BYTES];
    char visit_token[48]; /* made for this answer */
    int64_t started_us;
    /* Not emptied by call_reset: `header_count` tells how many are there. */
    struct web_header headers[WEB_HEADERS_MAX];
};

void call_init(struct call *call);
/* Forget the request; memory up to CALL_KEEP_BYTES stays. */
void call_reset(struct call *call);
void call_clear(struct call *call);

/* `call->method`, `headers` and `remote` are set; `target` is as sent. */
enum call_next call_begin(struct call *call, struct web_site *site, struct str target);
/* Most bytes a body of this route may have. */
int64_t call_body_most(const struct call *call);
enum call_next call_get(struct call *call);
enum call_next call_post(struct call *call);
enum call_next call_prepare(struct call *call);
store_work call_write;
enum call_next call_written(struct call *call, enum err code, const struct problem *problem);
/* Is whoever asked still who he was? For answers that last. */
bool call_viewer_lasts(struct web_site *site, const unsigned char token_hash[WEB_TOKEN_BYTES],
                       bool is_api_token, int64_t person);
/* A reply for an error found outside of a handler (a body too large, no room left). */
enum call_next call_fail(struct call *call, enum err code);
/* Count it and write its line of the log; `bytes` sent. */
void call_log(struct call *call);

/* answer.c: the reply of what the handler answered. */
enum call_next answer_reply(struct call *call);
void answer_empty(struct call *call);
void reply_header(struct web_reply *reply, const char *name, struct str value);
void reply_common_headers(struct call *call);
/* problem.c: the reply of an error. */
enum call_next problem_reply(struct call *call, enum err code);
/* Rows as JSON (answer_rows.c). */
void rows_put_json(struct buf *text, const struct store_columns *columns, const void *rows,
                   size_t count, bool many, struct str next);

static inline struct call *call_of(struct request *request)
{
    return (struct call *)(void *)((char *)request - offsetof(struct call, request));
}

#endif
