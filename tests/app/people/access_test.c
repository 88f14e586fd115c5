/* Who may use which route: the golden table, and that requests obey it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"
#include "platform/web/route.h"
#include "site.h"

static struct people_fixture fixture;
static const char golden[] = SAMPAN_SOURCE_ROOT "/tests/app/people/access.txt";

static int begin(void **state)
{
    (void)state;
    people_fixture_begin(&fixture);
    return 0;
}

static int end(void **state)
{
    (void)state;
    people_fixture_end(&fixture);
    return 0;
}

static struct viewer viewer_of(int role)
{
    return role < 0 ? (struct viewer){0}
                    : (struct viewer){.person = 1, .tenant = 1, .roles = UINT32_C(1) << role};
}

static void routes_append(const struct web_table *table, struct buf *text)
{
    for (const struct web_route *route = table->routes; route->path != NULL; route++) {
        buf_format(text, "%-6s %-32s %-14s", route->method == WEB_GET ? "GET" : "POST", route->path,
                   route->permission_name);
        for (int r = -1; r < ROLE_COUNT; r++) {
            struct viewer viewer = viewer_of(r);
            int width = r < 0 ? 8 : (int)strlen(role_word((enum role)r));
            buf_format(text, " %-*s", width, people_may(&viewer, route->permission) ? "yes" : "-");
        }
        while (text->text[text->length - 1] == ' ')
            text->length--;
        buf_append_byte(text, '\n');
    }
}

static void table_append(struct buf *text)
{
    buf_append_c(text, "Who may use which route, by role; what a route shows is that of the "
                       "session's organisation.\n\n");
    buf_format(text, "%-6s %-32s %-14s stranger", "", "route", "permission");
    for (int r = 0; r < ROLE_COUNT; r++)
        buf_format(text, " %s", role_word((enum role)r));
    buf_append_byte(text, '\n');
    routes_append(&people_routes, text);
    routes_append(&training_routes, text);
}

static void the_table_is_the_one_reviewed(void **state)
{
    struct arena arena;
    struct buf text;
    struct str kept;
    struct problem problem;
    (void)state;
    arena_init(&arena);
    buf_init(&text);
    table_append(&text);
    if (getenv("SAMPAN_WRITE_DOCS") != NULL)
        assert_int_equal(file_write_atomic(golden, buf_str(&text), 0644, &problem), ERR_OK);
    assert_int_equal(file_read(&arena, golden, 1 << 20, &kept, &problem), ERR_OK);
    buf_append_byte(&text, '\0');
    assert_string_equal(text.text, kept.text);
    buf_clear(&text);
    arena_clear(&arena);
}

/* The path with the first organisation's student for each ":name". */
static void path_fill(const char *pattern, int64_t id, char path[256])
{
    size_t length = 0;
    for (const char *at = pattern; *at != '\0' && length < 200;) {
        if (*at == ':') {
            length += (size_t)snprintf(path + length, 256 - length, "%lld", (long long)id);
            at += strcspn(at, "/");
        } else {
            path[length++] = *at++;
        }
    }
    path[length] = '\0';
}

static void every_route_obeys_it_for_every_role(void **state)
{
    (void)state;
    for (int r = -1; r < ROLE_COUNT; r++) {
        const char *cookie =
            r < 0 ? ""
                  : sign_in_as(&fixture, 0, "college", role_word((enum role)r), FIXTURE_PASSWORD);
        assert_non_null(cookie);
        struct viewer viewer = viewer_of(r);
        for (const struct web_route *route = people_routes.routes; route->path != NULL; route++) {
            char path[256];
            /* Ending the session would make a stranger of the rest. */
            if (strcmp(route->path, "/sign-out") == 0)
                continue;
            path_fill(route->path, fixture.person[0][ROLE_STUDENT], path);
            struct answer answer = route->method == WEB_GET
                                       ? ask(&fixture.site, "GET", path, cookie, "")
                                       : send_form(&fixture, cookie, "/sign-in", path, "");
            bool refused = answer.status == 401 ||
                           (answer.status == 403 && strstr(answer.body, "You may not") != NULL) ||
                           (r < 0 && answer.status == 303);
            if (refused == people_may(&viewer, route->permission))
                fail_msg("%s as %s: %d", path, r < 0 ? "stranger" : role_word((enum role)r),
                         answer.status);
        }
    }
}

static void another_organisations_ids_are_not_found(void **state)
{
    char path[256];
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    for (const struct web_route *route = people_routes.routes; route->path != NULL; route++) {
        if (strchr(route->path, ':') == NULL)
            continue;
        path_fill(route->path, fixture.person[1][ROLE_STUDENT], path);
        struct answer answer =
            route->method == WEB_GET
                ? ask(&fixture.site, "GET", path, cookie, "")
                : send_form(&fixture, cookie, "/account", path, "role=teacher&version=1");
        if (answer.status != 404)
            fail_msg("%s: %d", path, answer.status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_one_reviewed),
        cmocka_unit_test(every_route_obeys_it_for_every_role),
        cmocka_unit_test(another_organisations_ids_are_not_found),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
