/* What people do: sign in, change roles, passwords, tokens; and what they cannot. */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/people/people_forms.h"
#include "app/people/people_queries.h"
#include "core/arena.h"
#include "platform/web/form.h"
#include "site.h"

static struct people_fixture fixture;

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

static const char *person_path(int64_t person, const char *rest)
{
    static char path[128];
    snprintf(path, sizeof(path), "/people/%lld%s", (long long)person, rest);
    return path;
}

static void wrong_and_unknown_are_told_alike(void **state)
{
    static const char *const tries[][3] = {{"college", "student", "not the password"},
                                           {"college", "nobody", "not the password"},
                                           {"nowhere", "student", "not the password"}};
    char first[4096] = "";
    (void)state;
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        char fields[200];
        snprintf(fields, sizeof(fields), "organisation=%s&number=%s&password=%s", tries[i][0],
                 tries[i][1], tries[i][2]);
        struct answer page = ask(&fixture.site, "GET", "/sign-in", NULL, "");
        char cookie[300];
        snprintf(cookie, sizeof(cookie), "Cookie: %s\n", answer_cookie_pair(page, "sampan_visit"));
        struct answer answer = send_form(&fixture, cookie, "/sign-in", "/sign-in", fields);
        assert_int_equal(answer.status, 422);
        assert_null(answer_cookie_pair(answer, "sampan_session"));
        const char *said = strstr(answer.body, "Number and password do not fit together");
        assert_non_null(said);
        assert_null(strstr(answer.body, "not the password"));
        if (i == 0)
            snprintf(first, sizeof(first), "%.80s", said);
        else
            assert_memory_equal(first, said, 80);
    }
}

/* The same work is done for an account that is not there: its hash is a real one. */
static void no_account_is_checked_like_one(void **state)
{
    (void)state;
    assert_int_equal(crypto_pwhash_str_needs_rehash(people_no_account_hash,
                                                    crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                    crypto_pwhash_MEMLIMIT_INTERACTIVE),
                     0);
    assert_false(people_password_fits(str_from_c(people_no_account_hash), STR("")));
}

static void a_browser_is_signed_in_until_it_signs_out(void **state)
{
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "teacher", FIXTURE_PASSWORD);
    assert_non_null(cookie);
    struct answer answer = ask(&fixture.site, "GET", "/people", cookie, "");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "programme_head"));
    assert_int_equal(send_form(&fixture, cookie, "/account", "/sign-out", "").status, 303);
    answer = ask(&fixture.site, "GET", "/people", cookie, "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_header(answer, "Location"), "/sign-in?back=%2Fpeople");
}

static void a_session_runs_out(void **state)
{
    int64_t before = fixture.now_ms;
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "teacher", FIXTURE_PASSWORD);
    fixture.now_ms += INT64_C(14) * 86400000 - 1000;
    assert_int_equal(ask(&fixture.site, "GET", "/people", cookie, "").status, 200);
    fixture.now_ms += 2000;
    assert_int_equal(ask(&fixture.site, "GET", "/people", cookie, "").status, 303);
    fixture.now_ms = before;
}

static void a_role_is_given_seen_and_ended(void **state)
{
    char path[128];
    int64_t student = fixture.person[0][ROLE_STUDENT];
    (void)state;
    const char *admin = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    const char *cookie = sign_in_as(&fixture, 1, "college", "student", FIXTURE_PASSWORD);
    assert_int_equal(ask(&fixture.site, "GET", "/people", cookie, "").status, 403);
    snprintf(path, sizeof(path), "/people/%lld/roles", (long long)student);
    assert_int_equal(
        send_form(&fixture, admin, person_path(student, ""), path, "role=teacher").status, 303);
    assert_int_equal(ask(&fixture.site, "GET", "/people", cookie, "").status, 200);
    /* The form of the last role in the page ends it. */
    struct answer page = ask(&fixture.site, "GET", person_path(student, ""), admin, "");
    const char *at = page.body, *last = NULL;
    while ((at = strstr(at, "/roles/")) != NULL)
        last = at++;
    assert_non_null(last);
    snprintf(path, sizeof(path), "/people/%lld%.*s", (long long)student, (int)strcspn(last, "\""),
             last);
    assert_int_equal(send_form(&fixture, admin, "/account", path, "").status, 303);
    assert_int_equal(ask(&fixture.site, "GET", "/people", cookie, "").status, 403);
    /* Ending it twice is an old page's doing. */
    assert_int_equal(send_form(&fixture, admin, "/account", path, "").status, 409);
}

