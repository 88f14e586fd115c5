/* people: members of an organisation, one by one and in lists. */
#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_pages.h"
#include "app/people/people_queries.h"
#include "app/people/people_views.h"
#include "core/arena.h"

enum { PAGE_ROWS = 50 };

static const struct option *role_options(struct arena *arena, const struct field *field)
{
    struct option *options = ARENA_ARRAY(arena, struct option, ROLE_COUNT);
    for (int i = 0; i < ROLE_COUNT; i++)
        options[i] = (struct option){.value = str_from_c(role_word((enum role)i)),
                                     .label = role_label((enum role)i)};
    field_choose(field, options, ROLE_COUNT);
    return options;
}

static struct field role_field(struct request *request, const struct form *form)
{
    struct field field = field_of(form, request->form_state, "role", STR(""));
    field.options = role_options(&request->arena, &field);
    field.option_count = ROLE_COUNT;
    return field;
}

/* The place behind which a page begins: the id of the last person of the one before. */
static enum err page_start(struct request *request, int64_t after, struct str *key)
{
    struct member_place_row row;
    bool found = false;
    *key = STR("");
    if (after == 0)
        return ERR_OK;
    TRY(member_place(request->read, &request->arena, request->viewer.tenant, after, &row, &found,
                     &request->problem));
    if (found)
        *key = row.sort_key;
    return found ? ERR_OK : problem_set0(&request->problem, ERR_NOT_FOUND);
}

static void rows_fill(struct request *request, struct people_list_view *view,
                      const struct member_page_row *rows, size_t count)
{
    struct member_row *shown = ARENA_ARRAY(&request->arena, struct member_row, count + 1);
    for (size_t i = 0; i < count; i++)
        shown[i] = (struct member_row){.person = {rows[i].person},
                                       .name = rows[i].name,
                                       .number = rows[i].number,
                                       .disabled = !rows[i].disabled_ms_null};
    view->rows = shown;
    view->row_count = count;
}

static void list_fields_fill(struct request *request, struct people_list_view *view)
{
    const struct form *form = person_add_fields();
    const struct form_state *state = request->form_state;
    view->may_manage = people_may(&request->viewer, PERMISSION_PERSON_MANAGE);
    view->state = state;
    view->name = field_of(form, state, "name", STR(""));
    view->number = field_of(form, state, "number", STR(""));
    view->role = role_field(request, form);
    view->password = field_of(form, state, "password", STR(""));
    view->password.hint =
        N_("To be changed at the first sign-in; leave it empty if none is needed");
    view->password.autocomplete = "new-password";
}

enum err people_list(struct request *request)
{
    struct people_list_view view = {
        .table = {.caption = N_("Members by name"), .as_cards = true, .caption_unseen = true}};
    struct member_page_row *rows;
    struct str key;
    size_t count;
    int64_t after, first;
    TRY(request_query_int(request, "after", 0, INT64_MAX, 0, &after));
    TRY(request_query_int(request, "first", 1, INT64_MAX, 1, &first));
    TRY(page_start(request, after, &key));
    TRY(member_page(request->read, &request->arena, request->viewer.tenant, key, after,
                    PAGE_ROWS + 1, &rows, &count, &request->problem));
    bool more = count > PAGE_ROWS;
    if (more)
        count = PAGE_ROWS;
    struct str next = STR("");
    if (more) {
        next = str_format(&request->arena, "%lld", (long long)rows[count - 1].person);
        view.pager.next = link_to(
            &request->arena, "/people?after={}&first={}",
            (const struct err_arg[]){ERR_INT(rows[count - 1].person), ERR_INT(first + PAGE_ROWS)},
            2);
    }
    TRY(answer_rows(request, &member_page_columns, rows, count, next));
    people_shell_titled(request, N_("People"), &view.shell);
    rows_fill(request, &view, rows, count);
    view.pager.first = first;
    view.pager.last = first + (int64_t)count - 1;
    view.pager.total = -1; /* counting 20,000 would cost more than the page */
    if (after != 0)
        view.pager.previous = link_to(&request->arena, "/people", NULL, 0);
    list_fields_fill(request, &view);
    people_list_page(answer_page(request), &view);
    return ERR_OK;
}

enum err person_show(struct request *request)
{
    struct person_in_tenant_row person;
    struct membership_roles_row *roles;
    struct person_view view = {
        .may_manage = people_may(&request->viewer, PERMISSION_PERSON_MANAGE),
        .table = {.caption = N_("Roles"), .caption_unseen = true, .as_cards = true}};
    bool found = false;
    size_t count;
    int64_t id;
    TRY(request_id_parameter(request, 0, &id));
    TRY(person_in_tenant(request->read, &request->arena, request->viewer.tenant, id, &person,
                         &found, &request->problem));
    if (!found)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    TRY(answer_row(request, &person_in_tenant_columns, &person));
    TRY(membership_roles(request->read, &request->arena, request->viewer.tenant, id, &roles, &count,
                         &request->problem));
    struct role_row_view *shown = ARENA_ARRAY(&request->arena, struct role_row_view, count + 1);
    for (size_t i = 0; i < count; i++) {
        enum role role;
        if (role_from_word(roles[i].role, &role))
            shown[view.role_count++] = (struct role_row_view){.membership = {roles[i].id},
                                                              .role = role_label(role),
                                                              .since = {roles[i].created_ms}};
    }
    people_shell(request, person.name, &view.shell);
    view.person = (struct id){id};
    view.number = person.number;
    view.version = person.version;
    view.disabled = !person.disabled_ms_null;
    view.entered = (struct moment){person.created_ms};
    view.roles = shown;
    view.state = request->form_state;
    view.role = role_field(request, role_add_fields());
    person_page(answer_page(request), &view);
    return ERR_OK;
}
