#include "platform/web/own_routes.h"

#include <assert.h>
#include <string.h>

#include "platform/web/call.h"
#include "platform/web/events.h"
#include "platform/web/state.h"

#define FORMS_FILE "platform/web/own_forms.def"
#include "platform/web/form_table.def"

#define FORMS_FILE "platform/web/own_forms.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"

#define ROUTES_FILE "platform/web/own_routes.def"
#define ROUTES_TABLE web_own_routes
#include "platform/web/route_table.def"

static enum err answer_text(struct request *request, const char *media_type, struct buf *text)
{
    struct str content = str_copy(&request->arena, buf_str(text));
    buf_clear(text);
    return answer_file(request, content, media_type, STR(""));
}

/* The snapshot that a GET gets has been opened by now: the database answers. */
enum err web_health(struct request *request)
{
    const struct web_site *site = request->site;
    bool read_only = site->store != NULL && store_is_read_only(site->store);
    return answer_file(request, read_only ? STR("read-only\n") : STR("ok\n"),
                       "text/plain; charset=utf-8", STR(""));
}

static bool is_near(struct str address)
{
    return str_starts_with(address, STR("127.")) || str_equal(address, STR("::1")) ||
           str_starts_with(address, STR("::ffff:127."));
}

/* For who watches the machine from the machine; others learn nothing of how much it is used. */
enum err web_metrics(struct request *request)
{
    struct buf text;
    if (!is_near(request->remote))
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    buf_init(&text);
    metrics_put(&text, &request->site->state->metrics, &request->site->state->router);
    return answer_text(request, "text/plain; version=0.0.4; charset=utf-8", &text);
}

/* ?topics=a,b: those the viewer may hear. */
static enum err topics_read(struct request *request, struct event_stream *stream)
{
    const struct web_site *site = request->site;
    struct str rest = request_query(request, "topics");
    while (rest.length > 0) {
        size_t end = str_find_byte(rest, ',');
        struct str topic = str_slice(rest, 0, end);
        rest = str_slice(rest, end + 1, rest.length);
        if (topic.length == 0 || topic.length > WEB_TOPIC_BYTES_MAX ||
            stream->topic_count == STREAM_TOPICS_MAX)
            return problem_set(&request->problem, ERR_REQUEST,
                               ERR_KEY(N_("its topics cannot be listened to")));
        if (site->may_hear == NULL || !site->may_hear(&request->viewer, topic))
            return problem_set0(&request->problem, ERR_FORBIDDEN);
        stream->topics[stream->topic_count++] = events_topic(topic);
    }
    if (stream->topic_count > 0)
        return ERR_OK;
    return problem_set(&request->problem, ERR_REQUEST,
                       ERR_KEY(N_("its topics cannot be listened to")));
}

enum err web_events(struct request *request)
{
    struct event_stream *stream = ARENA_NEW(&request->arena, struct event_stream);
    TRY(topics_read(request, stream));
    stream->owner = request->viewer.session;
    request->answer->stream = stream;
    return ERR_OK;
}

enum err web_events_poll(struct request *request)
{
    struct web_state *state = request->site->state;
    struct event_stream stream = {0};
    struct buf json;
    TRY(topics_read(request, &stream));
    buf_init(&json);
    bool joined = events_join(state->events, state->boot, request_query(request, "after"), &stream);
    assert(joined); /* it has no owner */
    (void)joined;
    events_read_json(state->events, state->boot, &stream, &json);
    events_leave(state->events, &stream);
    return answer_text(request, "application/json", &json);
}

enum err web_api_description(struct request *request)
{
    struct buf json;
    buf_init(&json);
    web_openapi(request->site, &json);
    return answer_text(request, "application/json", &json);
}

enum { CHOICE_SECONDS = 365 * 86400 };

enum err web_language_set(struct request *request, struct store_write *write,
                          const struct web_language_set_form *form)
{
    (void)write;
    answer_cookie(request, "sampan_language", form->language == 0 ? STR("zh") : STR("en"),
                  CHOICE_SECONDS);
    return answer_redirect(request, link_back(request, form->back));
}

enum err web_theme_set(struct request *request, struct store_write *write,
                       const struct web_theme_set_form *form)
{
    static const struct str names[] = {{"auto", 4}, {"light", 5}, {"dark", 4}};
    (void)write;
    answer_cookie(request, "sampan_theme", names[form->theme], CHOICE_SECONDS);
    return answer_redirect(request, link_back(request, form->back));
}

void web_publish(struct web_site *site, const char *topic, struct str data)
{
    events_publish(site->state->events, str_from_c(topic), data);
}
