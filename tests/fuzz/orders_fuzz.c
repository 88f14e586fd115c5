/* Order files of every format, from bytes to clean rows, in memory.
 *
 * The first byte puts one of the known headers in front (or none), so that what follows is mostly
 * rows. Properties: rows read are rows kept and set aside; every kept row lies within the limits,
 * has a place in the dictionaries, and comes back from its stored bytes; the clean sales add up to
 * what the report says. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/datasets/intake.h"
#include "app/datasets/report.h"
#include "app/datasets/store.h"
#include "app/datasets/table.h"
#include "core/arena.h"
#include "core/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const headers[] = {
    "",
    "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country,channel,status,"
    "shipped_at,delivered_at\n",
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n",
    "invoice_no,stock_code,description,quantity,invoice_at,unit_price_gbp,customer_id,country_iso2,"
    "country_name,row_type,is_exact_duplicate,channel\n",
    "Name,Email,Financial Status,Fulfilled at,Currency,Created at,Lineitem quantity,Lineitem "
    "name,Lineitem price,Lineitem sku,Shipping Country,Cancelled at,Source\n",
    "amazon-order-id\tpurchase-date\torder-status\tsales-channel\tproduct-name\tsku\titem-status\t"
    "quantity\tcurrency\titem-price\tship-country\n",
};

/* Loaded once; the two rules files and the countries of the source tree. */
static struct arena kept;
static struct rules *generic;
static struct rules *retail;
static struct rules_countries countries;

static struct str data_file(const char *name)
{
    struct problem problem;
    struct str text;
    const char *path = str_format(&kept, "%s/data/import/%s", SAMPAN_SOURCE_ROOT, name).text;
    if (file_read(&kept, path, 1 << 20, &text, &problem) != ERR_OK)
        abort();
    return text;
}

static void load(void)
{
    struct problem problem;
    if (generic)
        return;
    arena_init(&kept);
    if (sodium_init() < 0 ||
        rules_parse(&kept, data_file("rules-generic.json"), "g", &generic, &problem) != ERR_OK ||
        rules_parse(&kept, data_file("rules-online-retail.json"), "r", &retail, &problem) !=
            ERR_OK ||
        rules_countries_parse(&kept, data_file("countries.json"), "c", &countries, &problem) !=
            ERR_OK)
        abort();
}

struct sums {
    const struct intake_shared *shared;
    struct store_state state;
    int64_t kept;
    int64_t aside;
    int64_t clean_rows;
    int64_t clean_units;
    int128 clean_value_e4;
};

static bool within(const struct dataset_row *row, const struct intake_shared *shared)
{
    return row->kind < DATASET_KIND_COUNT && row->sku < shared->skus.count &&
           row->country < shared->countries.count && row->channel < shared->channels.count &&
           row->currency < shared->currencies.count && row->minute >= -1 && row->minute < 1440 &&
           row->day >= 0 && row->day < 65750 && row->quantity <= DATASET_QUANTITY_MAX &&
           row->quantity >= -DATASET_QUANTITY_MAX && row->unit_price_e4 <= DATASET_PRICE_E4_MAX &&
           row->unit_price_e4 >= -DATASET_PRICE_E4_MAX && row->shipped_days >= -1 &&
           row->delivered_days >= -1 && row->order < shared->next_order;
}

static enum err put_row(void *context, const struct dataset_row *row, struct problem *problem)
{
    struct sums *sums = context;
    unsigned char bytes[STORE_ROW_BYTES_MAX];
    struct store_state before = sums->state;
    struct dataset_row back = {0};
    (void)problem;
    unsigned char customer[STORE_CUSTOMER_BYTES];
    struct store_sink sink = {bytes, customer};
    store_row_write(&sink, &sums->state, row);
    struct store_source source = {bytes, sink.rows, customer, sink.customers};
    if (!within(row, sums->shared) || sink.rows > bytes + sizeof(bytes) ||
        !store_row_read(&source, &before, &back) || source.rows != source.rows_end ||
        source.customers != source.customers_end)
        abort();
    if (back.customer != row->customer || back.value_e4 != row->value_e4 ||
        back.unit_price_e4 != row->unit_price_e4 || back.quantity != row->quantity ||
        back.order != row->order || back.day != row->day || back.kind != row->kind ||
        back.flags != row->flags || back.sku != row->sku || back.minute != row->minute)
        abort();
    sums->kept++;
    if (row->kind == DATASET_SALE) {
        sums->clean_rows++;
        sums->clean_units += row->quantity;
        sums->clean_value_e4 += row->value_e4;
    }
    return ERR_OK;
}

