/* Properties of whole imports: made rows come back, and memory does not grow with the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/file.h"
#include "core/rng.h"
#include "helper.h"

/* ---- the tidy format, out and in again ---- */

struct made_row {
    int order;
    int32_t day;
    int minute;
    const char *sku;
    const char *title;
    int quantity;
    int64_t price_e4;
    const char *currency;
    int customer; /* 0: none */
    const char *country;
    const char *channel;
    const char *status;
    int shipped_days; /* -1: none */
    int delivered_days;
};

static const char *const skus[] = {"L-1", "台灯 2", "a,b", "say \"x\"", "two\nlines", "9"};
static const char *const titles[] = {"Lamp", "灯, \"好\"", "", "x\r\ny"};
static const char *const currencies[] = {"EUR", "JPY", "KWD"};
static const char *const countries[] = {"", "DE", "CN", "US"};
static const char *const channels[] = {"", "shop", "平台"};
static const char *const statuses[] = {"paid", "", "cancelled", "returned", "pending"};

static struct made_row make_row(struct rng_key key, uint64_t world, uint64_t number, int order)
{
    uint64_t word[12];
    for (uint32_t i = 0; i < 3; i++) {
        struct rng_words words = rng_at(key, 1, 0, 0, world, number, i);
        memcpy(word + 4 * i, words.word, sizeof(words.word));
    }
    struct rng_words whole = rng_at(key, 1, 0, 1, world, (uint64_t)order, 0);
    int shipped = (int)rng_below(word[9], 5) - 1;
    return (struct made_row){
        .order = order,
        .day = 14000 + (int32_t)rng_below(whole.word[0], 8000),
        .minute = (int)rng_below(whole.word[1], 1441) - 1,
        .sku = skus[rng_below(word[0], COUNT_OF(skus))],
        .title = titles[rng_below(word[1], COUNT_OF(titles))],
        .quantity = 1 + (int)rng_below(word[2], 1000),
        .price_e4 = 1 + (int64_t)rng_below(word[3], UINT64_C(1000000000)),
        .currency = currencies[rng_below(whole.word[2], COUNT_OF(currencies))],
        .customer = (int)rng_below(whole.word[3], 50),
        .country = countries[rng_below(word[4], COUNT_OF(countries))],
        .channel = channels[rng_below(word[5], COUNT_OF(channels))],
        .status = statuses[rng_below(word[6], COUNT_OF(statuses))],
        .shipped_days = shipped,
        .delivered_days = shipped < 0 ? -1 : shipped + (int)rng_below(word[7], 30),
    };
}

static void put_date(struct buf *buf, int32_t day, int minute)
{
    char date[11];
    date_format(day, date);
    buf_append_c(buf, date);
    if (minute >= 0)
        buf_format(buf, " %02d:%02d", minute / 60, minute % 60);
}

static void put_tidy(struct buf *buf, const struct made_row *row, uint64_t number)
{
    buf_format(buf, "O%d,", row->order);
    put_date(buf, row->day, row->minute);
    buf_append_byte(buf, ',');
    csv_append_field(buf, str_from_c(row->sku), ',');
    buf_append_byte(buf, ',');
    csv_append_field(buf, str_from_c(row->title), ',');
    buf_format(buf, ",%d,%lld.%04lld,%s,", row->quantity, (long long)(row->price_e4 / 10000),
               (long long)(row->price_e4 % 10000), row->currency);
    if (row->customer)
        buf_format(buf, "c%d", row->customer);
    buf_format(buf, ",%s,%s,%s,", row->country, row->channel, row->status);
    if (row->shipped_days >= 0)
        put_date(buf, row->day + row->shipped_days, 100);
    buf_append_byte(buf, ',');
    if (row->delivered_days >= 0)
        put_date(buf, row->day + row->delivered_days, -1);
    /* A column nobody knows makes every row another, so that none is a twin. */
    buf_format(buf, ",%llu\n", (unsigned long long)number);
}

/* What helper_rows says of the row. */
static void put_expected(struct buf *buf, const struct made_row *row)
{
    static const char *const kinds[] = {"sale", "sale", "cancelled", "return", "pending"};
    char date[11];
    const char *kind = "";
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (row->status == statuses[i])
            kind = kinds[i];
    date_format(row->day, date);
    buf_format(buf, "%d %s %d %lld %lld %s %s %s %s %s %d %d %d 0 %s\n", row->order, row->sku,
               row->quantity, (long long)row->price_e4, (long long)(row->price_e4 * row->quantity),
               row->currency, row->country[0] ? row->country : "-",
               row->channel[0] ? row->channel : "-", kind, date, row->minute, row->shipped_days,
               row->delivered_days, row->customer ? "customer" : "-");
}

