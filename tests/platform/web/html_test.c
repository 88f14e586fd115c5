/* platform/web/html.h: what each kind of value becomes in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/web/html.h"

static struct buf out;

static struct page page_in(enum lang lang)
{
    buf_reset(&out);
    return (struct page){.out = &out, .lang = lang, .prefix = STR("/p"), .form_token = STR("a&b")};
}

static void expect(const char *text)
{
    buf_append_byte(&out, '\0');
    assert_string_equal(out.text, text);
    buf_reset(&out);
}

static void text_is_escaped(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    HTML_PUT(&page, STR("<a href=\"x\">Tom & 'Li'</a>\r\n中"));
    expect("&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Li&#39;&lt;/a&gt;&#13;\n中");
    HTML_ATTRIBUTE(&page, "\"><script>");
    expect("&quot;&gt;&lt;script&gt;");
    HTML_PUT(&page, ((struct str){"a\0b", 3}));
    expect("a\xEF\xBF\xBD"
           "b");
    HTML_PUT(&page, ((struct html){STR("<b>x</b>")}));
    expect("<b>x</b>");
    HTML_PUT(&page, STR(""));
    HTML_PUT(&page, (const char *)NULL);
    expect("");
}

static void numbers_are_grouped_in_text_only(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    HTML_PUT(&page, 0);
    expect("0");
    HTML_PUT(&page, 999);
    expect("999");
    HTML_PUT(&page, 1000);
    expect("1,000");
    HTML_PUT(&page, INT64_MIN);
    expect("\xE2\x88\x92"
           "9,223,372,036,854,775,808");
    HTML_PUT(&page, (size_t)123456);
    expect("123,456");
    HTML_ATTRIBUTE(&page, 123456);
    expect("123456");
    HTML_PUT(&page, ((struct id){1234567}));
    expect("1234567");
    HTML_PUT(&page, ((struct share){125000000}));
    expect("12.5\xC2\xA0%");
    HTML_PUT(&page, ((struct share){-1000000000}));
    expect("\xE2\x88\x92"
           "100.0\xC2\xA0%");
}

static void money_is_shown_with_its_currency(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    HTML_PUT(&page, ((struct money){-123456789, {"EUR"}}));
    expect("EUR\xC2\xA0\xE2\x88\x92"
           "1,234,567.89");
    HTML_PUT(&page, ((struct money){5000, {"JPY"}}));
    expect("JPY\xC2\xA0"
           "5,000");
    HTML_ATTRIBUTE(&page, ((struct money){123456, {"EUR"}}));
    expect("1234.56");
}

static void days_and_moments_follow_language_and_zone(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    HTML_PUT(&page, ((struct day){20543}));
    expect("2026-03-31");
    HTML_PUT(&page, ((struct moment){20543 * INT64_C(86400000) + 23 * 3600000 + 59 * 60000}));
    expect("2026-03-31 23:59");
    page.zone_minutes = 480;
    HTML_PUT(&page, ((struct moment){20543 * INT64_C(86400000) + 23 * 3600000 + 59 * 60000}));
    expect("2026-04-01 07:59");
    HTML_ATTRIBUTE(&page, ((struct moment){20543 * INT64_C(86400000) + 23 * 3600000}));
    expect("2026-03-31T23:00Z");
    page.zone_minutes = -300;
    HTML_PUT(&page, ((struct moment){0}));
    expect("1969-12-31 19:00");
    HTML_PUT(&page, ((struct moment){-1}));
    expect("1969-12-31 18:59");
    page.lang = LANG_ZH;
    page.zone_minutes = 480;
    HTML_PUT(&page, ((struct day){20543}));
    expect("2026年3月31日");
    HTML_ATTRIBUTE(&page, ((struct day){20543}));
    expect("2026-03-31");
}

static void addresses_are_percent_encoded(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    HTML_ADDRESS(&page, STR("a b/c?d=é&x~._-"));
    expect("a%20b%2Fc%3Fd%3D%C3%A9%26x~._-");
    HTML_SEGMENT(&page, STR(".."));
    expect("%EF%BF%BD");
    HTML_SEGMENT(&page, ".");
    expect("%EF%BF%BD");
    HTML_SEGMENT(&page, "");
    expect("%EF%BF%BD");
    HTML_SEGMENT(&page, "...");
    expect("...");
    HTML_SEGMENT(&page, ((struct id){7}));
    expect("7");
    html_address_link(&page, (struct link){STR("/people/7?a=1&b=2")});
    expect("/p/people/7?a=1&amp;b=2");
}

static void scripts_cannot_be_left(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    html_json(&page, (struct json_text){STR("{\"a\":\"</script><!--\"}")});
    expect("{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

static void texts_are_escaped_after_they_are_put_together(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    html_literal(&page, "<p>", 3);
    html_text(&page, "{0} & {1}: {0}",
              (const struct err_arg[]){HTML_ARGUMENT(STR("<b>")), HTML_ARGUMENT(12345)}, 2);
    expect("<p>&lt;b&gt; &amp; 12,345: &lt;b&gt;");
    const struct err_arg numbers[] = {HTML_ARGUMENT(2026), HTML_ARGUMENT(-5),
                                      HTML_ARGUMENT(((struct day){20543}))};
    html_text(&page, "{0}; {1}; {2}", numbers, 3);
    expect("2026; \xE2\x88\x92"
           "5; 2026-03-31");
    page.lang = LANG_ZH;
    html_text(&page, "{0}; {1}; {2}", numbers, 3);
    expect("2026; \xE2\x88\x92"
           "5; 2026年3月31日");
    page.lang = LANG_EN;
    html_text(&page, "plain", NULL, 0);
    expect("plain");
    html_text(&page, "'", NULL, 0);
    expect("&#39;");
}

static void forms_carry_their_token(void **state)
{
    (void)state;
    struct page page = page_in(LANG_EN);
    html_form_token(&page);
    expect("<input type=\"hidden\" name=\"form_token\" value=\"a&amp;b\">");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(numbers_are_grouped_in_text_only),
        cmocka_unit_test(money_is_shown_with_its_currency),
        cmocka_unit_test(days_and_moments_follow_language_and_zone),
        cmocka_unit_test(addresses_are_percent_encoded),
        cmocka_unit_test(scripts_cannot_be_left),
        cmocka_unit_test(texts_are_escaped_after_they_are_put_together),
        cmocka_unit_test(forms_carry_their_token),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_clear(&out);
    return failed;
}
