/* web/server: the running server behind web_start; http.c serves requests on it. Internal to web.
 *
 * Memory: a call per request in flight, kept in a list for the next; connections have a small
 * record in a list of their own, which the ticker walks once a second for deadlines.
 */
#ifndef PLATFORM_WEB_SERVER_H
#define PLATFORM_WEB_SERVER_H

#include <microhttpd.h>
#include <pthread.h>

#include "platform/web/call.h"
#include "platform/web/events.h"
#include "platform/web/workers.h"

enum {
    CONNECTION_BYTES = 32 << 10, /* the library's memory for a connection: head and answer's head */
    BODIES_BYTES_MAX = 256 << 20, /* bodies being received, all requests together */
    STREAMS_MAX = 3000,           /* leaves connections for requests */
    PREPARING_MAX = 400           /* a hundred passwords take seconds; more are told to wait */
};

struct connection {
    struct connection *next, *previous;
    int socket;
    atomic_int_fast64_t deadline_us; /* monotonic; 0: none */
};

/* A request on the wire. */
enum visit_stage { VISIT_NEW, VISIT_BODY, VISIT_WAITING, VISIT_READY, VISIT_DONE };

struct visit {
    struct work_item work; /* first: workers get its address */
    struct call call;
    struct web_server *server;
    struct MHD_Connection *connection;
    enum visit_stage stage;
    enum call_next next;
    struct str wire_target; /* in the library's buffer */
    struct str target;      /* a copy as it was sent */
    size_t counted_bytes;
    enum err written_code;
    struct problem written_problem;
    struct visit *free_next;
};

/* An event stream; the visit that opened it is gone. */
struct stream {
    struct event_stream events; /* first: the hub gets its address */
    struct web_server *server;
    struct MHD_Connection *connection;
    int64_t last_sent_us;
    bool opened; /* the first bytes have been sent */
    unsigned char token_hash[WEB_TOKEN_BYTES];
    bool is_api_token;
    int64_t person; /* who listens; 0: a stranger */
    struct buf out;
    struct stream *free_next;
};

struct web_server {
    struct arena arena; /* under `lock` */
    pthread_mutex_t lock;
    struct web_site *site;
    struct web_options options;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct visit *free_visits;
    struct stream *free_streams;
    struct connection *connections;
    struct connection *free_connections;
    int listen_socket;
    int port;
    pthread_t ticker;
    int ticker_end[2];           /* a pipe: closed to end the ticker */
    atomic_int in_flight;        /* requests, from their first line to the end of their answer */
    atomic_int waiting;          /* of these, suspended ones */
    atomic_int preparing;        /* of these, waiting for a worker or on one */
    atomic_int_fast64_t tick_us; /* the clock as of the last second, for deadlines */
    atomic_bool closing;         /* connections are not kept any more */
    atomic_bool ending;          /* event streams end */
};

struct visit *server_visit_take(struct web_server *server);
void server_visit_return(struct web_server *server, struct visit *visit);
/* The connection is cut unless it has got further by then; 0: it may take its time. */
void connection_deadline(struct web_server *server, struct MHD_Connection *connection,
                         int64_t seconds);

/* http.c: the library's callbacks; `context` is the server. */
void *http_target(void *context, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_request(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *byte_count, void **visit);
void http_completed(void *context, struct MHD_Connection *connection, void **visit,
                    enum MHD_RequestTerminationCode how);
void http_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode what);
/* Hands the reply's headers to the library's response, and queues it. */
enum MHD_Result http_queue(struct call *call, struct MHD_Connection *connection,
                           struct MHD_Response *response);

/* stream.c */
enum MHD_Result stream_open(struct visit *visit);
void stream_wake(void *context, struct event_stream *stream);

#endif
