/* people: signing in and out. */
#include <sodium.h>
#include <string.h>

#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_queries.h"
#include "core/arena.h"

enum { SESSION_DAYS = 14 };
#define DAY_MS INT64_C(86400000)

bool people_password_hash(struct str password, char hash[PEOPLE_HASH_MAX])
{
    _Static_assert(PEOPLE_HASH_MAX >= crypto_pwhash_STRBYTES, "argon2id's text needs room");
    return crypto_pwhash_str(hash, password.text, password.length,
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

/* What the prepare step found, for the handler. */
struct entrant {
    int64_t person;
    int64_t organisation;
};

/* A hash of nothing anybody types: checking against it takes the same work as a real one, so that
 * the time does not tell whether an account exists. */
const char people_no_account_hash[] = "$argon2id$v=19$m=65536,t=2,p=1$c2FtcGFuLW5vLWFjY291bnQ$"
                                      "mXT7oKQ7VIm2Qx1UoxmRIbqGQY0b9m0E2GYQbDJHTlE";

bool people_password_fits(struct str hash, struct str password)
{
    char text[PEOPLE_HASH_MAX] = "";
    if (hash.length >= sizeof(text))
        return false;
    memcpy(text, hash.text, hash.length);
    return crypto_pwhash_str_verify(text, password.text, password.length) == 0;
}

static enum err account_find(struct request *request, const struct sign_in_form *form,
                             struct entrant *entrant, struct str *hash)
{
    struct organisation_by_code_row organisation;
    struct credential_by_number_row credential;
    bool found = false;
    *hash = str_from_c(people_no_account_hash);
    TRY(organisation_by_code(request->read, &request->arena, form->organisation, &organisation,
                             &found, &request->problem));
    if (!found)
        return ERR_OK;
    TRY(credential_by_number(request->read, &request->arena, organisation.id, form->number,
                             &credential, &found, &request->problem));
    if (!found || !credential.disabled_ms_null)
        return ERR_OK;
    *entrant = (struct entrant){credential.id, organisation.id};
    *hash = credential.password_hash;
    return ERR_OK;
}

enum err sign_in_prepare(struct request *request, struct sign_in_form *form)
{
    struct entrant *entrant = ARENA_NEW(&request->arena, struct entrant);
    struct str hash;
    struct str account =
        str_format(&request->arena, "%.*s/%.*s", (int)form->organisation.length,
                   form->organisation.text, (int)form->number.length, form->number.text);
    TRY(request_guard(request, account));
    TRY(account_find(request, form, entrant, &hash));
    if (!people_password_fits(hash, form->password) || entrant->person == 0) {
        request_guard_failed(request, account);
        return request_field_problem(request, "password", ERR_SIGN_IN_WRONG, NULL, 0);
    }
    request_guard_passed(request, account);
    request->prepared = entrant;
    return ERR_OK;
}

enum err people_session_begin(struct request *request, struct store_write *write, int64_t person,
                              int64_t organisation)
{
    unsigned char hash[WEB_TOKEN_BYTES];
    answer_session_begin(request, SESSION_DAYS * DAY_MS / 1000, hash);
    return session_insert(write, (struct str){(const char *)hash, sizeof(hash)},
                          store_id_new(write), person, organisation, write->now_ms,
                          write->now_ms + SESSION_DAYS * DAY_MS, &request->problem);
}

enum err sign_in(struct request *request, struct store_write *write,
                 const struct sign_in_form *form)
{
    const struct entrant *entrant = request->prepared;
    TRY(people_session_begin(request, write, entrant->person, entrant->organisation));
    return answer_redirect(request, link_back(request, form->back));
}

enum err sign_out(struct request *request, struct store_write *write,
                  const struct sign_out_form *form)
{
    int64_t ended;
    (void)form;
    TRY(session_end(write, request->viewer.person, request->viewer.session, &ended,
                    &request->problem));
    answer_session_end(request);
    return answer_redirect(request, link_to(&request->arena, "/", NULL, 0));
}
