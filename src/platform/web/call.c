#include "platform/web/call.h"

#include <string.h>

#include "platform/web/events.h"
#include "platform/web/files.h"
#include "platform/web/guard.h"
#include "platform/web/head.h"
#include "platform/web/language.h"
#include "platform/web/percent.h"
#include "platform/web/session.h"
#include "platform/web/state.h"

void call_init(struct call *call)
{
    memset(call, 0, sizeof(*call));
    arena_init(&call->request.arena);
    buf_init(&call->body);
    buf_init(&call->answer.out);
}

static void buf_forget(struct buf *buf)
{
    if (buf->capacity > CALL_KEEP_BYTES)
        buf_clear(buf);
    else
        buf_reset(buf);
}

void call_reset(struct call *call)
{
    struct arena arena = call->request.arena;
    struct buf body = call->body;
    struct buf out = call->answer.out;
    if (arena.total > CALL_KEEP_BYTES)
        arena_clear(&arena);
    else
        arena_rewind(&arena, (struct arena_mark){0});
    buf_forget(&body);
    buf_forget(&out);
    memset(call, 0, offsetof(struct call, headers));
    call->request.arena = arena;
    call->body = body;
    call->answer.out = out;
}

void call_clear(struct call *call)
{
    arena_clear(&call->request.arena);
    buf_clear(&call->body);
    buf_clear(&call->answer.out);
}

void answer_empty(struct call *call)
{
    struct buf out = call->answer.out;
    buf_reset(&out);
    memset(&call->answer, 0, sizeof(call->answer));
    call->answer.out = out;
    call->request.problem = (struct problem){0};
}

/* ---- the head ---- */

static bool method_read(struct call *call)
{
    call->is_head = str_equal(call->method, STR("HEAD"));
    if (str_equal(call->method, STR("POST"))) {
        call->request.method = WEB_POST;
        return true;
    }
    return call->is_head || str_equal(call->method, STR("GET"));
}

static bool contains(struct str text, struct str part)
{
    return part.length <= text.length &&
           memmem(text.text, text.length, part.text, part.length) != NULL;
}

/* Takes `prefix` off the path when whole segments agree. */
static bool prefix_take(struct str *path, struct str prefix)
{
    if (!str_starts_with(*path, prefix) ||
        (path->length > prefix.length && path->text[prefix.length] != '/'))
        return false;
    *path = str_slice(*path, prefix.length, path->length);
    return true;
}

static void language_read(struct call *call)
{
    struct str language;
    struct str theme;
    session_cookies_read(call, &language, &theme);
    call->request.lang = language_choose(language, call->head.accept_language);
    call->request.theme = theme_choose(theme);
    call->request.wants_json = contains(call->head.accept, STR("application/json")) &&
                               !contains(call->head.accept, STR("text/html"));
}

/* Parameters are unescaped only now that the route is known. */
static enum err parameters_read(struct call *call, const struct str raw[WEB_PARAMETERS_MAX])
{
    struct request *request = &call->request;
    for (int i = 0; i < WEB_PARAMETERS_MAX && raw[i].text != NULL; i++) {
        struct str *value = &request->parameters[i];
        if (!percent_decode(&request->arena, raw[i], false, value))
            return problem_set(&request->problem, ERR_REQUEST,
                               ERR_KEY(N_("a part of the path is wrongly escaped")));
        bool dots = str_equal(*value, STR(".")) || str_equal(*value, STR(".."));
        bool control = false;
        for (size_t b = 0; b < value->length; b++)
            control = control || (unsigned char)value->text[b] < 0x20 || value->text[b] == 0x7F ||
                      value->text[b] == '/' || value->text[b] == '\\';
        if (dots || control)
            return problem_set0(&request->problem, ERR_NOT_FOUND);
    }
    return ERR_OK;
}

static enum call_next route_find(struct call *call)
{
    struct request *request = &call->request;
    struct str raw[WEB_PARAMETERS_MAX] = {{0}};
    bool other_method;
    if (!prefix_take(&request->path, str_from_c(request->site->prefix)))
        return call_fail(call, ERR_NOT_FOUND);
    if (request->path.length == 0)
        request->path = STR("/");
    if (str_starts_with(request->path, STR("/static/")) && request->method == WEB_GET)
        return file_reply(call);
    if (prefix_take(&request->path, STR(WEB_API_PREFIX)))
        call->is_api = request->wants_json = true;
    call->entry = router_find(&request->site->state->router, request->method, request->path, raw,
                              &other_method);
    if (call->entry == NULL)
        return call_fail(call, other_method ? ERR_METHOD : ERR_NOT_FOUND);
    request->route = call->entry->route;
    if (parameters_read(call, raw) != ERR_OK)
        return problem_reply(call, request->problem.code);
    if (request->method == WEB_POST && call->head.length > call_body_most(call)) {
        problem_set(&request->problem, ERR_BODY_TOO_LARGE, ERR_INT(call_body_most(call)));
        return problem_reply(call, ERR_BODY_TOO_LARGE);
    }
    if (request->method == WEB_POST)
        return CALL_POST;
    return request->route->on_worker ? CALL_GET_WORKER : CALL_GET;
}

