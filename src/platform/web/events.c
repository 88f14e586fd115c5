#include "platform/web/events.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"

struct event {
    uint64_t topic;
    char topic_text[WEB_TOPIC_BYTES_MAX];
    char data[WEB_EVENT_BYTES_MAX];
    uint16_t topic_length;
    uint16_t data_length;
};

struct event_hub {
    pthread_mutex_t lock;
    struct event ring[EVENTS_KEPT];
    uint64_t last; /* number of the newest event; the first is 1 */
    struct event_stream *streams;
    void (*wake)(void *context, struct event_stream *stream);
    void *wake_context;
};

struct event_hub *events_new(struct arena *arena)
{
    struct event_hub *hub = ARENA_NEW(arena, struct event_hub);
    pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

void events_close(struct event_hub *hub)
{
    pthread_mutex_destroy(&hub->lock);
}

void events_wake_set(struct event_hub *hub,
                     void (*wake)(void *context, struct event_stream *stream), void *context)
{
    pthread_mutex_lock(&hub->lock);
    hub->wake = wake;
    hub->wake_context = context;
    pthread_mutex_unlock(&hub->lock);
}

/* FNV-1a, 64 bits; two topics that met would only wake a page for nothing. */
uint64_t events_topic(struct str topic)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < topic.length; i++)
        hash = (hash ^ (unsigned char)topic.text[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t oldest_kept(const struct event_hub *hub)
{
    return hub->last >= EVENTS_KEPT ? hub->last - EVENTS_KEPT + 1 : 1;
}

/* "boot-number", both hexadecimal. */
static bool id_read(struct str id, uint64_t boot, uint64_t *number)
{
    unsigned long long a = 0;
    unsigned long long b = 0;
    char text[40];
    int used = 0;
    if (id.length == 0 || id.length >= sizeof(text))
        return false;
    memcpy(text, id.text, id.length);
    text[id.length] = '\0';
    if (sscanf(text, "%16llx-%16llx%n", &a, &b, &used) != 2 || (size_t)used != id.length)
        return false;
    *number = b;
    return a == boot;
}

static int streams_of(const struct event_hub *hub, int64_t owner)
{
    int count = 0;
    for (const struct event_stream *one = hub->streams; one != NULL; one = one->next)
        count += one->owner == owner;
    return count;
}

bool events_join(struct event_hub *hub, uint64_t boot, struct str last_id,
                 struct event_stream *stream)
{
    uint64_t number = 0;
    pthread_mutex_lock(&hub->lock);
    if (stream->owner != 0 && streams_of(hub, stream->owner) >= STREAMS_OF_ONE_MAX) {
        pthread_mutex_unlock(&hub->lock);
        return false;
    }
    stream->read_to = hub->last;
    if (last_id.length > 0) {
        bool known = id_read(last_id, boot, &number) && number <= hub->last;
        stream->behind = !known || number + 1 < oldest_kept(hub);
        if (!stream->behind)
            stream->read_to = number;
    }
    stream->next = hub->streams;
    stream->previous = NULL;
    if (hub->streams != NULL)
        hub->streams->previous = stream;
    hub->streams = stream;
    stream->linked = true;
    pthread_mutex_unlock(&hub->lock);
    return true;
}

void events_leave(struct event_hub *hub, struct event_stream *stream)
{
    pthread_mutex_lock(&hub->lock);
    if (stream->linked) {
        if (stream->previous != NULL)
            stream->previous->next = stream->next;
        else
            hub->streams = stream->next;
        if (stream->next != NULL)
            stream->next->previous = stream->previous;
        stream->linked = false;
    }
    pthread_mutex_unlock(&hub->lock);
}

static bool hears(const struct event_stream *stream, uint64_t topic)
{
    for (int i = 0; i < stream->topic_count; i++) {
        if (stream->topics[i] == topic)
            return true;
    }
    return false;
}

/* An event is one line: what would end it becomes a blank. */
static uint16_t line_copy(char *out, size_t size, struct str text)
{
    size_t length = str_utf8_cut(text, size);
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)text.text[i] < 0x20 ? ' ' : text.text[i];
    return (uint16_t)length;
}

static void wake_one(struct event_hub *hub, struct event_stream *stream)
{
    if (!stream->asleep || hub->wake == NULL)
        return;
    stream->asleep = false;
    hub->wake(hub->wake_context, stream);
}

void events_publish(struct event_hub *hub, struct str topic, struct str data)
{
    uint64_t hash = events_topic(topic);
    pthread_mutex_lock(&hub->lock);
    struct event *event = &hub->ring[++hub->last % EVENTS_KEPT];
    event->topic = hash;
    event->topic_length = line_copy(event->topic_text, sizeof(event->topic_text), topic);
    event->data_length = line_copy(event->data, sizeof(event->data), data);
    for (struct event_stream *stream = hub->streams; stream != NULL; stream = stream->next) {
        if (hears(stream, hash))
            wake_one(hub, stream);
    }
    pthread_mutex_unlock(&hub->lock);
}

/* The next event the stream hears, or NULL; moves on past the others. Locked. */
static const struct event *next_heard(struct event_hub *hub, struct event_stream *stream)
{
    if (stream->read_to + 1 < oldest_kept(hub)) {
        stream->behind = true;
        stream->read_to = hub->last;
    }
    while (stream->read_to < hub->last) {
        const struct event *event = &hub->ring[(stream->read_to + 1) % EVENTS_KEPT];
        if (hears(stream, event->topic))
            return event;
        stream->read_to++;
    }
    return NULL;
}

static void id_put(struct buf *out, uint64_t boot, uint64_t number)
{
    buf_format(out, "%llx-%llx", (unsigned long long)boot, (unsigned long long)number);
}

enum { EVENT_LINE_BYTES_MAX = WEB_TOPIC_BYTES_MAX + WEB_EVENT_BYTES_MAX + 80 };

void events_read(struct event_hub *hub, uint64_t boot, struct event_stream *stream,
                 size_t bytes_max, struct buf *out)
{
    size_t before = out->length;
    pthread_mutex_lock(&hub->lock);
    const struct event *event = next_heard(hub, stream);
    if (stream->behind && bytes_max >= EVENT_LINE_BYTES_MAX) {
        buf_append_c(out, "id: ");
        id_put(out, boot, stream->read_to);
        buf_append_c(out, "\nevent: reset\ndata: reset\n\n");
        stream->behind = false;
    }
    while (event != NULL && out->length - before + EVENT_LINE_BYTES_MAX <= bytes_max) {
        stream->read_to++;
        buf_append_c(out, "id: ");
        id_put(out, boot, stream->read_to);
        buf_append_c(out, "\nevent: ");
        buf_append(out, (struct str){event->topic_text, event->topic_length});
        buf_append_c(out, "\ndata: ");
        buf_append(out, (struct str){event->data, event->data_length});
        buf_append_c(out, "\n\n");
        event = next_heard(hub, stream);
    }
    pthread_mutex_unlock(&hub->lock);
}

void events_sleep(struct event_hub *hub, struct event_stream *stream)
{
    pthread_mutex_lock(&hub->lock);
    stream->asleep = true;
    if (next_heard(hub, stream) != NULL || stream->behind)
        wake_one(hub, stream);
    pthread_mutex_unlock(&hub->lock);
}

void events_read_json(struct event_hub *hub, uint64_t boot, struct event_stream *stream,
                      struct buf *out)
{
    struct json_writer json;
    struct buf id;
    buf_init(&id);
    json_writer_init(&json, out, false);
    json_object_begin(&json);
    json_key(&json, "events");
    json_list_begin(&json);
    pthread_mutex_lock(&hub->lock);
    const struct event *event;
    while ((event = next_heard(hub, stream)) != NULL) {
        stream->read_to++;
        json_object_begin(&json);
        json_key(&json, "event");
        json_put_text(&json, (struct str){event->topic_text, event->topic_length});
        json_key(&json, "data");
        json_put_text(&json, (struct str){event->data, event->data_length});
        json_object_end(&json);
    }
    json_list_end(&json);
    json_key(&json, "reset");
    json_put_bool(&json, stream->behind);
    stream->behind = false;
    id_put(&id, boot, stream->read_to);
    pthread_mutex_unlock(&hub->lock);
    json_key(&json, "last");
    json_put_text(&json, buf_str(&id));
    json_object_end(&json);
    buf_clear(&id);
}

void events_wake_all(struct event_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    for (struct event_stream *stream = hub->streams; stream != NULL; stream = stream->next)
        wake_one(hub, stream);
    pthread_mutex_unlock(&hub->lock);
}
