#include "site.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "platform/web/route.h"
#include "stub_store.h"

#define FORMS_FILE "test_forms.def"
#include "platform/web/form_table.def"

#define FORMS_FILE "test_forms.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"

enum { PERMISSION_TEST_PUBLIC, PERMISSION_TEST_READ, PERMISSION_TEST_WRITE };

struct note_row_row {
    int64_t id;
    struct str title;
    int64_t stars;
    bool stars_null;
};
static const struct store_column note_columns[] = {
    {"id", STORE_ID, false, offsetof(struct note_row_row, id), 0},
    {"title", STORE_TEXT, false, offsetof(struct note_row_row, title), 0},
    {"stars", STORE_INT64, true, offsetof(struct note_row_row, stars),
     offsetof(struct note_row_row, stars_null)},
};
static const struct store_columns note_row_columns = {"note_row", note_columns, 3,
                                                      sizeof(struct note_row_row)};

#define ROUTES_FILE "test_routes.def"
#define ROUTES_TABLE test_routes
#include "platform/web/route_table.def"

_Atomic int64_t site_clock_ms = 1000;
bool site_broken_answers = true;
_Atomic bool site_slow_held = false;
_Atomic int site_slow_waiting = 0;
struct site_seen site_seen;
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- sessions ---- */

struct known {
    unsigned char hash[WEB_TOKEN_BYTES];
    int64_t person;
    bool is_api;
};
static struct known knowns[64];
static int known_count;

static void known_add(const unsigned char hash[WEB_TOKEN_BYTES], int64_t person, bool is_api)
{
    pthread_mutex_lock(&seen_lock);
    struct known *known = &knowns[known_count++ % (int)COUNT_OF(knowns)];
    memcpy(known->hash, hash, WEB_TOKEN_BYTES);
    known->person = person;
    known->is_api = is_api;
    pthread_mutex_unlock(&seen_lock);
}

struct str site_session(struct arena *arena, int64_t person)
{
    unsigned char hash[WEB_TOKEN_BYTES];
    struct str token = web_token_new(arena, hash);
    known_add(hash, person, false);
    return token;
}

struct str site_api_token(struct arena *arena, int64_t person)
{
    unsigned char hash[WEB_TOKEN_BYTES];
    struct str token = web_token_new(arena, hash);
    known_add(hash, person, true);
    return token;
}

void site_forget_sessions(void)
{
    pthread_mutex_lock(&seen_lock);
    memset(knowns, 0, sizeof(knowns));
    pthread_mutex_unlock(&seen_lock);
}

static enum err identify(struct store_read *read, struct arena *arena, struct str hash,
                         bool is_api_token, int64_t now_ms, struct viewer *viewer,
                         struct problem *problem)
{
    (void)read;
    (void)arena;
    (void)now_ms;
    (void)problem;
    pthread_mutex_lock(&seen_lock);
    for (size_t i = 0; i < COUNT_OF(knowns); i++) {
        if (knowns[i].person != 0 && knowns[i].is_api == is_api_token &&
            memcmp(knowns[i].hash, hash.text, WEB_TOKEN_BYTES) == 0)
            *viewer = (struct viewer){.person = knowns[i].person, .session = (int64_t)i + 1};
    }
    pthread_mutex_unlock(&seen_lock);
    return ERR_OK;
}

static bool may(const struct viewer *viewer, int permission)
{
    if (permission == PERMISSION_TEST_PUBLIC)
        return true;
    return viewer->person == 7 || (viewer->person == 8 && permission == PERMISSION_TEST_READ);
}

static bool may_hear(const struct viewer *viewer, struct str topic)
{
    return viewer->person != 0 && !str_equal(topic, STR("secret"));
}

/* ---- handlers ---- */

static void put(struct page *page, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] == '<')
            buf_append_c(page->out, "&lt;");
        else if (text.text[i] == '&')
            buf_append_c(page->out, "&amp;");
        else if (text.text[i] == '"')
            buf_append_c(page->out, "&quot;");
        else if (text.text[i] == '\'')
            buf_append_c(page->out, "&#39;");
        else
            buf_append_byte(page->out, text.text[i]);
    }
}

