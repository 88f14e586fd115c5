/* people: who stands behind a token. */
#include "app/people/people.h"
#include "app/people/people_queries.h"
#include "core/arena.h"

static enum err roles_read(struct store_read *read, struct arena *arena, struct viewer *viewer,
                           struct problem *problem)
{
    struct membership_roles_row *rows;
    struct organisation_by_id_row organisation;
    size_t count;
    TRY(membership_roles(read, arena, viewer->tenant, viewer->person, &rows, &count, problem));
    for (size_t i = 0; i < count; i++) {
        enum role role;
        if (role_from_word(rows[i].role, &role))
            viewer->roles |= UINT32_C(1) << role;
    }
    TRY(organisation_by_id(read, arena, viewer->tenant, &organisation, problem));
    viewer->zone_minutes = (int32_t)organisation.zone_minutes;
    return ERR_OK;
}

static enum err by_token(struct store_read *read, struct arena *arena, struct str token_hash,
                         int64_t now_ms, struct viewer *viewer, struct problem *problem)
{
    struct api_token_by_hash_row row;
    bool found = false;
    TRY(api_token_by_hash(read, arena, token_hash, now_ms, &row, &found, problem));
    if (!found)
        return ERR_OK;
    *viewer = (struct viewer){.person = row.person,
                              .tenant = row.organisation,
                              .session = row.id,
                              .name = row.name,
                              .by_token = true,
                              .reads_only = !row.may_write};
    return roles_read(read, arena, viewer, problem);
}

enum err people_identify(struct store_read *read, struct arena *arena, struct str token_hash,
                         bool is_api_token, int64_t now_ms, struct viewer *viewer,
                         struct problem *problem)
{
    struct session_by_token_row row;
    bool found = false;
    *viewer = (struct viewer){0};
    if (is_api_token)
        return by_token(read, arena, token_hash, now_ms, viewer, problem);
    TRY(session_by_token(read, arena, token_hash, now_ms, &row, &found, problem));
    if (!found)
        return ERR_OK;
    *viewer = (struct viewer){
        .person = row.person, .tenant = row.organisation, .session = row.id, .name = row.name};
    return roles_read(read, arena, viewer, problem);
}
