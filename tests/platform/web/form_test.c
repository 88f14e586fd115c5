/* Forms: every kind of field, three kinds of bodies, what people type and what programs send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/date.h"
#include "platform/web/form.h"
#include "platform/web/form_text.h"
#include "platform/web/upload_text.h"

#define FORMS_FILE "form_test.def"
#include "platform/web/form_table.def"

#define FORMS_FILE "form_test.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"

static struct arena arena;
static struct all_kinds_form form;
static struct form_state state;
static struct problem problem;

static int begin(void **unused)
{
    (void)unused;
    arena_init(&arena);
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    arena_clear(&arena);
    return 0;
}

static const char urlencoded[] = "application/x-www-form-urlencoded";

static enum err read_as(const char *type, const char *body)
{
    memset(&form, 0, sizeof(form));
    return form_read(&arena, all_kinds_fields(), str_from_c(type), str_from_c(body), &form, &state,
                     &problem);
}

static enum err code_of(const char *field)
{
    return state.problems[form_field_index(all_kinds_fields(), field)].code;
}

static void a_form_is_read_whole(void **unused)
{
    (void)unused;
    assert_int_equal(read_as(urlencoded,
                             "text=a+b&lines=x%0D%0Ay%0Dz&secret=+s+&number=-5"
                             "&day=2026-03-31&flag=on&id=9223372036854775807&choice=two"),
                     ERR_OK);
    assert_true(form.sent);
    assert_true(str_equal_c(form.text, "a b"));
    assert_true(str_equal_c(form.lines, "x\ny\nz"));
    assert_true(str_equal_c(form.secret, " s ")); /* blanks are part of a password */
    assert_int_equal(form.number, -5);
    assert_int_equal(form.day, date_from_civil((struct civil){2026, 3, 31}));
    assert_true(form.flag && form.flag_given);
    assert_true(form.id == INT64_MAX);
    assert_int_equal(form.choice, 1);
    assert_int_equal(read_as(urlencoded, "text=a&number="), ERR_OK);
    assert_false(form.number_given || form.day_given || form.flag || form.choice_given ||
                 form.secret_given);
}

static void all_problems_are_collected(void **unused)
{
    (void)unused;
    assert_int_equal(read_as(urlencoded, "lines=a%01b&number=11&day=2026-02-30&flag=maybe&id=0"
                                         "&choice=three&secret=123456789"),
                     ERR_FORM);
    assert_int_equal(state.problem_count, 8);
    assert_int_equal(code_of("text"), ERR_FIELD_EMPTY);
    assert_int_equal(code_of("lines"), ERR_TEXT_CONTROL);
    assert_int_equal(code_of("number"), ERR_RANGE);
    assert_int_equal(code_of("day"), ERR_DATE_BAD);
    assert_int_equal(code_of("flag"), ERR_CHOICE);
    assert_int_equal(code_of("id"), ERR_RANGE);
    assert_int_equal(code_of("choice"), ERR_CHOICE);
    assert_int_equal(code_of("secret"), ERR_TEXT_TOO_LONG);
    /* What was typed is kept, but no secret. */
    assert_true(
        str_equal_c(state.typed[form_field_index(all_kinds_fields(), "day")], "2026-02-30"));
    assert_int_equal(state.typed[form_field_index(all_kinds_fields(), "secret")].length, 0);
}

static void people_type_full_width(void **unused)
{
    static const struct {
        const char *body;
        int64_t number;
        int32_t day;
    } cases[] = {
        {"text=a&number=%EF%BC%97&day=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%96-%EF%BC%93-%EF%BC%91", 7,
         20513},
        {"text=a&number=%EF%BC%8D%EF%BC%93&day=2026%EF%BC%8F3%EF%BC%8F1", -3, 20513},
        {"text=a&number=%E3%80%8010%E3%80%80&day=2026%E5%B9%B43%E6%9C%881%E6%97%A5", 10, 20513},
        {"text=a&number=%E2%88%924&day=2026.3.1", -4, 20513},
        {"text=a&number=%2B4&day=+2026-03-01+", 4, 20513},
    };
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_as(urlencoded, cases[i].body), ERR_OK);
        assert_int_equal(form.number, cases[i].number);
        assert_int_equal(form.day, cases[i].day);
    }
    static const char *const days[] = {"2026-3-1-1", "2026-13-1", "26-3-1",     "2026-3/1",
                                       "2026-3-",    "02026-3-1", "2026-003-1", "2026 3 1",
                                       "1e3-3-1",    "",          "2026-02-29", "0999-1-1"};
    int32_t day;
    for (size_t i = 0; i < COUNT_OF(days); i++)
        assert_false(form_day_read(str_from_c(days[i]), &day));
}