static void the_last_administrator_stays(void **state)
{
    char path[160];
    int64_t admin_id = fixture.person[0][ROLE_ADMINISTRATOR];
    (void)state;
    const char *admin = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    struct answer page = ask(&fixture.site, "GET", person_path(admin_id, ""), admin, "");
    const char *at = strstr(page.body, "/roles/");
    assert_non_null(at);
    snprintf(path, sizeof(path), "/people/%lld%.*s", (long long)admin_id, (int)strcspn(at, "\""),
             at);
    struct answer answer = send_form(&fixture, admin, "/account", path, "");
    assert_int_equal(answer.status, 409);
    assert_int_equal(ask(&fixture.site, "GET", "/people", admin, "").status, 200);
}

static void a_person_kept_out_is_out_at_once(void **state)
{
    int64_t mentor = fixture.person[0][ROLE_MENTOR];
    (void)state;
    const char *admin = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    const char *cookie = sign_in_as(&fixture, 1, "college", "mentor", FIXTURE_PASSWORD);
    char path[128];
    snprintf(path, sizeof(path), "/people/%lld/disabled", (long long)mentor);
    assert_int_equal(
        send_form(&fixture, admin, person_path(mentor, ""), path, "version=7&disabled=1").status,
        409); /* a page that is out of date */
    assert_int_equal(ask(&fixture.site, "GET", "/account", cookie, "").status, 200);
    assert_int_equal(
        send_form(&fixture, admin, person_path(mentor, ""), path, "version=1&disabled=1").status,
        303);
    assert_int_equal(ask(&fixture.site, "GET", "/account", cookie, "").status, 303);
    assert_null(sign_in_as(&fixture, 1, "college", "mentor", FIXTURE_PASSWORD));
    assert_int_equal(send_form(&fixture, admin, person_path(mentor, ""), path, "version=2").status,
                     303);
    assert_non_null(sign_in_as(&fixture, 1, "college", "mentor", FIXTURE_PASSWORD));
}

static void a_new_person_can_sign_in_and_a_number_is_taken_once(void **state)
{
    (void)state;
    const char *admin = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    const char *fields = "name=%E7%8E%8B%C2%B7%E6%95%8F&number=2026001&role=student"
                         "&password=three+unrelated+words";
    assert_int_equal(send_form(&fixture, admin, "/people", "/people", fields).status, 303);
    assert_non_null(sign_in_as(&fixture, 1, "college", "2026001", "three+unrelated+words"));
    struct answer again = send_form(&fixture, admin, "/people", "/people", fields);
    assert_int_equal(again.status, 422);
    assert_non_null(strstr(again.body, "王·敏")); /* what was typed is kept */
    assert_null(strstr(again.body, "unrelated")); /* but no secret */
}

static void a_password_is_changed_and_every_other_session_ends(void **state)
{
    (void)state;
    const char *one = sign_in_as(&fixture, 0, "firm", "manager", FIXTURE_PASSWORD);
    const char *two = sign_in_as(&fixture, 1, "firm", "manager", FIXTURE_PASSWORD);
    assert_int_equal(send_form(&fixture, one, "/account", "/account/password",
                               "old=guess&fresh=another+long+one&again=another+long+one")
                         .status,
                     422);
    assert_int_equal(
        send_form(&fixture, one, "/account", "/account/password",
                  "old=correct+horse+battery&fresh=another+long+one&again=different+one")
            .status,
        422);
    struct answer answer =
        send_form(&fixture, one, "/account", "/account/password",
                  "old=correct+horse+battery&fresh=another+long+one&again=another+long+one");
    assert_int_equal(answer.status, 303);
    assert_non_null(answer_cookie_pair(answer, "sampan_session"));
    assert_int_equal(ask(&fixture.site, "GET", "/account", two, "").status, 303);
    assert_null(sign_in_as(&fixture, 2, "firm", "manager", FIXTURE_PASSWORD));
    assert_non_null(sign_in_as(&fixture, 2, "firm", "manager", "another+long+one"));
}

