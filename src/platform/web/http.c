/* Requests as libmicrohttpd reports them, walked through the stages of call.h. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/text.h"
#include "platform/web/head.h"
#include "platform/web/server.h"
#include "platform/web/state.h"
#include "platform/web/wire.h"

/* ---- connections ---- */

void http_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode what)
{
    struct web_server *server = context;
    struct connection *own = *socket_context;
    atomic_fetch_add(&server->site->state->metrics.connections,
                     what == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
    pthread_mutex_lock(&server->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        own = server->free_connections;
        if (own != NULL)
            server->free_connections = own->next;
        else
            own = ARENA_NEW(&server->arena, struct connection);
        own->socket =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        own->previous = NULL;
        own->next = server->connections;
        if (own->next != NULL)
            own->next->previous = own;
        server->connections = own;
        *socket_context = own;
    } else if (own != NULL) {
        if (own->previous != NULL)
            own->previous->next = own->next;
        else
            server->connections = own->next;
        if (own->next != NULL)
            own->next->previous = own->previous;
        own->next = server->free_connections;
        server->free_connections = own;
    }
    pthread_mutex_unlock(&server->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        connection_deadline(server, connection, server->options.header_seconds);
}

void connection_deadline(struct web_server *server, struct MHD_Connection *connection,
                         int64_t seconds)
{
    struct connection *own =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    /* A second more or less does not matter; asking the clock each time would. */
    int64_t now_us = atomic_load_explicit(&server->tick_us, memory_order_relaxed);
    int64_t at_us = seconds == 0 ? 0 : now_us + (seconds + 1) * 1000000;
    if (own != NULL)
        atomic_store_explicit(&own->deadline_us, at_us, memory_order_relaxed);
}

static void remote_read(struct MHD_Connection *connection, char text[64])
{
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    text[0] = '\0';
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, text, 64);
    else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, 64);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, text, 64);
}

/* ---- answers ---- */

enum MHD_Result http_queue(struct call *call, struct MHD_Connection *connection,
                           struct MHD_Response *response)
{
    const struct web_reply *reply = &call->reply;
    for (int i = 0; i < reply->header_count; i++)
        MHD_add_response_header(response, reply->headers[i].name.text,
                                reply->headers[i].value.text);
    if (reply->close)
        MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* Slow readers get time by the size of what they read. */
enum { ANSWER_SECONDS = 60, BYTES_A_SECOND_LEAST = 8 << 10 };

static enum MHD_Result reply_queue(struct visit *visit)
{
    struct call *call = &visit->call;
    struct str body = call->reply.body;
    visit->stage = VISIT_DONE;
    if (atomic_load_explicit(&visit->server->closing, memory_order_relaxed))
        call->reply.close = true;
    connection_deadline(visit->server, visit->connection,
                        ANSWER_SECONDS + (int64_t)body.length / BYTES_A_SECOND_LEAST);
    /* The bytes stay where they are until http_completed. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.length, (void *)(uintptr_t)body.text, MHD_RESPMEM_PERSISTENT);
    return http_queue(call, visit->connection, response);
}

static enum MHD_Result stream_start(struct visit *visit, void **slot)
{
    struct call *call = &visit->call;
    if (call->is_head)
        return reply_queue(visit);
    if (stream_open(visit) != MHD_YES) {
        call_fail(call, ERR_BUSY);
        return reply_queue(visit);
    }
    /* The stream lives on by itself; the request's memory goes to others. */
    call_log(call);
    *slot = NULL;
    server_visit_return(visit->server, visit);
    return MHD_YES;
}

/* ---- what waits for others ---- */

static void visit_resume(struct visit *visit)
{
    struct web_server *server = visit->server;
    visit->stage = VISIT_READY;
    MHD_resume_connection(visit->connection);
    atomic_fetch_sub(&server->waiting, 1);
}

/* On the writer's thread, after COMMIT; `context` is the call inside of the visit. */
static void visit_written(void *context, enum err code, const struct problem *problem)
{
    struct visit *visit = (struct visit *)(void *)((char *)context - offsetof(struct visit, call));
    struct metrics *metrics = &visit->server->site->state->metrics;
    visit->written_code = code;
    if (code != ERR_OK)
        visit->written_problem = *problem;
    atomic_fetch_sub(&metrics->writes_waiting, 1);
    atomic_fetch_add(&metrics->writes, 1);
    visit_resume(visit);
}

static void visit_submit(struct visit *visit)
{
    struct web_site *site = visit->server->site;
    visit->next = CALL_WRITE;
    atomic_fetch_add(&site->state->metrics.writes_waiting, 1);
    store_submit(site->store, call_write, visit_written, &visit->call);
}

static void visit_work(struct work_item *item)
{
    struct visit *visit = (struct visit *)(void *)item;
    bool reads = visit->next == CALL_GET_WORKER;
    visit->next = reads ? call_get(&visit->call) : call_prepare(&visit->call);
    atomic_fetch_sub(&visit->server->preparing, 1);
    if (visit->next == CALL_WRITE)
        visit_submit(visit);
    else
        visit_resume(visit);
}

static enum MHD_Result visit_go_on(struct visit *visit, void **slot)
{
    struct call *call = &visit->call;
    if (visit->next == CALL_GET)
        visit->next = call_get(call);
    else if (visit->next == CALL_POST)
        visit->next = call_post(call);
    if (visit->next == CALL_STREAM)
        return stream_start(visit, slot);
    if (visit->next == CALL_REPLY)
        return reply_queue(visit);
    bool reads = visit->next == CALL_GET_WORKER;
    if (visit->server->site->store == NULL && !reads) {
        call_fail(call, ERR_BUSY);
        return reply_queue(visit);
    }
    bool on_worker = reads || visit->next == CALL_PREPARE;
    if (on_worker && atomic_fetch_add(&visit->server->preparing, 1) >= PREPARING_MAX) {
        atomic_fetch_sub(&visit->server->preparing, 1);
        call_fail(call, ERR_BUSY);
        return reply_queue(visit);
    }
    visit->stage = VISIT_WAITING;
    connection_deadline(visit->server, visit->connection, 0);
    atomic_fetch_add(&visit->server->waiting, 1);
    MHD_suspend_connection(visit->connection);
    if (on_worker) {
        visit->work.run = visit_work;
        workers_submit(visit->server->workers, &visit->work);
    } else {
        visit_submit(visit);
    }
    return MHD_YES;
}

/* ---- requests ---- */

void *http_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct web_server *server = context;
    struct visit *visit = server_visit_take(server);
    visit->server = server;
    visit->connection = connection;
    /* Kept as it is: the library goes on to take it apart where it stands. */
    visit->wire_target = target == NULL ? (struct str){0} : str_from_c(target);
    visit->target = str_copy(&visit->call.request.arena, visit->wire_target);
    connection_deadline(server, connection, server->options.header_seconds);
    return visit;
}

