#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/datasets/rules.h"
#include "core/arena.h"
#include "core/file.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static struct rules *load(const char *name)
{
    struct problem problem;
    struct str text;
    struct rules *rules;
    const char *path =
        str_format(&arena, "%s/data/import/rules-%s.json", SAMPAN_SOURCE_ROOT, name).text;
    assert_int_equal(file_read(&arena, path, 1 << 20, &text, &problem), ERR_OK);
    assert_int_equal(rules_parse(&arena, text, path, &rules, &problem), ERR_OK);
    return rules;
}

static enum dataset_kind kind(const struct rules *rules, const char *order, const char *sku,
                              const char *status, int price, int quantity)
{
    uint64_t marks = rules_order_marks(rules, str_from_c(order)) |
                     rules_sku_marks(rules, str_from_c(sku)) |
                     rules_status_marks(rules, str_from_c(status));
    marks |= RULES_MARK(RULES_PRICE_ZERO + price) | RULES_MARK(RULES_QUANTITY_ZERO + quantity);
    return rules_kind(rules, marks);
}

/* What the donor and the README of the data say, by hand. */
static void online_retail_rows(void **state)
{
    (void)state;
    const struct rules *rules = load("online-retail");
    assert_int_equal(kind(rules, "536365", "85123A", "", 1, 1), DATASET_SALE);
    assert_int_equal(kind(rules, "C536379", "22556", "", 1, -1), DATASET_CANCELLATION);
    assert_int_equal(kind(rules, "C536379", "D", "", 1, -1), DATASET_NONPRODUCT_CREDIT);
    assert_int_equal(kind(rules, "536370", "POST", "", 1, 1), DATASET_NONPRODUCT);
    assert_int_equal(kind(rules, "536370", "post", "", 1, 1), DATASET_NONPRODUCT);
    assert_int_equal(kind(rules, "536370", "POSTER", "", 1, 1), DATASET_SALE);
    assert_int_equal(kind(rules, "536370", "gift_0001_20", "", 1, 1), DATASET_NONPRODUCT);
    assert_int_equal(kind(rules, "536589", "21777", "", 0, -1), DATASET_ADJUSTMENT);
    assert_int_equal(kind(rules, "536414", "22139", "", 0, 1), DATASET_ZERO_PRICE);
    assert_int_equal(kind(rules, "A563185", "B", "", 1, 1), DATASET_NONPRODUCT);
    assert_int_equal(kind(rules, "A563186", "B", "", -1, 1), DATASET_ADJUSTMENT);
    assert_true(rules->has_currency);
    assert_string_equal(rules->currency.code, "GBP");
}

static const char *channel(const struct rules *rules, const char *order, const char *sku,
                           bool customer)
{
    uint64_t marks = rules_order_marks(rules, str_from_c(order)) |
                     rules_sku_marks(rules, str_from_c(sku)) |
                     (customer ? RULES_MARK(RULES_CUSTOMER) : 0);
    const struct rules_channel *found = rules_channel(rules, marks);
    return found ? str_copy(&arena, found->name).text : "";
}

static void online_retail_channels(void **state)
{
    (void)state;
    const struct rules *rules = load("online-retail");
    assert_string_equal(channel(rules, "536365", "85123A", true), "account");
    assert_string_equal(channel(rules, "536365", "DOT", true), "account");
    assert_string_equal(channel(rules, "536544", "DOT", false), "dotcom");
    assert_string_equal(channel(rules, "C536544", "DOT", false), "other");
    assert_string_equal(channel(rules, "536544", "21777", false), "other");
}

static void generic_rows(void **state)
{
    (void)state;
    const struct rules *rules = load("generic");
    assert_int_equal(kind(rules, "1001", "A1", "paid", 1, 1), DATASET_SALE);
    assert_int_equal(kind(rules, "1001", "A1", "", 1, 1), DATASET_SALE);
    assert_int_equal(kind(rules, "1001", "A1", "Cancelled", 1, 1), DATASET_CANCELLED);
    assert_int_equal(kind(rules, "1001", "A1", "voided", 1, 1), DATASET_CANCELLED);
    assert_int_equal(kind(rules, "1001", "A1", "已取消", 1, 1), DATASET_CANCELLED);
    assert_int_equal(kind(rules, "1001", "A1", "refunded", 1, 1), DATASET_RETURN);
    assert_int_equal(kind(rules, "1001", "A1", "partially_refunded", 1, 1), DATASET_SALE);
    assert_int_equal(kind(rules, "1001", "A1", "Pending", 0, 1), DATASET_PENDING);
    assert_int_equal(kind(rules, "1001", "A1", "", 1, -1), DATASET_RETURN);
    assert_int_equal(kind(rules, "1001", "A1", "", 0, -1), DATASET_ADJUSTMENT);
    assert_int_equal(kind(rules, "1001", "A1", "", -1, 1), DATASET_ADJUSTMENT);
    assert_int_equal(kind(rules, "1001", "A1", "", 0, 1), DATASET_ZERO_PRICE);
    assert_int_equal(kind(rules, "1001", "运费", "", 1, 1), DATASET_NONPRODUCT);
    assert_int_equal(kind(rules, "1001", "shipping", "", 1, -1), DATASET_NONPRODUCT_CREDIT);
    assert_int_equal(rules->channel_count, 0);
}

