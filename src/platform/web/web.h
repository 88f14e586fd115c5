/* web: requests in, answers out. libmicrohttpd stays behind this header.
 *
 * Purpose  design.md section 5: web threads never block; a GET reads one snapshot; a POST is one
 *          function in the write transaction, answered after COMMIT.
 * Owns     Everything of a request lives in its arena and ends with the answer.
 * Errors   A handler's error becomes a page (or application/problem+json for who asks for JSON)
 * with the status of core/errors.def.
 */
#ifndef PLATFORM_WEB_WEB_H
#define PLATFORM_WEB_WEB_H

#include "core/arena.h"
#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"
#include "platform/store/statement.h"
#include "platform/store/store.h"
#include "platform/web/html.h"

enum { WEB_PARAMETERS_MAX = 4, WEB_BODY_BYTES_MAX = 8 << 20, WEB_FORM_BYTES_MAX = 1 << 20 };

enum web_method { WEB_GET, WEB_POST };

/* Who asks; made by the site's `identify`. A stranger has person 0. */
struct viewer {
    int64_t person;
    int64_t tenant; /* the organisation the session acts in */
    int64_t session;
    uint32_t roles; /* bits of the people room */
    struct str name;
    bool by_token; /* an API token, not a cookie: no form token is asked */
};

struct web_route;
struct web_answer;

struct request {
    struct arena arena;
    struct store_read *read; /* the snapshot; inside a POST the write's own view */
    int64_t now_ms;
    enum lang lang;
    enum web_method method;
    bool wants_json;                           /* Accept or the /api prefix */
    struct str path;                           /* without the site's prefix, not unescaped */
    struct str query;                          /* behind "?", not unescaped */
    struct str parameters[WEB_PARAMETERS_MAX]; /* of the route, unescaped, valid UTF-8 */
    struct viewer viewer;
    struct str remote;     /* address; from the trusted proxy's header when there is one */
    struct str request_id; /* 16 hex digits, in the answer and the log */
    const struct web_route *route;
    struct web_site *site;
    struct web_answer *answer;
    struct problem problem; /* filled by whoever returns an error */
};

/* The i-th parameter of the route as an id; ERR_NOT_FOUND when it is none. */
MUST_USE enum err request_id_parameter(struct request *request, int index, int64_t *id);
/* A field of the query string, unescaped; empty when absent. */
struct str request_query(struct request *request, const char *name);
MUST_USE enum err request_query_int(struct request *request, const char *name, int64_t least,
                                    int64_t most, int64_t otherwise, int64_t *value);

/* Answers. The last one of a request counts; all return ERR_OK. */
struct page *answer_page(struct request *request);                 /* 200; write the page into it */
enum err answer_redirect(struct request *request, struct link to); /* 303 */
/* Rows as {"items": [...], "next": "..."}; `next` empty: no more. */
enum err answer_rows(struct request *request, const struct store_columns *columns, const void *rows,
                     size_t count, struct str next);
enum err answer_row(struct request *request, const struct store_columns *columns, const void *row);
enum err answer_file(struct request *request, struct str content, const char *media_type,
                     struct str download_name);
void answer_cookie(struct request *request, const char *name, struct str value, int64_t seconds);
void answer_no_store(struct request *request);

/* "/people/{}" with each {} replaced by an escaped value. */
struct link link_to(struct arena *arena, const char *pattern, const struct err_arg *arguments,
                    size_t count);

/* The functions by which rooms take part, handed over by main. */
struct web_site {
    struct store *store;
    const struct web_route *const
        *tables;        /* NULL-terminated list of tables, each ended by an empty row */
    const char *prefix; /* "" or "/sampan" */
    /* Fill `viewer` from a session token or an API token; a stranger when it is none. */
    enum err (*identify)(struct store_read *read, struct arena *arena, struct str token,
                         bool is_api_token, int64_t now_ms, struct viewer *viewer,
                         struct problem *problem);
    /* May this viewer use a route with this permission? */
    bool (*may)(const struct viewer *viewer, int permission);
    /* The frame of an error page. */
    void (*error_page)(struct page *page, const struct request *request, enum err code,
                       const struct problem *problem);
    int64_t (*now_ms)(void *context);
    void *now_context;
};

struct web_options {
    const char *address; /* "127.0.0.1", "0.0.0.0", "::" */
    int port;            /* 0: any free one */
    int threads;
    const char *trusted_proxy; /* address whose X-Forwarded-* are believed, or NULL */
};

struct web_server;
MUST_USE enum err web_start(const struct web_options *options, struct web_site *site,
                            struct web_server **server, struct problem *problem);
int web_port(const struct web_server *server);
/* No new connections; what runs is answered (at most ten seconds), event streams are ended. */
void web_stop(struct web_server *server);

/* One request without a socket, for tests: the whole path of a request but the wire. */
struct web_exchange {
    const char *method;
    const char *target;
    const char *const *headers; /* name, value, ..., NULL */
    struct str body;
};
struct web_result {
    int status;
    struct buf head; /* "Name: value\n" */
    struct buf body;
};
void web_loopback(struct web_site *site, const struct web_exchange *exchange,
                  struct web_result *result);

#endif
