/* web/events: who listens to what, and what was said lately. Internal to web.
 *
 * Events are hints ("runs/12", "round"), kept in one ring of EVENTS_KEPT for all streams; a stream
 * remembers only its topics and how far it has read. One that fell behind the ring is told "reset"
 * and loads its page anew, which it does as well after a restart. Waking is up to the owner of the
 * stream.
 */
#ifndef PLATFORM_WEB_EVENTS_H
#define PLATFORM_WEB_EVENTS_H

#include "core/base.h"
#include "core/str.h"
#include "platform/web/web.h"

struct arena;
struct event_hub;

enum { EVENTS_KEPT = 1024, STREAM_TOPICS_MAX = 8, STREAMS_OF_ONE_MAX = 12 };

struct event_stream {
    uint64_t topics[STREAM_TOPICS_MAX]; /* hashes */
    int topic_count;
    int64_t owner;    /* session of who listens; 0: a stranger */
    uint64_t read_to; /* number of the last event seen */
    bool behind;      /* say "reset" first */
    bool asleep;      /* wake it on news */
    bool linked;
    struct event_stream *next, *previous;
};

struct event_hub *events_new(struct arena *arena);
void events_close(struct event_hub *hub);
/* `wake` is called with the hub locked, for each sleeping stream that has news. */
void events_wake_set(struct event_hub *hub,
                     void (*wake)(void *context, struct event_stream *stream), void *context);
uint64_t events_topic(struct str topic);
/* From `last_id` ("boot-number" as sent before) or from now. False: its owner has
 * STREAMS_OF_ONE_MAX already. */
bool events_join(struct event_hub *hub, uint64_t boot, struct str last_id,
                 struct event_stream *stream);
void events_leave(struct event_hub *hub, struct event_stream *stream);
void events_publish(struct event_hub *hub, struct str topic, struct str data);
/* Append at most `bytes_max` bytes of news as an event stream ("id: ...", "event: topic", "data:
 * ..."). */
void events_read(struct event_hub *hub, uint64_t boot, struct event_stream *stream,
                 size_t bytes_max, struct buf *out);
/* Marks the stream asleep, unless there is news: then wakes it at once. */
void events_sleep(struct event_hub *hub, struct event_stream *stream);
/* The same as JSON {"events": [...], "last": "..."} for who polls; never sleeps. */
void events_read_json(struct event_hub *hub, uint64_t boot, struct event_stream *stream,
                      struct buf *out);
/* Wakes every sleeping stream (heartbeat, or the end). */
void events_wake_all(struct event_hub *hub);

#endif
