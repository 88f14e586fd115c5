/* web: requests in, answers out. libmicrohttpd stays behind this header.
 *
 * Purpose  design.md section 5: web threads never block; a GET reads one snapshot; a POST is one
 *          function in the write transaction, answered after COMMIT.
 * Owns     Everything of a request lives in its arena and ends with the answer.
 * Errors   A handler's error becomes a page (or application/problem+json for who asks for JSON)
 *          with the status of core/errors.def.
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
#include "platform/web/form.h"
#include "platform/web/html.h"

enum {
    WEB_PARAMETERS_MAX = 4,
    WEB_TARGET_BYTES_MAX = 8 << 10,
    WEB_HEADERS_MAX = 64,
    WEB_FORM_BYTES_MAX = 1 << 20, /* of a form without files */
    WEB_BODY_BYTES_MAX = 8 << 20, /* of any body */
    WEB_TOKEN_BYTES = 32,         /* of a session or API token, and of its hash */
    WEB_TOPIC_BYTES_MAX = 64,
    WEB_EVENT_BYTES_MAX = 256
};

/* The field of a form, and the header of a JSON request, that bear the masked form token. */
#define WEB_FORM_TOKEN_FIELD "form_token"
#define WEB_FORM_TOKEN_HEADER "X-Form-Token"
#define WEB_API_PREFIX "/api/v1"

/* The permission of routes that anyone may use and that touch no rows (language, theme, health): a
 * POST of it runs at once, its `write` is NULL. A site's own permissions are not negative. */
enum { PERMISSION_WEB_ANYONE = -1 };

enum web_method { WEB_GET, WEB_POST };
enum web_theme { WEB_THEME_AUTO, WEB_THEME_LIGHT, WEB_THEME_DARK };

/* Who asks; made by the site's `identify`. A stranger has person 0. */
struct viewer {
    int64_t person;
    int64_t tenant; /* the organisation the session acts in */
    int64_t session;
    uint32_t roles; /* bits of the people room */
    struct str name;
    int32_t zone_minutes; /* of the organisation, east of UTC */
    bool by_token;        /* an API token, not a cookie: no form token is asked */
    bool reads_only;      /* a token that changes nothing: its POSTs are refused */
};

struct web_route;
struct web_table;
struct web_answer;
struct event_stream;
struct web_site;
struct web_file;

struct request {
    struct arena arena;
    struct store_read *read; /* the snapshot; inside a POST the write's own view */
    int64_t now_ms;
    enum lang lang;
    enum web_theme theme;
    enum web_method method;
    bool wants_json;                           /* Accept or the /api prefix */
    bool is_secure;                            /* the browser speaks TLS (to the trusted proxy) */
    struct str path;                           /* without the site's prefix, not unescaped */
    struct str query;                          /* behind "?", not unescaped */
    struct str parameters[WEB_PARAMETERS_MAX]; /* of the route, unescaped, valid UTF-8 */
    struct viewer viewer;
    struct str remote;     /* address; from the trusted proxy's header when there is one */
    struct str host;       /* name and port the browser asked for */
    struct str request_id; /* 16 hex digits, in the answer and the log */
    /* What was typed and what is wrong with it, when a GET handler (or the error page) shows a form
     * that did not pass; else NULL. */
    const struct form_state *form_state;
    const struct web_route *route;
    struct web_site *site;
    struct web_answer *answer;
    void *prepared; /* of POST_PREPARED: what `prepare` hands to the handler, in the arena */
    struct problem problem; /* filled by whoever returns an error */
};

/* The i-th parameter of the route as an id; ERR_NOT_FOUND when it is none. */
MUST_USE enum err request_id_parameter(struct request *request, int index, int64_t *id);
/* A field of the query string, unescaped; empty when absent or not valid UTF-8. */
struct str request_query(struct request *request, const char *name);
/* The same as a whole number; `otherwise` when absent, ERR_INTEGER, ERR_RANGE. */
MUST_USE enum err request_query_int(struct request *request, const char *name, int64_t least,
                                    int64_t most, int64_t otherwise, int64_t *value);
/* A POST handler's rule found a field at fault: the form is shown again with `code` and its
 * arguments beside the field. Returns ERR_FORM. */
MUST_USE enum err request_field_problem(struct request *request, const char *field, enum err code,
                                        const struct err_arg *arguments, size_t count);

/* Answers. The last page, redirect or file of a request counts; all return ERR_OK. A handler may
 * answer rows and then a page: who asks for JSON gets the rows, a browser the page. */
struct page *answer_page(struct request *request); /* 200; write the page into it */
MUST_USE enum err answer_redirect(struct request *request, struct link to); /* 303 */
/* Rows as {"items": [...], "next": "..."}; `next` empty: no more. Ids are strings. */
MUST_USE enum err answer_rows(struct request *request, const struct store_columns *columns,
                              const void *rows, size_t count, struct str next);
MUST_USE enum err answer_row(struct request *request, const struct store_columns *columns,
                             const void *row);
/* `download_name` empty: shown in the browser (only for media types that cannot run scripts). */
MUST_USE enum err answer_file(struct request *request, struct str content, const char *media_type,
                              struct str download_name);
/* A value for this browser; HttpOnly, SameSite=Lax, on the site's path. `value` of letters, digits,
 * '-', '_' and '.'; 0 seconds removes it. */
