/* people: a person's own sessions, password and tokens. */
#include <string.h>

#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_pages.h"
#include "app/people/people_queries.h"
#include "app/people/people_views.h"
#include "core/arena.h"

enum { SESSIONS_SHOWN = 50, TOKENS_SHOWN = 50 };
#define DAY_MS INT64_C(86400000)

static enum err back_to_account(struct request *request)
{
    return answer_redirect(request, link_to(&request->arena, "/account", NULL, 0));
}

static enum err sessions_fill(struct request *request, struct account_view *view)
{
    struct session_list_row *rows;
    size_t count;
    TRY(session_list(request->read, &request->arena, request->viewer.person, request->now_ms,
                     SESSIONS_SHOWN, &rows, &count, &request->problem));
    struct session_row_view *shown =
        ARENA_ARRAY(&request->arena, struct session_row_view, count + 1);
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct session_row_view){.session = {rows[i].id},
                                             .since = {rows[i].created_ms},
                                             .until = {rows[i].expires_ms},
                                             .here = rows[i].id == request->viewer.session};
    view->sessions = shown;
    view->session_count = count;
    return ERR_OK;
}

static enum err tokens_fill(struct request *request, struct account_view *view)
{
    struct api_token_list_row *rows;
    size_t count;
    TRY(api_token_list(request->read, &request->arena, request->viewer.person, TOKENS_SHOWN, &rows,
                       &count, &request->problem));
    struct token_row_view *shown = ARENA_ARRAY(&request->arena, struct token_row_view, count + 1);
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct token_row_view){.token = {rows[i].id},
                                           .name = rows[i].name,
                                           .may_write = rows[i].may_write,
                                           .until = {rows[i].expires_ms}};
    view->tokens = shown;
    view->token_count = count;
    return ERR_OK;
}

enum err account_show(struct request *request)
{
    const struct form *password = password_change_fields();
    const struct form *token = token_add_fields();
    const struct form_state *state = request->form_state;
    struct account_view view = {
        .session_table = {.caption = N_("Where you are signed in"),
                          .caption_unseen = true,
                          .as_cards = true},
        .token_table = {.caption = N_("Tokens for programs"),
                        .caption_unseen = true,
                        .as_cards = true},
        .password_state = state != NULL && state->form == password ? state : NULL,
        .token_state = state != NULL && state->form == token ? state : NULL};
    TRY(sessions_fill(request, &view));
    TRY(tokens_fill(request, &view));
    people_shell(request, request->viewer.name, &view.shell);
    view.old = field_of(password, state, "old", STR(""));
    view.old.autocomplete = "current-password";
    view.fresh = field_of(password, state, "fresh", STR(""));
    view.fresh.autocomplete = "new-password";
    view.fresh.hint = N_("At least ten characters; three unrelated words are good");
    view.again = field_of(password, state, "again", STR(""));
    view.again.autocomplete = "new-password";
    view.token_name = field_of(token, state, "name", STR(""));
    view.token_days = field_of(token, state, "days", STR("30"));
    view.token_may_write = field_of(token, state, "may_write", STR(""));
    account_page(answer_page(request), &view);
    return ERR_OK;
}

enum err password_change_prepare(struct request *request, struct password_change_form *form)
{
    struct credential_of_row row;
    char *hash = ARENA_ARRAY(&request->arena, char, PEOPLE_HASH_MAX);
    struct str account =
        str_format(&request->arena, "password/%lld", (long long)request->viewer.person);
    TRY(request_guard(request, account));
    TRY(credential_of(request->read, &request->arena, request->viewer.person, &row,
                      &request->problem));
    if (!people_password_fits(row.password_hash, form->old)) {
        request_guard_failed(request, account);
        return request_field_problem(request, "old", ERR_PASSWORD_WRONG, NULL, 0);
    }
    request_guard_passed(request, account);
    if (!str_equal(form->fresh, form->again))
        return request_field_problem(request, "again", ERR_PASSWORDS_DIFFER, NULL, 0);
    if (!people_password_hash(form->fresh, hash))
        return problem_set0(&request->problem, ERR_BUSY);
    request->prepared = hash;
    return ERR_OK;
}

/* Whoever may know the old password is out: every session ends, and this browser gets a new one. */
enum err password_change(struct request *request, struct store_write *write,
                         const struct password_change_form *form)
{
    int64_t ended;
    (void)form;
    TRY(credential_change(write, request->viewer.person, str_from_c(request->prepared),
                          write->now_ms, &request->problem));
    TRY(session_end_all(write, request->viewer.person, &ended, &request->problem));
    TRY(people_session_begin(request, write, request->viewer.person, request->viewer.tenant));
    return back_to_account(request);
}

enum err session_close(struct request *request, struct store_write *write,
                       const struct session_close_form *form)
{
    int64_t id, ended;
    (void)form;
    TRY(request_id_parameter(request, 0, &id));
    TRY(session_end(write, request->viewer.person, id, &ended, &request->problem));
    return ended == 1 ? back_to_account(request) : problem_set0(&request->problem, ERR_NOT_FOUND);
}

enum err token_add(struct request *request, struct store_write *write,
                   const struct token_add_form *form)
{
    unsigned char hash[WEB_TOKEN_BYTES];
    struct token_shown_view view = {0};
    view.token = web_token_new(&request->arena, hash);
    TRY(api_token_insert(write, (struct str){(const char *)hash, sizeof(hash)}, store_id_new(write),
                         request->viewer.person, request->viewer.tenant, form->name,
                         form->may_write, write->now_ms, write->now_ms + form->days * DAY_MS,
                         &request->problem));
    people_shell_titled(request, N_("A new token"), &view.shell);
    token_shown_page(answer_page(request), &view);
    return ERR_OK;
}

enum err token_close(struct request *request, struct store_write *write,
                     const struct token_close_form *form)
{
    int64_t id, ended;
    (void)form;
    TRY(request_id_parameter(request, 0, &id));
    TRY(api_token_end(write, request->viewer.person, id, &ended, &request->problem));
    return ended == 1 ? back_to_account(request) : problem_set0(&request->problem, ERR_NOT_FOUND);
}