static void a_token_reads_what_its_person_may(void **state)
{
    char headers[300], token[200];
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "dean", FIXTURE_PASSWORD);
    struct answer answer =
        send_form(&fixture, cookie, "/account", "/account/tokens", "name=report&days=3");
    assert_int_equal(answer.status, 200);
    const char *at = strstr(answer.body, "<code translate=\"no\">");
    assert_non_null(at);
    at += strlen("<code translate=\"no\">");
    snprintf(token, sizeof(token), "%.*s", (int)strcspn(at, "<"), at);
    snprintf(headers, sizeof(headers), "Authorization: Bearer %s\n", token);
    answer = ask(&fixture.site, "GET", "/api/v1/people", headers, "");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "\"number\":\"administrator\""));
    /* Nothing of the other organisation. */
    char other[40];
    snprintf(other, sizeof(other), "%lld", (long long)fixture.person[1][ROLE_DEAN]);
    assert_null(strstr(answer.body, other));
    snprintf(headers, sizeof(headers), "Authorization: Bearer %s\nContent-Type: application/json\n",
             token);
    assert_int_equal(ask(&fixture.site, "POST", "/api/v1/account/tokens", headers,
                         "{\"name\": \"more\", \"days\": 3}")
                         .status,
                     403);
    fixture.now_ms += INT64_C(4) * 86400000;
    assert_int_equal(ask(&fixture.site, "GET", "/api/v1/people", headers, "").status, 401);
    fixture.now_ms -= INT64_C(4) * 86400000;
}

static void names_stand_in_the_order_of_pinyin(void **state)
{
    static const char *const sorted[] = {"阿依古丽·买买提", "陈明", "李娜", "王敏", "张伟", "Ana",
                                         "Émile",           "Zoë"};
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 1; i < COUNT_OF(sorted); i++) {
        struct str a = people_sort_key(&arena, str_from_c(sorted[i - 1]));
        struct str b = people_sort_key(&arena, str_from_c(sorted[i]));
        if (str_compare(a, b) >= 0)
            fail_msg("%s before %s", sorted[i], sorted[i - 1]);
    }
    arena_clear(&arena);
}

static void the_words_of_the_form_are_the_roles(void **state)
{
    struct buf words;
    (void)state;
    buf_init(&words);
    for (int r = 0; r < ROLE_COUNT; r++)
        buf_format(&words, "%s%s", r == 0 ? "" : ",", role_word((enum role)r));
    buf_append_byte(&words, '\0');
    assert_string_equal(words.text, PEOPLE_ROLE_WORDS);
    buf_clear(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_and_unknown_are_told_alike),
        cmocka_unit_test(no_account_is_checked_like_one),
        cmocka_unit_test(a_browser_is_signed_in_until_it_signs_out),
        cmocka_unit_test(a_session_runs_out),
        cmocka_unit_test(a_role_is_given_seen_and_ended),
        cmocka_unit_test(the_last_administrator_stays),
        cmocka_unit_test(a_person_kept_out_is_out_at_once),
        cmocka_unit_test(a_new_person_can_sign_in_and_a_number_is_taken_once),
        cmocka_unit_test(a_password_is_changed_and_every_other_session_ends),
        cmocka_unit_test(a_token_reads_what_its_person_may),
        cmocka_unit_test(names_stand_in_the_order_of_pinyin),
        cmocka_unit_test(the_words_of_the_form_are_the_roles),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
