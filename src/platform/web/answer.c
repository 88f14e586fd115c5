#include <string.h>

#include "core/json.h"
#include "platform/web/call.h"
#include "platform/web/guard.h"
#include "platform/web/head.h"
#include "platform/web/percent.h"
#include "platform/web/session.h"
#include "platform/web/state.h"

/* ---- what handlers say ---- */

struct page *answer_page(struct request *request)
{
    struct web_answer *answer = request->answer;
    buf_reset(&answer->out);
    answer->kind = ANSWER_PAGE;
    answer->page = (struct page){.out = &answer->out,
                                 .lang = request->lang,
                                 .prefix = str_from_c(request->site->prefix),
                                 .form_token = session_form_token(call_of(request)),
                                 .zone_minutes = request->viewer.zone_minutes};
    return &answer->page;
}

enum err answer_redirect(struct request *request, struct link to)
{
    request->answer->kind = ANSWER_REDIRECT;
    request->answer->to = to;
    return ERR_OK;
}

static enum err rows_set(struct request *request, const struct store_columns *columns,
                         const void *rows, size_t count, bool many, struct str next)
{
    const struct web_shape *shape = call_of(request)->entry->shape;
    /* What the API's description promises is what it gets. */
    if (shape == NULL || shape->columns != columns || shape->many != many)
        return problem_set(&request->problem, ERR_INTERNAL,
                           ERR_CTEXT("the route's ROWS or ROW line names other rows"));
    struct web_answer *answer = request->answer;
    answer->columns = columns;
    answer->rows = rows;
    answer->row_count = count;
    answer->many = many;
    answer->next = next;
    return ERR_OK;
}

enum err answer_rows(struct request *request, const struct store_columns *columns, const void *rows,
                     size_t count, struct str next)
{
    return rows_set(request, columns, rows, count, true, next);
}

enum err answer_row(struct request *request, const struct store_columns *columns, const void *row)
{
    return rows_set(request, columns, row, 1, false, STR(""));
}

enum err answer_file(struct request *request, struct str content, const char *media_type,
                     struct str download_name)
{
    struct web_answer *answer = request->answer;
    answer->kind = ANSWER_FILE;
    answer->content = content;
    answer->media_type = media_type;
    answer->download_name = download_name;
    return ERR_OK;
}

void answer_public(struct request *request, int64_t seconds)
{
    request->answer->is_public = true;
    request->answer->public_seconds = seconds;
}

void answer_event(struct request *request, const char *topic, struct str data)
{
    struct web_answer *answer = request->answer;
    if (answer->event_count < ANSWER_EVENTS_MAX)
        answer->events[answer->event_count++] = (struct answer_event){topic, data};
}

enum err request_guard(struct request *request, struct str account)
{
    int64_t wait_s =
        guard_wait(request->site->state->guard, account, request->remote, request->now_ms);
    if (wait_s == 0)
        return ERR_OK;
    request->answer->retry_seconds = wait_s;
    return problem_set(&request->problem, ERR_TOO_OFTEN, ERR_INT(wait_s));
}

void request_guard_failed(struct request *request, struct str account)
{
    request->answer->guard = GUARD_FAILED;
    request->answer->guard_account = account;
}

void request_guard_passed(struct request *request, struct str account)
{
    request->answer->guard = GUARD_PASSED;
    request->answer->guard_account = account;
}

/* ---- the reply ---- */

void reply_header(struct web_reply *reply, const char *name, struct str value)
{
    if (reply->header_count < REPLY_HEADERS_MAX)
        reply->headers[reply->header_count++] = (struct web_header){str_from_c(name), value};
}

/* No inline script or style, nothing from another host, no frame around us. */
static const char content_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";
/* Files and data run nothing at all, even when opened by themselves. */
static const char data_policy[] = "default-src 'none'; frame-ancestors 'none'; sandbox";

void reply_common_headers(struct call *call)
{
    struct web_reply *reply = &call->reply;
    reply_header(reply, "X-Content-Type-Options", STR("nosniff"));
    /* Not "no-referrer": browsers would then send "Origin: null" with our own forms. */
    reply_header(reply, "Referrer-Policy", STR("same-origin"));
    reply_header(reply, "Cross-Origin-Opener-Policy", STR("same-origin"));
    reply_header(reply, "Cross-Origin-Resource-Policy", STR("same-origin"));
    reply_header(reply, "X-Request-Id", call->request.request_id);
    if (reply->is_html) {
        reply_header(reply, "Content-Security-Policy", str_from_c(content_policy));
        reply_header(reply, "Permissions-Policy",
                     STR("camera=(), microphone=(), geolocation=(), payment=(), usb=()"));
    } else {
        reply_header(reply, "Content-Security-Policy", str_from_c(data_policy));
    }
    for (int i = 0; i < call->answer.cookie_count; i++)
        reply_header(reply, "Set-Cookie", call->answer.cookies[i]);
}

static void reply_start(struct call *call, int status, bool is_html, const char *media_type)
{
    struct web_reply *reply = &call->reply;
    const struct web_answer *answer = &call->answer;
    reply->status = status;
    reply->is_html = is_html;
    reply_common_headers(call);
    if (media_type != NULL)
        reply_header(reply, "Content-Type", str_from_c(media_type));
    bool is_public = answer->is_public && call->request.viewer.person == 0 &&
                     answer->cookie_count == 0 && call->request.method == WEB_GET;
    if (!is_public) {
        reply_header(reply, "Cache-Control", STR("no-store"));
        return;
    }
    reply_header(reply, "Vary", STR("Cookie, Accept-Language, Accept"));
    reply_header(reply, "Cache-Control",
                 str_format(&call->request.arena, "private, max-age=%lld",
                            (long long)answer->public_seconds));
}