static enum err put_aside(void *context, uint32_t file, int64_t line, enum aside reason,
                          const char *column, struct problem *problem)
{
    struct sums *sums = context;
    (void)problem;
    if (file != 0 || line < 2 || reason >= ASIDE_COUNT || !column)
        abort();
    sums->aside++;
    return ERR_OK;
}

static enum err no_pause(void *context, struct problem *problem)
{
    (void)context;
    (void)problem;
    return ERR_OK;
}

static void check(const struct intake_shared *shared, const struct sums *sums)
{
    const struct tally *tally = shared->tally;
    struct buf json;
    struct buf text;
    int128 value_e4 = 0;
    for (uint32_t i = 0; i < shared->currencies.count; i++)
        value_e4 += tally->clean_value_e4[i];
    if (tally->files[0].rows != sums->kept + sums->aside || tally->files[0].kept != sums->kept ||
        tally_aside_rows(&tally->files[0]) != sums->aside ||
        tally->clean_rows != sums->clean_rows || tally->clean_units != sums->clean_units ||
        value_e4 != sums->clean_value_e4 || tally->orders != shared->next_order)
        abort();
    /* The report of it is JSON that prints in both languages. */
    buf_init(&json);
    buf_init(&text);
    report_write_json(&json, shared, sums->kept, "0");
    struct json_document *document;
    struct json root;
    struct problem problem = {0};
    if (json_parse(buf_str(&json), "report", &document, &root, &problem) != ERR_OK)
        abort();
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (report_print(&root, (enum lang)lang, &text, &problem) != ERR_OK)
            abort();
    json_close(document);
    buf_clear(&json);
    buf_clear(&text);
}

static enum err import(struct str bytes, enum input_encoding encoding, bool *not_utf8)
{
    struct arena arena;
    struct table table;
    struct tally tally;
    struct problem problem = {0};
    struct intake_shared shared;
    arena_init(&arena);
    enum err code =
        table_open(&arena, (struct table_place){.bytes = bytes}, encoding, &table, &problem);
    if (code == ERR_OK) {
        struct rules *rules =
            str_equal_c(str_from_c(table.map.format->rules), "generic") ? generic : retail;
        tally_init(&tally, &arena, 1);
        tally.files[0] = (struct tally_file){.name = STR("fuzz"),
                                             .format = table.map.format->id,
                                             .packing = "plain",
                                             .encoding = "UTF-8",
                                             .rules = rules->id,
                                             .rules_revision = rules->revision};
        intake_shared_init(&shared, &arena, &tally, &countries);
        struct sums sums = {.shared = &shared, .state = store_state_begin(UINT32_MAX)};
        shared.context = &sums;
        shared.put_row = put_row;
        shared.put_aside = put_aside;
        shared.pause = no_pause;
        struct intake *intake =
            intake_begin(&arena, &shared, table.csv, &table.header, &table.map, rules, 1, 0);
        code = intake_run(intake, &problem);
        if (code == ERR_OK)
            check(&shared, &sums);
    }
    if (code != ERR_OK && code != problem.code)
        abort();
    *not_utf8 = table.input && input_not_utf8(table.input);
    table_close(&table);
    arena_clear(&arena);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf bytes;
    bool not_utf8;
    if (size < 1)
        return 0;
    load();
    buf_init(&bytes);
    buf_append_c(&bytes, headers[data[0] % COUNT_OF(headers)]);
    buf_append(&bytes, (struct str){(const char *)data + 1, size - 1});
    enum err code = import(buf_str(&bytes), INPUT_UTF8_GUESSED, &not_utf8);
    if (code == ERR_ENCODING_BROKEN && not_utf8)
        (void)import(buf_str(&bytes), INPUT_GB18030_GUESSED, &not_utf8);
    buf_clear(&bytes);
    return 0;
}