void answer_cookie(struct request *request, const char *name, struct str value, int64_t seconds);
/* Answers are kept by nobody (no-store) unless the handler says that strangers may see it. */
void answer_public(struct request *request, int64_t seconds);
/* Something has changed: after COMMIT, who listens to `topic` hears it. */
void answer_event(struct request *request, const char *topic, struct str data);

/* A new session in this answer: 256 random bits go to the cookie, their hash to the caller, who
 * keeps it in the session's row. The old token is worth nothing afterwards. `seconds` 0: until the
 * browser closes. */
void answer_session_begin(struct request *request, int64_t seconds,
                          unsigned char hash[WEB_TOKEN_BYTES]);
void answer_session_end(struct request *request);
/* A new API token: its text (shown once) and the hash to keep. */
struct str web_token_new(struct arena *arena, unsigned char hash[WEB_TOKEN_BYTES]);

/* Guarding what can be guessed (passwords, codes). `account` is what was typed, known or not:
 * before the work, ask; afterwards tell how it went. ERR_TOO_OFTEN with the seconds to wait. */
MUST_USE enum err request_guard(struct request *request, struct str account);
void request_guard_failed(struct request *request, struct str account);
void request_guard_passed(struct request *request, struct str account);

/* "/people/{}" with each {} replaced by an escaped value. */
struct link link_to(struct arena *arena, const char *pattern, const struct err_arg *arguments,
                    size_t count);
/* The page that `back` names (a path and query of this site that a GET route takes, as a form
 * brings it along); anything else gives the front page. */
struct link link_back(const struct request *request, struct str back);

/* A file of static/, embedded by tools/embed; the list is sorted by path, bytewise. */
struct web_file {
    const char *path; /* "app.css": served at /static/app.css */
    struct str content;
    struct str gzip; /* empty: not worth it */
    const char *media_type;
    const char *etag; /* with its quotes */
};

/* What the running server keeps for its site: limits, events, counters. */
struct web_state;

/* The functions by which rooms take part, handed over by main. Hooks may be NULL but `now_ms`. */
struct web_site {
    struct store *store;
    const struct web_table *const *tables; /* NULL-terminated */
    const char *prefix;                    /* "" or "/sampan" */
    const void *context;                   /* of the rooms; the platform never looks */
    const char *title;                     /* of the API's description */
    const char *version;                   /* of the program */
    const struct web_file *files;
    size_t file_count;
    const char *trusted_proxy; /* address whose X-Forwarded-* are believed, or NULL */
    const char *sign_in;       /* path that a stranger's GET is sent to, with ?back=; or NULL */
    /* Fill `viewer` from the hash of a session token or an API token; a stranger when it is none.
     */
    enum err (*identify)(struct store_read *read, struct arena *arena, struct str token_hash,
                         bool is_api_token, int64_t now_ms, struct viewer *viewer,
                         struct problem *problem);
    /* May this viewer use a route with this permission? */
    bool (*may)(const struct viewer *viewer, int permission);
    /* May this viewer listen to a topic? NULL: nobody listens. */
    bool (*may_hear)(const struct viewer *viewer, struct str topic);
    /* The frame of an error page. */
    void (*error_page)(struct page *page, struct request *request, enum err code,
                       const struct problem *problem);
    /* One line of JSON without its end, on any thread. */
    void (*log)(void *context, struct str line);
    void *log_context;
    int64_t (*now_ms)(void *context);
    int64_t (*monotonic_us)(void *context); /* for durations; NULL: those of now_ms */
    void *now_context;
    struct web_state *state; /* made by web_site_open */
};

/* Check the tables (a path twice, a form that cannot be shown again, a permission that is negative)
 * and make what a site keeps. Once, before web_start or web_loopback. ERR_INTERNAL names the fault.
 */
MUST_USE enum err web_site_open(struct web_site *site, struct problem *problem);
void web_site_close(struct web_site *site);
/* Who listens to `topic` hears `data` (a short word, not the thing itself). From any thread. */
void web_publish(struct web_site *site, const char *topic, struct str data);
/* OpenAPI 3.1 of all tables, as JSON. */
void web_openapi(const struct web_site *site, struct buf *json);

struct web_options {
    const char *address; /* "127.0.0.1", "0.0.0.0", "::" */
    int port;            /* 0: any free one */
    int threads;         /* 0: as many as cores */
    int workers;         /* threads for POST_PREPARED; 0: as many as cores */
    int header_seconds;  /* for a whole header; 0: 20 */
    int body_seconds;    /* for a body, and a second more for each 8 KiB; 0: 30 */
    int idle_seconds;    /* between requests of a connection; 0: 75 */
    int beat_seconds;    /* heartbeat of event streams; 0: 20 */
    int connections;     /* 0: 4000 */
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
    const char *const *headers; /* name, value, ..., NULL; "Host: localhost" when none is there */
    struct str body;
};
struct web_result {
    int status;
    struct buf head; /* "Name: value\n" */
    struct buf body;
};
/* `result` is initialised by the call; web_result_clear frees it. */
void web_loopback(struct web_site *site, const struct web_exchange *exchange,
                  struct web_result *result);
void web_result_clear(struct web_result *result);

#endif