struct header_collect {
    struct call *call;
    bool too_many;
};

static enum MHD_Result header_collect(void *context, enum MHD_ValueKind kind, const char *name,
                                      size_t name_length, const char *value, size_t value_length)
{
    struct header_collect *collect = context;
    struct call *call = collect->call;
    (void)kind;
    if (call->header_count == WEB_HEADERS_MAX) {
        collect->too_many = true;
        return MHD_NO;
    }
    call->headers[call->header_count++] =
        (struct web_header){{name, name_length}, {value == NULL ? "" : value, value_length}};
    return MHD_YES;
}

static enum call_next refuse(struct visit *visit, const char *why)
{
    struct call *call = &visit->call;
    call->request.site = visit->server->site;
    call->request.answer = &call->answer;
    call->request.now_ms = site_now_ms(call->request.site);
    call->started_us = site_monotonic_us(call->request.site);
    request_id_make(call->request.site, call->request_id);
    call->request.request_id = str_from_c(call->request_id);
    problem_set(&call->request.problem, ERR_REQUEST, ERR_KEY(why));
    call->reply.close = true;
    return problem_reply(call, ERR_REQUEST);
}

static enum call_next head_take(struct visit *visit, const char *method, const char *version)
{
    struct call *call = &visit->call;
    struct header_collect collect = {.call = call};
    MHD_get_connection_values_n(visit->connection, MHD_HEADER_KIND, header_collect, &collect);
    if (collect.too_many)
        return refuse(visit, N_("it has too many headers"));
    size_t head_size =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
            ->header_size;
    if (!wire_is_strict(call, method, visit->wire_target, version, head_size))
        return refuse(visit, N_("its lines are not as the protocol wants them"));
    call->method = str_from_c(method);
    remote_read(visit->connection, call->remote);
    return call_begin(call, visit->server->site, visit->target);
}

/* Room for the body, or none: bodies of all requests together have a limit. */
static bool body_reserve(struct visit *visit)
{
    struct metrics *metrics = &visit->server->site->state->metrics;
    int64_t length = visit->call.head.length;
    if (atomic_fetch_add(&metrics->bodies_bytes, length) + length > BODIES_BYTES_MAX) {
        atomic_fetch_sub(&metrics->bodies_bytes, length);
        return false;
    }
    visit->counted_bytes = (size_t)length;
    return true;
}

static enum MHD_Result visit_begin(struct visit *visit, const char *method, const char *version)
{
    struct call *call = &visit->call;
    visit->next = head_take(visit, method, version);
    int64_t length = call->head.length;
    if (visit->next != CALL_REPLY && !body_reserve(visit))
        visit->next = call_fail(call, ERR_BUSY);
    /* Answered before its body is read, the connection ends. */
    if (visit->next == CALL_REPLY && (length > 0 || call->reply.close))
        return reply_queue(visit);
    visit->stage = VISIT_BODY;
    connection_deadline(visit->server, visit->connection,
                        visit->server->options.body_seconds + length / BYTES_A_SECOND_LEAST);
    return MHD_YES;
}

enum MHD_Result http_request(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *byte_count, void **slot)
{
    struct visit *visit = *slot;
    (void)context;
    (void)connection;
    (void)url;
    if (visit == NULL)
        return MHD_NO;
    switch (visit->stage) {
    case VISIT_NEW:
        return visit_begin(visit, method, version);
    case VISIT_BODY:
        if (*byte_count == 0)
            return visit_go_on(visit, slot);
        if (visit->call.body.length + *byte_count > visit->counted_bytes)
            return MHD_NO;
        buf_append(&visit->call.body, (struct str){bytes, *byte_count});
        *byte_count = 0;
        return MHD_YES;
    case VISIT_READY:
        if (visit->next == CALL_WRITE)
            visit->next = call_written(&visit->call, visit->written_code, &visit->written_problem);
        return reply_queue(visit);
    case VISIT_WAITING:
    case VISIT_DONE:
        break;
    }
    return MHD_YES;
}

void http_completed(void *context, struct MHD_Connection *connection, void **slot,
                    enum MHD_RequestTerminationCode how)
{
    struct web_server *server = context;
    struct visit *visit = *slot;
    (void)how;
    connection_deadline(server, connection, server->options.idle_seconds);
    if (visit == NULL)
        return;
    *slot = NULL;
    if (visit->counted_bytes > 0)
        atomic_fetch_sub(&server->site->state->metrics.bodies_bytes, (int64_t)visit->counted_bytes);
    if (visit->stage == VISIT_DONE)
        call_log(&visit->call);
    server_visit_return(server, visit);
}
