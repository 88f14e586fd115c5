/* What is written and decided without a network. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "platform/outbox/parts.h"

static struct arena arena;

static int arena_begin(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int arena_end(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* Answers of Python's hmac and of openssl dgst for the platforms' own definitions. */
static void test_signatures(void **state)
{
    (void)state;
    assert_string_equal(robot_sign_dingtalk(&arena, 1577262236757, STR("this is secret")).text,
                        "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=");
    assert_string_equal(robot_sign_dingtalk(&arena, 1790000000000, STR("SEC0123456789abcdef")).text,
                        "MgwOF6laiFdMlPKdcMozOJXtt2X+N2YsrCDDT/HQDcg=");
    assert_string_equal(robot_sign_feishu(&arena, 1599360473, STR("demo")).text,
                        "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
    assert_string_equal(robot_sign_feishu(&arena, 1790000000, STR("EhNlPhDl5Iw2xHu0iWb8Ae")).text,
                        "tglhEa3fkSppX+k/9gVMn/jVksoV4Z20YL0slrLJiYk=");
}

static void test_signed_address_is_escaped(void **state)
{
    (void)state;
    const struct robot robot = {OUTBOX_DINGTALK,
                                STR("https://oapi.dingtalk.com/robot/send?access_token=t"),
                                STR("this is secret")};
    struct str address;
    struct str body;
    robot_request(&arena, &robot, STR("a"), 1577262236757, &address, &body);
    assert_string_equal(address.text, "https://oapi.dingtalk.com/robot/send?access_token=t"
                                      "&timestamp=1577262236757"
                                      "&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D");
    assert_string_equal(body.text, "{\"msgtype\":\"text\",\"text\":{\"content\":\"a\"}}");
}

static void test_long_text_is_cut_at_a_character(void **state)
{
    (void)state;
    const struct robot robot = {OUTBOX_WECOM, STR("https://qyapi.weixin.qq.com/x"), STR("")};
    struct str address;
    struct str body;
    struct buf text;
    buf_init(&text);
    for (int i = 0; i < 1000; i++)
        buf_append_c(&text, "舟");
    robot_request(&arena, &robot, buf_str(&text), 0, &address, &body);
    size_t around = strlen("{\"msgtype\":\"text\",\"text\":{\"content\":\"\"}}");
    assert_true(body.length - around <= 2048);
    assert_true(body.length - around > 2048 - 3);
    assert_true(str_is_utf8(body));
    assert_true(str_ends_with(body, STR("\u2026\"}}")));
    buf_clear(&text);
}

static void test_mail_is_written_to_the_byte(void **state)
{
    (void)state;
    const struct mail mail = {.from = STR("sampan@college.example"),
                              .from_name = STR("舢板"),
                              .reply_to = STR("office@college.example"),
                              .to = STR("ana@student.example"),
                              .subject = STR("请确认实习岗位与导师安排"),
                              .body = STR("Caf\u00e9 = 1 \nend"),
                              .language = STR("zh"),
                              .message_id = STR("<5.7@college.example>"),
                              .date_ms = 1790000000000};
    struct buf out;
    buf_init(&out);
    mail_write(&out, &mail);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.text,
                        "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
                        "From: =?UTF-8?B?6Iii5p2/?=\r\n"
                        " <sampan@college.example>\r\n"
                        "To: ana@student.example\r\n"
                        "Reply-To: office@college.example\r\n"
                        "Subject: =?UTF-8?B?6K+356Gu6K6k5a6e5Lmg5bKX5L2N5LiO5a+85biI5a6J5o6S?=\r\n"
                        "Message-ID: <5.7@college.example>\r\n"
                        "Content-Language: zh\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "\r\n"
                        "Caf=C3=A9 =3D 1=20\r\n"
                        "end\r\n");
    buf_clear(&out);
}