static void form_put(struct page *page, const char *action)
{
    buf_format(page->out,
               "<form method=\"post\" action=\"%.*s%s\"><input type=\"hidden\" "
               "name=\"form_token\" value=\"%.*s\"></form>",
               (int)page->prefix.length, page->prefix.text, action, (int)page->form_token.length,
               page->form_token.text);
}

enum err front_show(struct request *request)
{
    struct page *page = answer_page(request);
    answer_public(request, 60);
    buf_append_c(page->out, page->lang == LANG_ZH ? "<h1>首页</h1>" : "<h1>Front</h1>");
    return ERR_OK;
}

static const struct note_row_row notes[] = {{1, {"one <1>", 7}, 5, false},
                                            {2, {"two", 3}, 0, true}};

enum err note_list(struct request *request)
{
    int64_t limit;
    if (request_query_int(request, "limit", 1, 2, 2, &limit) != ERR_OK)
        return request->problem.code;
    if (answer_rows(request, &note_row_columns, notes, (size_t)limit, STR("2")) != ERR_OK)
        return request->problem.code;
    struct page *page = answer_page(request);
    buf_append_c(page->out, "<h1>Notes</h1>");
    put(page, notes[0].title);
    if (request->form_state != NULL) {
        const struct form_state *state = request->form_state;
        for (size_t i = 0; i < state->form->count; i++) {
            buf_format(page->out, "<p id=\"%s\" title=\"%s\">", state->form->fields[i].name,
                       err_name(state->problems[i].code));
            put(page, state->typed[i]);
            buf_append_c(page->out, "</p>");
        }
    }
    form_put(page, "/notes");
    return ERR_OK;
}

enum err note_show(struct request *request)
{
    int64_t id;
    if (request_id_parameter(request, 0, &id) != ERR_OK)
        return request->problem.code;
    if (id > 2)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    put(answer_page(request), notes[id - 1].title);
    return answer_row(request, &note_row_columns, &notes[id - 1]);
}

static void keep(char *out, size_t size, struct str text)
{
    size_t length = text.length < size - 1 ? text.length : size - 1;
    if (length > 0)
        memcpy(out, text.text, length);
    out[length] = '\0';
}

enum err note_add(struct request *request, struct store_write *write,
                  const struct note_add_form *form)
{
    (void)write;
    pthread_mutex_lock(&seen_lock);
    keep(site_seen.title, sizeof(site_seen.title), form->title);
    keep(site_seen.text, sizeof(site_seen.text), form->text);
    site_seen.stars = form->stars_given ? form->stars : -1;
    site_seen.day = form->day;
    site_seen.pinned = form->pinned;
    site_seen.parent = form->parent;
    site_seen.kind = form->kind;
    site_seen.adds++;
    pthread_mutex_unlock(&seen_lock);
    if (str_equal(form->title, STR("taken"))) {
        struct err_arg argument = ERR_CTEXT("title");
        return request_field_problem(request, "title", ERR_FIELD_TWICE, &argument, 1);
    }
    if (str_equal(form->title, STR("stale")))
        return problem_set0(&request->problem, ERR_STALE);
    answer_event(request, "notes", STR("added"));
    struct err_arg id = ERR_INT(2);
    return answer_redirect(request, link_to(&request->arena, "/notes/{}", &id, 1));
}

enum err note_upload(struct request *request, struct store_write *write,
                     const struct note_upload_form *form)
{
    (void)write;
    keep(site_seen.file_name, sizeof(site_seen.file_name), form->file.name);
    site_seen.file_length = form->file.content.length;
    return answer_redirect(request, link_to(&request->arena, "/notes", NULL, 0));
}

enum err echo_show(struct request *request)
{
    struct page *page = answer_page(request);
    put(page, request->parameters[0]);
    buf_append_byte(page->out, '|');
    put(page, request->parameters[1]);
    buf_append_byte(page->out, '|');
    put(page, request_query(request, "q"));
    buf_format(page->out, "|%.*s|%d|%d|", (int)request->remote.length, request->remote.text,
               request->is_secure, request->theme);
    put(page, request->host);
    return ERR_OK;
}

