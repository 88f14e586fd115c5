/* The rows of the three formats. Columns as in docs/import.md; the samples of the marketplaces'
 * own exports were the model. Fields that say who somebody is stay empty. */
#include "app/training/orders.h"
#include "core/csv.h"
#include "core/date.h"

static const char tidy_header[] =
    "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country,channel,"
    "status\n";

static const char shopify_header[] =
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,"
    "Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,"
    "Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,"
    "Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,"
    "Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,"
    "Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References\n";

static const char amazon_header[] =
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsales-channel\torder-channel\turl\tship-service-level\tproduct-name\t"
    "sku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\t"
    "shipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\t"
    "ship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\t"
    "promotion-ids\tis-business-order\tpurchase-order-number\tprice-designation\n";

void orders_append_header(enum training_orders_format format, struct buf *text)
{
    static const char *const headers[ORDERS_FORMAT_COUNT] = {
        [ORDERS_TIDY] = tidy_header,
        [ORDERS_SHOPIFY] = shopify_header,
        [ORDERS_AMAZON] = amazon_header,
    };
    buf_append_c(text, headers[format]);
}

/* What the rows of all formats say in their own way. */
struct row {
    const struct orders_request *request;
    const struct orders_order *order;
    const struct orders_line *line;
    const struct market_country *market;
    struct currency currency;
    struct str channel;
    char date[11];
    struct buf *text;
};

static void put(struct row *row, const char *text)
{
    buf_append_c(row->text, text);
}

static void put_commas(struct row *row, int count)
{
    for (int i = 0; i < count; i++)
        buf_append_byte(row->text, ',');
}

static void put_field(struct row *row, const char *text)
{
    csv_append_field(row->text, str_from_c(text), ',');
}

static void put_money(struct row *row, int64_t minor)
{
    money_append(row->text, minor, row->currency);
}

/* "phone-pouch", or "F2-phone-pouch" in a file of all firms: each sells its own. */
static void put_sku(struct row *row)
{
    if (row->request->firm < 0)
        buf_format(row->text, "F%d-", row->order->firm + 1);
    put(row, row->request->rules->products[row->line->product].name.id);
}

static const char *title_of(const struct row *row)
{
    return row->request->rules->products[row->line->product].name.en;
}

static void put_buyer(struct row *row)
{
    if (row->order->customer == 0)
        return;
    buf_format(row->text, "buyer-f%d-", row->order->firm + 1);
    for (const char *at = row->market->name.id; *at != '\0'; at++)
        buf_append_byte(row->text, (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at));
    if (row->request->rules->channel_count > 1)
        buf_format(row->text, "-%d", row->order->channel + 1);
    put(row, "-");
    buf_append_int64(row->text, (int64_t)row->order->customer);
    put(row, "@example.com");
}

static void put_order_id(struct row *row, char letter)
{
    buf_append_byte(row->text, letter);
    if (row->request->firm < 0)
        buf_format(row->text, "%d-", row->order->firm + 1);
    buf_append_int64(row->text, 1000 + row->order->number);
}

static void put_time(struct row *row, char between)
{
    put(row, row->date);
    buf_format(row->text, "%c%02d:%02d:00", between, row->order->minute / 60,
               row->order->minute % 60);
}

static void put_tidy(struct row *row)
{
    put_order_id(row, row->line->units < 0 ? 'R' : 'S');
    put(row, ",");
    put_time(row, 'T');
    put(row, ",");
    put_sku(row);
    put(row, ",");
    put_field(row, title_of(row));
    put(row, ",");
    buf_append_int64(row->text, row->line->units);
    put(row, ",");
    put_money(row, row->line->price_minor);
    buf_format(row->text, ",%s,", row->currency.code);
    put_buyer(row);
    buf_format(row->text, ",%s,", row->market->name.id);
    csv_append_field(row->text, row->channel, ',');
    put(row, row->order->returned ? ",returned\n" : ",paid\n");
}