enum call_next call_begin(struct call *call, struct web_site *site, struct str target)
{
    struct request *request = &call->request;
    request->site = site;
    request->answer = &call->answer;
    request->now_ms = site_now_ms(site);
    call->started_us = site_monotonic_us(site);
    request_id_make(site, call->request_id);
    request->request_id = str_from_c(call->request_id);
    bool method_known = method_read(call);
    enum err code = head_read(call, site->trusted_proxy);
    if (code == ERR_OK)
        code = head_target(call, target);
    language_read(call);
    if (code == ERR_OK && !method_known)
        code = problem_set0(&request->problem, ERR_METHOD);
    if (code != ERR_OK) {
        enum call_next next = problem_reply(call, code);
        call->reply.close = true;
        return next;
    }
    return route_find(call);
}

int64_t call_body_most(const struct call *call)
{
    const struct form *form = call->entry->route->form();
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].kind == FORM_FILE)
            return WEB_BODY_BYTES_MAX;
    }
    return WEB_FORM_BYTES_MAX;
}

enum call_next call_fail(struct call *call, enum err code)
{
    problem_set0(&call->request.problem, code);
    return problem_reply(call, code);
}

/* ---- who asks ---- */

static enum err viewer_read(struct call *call)
{
    struct request *request = &call->request;
    struct web_site *site = request->site;
    bool is_api_token = false;
    request->viewer = (struct viewer){0};
    bool has_token = session_token_hash(call, &is_api_token);
    if (is_api_token && !has_token)
        return problem_set0(&request->problem, ERR_SIGN_IN);
    if (has_token && site->identify != NULL) {
        struct str hash = {(const char *)call->session_hash, WEB_TOKEN_BYTES};
        TRY(site->identify(request->read, &request->arena, hash, is_api_token, request->now_ms,
                           &request->viewer, &request->problem));
    }
    request->viewer.by_token = is_api_token;
    if (is_api_token && request->viewer.person == 0)
        return problem_set0(&request->problem, ERR_SIGN_IN);
    return ERR_OK;
}

bool call_viewer_lasts(struct web_site *site, const unsigned char token_hash[WEB_TOKEN_BYTES],
                       bool is_api_token, int64_t person)
{
    struct viewer viewer = {0};
    struct problem problem;
    struct store_read *read = NULL;
    struct arena arena;
    if (site->identify == NULL || person == 0)
        return true;
    if (site->store != NULL && store_read_begin(site->store, &read, &problem) != ERR_OK)
        return true; /* no reason to end it: the next time tells */
    arena_init(&arena);
    struct str hash = {(const char *)token_hash, WEB_TOKEN_BYTES};
    enum err code =
        site->identify(read, &arena, hash, is_api_token, site_now_ms(site), &viewer, &problem);
    arena_clear(&arena);
    if (read != NULL)
        store_read_end(read);
    return code != ERR_OK || viewer.person == person;
}

static bool may(const struct request *request, int permission)
{
    const struct web_site *site = request->site;
    return permission == PERMISSION_WEB_ANYONE ||
           (site->may != NULL && site->may(&request->viewer, permission));
}

static enum err viewer_check(struct call *call)
{
    struct request *request = &call->request;
    TRY(viewer_read(call));
    if (request->method == WEB_POST && request->viewer.reads_only)
        return problem_set0(&request->problem, ERR_READS_ONLY);
    if (may(request, request->route->permission))
        return ERR_OK;
    return problem_set0(&request->problem,
                        request->viewer.person == 0 ? ERR_SIGN_IN : ERR_FORBIDDEN);
}

static enum err snapshot_begin(struct call *call)
{
    struct request *request = &call->request;
    if (request->site->store == NULL)
        return ERR_OK;
    return store_read_begin(request->site->store, &request->read, &request->problem);
}

static void snapshot_end(struct call *call)
{
    if (call->request.read != NULL && call->request.site->store != NULL)
        store_read_end(call->request.read);
    call->request.read = NULL;
}

/* ---- GET ---- */

/* A stranger's page behind the sign-in leads there, and back afterwards. */
static enum call_next sign_in_lead(struct call *call)
{
    struct request *request = &call->request;
    struct buf back;
    buf_init(&back);
    buf_append(&back, request->path);
    if (request->query.length > 0)
        buf_format(&back, "?%.*s", (int)request->query.length, request->query.text);
    answer_empty(call);
    struct str pattern = str_format(&request->arena, "%s?back={}", request->site->sign_in);
    struct err_arg argument = ERR_TEXT(buf_str(&back));
    struct link link = link_to(&request->arena, pattern.text, &argument, 1);
    buf_clear(&back);
    enum err code = answer_redirect(request, link);
    return code == ERR_OK ? answer_reply(call) : problem_reply(call, code);
}

