/* people: the front page and the page for signing in. */
#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_pages.h"
#include "app/people/people_queries.h"
#include "app/people/people_views.h"
#include "core/arena.h"

static void ways_fill(struct request *request, struct home_view *view)
{
    struct action *ways = ARENA_ARRAY(&request->arena, struct action, view->shell.nav_count + 1);
    for (size_t i = 0; i < view->shell.nav_count; i++)
        ways[view->way_count++] =
            (struct action){.label = view->shell.nav[i].label, .to = view->shell.nav[i].to};
    ways[view->way_count++] =
        (struct action){.label = N_("Your account"), .to = view->shell.account};
    view->ways = ways;
}

enum err home(struct request *request)
{
    struct home_view view = {.signed_in = request->viewer.person != 0};
    people_shell_titled(request, N_("Welcome"), &view.shell);
    view.sign_in = view.shell.sign_in;
    if (view.signed_in) {
        struct organisation_by_id_row organisation;
        const char **roles = ARENA_ARRAY(&request->arena, const char *, ROLE_COUNT);
        TRY(organisation_by_id(request->read, &request->arena, request->viewer.tenant,
                               &organisation, &request->problem));
        view.organisation = request->lang == LANG_ZH ? organisation.name_zh : organisation.name_en;
        view.invented = organisation.invented;
        for (int i = 0; i < ROLE_COUNT; i++)
            if ((request->viewer.roles >> i & 1) != 0)
                roles[view.role_count++] = role_label((enum role)i);
        view.roles = roles;
        ways_fill(request, &view);
    }
    home_page(answer_page(request), &view);
    return ERR_OK;
}

enum err sign_in_show(struct request *request)
{
    const struct form *form = sign_in_fields();
    const struct form_state *state = request->form_state;
    struct sign_in_view view = {.state = state, .back = request_query(request, "back")};
    people_shell_titled(request, N_("Sign in"), &view.shell);
    view.organisation =
        field_of(form, state, "organisation", request_query(request, "organisation"));
    view.organisation.hint = N_("The short name that stands on your sign-in slip");
    view.organisation.autocomplete = "organization";
    view.number = field_of(form, state, "number", request_query(request, "number"));
    view.number.autocomplete = "username";
    view.password = field_of(form, state, "password", STR(""));
    view.password.autocomplete = "current-password";
    sign_in_page(answer_page(request), &view);
    return ERR_OK;
}
