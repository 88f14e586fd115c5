#include "site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/people/people_queries.h"
#include "app/training/training.h"
#include "core/file.h"
#include "main/site_schema.h"

enum { BROWSERS = 4 };

static int64_t fixture_now(void *context)
{
    return ((struct people_fixture *)context)->now_ms;
}

static const struct people_nav nav[] = {{N_("People"), "/people", PERMISSION_PERSON_LIST},
                                        {NULL, NULL, 0}};
static const struct people_site rooms = {nav, "Sampan"};
static const struct web_table *const tables[] = {&people_routes, &training_routes, NULL};

static enum err fill(struct store_write *write, void *context, struct problem *problem)
{
    static const char *const codes[] = {"college", "firm"};
    static const char *const kinds[] = {"college", "enterprise"};
    static char hash[PEOPLE_HASH_MAX];
    struct people_fixture *fixture = context;
    if (hash[0] == '\0')
        assert_true(people_password_hash(STR(FIXTURE_PASSWORD), hash));
    for (int o = 0; o < SITE_ORGANISATIONS; o++) {
        struct people_organisation organisation = {.code = str_from_c(codes[o]),
                                                   .kind = str_from_c(kinds[o]),
                                                   .name_zh = STR("演示"),
                                                   .name_en = str_from_c(codes[o]),
                                                   .zone_minutes = 480,
                                                   .invented = true};
        TRY(people_organisation_add(write, &organisation, &fixture->organisation[o], problem));
        for (int r = 0; r < ROLE_COUNT; r++) {
            struct people_person person = {.home = fixture->organisation[o],
                                           .number = str_from_c(role_word((enum role)r)),
                                           .name = str_from_c(role_word((enum role)r)),
                                           .password_hash = str_from_c(hash)};
            TRY(people_person_add(write, &person, &fixture->person[o][r], problem));
            TRY(people_role_add(write, fixture->organisation[o], fixture->person[o][r],
                                (enum role)r, problem));
        }
    }
    return ERR_OK;
}

void people_fixture_begin(struct people_fixture *fixture)
{
    struct problem problem;
    *fixture = (struct people_fixture){.folder = "/tmp/sampan-people-XXXXXX",
                                       .now_ms = INT64_C(1795600000000)};
    assert_non_null(mkdtemp(fixture->folder));
    struct store_options options = {.folder = fixture->folder,
                                    .migrations = site_migrations,
                                    .migration_count = site_migration_count,
                                    .readers = 4,
                                    .now_ms = fixture_now,
                                    .now_context = fixture};
    fixture->site = (struct web_site){.tables = tables,
                                      .prefix = "",
                                      .context = &rooms,
                                      .title = "Sampan",
                                      .version = "test",
                                      .sign_in = "/sign-in",
                                      .identify = people_identify,
                                      .may = people_may,
                                      .now_ms = fixture_now,
                                      .now_context = fixture};
    assert_int_equal(store_open(&options, &fixture->site.store, &problem), ERR_OK);
    assert_int_equal(store_write_now(fixture->site.store, fill, fixture, &problem), ERR_OK);
    assert_int_equal(web_site_open(&fixture->site, &problem), ERR_OK);
}

void people_fixture_end(struct people_fixture *fixture)
{
    struct problem problem;
    ask_end();
    web_site_close(&fixture->site);
    store_close(fixture->site.store);
    assert_int_equal(folder_remove(fixture->folder, &problem), ERR_OK);
}

const char *sign_in_as(struct people_fixture *fixture, int browser, const char *organisation,
                       const char *number, const char *password)
{
    static char cookies[BROWSERS][512];
    char body[1024], visit[300];
    struct answer page = ask(&fixture->site, "GET", "/sign-in", NULL, "");
    assert_int_equal(page.status, 200);
    snprintf(visit, sizeof(visit), "Cookie: %s\n", answer_cookie_pair(page, "sampan_visit"));
    snprintf(body, sizeof(body), "form_token=%s&organisation=%s&number=%s&password=%s",
             answer_form_token(page), organisation, number, password);
    char headers[512];
    snprintf(headers, sizeof(headers),
             "%sContent-Type: application/x-www-form-urlencoded\nOrigin: http://localhost\n",
             visit);
    struct answer answer = ask(&fixture->site, "POST", "/sign-in", headers, body);
    const char *pair = answer_cookie_pair(answer, "sampan_session");
    if (answer.status != 303 || pair == NULL)
        return NULL;
    snprintf(cookies[browser], sizeof(cookies[browser]), "Cookie: %s\n", pair);
    return cookies[browser];
}

struct answer send_form(struct people_fixture *fixture, const char *cookie, const char *from,
                        const char *to, const char *fields)
{
    char body[2048], headers[1024];
    struct answer page = ask(&fixture->site, "GET", from, cookie, "");
    const char *token = answer_form_token(page);
    snprintf(body, sizeof(body), "form_token=%s&%s", token == NULL ? "" : token, fields);
    snprintf(headers, sizeof(headers),
             "%sContent-Type: application/x-www-form-urlencoded\nOrigin: http://localhost\n",
             cookie);
    return ask(&fixture->site, "POST", to, headers, body);
}
