/* people: what an administrator saves about members. */
#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_queries.h"
#include "core/arena.h"

static enum err back_to_person(struct request *request, int64_t person)
{
    return answer_redirect(request, link_to(&request->arena, "/people/{}",
                                            (const struct err_arg[]){ERR_INT(person)}, 1));
}

/* The person of the path, if a member here. */
static enum err member_find(struct request *request, struct store_write *write,
                            struct person_in_tenant_row *person)
{
    bool found = false;
    int64_t id;
    TRY(request_id_parameter(request, 0, &id));
    TRY(person_in_tenant(write->read, &request->arena, request->viewer.tenant, id, person, &found,
                         &request->problem));
    return found ? ERR_OK : problem_set0(&request->problem, ERR_NOT_FOUND);
}

enum err person_add_prepare(struct request *request, struct person_add_form *form)
{
    char *hash = ARENA_ARRAY(&request->arena, char, PEOPLE_HASH_MAX);
    if (form->password_given && !people_password_hash(form->password, hash))
        return problem_set0(&request->problem, ERR_BUSY);
    request->prepared = hash;
    return ERR_OK;
}

enum err person_add(struct request *request, struct store_write *write,
                    const struct person_add_form *form)
{
    int64_t id;
    const struct people_person person = {.home = request->viewer.tenant,
                                         .number = form->number,
                                         .name = form->name,
                                         .password_hash = str_from_c(request->prepared),
                                         .must_change = true};
    enum err code = people_person_add(write, &person, &id, &request->problem);
    if (code == ERR_FIELD_TWICE)
        return request_field_problem(request, "number", ERR_FIELD_TWICE,
                                     (const struct err_arg[]){ERR_TEXT(form->number)}, 1);
    TRY(code);
    TRY(people_role_add(write, request->viewer.tenant, id, (enum role)form->role,
                        &request->problem));
    return back_to_person(request, id);
}

enum err role_add(struct request *request, struct store_write *write,
                  const struct role_add_form *form)
{
    struct person_in_tenant_row person;
    TRY(member_find(request, write, &person));
    TRY(people_role_add(write, request->viewer.tenant, person.id, (enum role)form->role,
                        &request->problem));
    return back_to_person(request, person.id);
}

enum err role_end(struct request *request, struct store_write *write,
                  const struct role_end_form *form)
{
    struct person_in_tenant_row person;
    struct membership_by_id_row membership;
    struct administrator_count_row administrators;
    int64_t id;
    (void)form;
    TRY(member_find(request, write, &person));
    TRY(request_id_parameter(request, 1, &id));
    TRY(membership_by_id(write->read, &request->arena, request->viewer.tenant, id, &membership,
                         &request->problem));
    if (membership.person != person.id)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    TRY(people_role_end(write, request->viewer.tenant, id, &request->problem));
    /* Somebody must be left who can undo this. */
    TRY(administrator_count(write->read, &request->arena, request->viewer.tenant, &administrators,
                            &request->problem));
    if (administrators.people == 0)
        return problem_set0(&request->problem, ERR_LAST_ADMINISTRATOR);
    return back_to_person(request, person.id);
}

enum err person_disable_set(struct request *request, struct store_write *write,
                            const struct person_disable_set_form *form)
{
    struct person_in_tenant_row person;
    int64_t ended;
    TRY(member_find(request, write, &person));
    /* Only home decides whether its people may sign in. */
    if (person.home != request->viewer.tenant)
        return problem_set0(&request->problem, ERR_FORBIDDEN);
    if (form->disabled && person.id == request->viewer.person)
        return problem_set0(&request->problem, ERR_LAST_ADMINISTRATOR);
    TRY(person_disable(write, person.id, form->version, form->disabled ? &write->now_ms : NULL,
                       &request->problem));
    if (form->disabled)
        TRY(session_end_all(write, person.id, &ended, &request->problem));
    return back_to_person(request, person.id);
}