/* Whatever comes in: no header more, no line too long. */
static void test_no_header_can_be_added(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\r\nBcc: x@y.example", "a\nBcc: x@y.example",
                                      "a\r\n\r\nBcc: x",
                                      "=?UTF-8?B?DQpCY2M6IHg=?=", "\xff\xfe\n\nBcc: x"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct str text = str_from_c(bad[i]);
        const struct mail mail = {.from = STR("a@b.example"),
                                  .from_name = text,
                                  .reply_to = text,
                                  .to = text,
                                  .subject = text,
                                  .body = STR("x"),
                                  .language = STR("en"),
                                  .message_id = text};
        struct buf out;
        size_t lines = 0;
        buf_init(&out);
        mail_write(&out, &mail);
        struct str all = buf_str(&out);
        for (size_t at = 0; at < all.length && all.text[at] != '\r';) {
            struct str rest = str_slice(all, at, all.length - at);
            size_t length = str_find_byte(rest, '\n');
            assert_true(length <= 78);
            assert_false(str_starts_with(rest, STR("Bcc")));
            lines += all.text[at] != ' ';
            at += length + 1;
        }
        assert_int_equal(lines, 11);
        buf_clear(&out);
    }
}

static void test_mail_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b", "ana.bo+x@student.college.example", "o'neil@x-y.cn"};
    static const char *const bad[] = {"",          "a",     "@b",    "a@",      "a@b@c",
                                      "a..b@c",    ".a@c",  "a.@c",  "a@c..d",  "a b@c",
                                      "a@b\r\nX:", "a,b@c", "<a@b>", "\"a\"@b", "张@b.cn",
                                      "a@中.cn",   "a@b c", "a;b@c", "a@b>",    "a@[1.2.3.4]"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(mail_address_is_valid(str_from_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(mail_address_is_valid(str_from_c(bad[i])));
}

static bool is_private(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_private((const struct sockaddr *)(const void *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_private((const struct sockaddr *)(const void *)&v6);
}

static void test_private_addresses(void **state)
{
    (void)state;
    static const char *const inside[] = {"0.0.0.0",       "10.1.2.3",        "100.64.0.1",
                                         "127.0.0.1",     "169.254.169.254", "172.16.0.1",
                                         "172.31.9.9",    "192.168.1.1",     "198.18.0.1",
                                         "224.0.0.1",     "255.255.255.255", "::",
                                         "::1",           "fe80::1",         "fd00::1",
                                         "ff02::1",       "::ffff:10.0.0.1", "64:ff9b::7f00:1",
                                         "2002:7f00:1::", "2001::1"};
    static const char *const outside[] = {"1.1.1.1",       "172.15.0.1",       "172.32.0.1",
                                          "100.128.0.1",   "2606:4700::1",     "::ffff:1.1.1.1",
                                          "223.255.255.1", "64:ff9b::101:101", "2400:3200::1"};
    for (size_t i = 0; i < COUNT_OF(inside); i++)
        assert_true(is_private(inside[i]));
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        assert_false(is_private(outside[i]));
}

static void test_what_a_refusal_means(void **state)
{
    (void)state;
    static const struct {
        const char *verb;
        int code;
        const char *line;
        enum sending result;
    } cases[] = {
        {"RCPT", 550, "550 5.1.1 unknown", SENDING_BOUNCED},
        {"RCPT", 550, "550 no such user", SENDING_BOUNCED},
        {"RCPT", 550, "550 5.7.1 relaying denied", SENDING_REFUSED},
        {"RCPT", 552, "552 5.2.2 full", SENDING_REFUSED},
        {"RCPT", 554, "554 no", SENDING_REFUSED},
        {"RCPT", 451, "451 4.7.1 greylisted", SENDING_AGAIN},
        {"DATA", 550, "550 5.1.1 unknown", SENDING_BOUNCED},
        {"DATA", 554, "554 5.7.1 looks like spam", SENDING_REFUSED},
        {"MAIL", 553, "553 5.1.8 sender", SENDING_REFUSED},
        {"AUTH", 535, "535 5.7.8 no", SENDING_AGAIN},
        {"EHLO", 550, "550 no", SENDING_AGAIN},
        {"RCPT", 421, "421 closing", SENDING_AGAIN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(smtp_refusal(cases[i].verb, cases[i].code, str_from_c(cases[i].line)),
                         cases[i].result);
}

/* ---- settings ---- */

static const char *environment(const char *name)
{
    return strcmp(name, "MAIL_PASSWORD") == 0 ? "from the environment" : NULL;
}

static enum err read_config(const char *text, struct outbox_config *config, struct problem *problem)
{
    char name[] = "/tmp/sampan-config-XXXXXX";
    int file = mkstemp(name);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(file_write_atomic(name, str_from_c(text), 0600, problem), ERR_OK);
    enum err code = outbox_config_read(&arena, name, environment, config, problem);
    unlink(name);
    return code;
}

static void test_settings(void **state)
{
    (void)state;
    struct outbox_config config;
    struct problem problem;
    assert_int_equal(
        outbox_config_read(&arena, "/nonexistent/site.json", environment, &config, &problem),
        ERR_OK);
    assert_false(config.mail.given);
    assert_int_equal(read_config("{\"mail\": {\"host\": \"smtp.college.example\", \"user\": \"u\","
                                 "\"password_env\": \"MAIL_PASSWORD\", \"from\": \"a@b.example\"},"
                                 "\"robots\": {\"feishu_hosts\": [\"open.college.example\"]}}",
                                 &config, &problem),
                     ERR_OK);
    assert_true(config.mail.given);
    assert_int_equal(config.mail.port, 587);
    assert_int_equal(config.mail.security, MAIL_STARTTLS);
    assert_true(str_equal_c(config.mail.password, "from the environment"));
    assert_false(config.allow_loopback);
    assert_true(webhook_is_allowed(&config, OUTBOX_FEISHU, STR("https://open.college.example/x")));
    assert_false(webhook_is_allowed(&config, OUTBOX_WECOM, STR("https://open.college.example/x")));
    assert_true(webhook_is_allowed(&config, OUTBOX_WECOM, STR("https://QYAPI.weixin.qq.com/x")));
    assert_false(webhook_is_allowed(&config, OUTBOX_COPY, STR("https://qyapi.weixin.qq.com/x")));
}

static void test_settings_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err code;
        const char *place;
    } cases[] = {
        {"{", ERR_JSON_SYNTAX, ""},
        {"{\"mial\": {}}", ERR_FIELD_UNKNOWN, "mial"},
        {"{\"mail\": {\"hots\": \"x\"}}", ERR_FIELD_UNKNOWN, "mail.hots"},
        {"{\"mail\": {}}", ERR_FIELD_MISSING, "mail.host"},
        {"{\"mail\": {\"host\": \"a b\", \"from\": \"a@b\"}}", ERR_CONFIG, "mail.host"},
        {"{\"mail\": {\"host\": \"h\"}}", ERR_MAIL_ADDRESS, "mail.from"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"port\": 0}}", ERR_RANGE, "mail.port"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"security\": \"ssl\"}}", ERR_CHOICE,
         "mail.security"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"user\": \"u\"}}", ERR_CONFIG,
         "mail.user"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"user\": \"u\", \"password\": \"p\","
         "\"security\": \"none\"}}",
         ERR_CONFIG, "mail.security"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"user\": \"u\", \"password\": \"p\","
         "\"password_env\": \"MAIL_PASSWORD\"}}",
         ERR_CONFIG, "mail.password"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"password_env\": \"NO\"}}", ERR_CONFIG,
         "mail.password_env"},
        {"{\"mail\": {\"host\": \"h\", \"from\": \"a@b\", \"from_name\": \"x\\nBcc: y\"}}",
         ERR_CONFIG, "mail.from_name"},
        {"{\"robots\": {\"wecom_hosts\": [\"https://x\"]}}", ERR_CONFIG, "robots.wecom_hosts[0]"},
        {"{\"robots\": {\"allow_loopback\": 1}}", ERR_JSON_TYPE, "robots.allow_loopback"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct outbox_config config;
        struct problem problem;
        assert_int_equal(read_config(cases[i].text, &config, &problem), cases[i].code);
        assert_non_null(strstr(problem.place, cases[i].place));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_signed_address_is_escaped),
        cmocka_unit_test(test_long_text_is_cut_at_a_character),
        cmocka_unit_test(test_mail_is_written_to_the_byte),
        cmocka_unit_test(test_no_header_can_be_added),
        cmocka_unit_test(test_mail_addresses),
        cmocka_unit_test(test_private_addresses),
        cmocka_unit_test(test_what_a_refusal_means),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_settings_refused),
    };
    return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