static void text_is_normal_and_clean(void **unused)
{
    static const struct {
        struct str typed;
        const char *kept; /* NULL: refused */
    } cases[] = {
        {{"e\xCC\x81", 3}, "\xC3\xA9"},                    /* e and accent */
        {{"\xE1\x84\x80\xE1\x85\xA1", 6}, "\xEA\xB0\x80"}, /* Hangul letters */
        {{"\xE2\x84\xAB", 3}, "\xC3\x85"},                 /* the sign angstrom */
        {{"\xEF\xAC\x80", 3}, "\xEF\xAC\x80"},             /* a ligature stays */
        {{"\xEF\xA4\x80", 3}, "\xE8\xB1\x88"},             /* a compatibility ideograph */
        {{"\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBC\x81", 9}, "\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBC\x81"},
        {{"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x8F\xAB", 11},
         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x8F\xAB"}, /* joined emoji */
        {{"a\tb", 3}, NULL},
        {{"a\nb", 3}, NULL},
        {{"a\x7F", 2}, NULL},
        {{"a\xC2\x85", 3}, NULL}, /* next line */
        {{"a\xE2\x80\xAE"
          "b",
          5},
         NULL}, /* right-to-left override */
        {{"a\xE2\x80\xA8"
          "b",
          5},
         NULL}, /* line separator */
        {{"\xEF\xBB\xBF"
          "a",
          4},
         NULL},                          /* byte order mark */
        {{"\xEF\xBF\xBF", 3}, NULL},     /* no character */
        {{"\xF3\xA0\x81\x81", 4}, NULL}, /* a tag */
    };
    struct str kept;
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(form_text_clean(&arena, cases[i].typed, false, &kept),
                         cases[i].kept != NULL);
        if (cases[i].kept != NULL)
            assert_true(str_equal_c(kept, cases[i].kept));
    }
    /* Length is counted in characters. */
    assert_int_equal(read_as(urlencoded,
                             "text=%E4%BD%A0%E5%A5%BD%E4%BD%A0%E5%A5%BD%E4%BD%A0%E5%A5%BD%E4%BD%A0"
                             "%E5%A5%BD%E4%BD%A0%E5%A5%BD"),
                     ERR_OK);
    assert_int_equal(read_as(urlencoded, "text=12345678901"), ERR_FORM);
    assert_int_equal(code_of("text"), ERR_TEXT_TOO_LONG);
    assert_int_equal(read_as(urlencoded, "text=a"), ERR_OK);
    assert_int_equal(read_as(urlencoded, "text=%E3%80%80+"), ERR_FORM);
    assert_int_equal(code_of("text"), ERR_FIELD_EMPTY);
}

static void broken_bodies_are_refused(void **unused)
{
    static const char *const bodies[] = {"text=%",   "text=%4",  "text=%zz",
                                         "text=%00", "text=%ff", "text=%c0%af",
                                         "%ff=a",    "=a",       "text=%ed%a0%80"};
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        assert_int_equal(read_as(urlencoded, bodies[i]), ERR_FORM_BODY);
    assert_int_equal(read_as("text/plain", "text=a"), ERR_MEDIA_TYPE);
    assert_int_equal(read_as("", "text=a"), ERR_MEDIA_TYPE);
    assert_int_equal(read_as("application/x-www-form-urlencoded; charset=UTF-8", "text=a"), ERR_OK);
    assert_int_equal(read_as(urlencoded, "text=a&text=b"), ERR_FORM);
    assert_int_equal(code_of("text"), ERR_FIELD_TWICE);
    char many[300 * 4 + 1] = "";
    for (int i = 0; i < 300; i++)
        memcpy(many + (size_t)i * 4, "a=b&", 4);
    assert_int_equal(read_as(urlencoded, many), ERR_FIELD_MANY);
    /* Unknown fields of browsers (buttons) are passed over. */
    assert_int_equal(read_as(urlencoded, "text=a&button=&form_token=x"), ERR_OK);
}