enum err file_show(struct request *request)
{
    return answer_file(request, STR("a,b\n"), "text/csv; charset=utf-8",
                       STR("\xE6\x88\x90\xE7\xBB\xA9.csv"));
}

enum err broken_show(struct request *request)
{
    if (!site_broken_answers) {
        answer_page(request);
        return ERR_OK;
    }
    return problem_set(&request->problem, ERR_INTERNAL, ERR_CTEXT("planted"));
}

enum err slow_show(struct request *request)
{
    site_slow_waiting++;
    while (site_slow_held)
        poll(NULL, 0, 1);
    site_slow_waiting--;
    buf_append_c(answer_page(request)->out,
                 request->read != NULL ? "<h1>Slow</h1>" : "<h1>No</h1>");
    return ERR_OK;
}

enum err door_show(struct request *request)
{
    struct page *page = answer_page(request);
    buf_append_c(page->out, "<h1>Door</h1>");
    if (request->form_state != NULL) {
        for (size_t i = 0; i < request->form_state->form->count; i++)
            put(page, request->form_state->typed[i]);
    }
    form_put(page, "/door");
    return ERR_OK;
}

enum err door_enter_prepare(struct request *request, struct door_enter_form *form)
{
    if (request_guard(request, form->name) != ERR_OK)
        return request->problem.code;
    bool right = str_equal(form->name, STR("ann")) && str_equal(form->password, STR("let me in"));
    if (!right) {
        request_guard_failed(request, form->name);
        return problem_set0(&request->problem, ERR_SIGN_IN);
    }
    request->prepared = str_copy(&request->arena, STR("yes")).text == NULL ? NULL : &site_seen;
    return ERR_OK;
}

enum err door_enter(struct request *request, struct store_write *write,
                    const struct door_enter_form *form)
{
    unsigned char hash[WEB_TOKEN_BYTES];
    (void)write;
    if (request->prepared != &site_seen)
        return problem_set(&request->problem, ERR_INTERNAL, ERR_CTEXT("prepare did not run"));
    answer_session_begin(request, 0, hash);
    known_add(hash, 7, false);
    request_guard_passed(request, form->name);
    return answer_redirect(request, link_back(request, STR("/notes")));
}

enum err door_leave(struct request *request, struct store_write *write,
                    const struct door_leave_form *form)
{
    (void)write;
    (void)form;
    answer_session_end(request);
    return answer_redirect(request, link_to(&request->arena, "/", NULL, 0));
}

/* ---- the site ---- */

static int64_t clock_ms(void *context)
{
    (void)context;
    return site_clock_ms;
}

static void log_line(void *context, struct str line)
{
    (void)context;
    pthread_mutex_lock(&seen_lock);
    if (site_seen.log_length + line.length + 2 < sizeof(site_seen.log)) {
        memcpy(site_seen.log + site_seen.log_length, line.text, line.length);
        site_seen.log_length += line.length;
        site_seen.log[site_seen.log_length++] = '\n';
        site_seen.log[site_seen.log_length] = '\0';
    }
    pthread_mutex_unlock(&seen_lock);
}

static const struct web_table *const tables[] = {&test_routes, NULL};
static const struct web_file files[] = {
    {"app.css", {"body{}", 6}, {"\x1f\x8bzip", 5}, "text/css; charset=utf-8", "\"abc123\""},
    {"icon.svg", {"<svg/>", 6}, {NULL, 0}, "image/svg+xml", "\"def456\""},
};

void site_begin(struct web_site *site, const char *prefix)
{
    struct problem problem;
    memset(&site_seen, 0, sizeof(site_seen));
    *site = (struct web_site){.store = stub_store_open(),
                              .tables = tables,
                              .prefix = prefix,
                              .title = "Test",
                              .version = "1",
                              .files = files,
                              .file_count = COUNT_OF(files),
                              .identify = identify,
                              .may = may,
                              .may_hear = may_hear,
                              .log = log_line,
                              .now_ms = clock_ms};
    if (web_site_open(site, &problem) != ERR_OK)
        __builtin_trap();
}

void site_end(struct web_site *site)
{
    web_site_close(site);
    stub_store_close(site->store);
}