static void put_shopify(struct row *row, int64_t total, bool first)
{
    const char *country = row->market->name.id;
    put_order_id(row, '#');
    put(row, ",");
    put_buyer(row);
    put(row, ",");
    if (first) {
        put(row, row->order->returned ? "refunded," : "paid,");
        put_time(row, ' ');
        buf_format(row->text, " +0000,fulfilled,,no,%s,", row->currency.code);
        put_money(row, total);
        put(row, ",");
        put_money(row, 0);
        put(row, ",");
        put_money(row, 0);
        put(row, ",");
        put_money(row, total);
        put(row, ",,");
        put_money(row, 0);
        put(row, ",Standard,");
    } else {
        put_commas(row, 13);
    }
    put_time(row, ' ');
    put(row, " +0000,");
    buf_append_int64(row->text, row->line->units);
    put(row, ",");
    put_field(row, title_of(row));
    put(row, ",");
    put_money(row, row->line->price_minor);
    put(row, ",,");
    put_sku(row);
    put(row, ",true,true,fulfilled");
    /* Billing Country is column 33, Shipping Country 43, Refunded Amount 50, Vendor 51. */
    put_commas(row, 9);
    put(row, first ? country : "");
    put_commas(row, 10);
    put(row, first ? country : "");
    put_commas(row, 7);
    if (first)
        put_money(row, row->order->returned ? total : 0);
    put(row, ",Invented");
    put_commas(row, 8); /* Source is column 59 */
    if (first)
        csv_append_field(row->text, row->channel, ',');
    put_commas(row, 1);
    put_money(row, 0);
    put_commas(row, 19);
    put(row, "\n");
}

/* Names without the two bytes that Amazon's files cannot hold. */
static void put_plain(struct row *row, const char *text)
{
    for (; *text != '\0'; text++)
        buf_append_byte(row->text, *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void put_amazon(struct row *row)
{
    int64_t number = row->order->number;
    buf_format(row->text, "%03d-%07d-%07d\t\t", 300 + row->order->firm,
               (int)(number / 10000000 % 10000000), (int)(number % 10000000));
    put_time(row, 'T');
    put(row, "+00:00\t");
    put_time(row, 'T');
    put(row, "+00:00\tShipped\tAmazon\t");
    put_plain(row, row->channel.text);
    put(row, "\t\t\tStandard\t");
    put_plain(row, title_of(row));
    put(row, "\t");
    put_sku(row);
    buf_format(row->text, "\tB0INVENT%02d\t%s\t", row->line->product,
               row->order->returned ? "Returned" : "Shipped");
    buf_append_int64(row->text, row->line->units);
    buf_format(row->text, "\t%s\t", row->currency.code);
    put_money(row, row->line->price_minor * row->line->units);
    put(row, "\t");
    put_money(row, 0);
    put(row, "\t");
    put_money(row, 0);
    put(row, "\t");
    put_money(row, 0);
    buf_format(row->text, "\t\t\t\t\t\t\t\t%s\t\tfalse\t\t\n", row->market->name.id);
}

void orders_append_order(const struct orders_request *request, const struct orders_order *order,
                         const struct orders_line *lines, struct buf *text)
{
    const struct market_rules *rules = request->rules;
    struct row row = {.request = request,
                      .order = order,
                      .market = &rules->markets[order->market],
                      .channel = str_from_c(rules->channels[order->channel].id),
                      .text = text};
    row.currency = rules->currencies[row.market->currency];
    date_format(rules->start_date + order->day, row.date);
    int64_t total = 0;
    for (int i = 0; i < order->line_count; i++)
        total += lines[i].units * lines[i].price_minor;
    for (int i = 0; i < order->line_count; i++) {
        row.line = &lines[i];
        if (request->format == ORDERS_TIDY)
            put_tidy(&row);
        else if (request->format == ORDERS_SHOPIFY)
            put_shopify(&row, total, i == 0);
        else
            put_amazon(&row);
    }
}