static void json_is_strict(void **unused)
{
    static const struct {
        const char *body;
        enum err code;
        const char *field;
        enum err problem;
    } cases[] = {
        {"{\"text\":\"a\",\"number\":5,\"flag\":true,\"choice\":\"one\",\"id\":\"7\"}", ERR_OK,
         NULL, ERR_OK},
        {"{\"text\":\"a\",\"number\":null}", ERR_OK, NULL, ERR_OK},
        {"{\"text\":5}", ERR_FORM, "text", ERR_JSON_TYPE},
        {"{\"text\":\"a\",\"number\":\"5\"}", ERR_FORM, "number", ERR_JSON_TYPE},
        {"{\"text\":\"a\",\"flag\":\"on\"}", ERR_FORM, "flag", ERR_JSON_TYPE},
        {"{\"text\":\"a\",\"file\":\"x\"}", ERR_FORM, "file", ERR_JSON_TYPE},
        {"{\"text\":\"a\",\"number\":1.5}", ERR_FORM_BODY, NULL, ERR_OK},
        {"{\"text\":[\"a\"]}", ERR_FORM_BODY, NULL, ERR_OK},
        {"{\"text\":\"a\\u0000\"}", ERR_JSON_SYNTAX, NULL, ERR_OK},
        {"{\"text\":\"a\",\"text\":\"b\"}", ERR_JSON_SYNTAX, NULL, ERR_OK},
        {"{\"text\":\"a\",\"nubmer\":5}", ERR_FIELD_UNKNOWN, NULL, ERR_OK},
        {"[]", ERR_JSON_TYPE, NULL, ERR_OK},
        {"{", ERR_JSON_SYNTAX, NULL, ERR_OK},
    };
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum err code = read_as("application/json", cases[i].body);
        /* The reader of documents has several words for what is no JSON. */
        bool syntax = cases[i].code == ERR_JSON_SYNTAX && code != ERR_OK && code != ERR_FORM;
        if (!syntax)
            assert_int_equal(code, cases[i].code);
        if (cases[i].field != NULL)
            assert_int_equal(code_of(cases[i].field), cases[i].problem);
    }
}

#define PART(disposition, content)                                                                 \
    "--b\r\nContent-Disposition: form-data; " disposition "\r\n\r\n" content "\r\n"

