/* A request without a socket: the stages of call.h, one after the other on this thread. */
#include <string.h>

#include "platform/web/call.h"
#include "platform/web/events.h"
#include "platform/web/state.h"

static void headers_take(struct call *call, const struct web_exchange *exchange)
{
    bool has_host = false;
    bool has_length = false;
    for (const char *const *at = exchange->headers; at != NULL && at[0] != NULL; at += 2) {
        struct str name = str_from_c(at[0]);
        has_host = has_host || str_equal_ascii_fold(name, STR("Host"));
        has_length = has_length || str_equal_ascii_fold(name, STR("Content-Length"));
        if (call->header_count < WEB_HEADERS_MAX)
            call->headers[call->header_count++] = (struct web_header){name, str_from_c(at[1])};
    }
    if (!has_host && call->header_count < WEB_HEADERS_MAX)
        call->headers[call->header_count++] = (struct web_header){STR("Host"), STR("localhost")};
    if (!has_length && call->header_count < WEB_HEADERS_MAX && str_equal(call->method, STR("POST")))
        call->headers[call->header_count++] = (struct web_header){
            STR("Content-Length"), str_format(&call->request.arena, "%zu", exchange->body.length)};
}

static enum call_next written(struct call *call)
{
    struct problem problem = {0};
    struct store *store = call->request.site->store;
    enum err code = store == NULL ? call_write(NULL, call, &problem)
                                  : store_write_now(store, call_write, call, &problem);
    return call_written(call, code, &problem);
}

/* What an event stream would send at once. */
static void stream_once(struct call *call, struct buf *body)
{
    struct web_state *state = call->request.site->state;
    struct event_stream *stream = call->answer.stream;
    if (!events_join(state->events, state->boot, call->head.last_event_id, stream))
        return;
    events_read(state->events, state->boot, stream, 64 << 10, body);
    events_leave(state->events, stream);
}

void web_loopback(struct web_site *site, const struct web_exchange *exchange,
                  struct web_result *result)
{
    struct call call;
    call_init(&call);
    call.method = str_from_c(exchange->method);
    memcpy(call.remote, "127.0.0.1", sizeof("127.0.0.1"));
    headers_take(&call, exchange);
    enum call_next next = call_begin(&call, site, str_from_c(exchange->target));
    if (next == CALL_GET || next == CALL_GET_WORKER) {
        next = call_get(&call);
    } else if (next == CALL_POST) {
        buf_append(&call.body, exchange->body);
        next = call_post(&call);
    }
    if (next == CALL_PREPARE)
        next = call_prepare(&call);
    if (next == CALL_WRITE)
        next = written(&call);
    buf_init(&result->head);
    buf_init(&result->body);
    result->status = call.reply.status;
    for (int i = 0; i < call.reply.header_count; i++) {
        buf_append(&result->head, call.reply.headers[i].name);
        buf_append_c(&result->head, ": ");
        buf_append(&result->head, call.reply.headers[i].value);
        buf_append_byte(&result->head, '\n');
    }
    if (next == CALL_STREAM)
        stream_once(&call, &result->body);
    else if (!call.is_head)
        buf_append(&result->body, call.reply.body);
    call_log(&call);
    call_clear(&call);
}

void web_result_clear(struct web_result *result)
{
    buf_clear(&result->head);
    buf_clear(&result->body);
}