static enum call_next page_reply(struct call *call)
{
    struct web_answer *answer = &call->answer;
    struct str page = buf_str(&answer->out);
    /* A stranger's page with a form binds its token to a cookie of this visit. */
    struct str token = answer->page.form_token;
    bool has_form = memmem(page.text, page.length, token.text, token.length) != NULL;
    if (has_form) {
        answer->is_public = false;
        session_visit_keep(call);
    }
    reply_start(call, 200, true, "text/html; charset=utf-8");
    call->reply.body = page;
    return CALL_REPLY;
}

static enum call_next redirect_reply(struct call *call)
{
    const struct request *request = &call->request;
    struct str to = call->answer.to.address;
    /* link_to gives nothing else; a mistake of ours must not become an open redirect. */
    if (to.length == 0 || to.text[0] != '/' || (to.length > 1 && to.text[1] == '/'))
        return call_fail(call, ERR_INTERNAL);
    struct str location =
        str_format(&call->request.arena, "%s%.*s", request->site->prefix, (int)to.length, to.text);
    if (request->wants_json) {
        struct json_writer json;
        buf_reset(&call->answer.out);
        json_writer_init(&json, &call->answer.out, false);
        json_object_begin(&json);
        json_key(&json, "location");
        json_put_text(&json, location);
        json_object_end(&json);
        reply_start(call, 200, false, "application/json");
        call->reply.body = buf_str(&call->answer.out);
        return CALL_REPLY;
    }
    reply_start(call, 303, false, NULL);
    reply_header(&call->reply, "Location", location);
    return CALL_REPLY;
}

/* RFC 6266 with RFC 8187's form, so that a Chinese name arrives whole. */
static struct str disposition(struct arena *arena, struct str name)
{
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, "attachment; filename*=UTF-8''");
    percent_encode(&text, name);
    struct str value = str_copy(arena, buf_str(&text));
    buf_clear(&text);
    return value;
}

static enum call_next content_reply(struct call *call)
{
    const struct web_answer *answer = &call->answer;
    reply_start(call, 200, false, answer->media_type);
    if (answer->download_name.length > 0)
        reply_header(&call->reply, "Content-Disposition",
                     disposition(&call->request.arena, answer->download_name));
    call->reply.body = answer->content;
    return CALL_REPLY;
}

static enum call_next rows_reply(struct call *call)
{
    struct web_answer *answer = &call->answer;
    buf_reset(&answer->out);
    rows_put_json(&answer->out, answer->columns, answer->rows, answer->row_count, answer->many,
                  answer->next);
    reply_start(call, 200, false, "application/json");
    call->reply.body = buf_str(&answer->out);
    return CALL_REPLY;
}

enum call_next answer_reply(struct call *call)
{
    const struct web_answer *answer = &call->answer;
    bool json = call->request.wants_json;
    if (answer->stream != NULL) {
        reply_start(call, 200, false, "text/event-stream");
        reply_header(&call->reply, "X-Accel-Buffering", STR("no"));
        return CALL_STREAM;
    }
    if (answer->columns != NULL && (json || answer->kind == ANSWER_NONE))
        return rows_reply(call);
    switch (answer->kind) {
    case ANSWER_PAGE:
        return json ? call_fail(call, ERR_NOT_ACCEPTABLE) : page_reply(call);
    case ANSWER_REDIRECT:
        return redirect_reply(call);
    case ANSWER_FILE:
        return content_reply(call);
    case ANSWER_NONE:
        break;
    }
    problem_set(&call->request.problem, ERR_INTERNAL, ERR_CTEXT("the handler gave no answer"));
    return problem_reply(call, ERR_INTERNAL);
}

/* ---- addresses ---- */

struct link link_to(struct arena *arena, const char *pattern, const struct err_arg *arguments,
                    size_t count)
{
    struct buf text;
    size_t used = 0;
    buf_init(&text);
    for (const char *at = pattern; *at != '\0'; at++) {
        if (at[0] != '{' || at[1] != '}' || used == count) {
            buf_append_byte(&text, *at);
            continue;
        }
        const struct err_arg *argument = &arguments[used++];
        if (argument->kind == ERR_ARG_INT)
            buf_append_int64(&text, argument->number);
        else
            percent_encode(&text, argument->text);
        at++;
    }
    struct link link = {str_copy(arena, buf_str(&text))};
    buf_clear(&text);
    return link;
}

struct link link_back(const struct request *request, struct str back)
{
    static const struct link front = {{"/", 1}};
    struct str raw[WEB_PARAMETERS_MAX] = {{0}};
    bool other_method;
    bool plain = back.length > 0 && back.text[0] == '/' &&
                 !(back.length > 1 && (back.text[1] == '/' || back.text[1] == '\\'));
    for (size_t i = 0; plain && i < back.length; i++) {
        unsigned char c = (unsigned char)back.text[i];
        plain = c > 0x20 && c < 0x7F && strchr("\\\"<>#", c) == NULL;
    }
    if (!plain)
        return front;
    struct str path = str_slice(back, 0, str_find_byte(back, '?'));
    if (router_find(&request->site->state->router, WEB_GET, path, raw, &other_method) == NULL)
        return front;
    return (struct link){back};
}