enum call_next call_get(struct call *call)
{
    struct request *request = &call->request;
    enum err code = snapshot_begin(call);
    if (code != ERR_OK)
        return problem_reply(call, code);
    code = viewer_check(call);
    bool lead = code == ERR_SIGN_IN && request->site->sign_in != NULL && !request->wants_json &&
                call->head.authorization.length == 0;
    if (code == ERR_OK)
        code = request->route->get(request);
    snapshot_end(call);
    if (lead)
        return sign_in_lead(call);
    return code == ERR_OK ? answer_reply(call) : problem_reply(call, code);
}

/* ---- POST ---- */

/* The page of the form again, with what was typed and what is wrong with it. */
static enum call_next form_show(struct call *call)
{
    struct request *request = &call->request;
    const struct route_entry *shown_by = call->entry->shown_by;
    struct problem problem = request->problem;
    if (request->wants_json || shown_by == NULL || snapshot_begin(call) != ERR_OK)
        return problem_reply(call, ERR_FORM);
    enum guard_outcome guard = call->answer.guard;
    answer_empty(call);
    call->answer.guard = guard;
    enum err code = ERR_FORBIDDEN;
    const struct route_entry *own = call->entry;
    request->form_state = &call->form_state;
    request->method = WEB_GET;
    call->entry = shown_by;
    request->route = shown_by->route;
    if (may(request, shown_by->route->permission))
        code = shown_by->route->get(request);
    call->entry = own;
    request->route = own->route;
    request->method = WEB_POST;
    snapshot_end(call);
    request->problem = problem;
    if (code != ERR_OK || call->answer.kind != ANSWER_PAGE)
        return problem_reply(call, ERR_FORM);
    enum call_next next = answer_reply(call);
    call->reply.status = err_http_status(ERR_FORM);
    call->reply.code = ERR_FORM;
    return next;
}

static enum call_next post_fail(struct call *call, enum err code)
{
    return code == ERR_FORM ? form_show(call) : problem_reply(call, code);
}

static enum err form_take(struct call *call)
{
    struct request *request = &call->request;
    const struct form *form = request->route->form();
    TRY(form_body_read(&request->arena, call->head.content_type, buf_str(&call->body),
                       &call->fields, &request->problem));
    TRY(session_form_check(call));
    call->form = arena_alloc(&request->arena, form->size, _Alignof(max_align_t));
    return form_fill(&request->arena, form, &call->fields, call->form, &call->form_state,
                     &request->problem);
}

/* What touches no rows needs no writer, and works while the disk is full. */
static enum call_next post_at_once(struct call *call)
{
    struct request *request = &call->request;
    answer_empty(call);
    enum err code = request->route->post(request, NULL, call->form);
    return code == ERR_OK ? answer_reply(call) : post_fail(call, code);
}

enum call_next call_post(struct call *call)
{
    struct request *request = &call->request;
    enum err code = snapshot_begin(call);
    if (code == ERR_OK)
        code = viewer_check(call);
    snapshot_end(call);
    if (code == ERR_OK)
        code = form_take(call);
    if (code != ERR_OK)
        return post_fail(call, code);
    if (request->route->permission == PERMISSION_WEB_ANYONE)
        return post_at_once(call);
    return request->route->prepare != NULL ? CALL_PREPARE : CALL_WRITE;
}

/* Failures and successes of guessing are counted when the answer is final. */
static void guard_apply(struct call *call)
{
    struct request *request = &call->request;
    struct guard *guard = request->site->state->guard;
    struct web_answer *answer = &call->answer;
    if (answer->guard == GUARD_FAILED)
        guard_failed(guard, answer->guard_account, request->remote, request->now_ms);
    else if (answer->guard == GUARD_PASSED)
        guard_passed(guard, answer->guard_account);
    answer->guard = GUARD_NONE;
}

enum call_next call_prepare(struct call *call)
{
    struct request *request = &call->request;
    answer_empty(call);
    enum err code = snapshot_begin(call);
    if (code == ERR_OK)
        code = request->route->prepare(request, call->form);
    snapshot_end(call);
    guard_apply(call);
    return code == ERR_OK ? CALL_WRITE : post_fail(call, code);
}

enum err call_write(struct store_write *write, void *context, struct problem *problem)
{
    struct call *call = context;
    struct request *request = &call->request;
    answer_empty(call);
    request->read = write == NULL ? NULL : write->read;
    /* Asked again inside the transaction: a role may have been taken since. */
    enum err code = viewer_check(call);
    if (code == ERR_OK)
        code = request->route->post(request, write, call->form);
    request->read = NULL;
    if (code != ERR_OK) {
        if (request->problem.code != code)
            problem_set0(&request->problem, code);
        *problem = request->problem;
    }
    return code;
}

enum call_next call_written(struct call *call, enum err code, const struct problem *problem)
{
    struct request *request = &call->request;
    guard_apply(call);
    if (code != ERR_OK) {
        request->problem = *problem;
        return post_fail(call, code);
    }
    for (int i = 0; i < call->answer.event_count; i++)
        web_publish(request->site, call->answer.events[i].topic, call->answer.events[i].data);
    return answer_reply(call);
}