static void made_rows_come_back(void **state)
{
    (void)state;
    struct rng_key key = rng_key_from_text(STR("tidy round trip"));
    for (uint64_t world = 0; world < (uint64_t)helper_rounds(20); world++) {
        struct problem problem = {0};
        struct buf table, expected, got, report;
        buf_init(&table);
        buf_init(&expected);
        buf_init(&got);
        buf_init(&report);
        buf_append_c(&table, "order_id,ordered_at,sku,title,quantity,unit_price,currency,"
                             "customer_id,country,channel,status,shipped_at,delivered_at,row\n");
        int order = 0;
        for (uint64_t number = 0; number < 1 + 40 * (world % 20); number++) {
            struct made_row row = make_row(key, world, number, order);
            put_tidy(&table, &row, number);
            put_expected(&expected, &row);
            order += rng_at(key, 1, 0, 2, world, number, 0).word[0] % 3 == 0;
        }
        buf_append_byte(&expected, '\0');
        const char *file = helper_write("orders.csv", buf_str(&table));
        assert_int_equal(helper_import(file, &report, &problem), ERR_OK);
        helper_rows(&got);
        assert_string_equal(got.text, expected.text);
        buf_clear(&table);
        buf_clear(&expected);
        buf_clear(&got);
        buf_clear(&report);
    }
}

/* ---- memory ---- */

static void put_gzip(struct buf *packed, struct str text)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, text.length);
    stream.next_out = (unsigned char *)buf_reserve(packed, bound);
    stream.avail_out = (unsigned)bound;
    stream.next_in = (unsigned char *)(uintptr_t)text.text;
    stream.avail_in = (unsigned)text.length;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->length += stream.total_out;
    deflateEnd(&stream);
}

/* A packed table of `parts` times 20,000 orders, each time under the same numbers. Written member
 * by member: what this process holds counts as its child's too. */
static const char *write_large(int parts, int64_t *text_bytes)
{
    struct buf part, packed;
    buf_init(&part);
    buf_init(&packed);
    buf_append_c(&part, "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id\n");
    put_gzip(&packed, buf_str(&part));
    const char *path = helper_write("orders.csv.gz", buf_str(&packed));
    buf_reset(&part);
    buf_reset(&packed);
    for (int i = 0; i < 20000; i++)
        buf_format(&part,
                   "O%d,2026-01-%02d,S%d,Garden chair with arms and a long title,%d,19.90,"
                   "EUR,c%d\n",
                   i, 1 + i % 28, i % 997, 1 + i % 5, i % 7001);
    put_gzip(&packed, buf_str(&part));
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    for (int i = 0; i < parts; i++)
        assert_int_equal(fwrite(packed.text, 1, packed.length, file), packed.length);
    assert_int_equal(fclose(file), 0);
    *text_bytes = (int64_t)part.length * parts;
    buf_clear(&part);
    buf_clear(&packed);
    return path;
}

static void memory_does_not_grow_with_the_file(void **state)
{
    (void)state;
    int64_t text_bytes;
    const char *path = write_large(getenv("SAMPAN_SOAK") ? 2000 : 60, &text_bytes);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct problem problem;
        struct buf report;
        buf_init(&report);
        _exit(helper_import(path, &report, &problem) == ERR_OK ? 0 : 1);
    }
    int status;
    struct rusage usage;
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    print_message("%lld MB of text, %ld MiB resident\n", (long long)(text_bytes / 1000000),
                  usage.ru_maxrss / 1024);
    assert_true(text_bytes > 90000000);
    assert_true(usage.ru_maxrss < 256 * 1024);
    /* Every order of the later parts is an order opened again, counted exactly through spills. */
    struct arena arena;
    arena_init(&arena);
    struct str json = helper_json(&arena);
    if (!getenv("SAMPAN_SOAK")) {
        assert_non_null(strstr(json.text, "\"orders\": 20000,"));
        assert_non_null(strstr(json.text, "\"openings\": 1180000,"));
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(made_rows_come_back, helper_begin, helper_end),
        cmocka_unit_test_setup_teardown(memory_does_not_grow_with_the_file, helper_begin,
                                        helper_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
