/* Event streams on the wire: asleep without a thread, woken by news or by the heartbeat. */
#include <string.h>

#include "platform/web/server.h"
#include "platform/web/state.h"

static struct stream *stream_take(struct web_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct stream *stream = server->free_streams;
    if (stream != NULL)
        server->free_streams = stream->free_next;
    else
        stream = ARENA_NEW(&server->arena, struct stream);
    pthread_mutex_unlock(&server->lock);
    return stream;
}

static void stream_return(struct web_server *server, struct stream *stream)
{
    memset(stream, 0, sizeof(*stream));
    pthread_mutex_lock(&server->lock);
    stream->free_next = server->free_streams;
    server->free_streams = stream;
    pthread_mutex_unlock(&server->lock);
}

void stream_wake(void *context, struct event_stream *events)
{
    (void)context;
    struct stream *stream = (struct stream *)(void *)events;
    MHD_resume_connection(stream->connection);
}

/* A comment keeps the connection open through proxies, and finds out whether it still is. */
static bool beat_is_due(const struct stream *stream, int64_t now_us)
{
    int64_t beat_us = (int64_t)stream->server->options.beat_seconds * 1000000;
    return !stream->opened || now_us - stream->last_sent_us >= beat_us - beat_us / 4;
}

static ssize_t stream_read(void *context, uint64_t position, char *bytes, size_t bytes_max)
{
    static const char beat[] = ": beat\n\n";
    struct stream *stream = context;
    struct web_server *server = stream->server;
    struct web_state *state = server->site->state;
    struct buf out;
    (void)position;
    if (atomic_load(&server->ending))
        return MHD_CONTENT_READER_END_OF_STREAM;
    int64_t now_us = site_monotonic_us(server->site);
    buf_init(&out);
    events_read(state->events, state->boot, &stream->events, bytes_max, &out);
    if (out.length == 0 && bytes_max >= sizeof(beat) && beat_is_due(stream, now_us)) {
        /* Signed out meanwhile, or kept out: nothing more is told. */
        if (stream->opened && !call_viewer_lasts(server->site, stream->token_hash,
                                                 stream->is_api_token, stream->person))
            return MHD_CONTENT_READER_END_OF_STREAM;
        buf_append_c(&out, beat);
    }
    size_t length = out.length;
    if (length > 0)
        memcpy(bytes, out.text, length);
    buf_clear(&out);
    if (length > 0) {
        stream->opened = true;
        stream->last_sent_us = now_us;
        return (ssize_t)length;
    }
    /* Suspended first, so that whoever wakes it finds it suspended. */
    MHD_suspend_connection(stream->connection);
    events_sleep(state->events, &stream->events);
    return 0;
}

static void stream_end(void *context)
{
    struct stream *stream = context;
    struct web_server *server = stream->server;
    events_leave(server->site->state->events, &stream->events);
    atomic_fetch_sub(&server->site->state->metrics.streams, 1);
    stream_return(server, stream);
}

enum MHD_Result stream_open(struct visit *visit)
{
    struct web_server *server = visit->server;
    struct web_state *state = server->site->state;
    if (atomic_fetch_add(&state->metrics.streams, 1) >= STREAMS_MAX) {
        atomic_fetch_sub(&state->metrics.streams, 1);
        return MHD_NO;
    }
    struct stream *stream = stream_take(server);
    stream->server = server;
    stream->connection = visit->connection;
    stream->events = *visit->call.answer.stream;
    stream->person = visit->call.request.viewer.person;
    stream->is_api_token = visit->call.request.viewer.by_token;
    memcpy(stream->token_hash, visit->call.session_hash, sizeof(stream->token_hash));
    if (!events_join(state->events, state->boot, visit->call.head.last_event_id, &stream->events)) {
        atomic_fetch_sub(&state->metrics.streams, 1);
        stream_return(server, stream);
        return MHD_NO;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read, stream, stream_end);
    connection_deadline(server, visit->connection, 0);
    return http_queue(&visit->call, visit->connection, response);
}
