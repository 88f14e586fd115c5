#include "main/site.h"

#include "app/people/people.h"
#include "app/training/training.h"
#include "core/text.h"
#include "main/background.h"
#include "main/site_pages.h"
#include "main/site_views.h"
#include "platform/web/design.h"
#include "platform/web/route.h"
#include "platform/web/static_files.h"

#define ROUTES_FILE "main/routes.def"
#define ROUTES_TABLE site_routes
#include "platform/web/route_table.def"

/* Each room adds its table here. */
static const struct web_table *const tables[] = {&people_routes, &training_routes, &site_routes,
                                                 NULL};
static const struct people_nav nav[] = {
    {N_("Runs"), "/runs", PERMISSION_RUN_READ},
    {N_("People"), "/people", PERMISSION_PERSON_LIST},
    {NULL, NULL, 0},
};
static const struct people_site rooms = {nav, "Sampan"};

enum err site_design_show(struct request *request)
{
    struct shell shell;
    people_shell(request, STR(""), &shell);
    design_page(answer_page(request), &request->arena, &shell);
    return ERR_OK;
}

static struct str problem_text(struct arena *arena, enum lang lang, const struct problem *problem)
{
    struct problem bare = *problem;
    struct buf text;
    buf_init(&text);
    bare.place[0] = '\0'; /* of the program or a field; the log has it */
    text_append_problem(&text, lang, &bare);
    struct str copy = str_copy(arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* The fields at fault, when the page of their form cannot be shown. */
static void fields_fill(struct site_error_view *view, struct request *request)
{
    const struct form_state *state = request->form_state;
    if (state == NULL || state->form == NULL)
        return;
    struct site_error_field *fields =
        ARENA_ARRAY(&request->arena, struct site_error_field, state->form->count);
    for (size_t i = 0; i < state->form->count; i++) {
        if (state->problems[i].code == ERR_OK)
            continue;
        fields[view->field_count++] = (struct site_error_field){
            state->form->fields[i].label,
            problem_text(&request->arena, request->lang, &state->problems[i])};
    }
    view->fields = fields;
}

static void error_page(struct page *page, struct request *request, enum err code,
                       const struct problem *problem)
{
    struct site_error_view view = {.request_id = request->request_id};
    int status = err_http_status(code);
    people_shell_titled(request,
                        status >= 500   ? N_("Something went wrong")
                        : status == 404 ? N_("Not here")
                        : status == 401 ? N_("Please sign in")
                                        : N_("That did not work"),
                        &view.shell);
    view.message = problem_text(&request->arena, request->lang, problem);
    if (code == ERR_FORM)
        fields_fill(&view, request);
    site_error(page, &view);
}

void site_fill(struct web_site *site)
{
    site->tables = tables;
    site->title = "Sampan";
    site->version = SAMPAN_VERSION;
    site->files = static_files;
    site->file_count = static_file_count;
    site->error_page = error_page;
    site->context = &rooms;
    site->identify = people_identify;
    site->may = people_may;
    site->may_hear = background_may_hear;
    site->sign_in = "/sign-in";
}