static void bad_rules_name_the_field(void **state)
{
    (void)state;
#define HEAD "{\"format\":\"sampan-import-rules\",\"version\":1,\"id\":\"x\",\"revision\":\"1\","
    static const struct {
        const char *text;
        enum err code;
        const char *place;
    } cases[] = {
        {"{", ERR_JSON_SYNTAX, ""},
        {"[]", ERR_JSON_TYPE, ""},
        {"{\"format\":\"other\",\"version\":1}", ERR_CHOICE, "format"},
        {"{\"format\":\"sampan-import-rules\",\"version\":2}", ERR_FILE_VERSION, "version"},
        {HEAD "\"kinds\":[],\"odd\":1}", ERR_FIELD_UNKNOWN, "odd"},
        {HEAD "\"currency\":\"POUND\",\"kinds\":[]}", ERR_TEXT_TOO_LONG, "currency"},
        {HEAD "\"currency\":\"ZZZ\",\"kinds\":[]}", ERR_CURRENCY_UNKNOWN, "currency"},
        {HEAD "\"twins\":\"drop\",\"kinds\":[]}", ERR_CHOICE, "twins"},
        {HEAD "\"kinds\":[{\"kind\":\"gift\"}]}", ERR_CHOICE, "kinds[0].kind"},
        {HEAD "\"kinds\":[{\"kind\":\"sale\"},{\"kind\":\"sale\",\"sku\":\"none\"}]}", ERR_CHOICE,
         "kinds[1].sku"},
        {HEAD "\"kinds\":[{\"kind\":\"sale\",\"price\":\"odd\"}]}", ERR_CHOICE, "kinds[0].price"},
        {HEAD "\"kinds\":[{\"kind\":\"sale\",\"customer\":1}]}", ERR_JSON_TYPE,
         "kinds[0].customer"},
        {HEAD "\"skus\":{\"a\":[1]},\"kinds\":[]}", ERR_JSON_TYPE, "skus.a[0]"},
        {HEAD "\"skus\":{\"a\":[\"\"]},\"kinds\":[]}", ERR_JSON_TYPE, "skus.a[0]"},
        {HEAD "\"kinds\":[],\"country_names\":{\"X\":\"uk\"}}", ERR_JSON_TYPE, "country_names.X"},
        {HEAD "\"kinds\":[],\"answer_key\":{\"X\":\"uk\"}}", ERR_CHOICE, "answer_key.X"},
        {HEAD "\"kinds\":[],\"channels\":[{}]}", ERR_FIELD_MISSING, "channels[0]"},
        {"{\"format\":\"sampan-import-rules\",\"version\":1,\"id\":\"x\",\"kinds\":[]}",
         ERR_FIELD_MISSING, ""},
        {HEAD "\"orders\":{\"1\":[],\"2\":[],\"3\":[],\"4\":[],\"5\":[],\"6\":[],\"7\":[],"
              "\"8\":[],\"9\":[],\"10\":[],\"11\":[],\"12\":[],\"13\":[]},\"kinds\":[]}",
         ERR_LIST_TOO_LONG, "orders"},
    };
#undef HEAD
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rules *rules = NULL;
        struct problem problem = {0};
        assert_int_equal(
            rules_parse(&arena, str_from_c(cases[i].text), "rules.json", &rules, &problem),
            cases[i].code);
        assert_int_equal(problem.code, cases[i].code);
        assert_non_null(strstr(problem.place, "rules.json"));
        assert_non_null(strstr(problem.place, cases[i].place));
        assert_null(rules);
    }
}

static const char *country(const struct rules *rules, const struct rules_countries *countries,
                           const char *text)
{
    static char code[3];
    memset(code, 0, sizeof(code));
    return rules_country(rules, countries, str_from_c(text), code) ? code : "none";
}

static void countries_by_code_and_name(void **state)
{
    (void)state;
    struct problem problem;
    struct str text;
    struct rules_countries countries;
    assert_int_equal(file_read(&arena, SAMPAN_SOURCE_ROOT "/data/import/countries.json", 1 << 20,
                               &text, &problem),
                     ERR_OK);
    assert_int_equal(rules_countries_parse(&arena, text, "countries.json", &countries, &problem),
                     ERR_OK);
    const struct rules *generic = load("generic");
    const struct rules *retail = load("online-retail");
    assert_string_equal(country(generic, &countries, "DE"), "DE");
    assert_string_equal(country(generic, &countries, " de "), "DE");
    assert_string_equal(country(generic, &countries, "Germany"), "DE");
    assert_string_equal(country(generic, &countries, "德国"), "DE");
    assert_string_equal(country(generic, &countries, "QQ"), "none");
    assert_string_equal(country(generic, &countries, "EIRE"), "none");
    assert_string_equal(country(generic, &countries, "Middle-earth"), "none");
    assert_string_equal(country(retail, &countries, "EIRE"), "IE");
    assert_string_equal(country(retail, &countries, "RSA"), "ZA");
    assert_string_equal(country(retail, &countries, "Unspecified"), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(online_retail_rows),
        cmocka_unit_test(online_retail_channels),
        cmocka_unit_test(generic_rows),
        cmocka_unit_test(bad_rules_name_the_field),
        cmocka_unit_test(countries_by_code_and_name),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