static void parts_are_read(void **unused)
{
    static const char type[] = "multipart/form-data; boundary=b";
    static const struct {
        const char *body;
        enum err code;
    } cases[] = {
        {PART("name=\"text\"", "a") "--b--\r\n", ERR_OK},
        {PART("name=\"text\"", "a") "--b--", ERR_OK},
        {PART("name=text", "a") "--b--", ERR_OK},
        {PART("name=\"text\"", "--c") "--b--", ERR_OK},
        {PART("name=\"text\"", "--bc") "--b--", ERR_FORM_BODY}, /* the border inside of it */
        {"", ERR_FORM_BODY},
        {"--b--", ERR_FORM},
        {PART("name=\"text\"", "a"), ERR_FORM_BODY},
        {PART("name=\"text", "a") "--b--", ERR_FORM_BODY},
        {PART("nom=\"text\"", "a") "--b--", ERR_FORM_BODY},
        {PART("name=\"text\"", "\xFF") "--b--", ERR_FORM_BODY},
        {"x" PART("name=\"text\"", "a") "--b--", ERR_FORM_BODY},
        {"--b\nContent-Disposition: form-data; name=\"text\"\n\na\n--b--", ERR_FORM_BODY},
        {"--b\r\nContent-Disposition: form-data; name=\"text\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--b--",
         ERR_FORM_BODY},
        {"--b\r\nContent-Type: text/plain\r\n\r\na\r\n--b--", ERR_FORM_BODY},
        {"--b\r\nContent-Disposition: attachment; name=\"text\"\r\n\r\na\r\n--b--", ERR_FORM_BODY},
    };
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(read_as(type, cases[i].body), cases[i].code);
    assert_int_equal(read_as("multipart/form-data", cases[0].body), ERR_FORM_BODY);
    assert_int_equal(read_as("multipart/form-data; boundary=\"\"", cases[0].body), ERR_FORM_BODY);
    assert_int_equal(read_as("multipart/form-data; charset=x; boundary=\"b\"", cases[0].body),
                     ERR_OK);
    assert_int_equal(
        read_as(type, PART("name=\"text\"", "a")
                          PART("name=\"file\"; filename=\"../../etc/a;b.csv\"", "1,2") "--b--"),
        ERR_OK);
    assert_true(str_equal_c(form.file.name, "a;b.csv"));
    assert_true(str_equal_c(form.file.content, "1,2"));
    /* No file was chosen. */
    assert_int_equal(
        read_as(type, PART("name=\"text\"", "a") PART("name=\"file\"; filename=\"\"", "") "--b--"),
        ERR_OK);
    assert_false(form.file_given);
    /* A file where text is wanted, and the other way round. */
    assert_int_equal(read_as(type, PART("name=\"text\"; filename=\"a\"", "a") "--b--"), ERR_FORM);
    assert_int_equal(read_as(type, PART("name=\"text\"", "a") PART("name=\"file\"", "a") "--b--"),
                     ERR_FORM);
    assert_int_equal(read_as(type, PART("name=\"text\"", "a") PART("name=\"file\"; filename=\"a\"",
                                                                   "12345678901") "--b--"),
                     ERR_FORM);
    assert_int_equal(code_of("file"), ERR_FILE_TOO_LARGE);
}

static void text_files_become_utf8(void **unused)
{
    static const struct {
        struct str bytes;
        const char *text; /* NULL: refused */
    } cases[] = {
#define BYTES(literal) {literal, sizeof(literal) - 1}
        {BYTES("a,b\r\n"), "a,b\r\n"},
        {BYTES("\xEF\xBB\xBF\xE4\xBD\xA0"), "\xE4\xBD\xA0"},
        {BYTES("\xC4\xE3\xBA\xC3"), "\xE4\xBD\xA0\xE5\xA5\xBD"},
        {BYTES("\x95\x32\x82\x36"), "\xF0\xA0\x80\x80"}, /* four bytes of GB18030 */
        {BYTES("\xFF\xFE\x60\x4F"), "\xE4\xBD\xA0"},
        {BYTES("\xFE\xFF\x4F\x60"), "\xE4\xBD\xA0"},
        {BYTES("\xEF\xBB\xBF\xFF"), NULL},
        {BYTES("\xC4"), NULL},
        {BYTES("\x81\x20"), NULL},
        {BYTES("a\0b"), NULL},
        {BYTES("PK\x03\x04zip"), NULL},
        {BYTES("\xD0\xCF\x11\xE0xls"), NULL},
        {BYTES(""), ""},
#undef BYTES
    };
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str text;
        enum err code = upload_text_decode(&arena, cases[i].bytes, &text, &problem);
        assert_int_equal(code == ERR_OK, cases[i].text != NULL);
        if (code == ERR_OK)
            assert_true(str_equal_c(text, cases[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_is_read_whole, begin, end),
        cmocka_unit_test_setup_teardown(all_problems_are_collected, begin, end),
        cmocka_unit_test_setup_teardown(people_type_full_width, begin, end),
        cmocka_unit_test_setup_teardown(text_is_normal_and_clean, begin, end),
        cmocka_unit_test_setup_teardown(broken_bodies_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(json_is_strict, begin, end),
        cmocka_unit_test_setup_teardown(parts_are_read, begin, end),
        cmocka_unit_test_setup_teardown(text_files_become_utf8, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
