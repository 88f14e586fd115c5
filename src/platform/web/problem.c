/* Errors as pages, or as application/problem+json (RFC 9457). */
#include "core/json.h"
#include "platform/web/call.h"
#include "platform/web/session.h"
#include "platform/web/state.h"

static void text_put_problem(struct json_writer *json, enum lang lang,
                             const struct problem *problem)
{
    struct problem bare = *problem;
    struct buf text;
    buf_init(&text);
    bare.place[0] = '\0';
    text_append_problem(&text, lang, &bare);
    json_put_text(json, buf_str(&text));
    buf_clear(&text);
}

/* The fields at fault, by name. */
static void fields_put(struct json_writer *json, const struct call *call)
{
    const struct form_state *state = &call->form_state;
    json_key(json, "fields");
    json_list_begin(json);
    for (size_t i = 0; i < state->form->count; i++) {
        if (state->problems[i].code == ERR_OK)
            continue;
        json_object_begin(json);
        json_key(json, "field");
        json_put_text(json, str_from_c(state->form->fields[i].name));
        json_key(json, "code");
        json_put_text(json, str_from_c(err_name(state->problems[i].code)));
        json_key(json, "detail");
        text_put_problem(json, call->request.lang, &state->problems[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_body(struct call *call, enum err code, const struct problem *problem)
{
    struct json_writer json;
    buf_reset(&call->answer.out);
    json_writer_init(&json, &call->answer.out, false);
    json_object_begin(&json);
    json_key(&json, "type");
    json_put_text(&json, STR("about:blank"));
    json_key(&json, "title");
    json_put_text(&json, str_from_c(err_name(code)));
    json_key(&json, "status");
    json_put_int(&json, err_http_status(code));
    json_key(&json, "detail");
    text_put_problem(&json, call->request.lang, problem);
    if (problem->place[0] != '\0') {
        json_key(&json, "place");
        json_put_text(&json, str_from_c(problem->place));
    }
    if (code == ERR_FORM && call->form_state.form != NULL)
        fields_put(&json, call);
    json_key(&json, "request_id");
    json_put_text(&json, call->request.request_id);
    json_object_end(&json);
}

static void escaped_put(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.text[i]) {
        case '&':
            buf_append_c(out, "&amp;");
            break;
        case '<':
            buf_append_c(out, "&lt;");
            break;
        case '>':
            buf_append_c(out, "&gt;");
            break;
        case '\x22':
            buf_append_c(out, "&quot;");
            break;
        case '\'':
            buf_append_c(out, "&#39;");
            break;
        default:
            buf_append_byte(out, text.text[i]);
        }
    }
}

/* The fields at fault by their labels, when no page of the form can be shown. */
static void fields_list(struct buf *out, const struct call *call)
{
    const struct form_state *state = &call->form_state;
    struct buf text;
    buf_init(&text);
    buf_append_c(out, "<ul>\n");
    for (size_t i = 0; i < state->form->count; i++) {
        if (state->problems[i].code == ERR_OK)
            continue;
        buf_reset(&text);
        buf_append_c(&text, text_get(call->request.lang, state->form->fields[i].label));
        buf_append_c(&text, call->request.lang == LANG_ZH ? "：" : ": ");
        struct problem bare = state->problems[i];
        bare.place[0] = '\0';
        text_append_problem(&text, call->request.lang, &bare);
        buf_append_c(out, "<li>");
        escaped_put(out, buf_str(&text));
        buf_append_c(out, "</li>\n");
    }
    buf_append_c(out, "</ul>\n");
    buf_clear(&text);
}

/* Without a frame from the site: the message alone. */
static void plain_page(struct call *call, enum err code, const struct problem *problem)
{
    struct buf *out = &call->answer.out;
    struct problem bare = *problem;
    struct buf text;
    buf_init(&text);
    bare.place[0] = '\0';
    text_append_problem(&text, call->request.lang, &bare);
    buf_format(out,
               "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
               call->request.lang == LANG_ZH ? "zh-CN" : "en");
    escaped_put(out, buf_str(&text));
    buf_append_c(out, "</title>\n</head>\n<body>\n<h1>");
    escaped_put(out, buf_str(&text));
    buf_append_c(out, "</h1>\n");
    if (code == ERR_FORM && call->form_state.form != NULL)
        fields_list(out, call);
    buf_append_c(out, "<p><code>");
    escaped_put(out, call->request.request_id);
    buf_append_c(out, "</code></p>\n</body>\n</html>\n");
    buf_clear(&text);
}

static void reply_headers(struct call *call, enum err code, bool json)
{
    struct web_reply *reply = &call->reply;
    reply->status = err_http_status(code);
    reply->code = code;
    reply->is_html = !json;
    reply_common_headers(call);
    reply_header(reply, "Content-Type",
                 json ? STR("application/problem+json") : STR("text/html; charset=utf-8"));
    reply_header(reply, "Cache-Control", STR("no-store"));
    if (call->answer.retry_seconds > 0 || code == ERR_BUSY)
        reply_header(
            reply, "Retry-After",
            str_format(
                &call->request.arena, "%lld",
                (long long)(call->answer.retry_seconds > 0 ? call->answer.retry_seconds : 2)));
    if (code == ERR_METHOD)
        reply_header(reply, "Allow",
                     call->request.method == WEB_GET ? STR("POST") : STR("GET, HEAD"));
    if (code == ERR_SIGN_IN && json)
        reply_header(reply, "WWW-Authenticate", STR("Bearer"));
}

enum call_next problem_reply(struct call *call, enum err code)
{
    struct request *request = &call->request;
    int64_t retry_seconds = call->answer.retry_seconds;
    struct problem problem = request->problem;
    if (problem.code != code)
        problem_set0(&problem, code);
    answer_empty(call); /* a half-made answer, its cookies too, is worth nothing */
    call->answer.retry_seconds = retry_seconds;
    call->reply.header_count = 0;
    if (request->wants_json) {
        json_body(call, code, &problem);
    } else if (request->site->error_page != NULL && code != ERR_REQUEST) {
        struct page *page = answer_page(request);
        request->form_state = call->form_state.form == NULL ? NULL : &call->form_state;
        request->site->error_page(page, request, code, &problem);
        /* Its frame may hold a form. */
        session_visit_keep(call);
    } else {
        plain_page(call, code, &problem);
    }
    reply_headers(call, code, request->wants_json);
    request->problem = problem;
    call->reply.body = buf_str(&call->answer.out);
    return CALL_REPLY;
}
