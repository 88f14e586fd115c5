/* people: saves of several statements. */
#include "app/people/people.h"
#include "app/people/people_queries.h"
#include "core/arena.h"

static bool code_is_fit(struct str code)
{
    if (code.length < 2 || code.length > 40)
        return false;
    for (size_t i = 0; i < code.length; i++) {
        char c = code.text[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return true;
}

enum err people_organisation_add(struct store_write *write,
                                 const struct people_organisation *organisation, int64_t *id,
                                 struct problem *problem)
{
    struct arena arena;
    struct organisation_by_code_row row;
    bool found = false;
    if (!code_is_fit(organisation->code))
        return problem_set(problem, ERR_ID_BAD, ERR_TEXT(organisation->code));
    arena_init(&arena);
    enum err code =
        organisation_by_code(write->read, &arena, organisation->code, &row, &found, problem);
    arena_clear(&arena);
    if (code != ERR_OK)
        return code;
    if (found)
        return problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(organisation->code));
    *id = store_id_new(write);
    return organisation_insert(write, *id, organisation->code, organisation->kind,
                               organisation->name_zh, organisation->name_en,
                               organisation->zone_minutes, organisation->invented, write->now_ms,
                               problem);
}

enum err people_organisation_find(struct store_read *read, struct str code, int64_t *id,
                                  struct problem *problem)
{
    struct arena arena;
    struct organisation_by_code_row row = {0};
    bool found = false;
    arena_init(&arena);
    enum err read_code = organisation_by_code(read, &arena, code, &row, &found, problem);
    arena_clear(&arena);
    TRY(read_code);
    *id = row.id;
    if (found)
        return ERR_OK;
    problem_set0(problem, ERR_NOT_FOUND);
    return problem_place(problem, "%.*s", (int)code.length, code.text);
}

static enum err person_add(struct store_write *write, struct arena *arena,
                           const struct people_person *person, int64_t *id, struct problem *problem)
{
    struct person_by_number_row row;
    bool found = false;
    TRY(person_by_number(write->read, arena, person->home, person->number, &row, &found, problem));
    if (found)
        return problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(person->number));
    *id = store_id_new(write);
    TRY(person_insert(write, *id, person->home, person->number, person->name,
                      people_sort_key(arena, person->name), write->now_ms, problem));
    if (person->password_hash.length == 0)
        return ERR_OK;
    return credential_insert(write, *id, person->password_hash, person->must_change, write->now_ms,
                             problem);
}

enum err people_person_add(struct store_write *write, const struct people_person *person,
                           int64_t *id, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = person_add(write, &arena, person, id, problem);
    arena_clear(&arena);
    return code;
}

static enum err role_add(struct store_write *write, struct arena *arena, int64_t tenant,
                         int64_t person, enum role role, struct problem *problem)
{
    struct membership_roles_row *rows;
    struct person_sort_key_row name;
    size_t count;
    TRY(person_sort_key(write->read, arena, person, &name, problem));
    TRY(membership_roles(write->read, arena, tenant, person, &rows, &count, problem));
    for (size_t i = 0; i < count; i++)
        if (str_equal_c(rows[i].role, role_word(role)))
            return ERR_OK; /* asked twice, given once */
    TRY(membership_insert(write, tenant, store_id_new(write), person, str_from_c(role_word(role)),
                          write->now_ms, problem));
    return member_put(write, tenant, person, name.sort_key, problem);
}

enum err people_role_add(struct store_write *write, int64_t tenant, int64_t person, enum role role,
                         struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = role_add(write, &arena, tenant, person, role, problem);
    arena_clear(&arena);
    return code;
}

enum err people_role_end(struct store_write *write, int64_t tenant, int64_t membership,
                         struct problem *problem)
{
    struct arena arena;
    struct membership_by_id_row row;
    arena_init(&arena);
    enum err code = membership_by_id(write->read, &arena, tenant, membership, &row, problem);
    arena_clear(&arena);
    TRY(code);
    TRY(membership_end(write, tenant, membership, write->now_ms, problem));
    return member_settle(write, tenant, row.person, problem);
}
