/* The quality report as text, from dataset.json. */
#include "app/datasets/formats.h"
#include "app/datasets/report.h"

enum { NAME_MAX_BYTES = 1000, LIST_MAX = 100000, PLACES_SHOWN = 5 };

/* Everything the printing functions need. */
struct printer {
    struct buf *buf;
    enum lang lang;
    struct problem *problem;
};

/* One line: blanks, the text in the reader's language, and its end. */
#define PUT_LINE(printer, indent, key, ...)                                                        \
    do {                                                                                           \
        buf_append_c((printer)->buf, (indent));                                                    \
        text_put((printer)->buf, (printer)->lang, (key), __VA_ARGS__);                             \
        buf_append_byte((printer)->buf, '\n');                                                     \
    } while (0)

static void put_words(struct printer *printer, const char *key)
{
    text_put0(printer->buf, printer->lang, key);
    buf_append_byte(printer->buf, '\n');
}

static const char *aside_text(struct str reason)
{
    for (int i = 0; i < ASIDE_COUNT; i++)
        if (str_equal_c(reason, tally_aside_name((enum aside)i)))
            return tally_aside_text((enum aside)i);
    return N_("another reason");
}

static const char *kind_text(struct str kind)
{
    static const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"sale", N_("sales")},
        {"cancelled", N_("orders cancelled before delivery")},
        {"cancellation", N_("cancellations of earlier sales")},
        {"return", N_("returns")},
        {"nonproduct", N_("charges that are no goods")},
        {"nonproduct_credit", N_("charges credited")},
        {"adjustment", N_("stock and ledger adjustments")},
        {"zero_price", N_("goods at no price")},
        {"pending", N_("not yet confirmed")},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_equal_c(kind, texts[i].name))
            return texts[i].text;
    return N_("another kind");
}

static enum err get_count(struct printer *printer, const struct json *object, const char *key,
                          int64_t *value)
{
    return json_get_int(object, key, 0, INT64_MAX, value, printer->problem);
}

static enum err get_text(struct printer *printer, const struct json *object, const char *key,
                         struct str *value)
{
    return json_get_text(object, key, NAME_MAX_BYTES, value, printer->problem);
}

/* "519, 529 ..." */
static void append_lines(struct buf *buf, const struct json *lines)
{
    size_t count = json_count(lines);
    for (size_t i = 0; i < count && i < PLACES_SHOWN; i++) {
        struct json item = json_item(lines, i);
        int64_t line = 0;
        (void)json_int(&item, &line);
        buf_append_c(buf, i > 0 ? ", " : "");
        buf_append_int64(buf, line);
    }
    if (count > PLACES_SHOWN)
        buf_append_c(buf, " ...");
}

static enum err print_aside(struct printer *printer, const struct json *aside)
{
    struct str reason;
    int64_t rows;
    struct buf lines_text;
    TRY(get_text(printer, aside, "reason", &reason));
    TRY(get_count(printer, aside, "rows", &rows));
    struct json lines = json_child(aside, "first_lines");
    buf_init(&lines_text);
    append_lines(&lines_text, &lines);
    PUT_LINE(printer, "    ", N_("{0}: {1} (lines {2})"), ERR_KEY(aside_text(reason)),
             ERR_INT(rows), ERR_TEXT(buf_str(&lines_text)));
    buf_clear(&lines_text);
    return ERR_OK;
}

/* A word of the file that has a translation ("plain"); others stay as they are. */
static struct err_arg key_of(struct str word)
{
    return (struct err_arg){.kind = ERR_ARG_KEY, .text = word};
}

static enum err print_file(struct printer *printer, const struct json *file)
{
    struct str name, format, packing, encoding, rules, revision;
    int64_t rows, kept, aside;
    TRY(get_text(printer, file, "name", &name));
    TRY(get_text(printer, file, "format", &format));
    TRY(get_text(printer, file, "packing", &packing));
    TRY(get_text(printer, file, "encoding", &encoding));
    TRY(get_text(printer, file, "rules", &rules));
    TRY(get_text(printer, file, "rules_revision", &revision));
    TRY(get_count(printer, file, "rows_read", &rows));
    TRY(get_count(printer, file, "rows_kept", &kept));
    TRY(get_count(printer, file, "rows_set_aside", &aside));
    const struct format *known = format_by_id(format);
    PUT_LINE(printer, "", N_("{0}: {1}, {2}, {3}, rules {4} of {5}"), ERR_TEXT(name),
             known ? ERR_KEY(known->title) : ERR_TEXT(format), key_of(packing), ERR_TEXT(encoding),
             ERR_TEXT(rules), ERR_TEXT(revision));
    PUT_LINE(printer, "  ", N_("{0} rows read, {1} kept, {2} set aside"), ERR_INT(rows),
             ERR_INT(kept), ERR_INT(aside));
    struct json reasons = json_child(file, "set_aside_by_reason");
    TRY(json_require_list(&reasons, ASIDE_COUNT, printer->problem));
    for (size_t i = 0; i < json_count(&reasons); i++) {
        struct json reason = json_item(&reasons, i);
        TRY(print_aside(printer, &reason));
    }
    return ERR_OK;
}

static enum err print_files(struct printer *printer, const struct json *root)
{
    struct json files = json_child(root, "files");
    TRY(json_require_list(&files, DATASET_FILES_MAX, printer->problem));
    for (size_t i = 0; i < json_count(&files); i++) {
        struct json file = json_item(&files, i);
        TRY(print_file(printer, &file));
    }
    return ERR_OK;
}

static enum err print_kinds(struct printer *printer, const struct json *root)
{
    struct json kinds = json_child(root, "kinds");
    TRY(json_require_list(&kinds, DATASET_KIND_COUNT, printer->problem));
    put_words(printer, N_("What the rows are (twins in brackets):"));
    for (size_t i = 0; i < json_count(&kinds); i++) {
        struct json item = json_item(&kinds, i);
        struct str kind;
        int64_t rows, twins;
        TRY(get_text(printer, &item, "kind", &kind));
        TRY(get_count(printer, &item, "rows", &rows));
        TRY(get_count(printer, &item, "twins", &twins));
        PUT_LINE(printer, "  ", N_("{0}: {1} ({2})"), ERR_KEY(kind_text(kind)), ERR_INT(rows),
                 ERR_INT(twins));
    }
    return ERR_OK;
}

static enum err print_channels(struct printer *printer, const struct json *root)
{
    struct json channels = json_child(root, "channels");
    TRY(json_require_list(&channels, DATASET_CHANNELS_MAX, printer->problem));
    text_put0(printer->buf, printer->lang, N_("Channels:"));
    for (size_t i = 0; i < json_count(&channels); i++) {
        struct json item = json_item(&channels, i);
        struct str channel;
        int64_t rows;
        bool bundle;
        TRY(get_text(printer, &item, "channel", &channel));
        TRY(get_count(printer, &item, "rows", &rows));
        TRY(json_get_bool(&item, "bundle", &bundle, printer->problem));
        buf_append_c(printer->buf, i > 0 ? ", " : " ");
        if (channel.length == 0)
            text_put0(printer->buf, printer->lang, N_("(none named)"));
        buf_append(printer->buf, channel);
        buf_append_c(printer->buf, " ");
        buf_append_int64(printer->buf, rows);
        if (bundle)
            buf_append_c(printer->buf, " ");
        if (bundle)
            text_put0(printer->buf, printer->lang, N_("(bundles of baskets, not orders)"));
    }
    buf_append_c(printer->buf, "\n");
    return ERR_OK;
}

static enum err print_clean(struct printer *printer, const struct json *root)
{
    struct json clean = json_child(root, "clean_sales");
    TRY(json_require_object(&clean, printer->problem));
    int64_t rows, units, codes, days;
    TRY(get_count(printer, &clean, "rows", &rows));
    TRY(json_get_int(&clean, "units", INT64_MIN, INT64_MAX, &units, printer->problem));
    TRY(get_count(printer, &clean, "stock_codes", &codes));
    TRY(get_count(printer, &clean, "trading_days", &days));
    text_put(printer->buf, printer->lang,
             N_("Clean sales: {0} rows, {1} units, {2} stock codes, {3} trading days"),
             ERR_INT(rows), ERR_INT(units), ERR_INT(codes), ERR_INT(days));
    struct json values = json_child(&clean, "values");
    TRY(json_require_list(&values, DATASET_CURRENCIES_MAX, printer->problem));
    for (size_t i = 0; i < json_count(&values); i++) {
        struct json item = json_item(&values, i);
        struct str currency, value;
        TRY(get_text(printer, &item, "currency", &currency));
        TRY(get_text(printer, &item, "value", &value));
        buf_append_c(printer->buf, i > 0 ? " + " : ", ");
        buf_append(printer->buf, value);
        buf_append_c(printer->buf, " ");
        buf_append(printer->buf, currency);
    }
    buf_append_c(printer->buf, "\n");
    return ERR_OK;
}

static enum err print_reopened(struct printer *printer, const struct json *root)
{
    struct json reopened = json_child(root, "reopened");
    TRY(json_require_object(&reopened, printer->problem));
    int64_t orders, openings;
    TRY(get_count(printer, &reopened, "orders", &orders));
    TRY(get_count(printer, &reopened, "openings", &openings));
    if (orders == 0) {
        put_words(printer, N_("No order number comes back after its order was closed."));
        return ERR_OK;
    }
    text_put(printer->buf, printer->lang,
             N_("{0} order numbers come back later ({1} times), each time as another order; sort "
                "the rows by order to join them:"),
             ERR_INT(orders), ERR_INT(openings));
    struct json places = json_child(&reopened, "first_places");
    TRY(json_require_list(&places, REOPENED_PLACES_MAX, printer->problem));
    for (size_t i = 0; i < json_count(&places) && i < PLACES_SHOWN; i++) {
        struct json item = json_item(&places, i);
        struct str file;
        int64_t line;
        TRY(get_text(printer, &item, "file", &file));
        TRY(get_count(printer, &item, "line", &line));
        buf_append_c(printer->buf, i > 0 ? ", " : " ");
        buf_append(printer->buf, file);
        buf_append_c(printer->buf, ":");
        buf_append_int64(printer->buf, line);
    }
    buf_append_c(printer->buf, "\n");
    return ERR_OK;
}

static enum err print_notes(struct printer *printer, const struct json *root)
{
    static const struct {
        const char *key;
        const char *text;
    } notes[] = {
        {"without_customer", N_("Rows without a customer: {0}")},
        {"without_title", N_("Rows without a title: {0}")},
        {"countries_unknown", N_("Rows whose country is not known here: {0}")},
        {"channels_left_out", N_("Rows whose channel was one too many: {0}")},
        {"leads_unreadable", N_("Dates of shipping or delivery that make no sense: {0}")},
    };
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        int64_t rows;
        TRY(get_count(printer, root, notes[i].key, &rows));
        if (rows > 0)
            PUT_LINE(printer, "", notes[i].text, ERR_INT(rows));
    }
    return ERR_OK;
}

/* One label column: how many rows agree, and every pair that does not. */
static enum err print_label(struct printer *printer, const struct json *agreement,
                            const char *column, int64_t rows)
{
    struct json cells = json_child(agreement, column);
    TRY(json_require_list(&cells, LIST_MAX, printer->problem));
    int64_t agreeing = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < json_count(&cells); i++) {
            struct json item = json_item(&cells, i);
            struct str theirs, ours;
            int64_t count;
            bool agree;
            TRY(get_text(printer, &item, "theirs", &theirs));
            TRY(get_text(printer, &item, "ours", &ours));
            TRY(get_count(printer, &item, "rows", &count));
            TRY(json_get_bool(&item, "agree", &agree, printer->problem));
            if (pass == 0)
                agreeing += agree ? count : 0;
            else if (!agree)
                PUT_LINE(printer, "    ", N_("{0} in the file, {1} here: {2}"), ERR_TEXT(theirs),
                         ERR_TEXT(ours), ERR_INT(count));
        }
        if (pass == 0)
            PUT_LINE(printer, "  ", N_("{0}: {1} of {2} rows agree ({3} %)"), ERR_CTEXT(column),
                     ERR_INT(agreeing), ERR_INT(rows),
                     ERR_DECIMAL(rows > 0 ? agreeing * 10000 / rows : 0, 2));
    }
    return ERR_OK;
}

static enum err print_agreement(struct printer *printer, const struct json *root)
{
    struct json agreement = json_child(root, "agreement");
    if (!agreement.node)
        return ERR_OK;
    int64_t rows;
    TRY(get_count(printer, &agreement, "rows", &rows));
    put_words(printer, N_("The file bears labels, not read for the import. Compared with ours:"));
    TRY(print_label(printer, &agreement, "row_type", rows));
    TRY(print_label(printer, &agreement, "is_exact_duplicate", rows));
    return print_label(printer, &agreement, "channel", rows);
}

static enum err print_totals(struct printer *printer, const struct json *root)
{
    int64_t read, kept, aside, orders;
    struct str first, last;
    TRY(get_count(printer, root, "rows_read", &read));
    TRY(get_count(printer, root, "rows_kept", &kept));
    TRY(get_count(printer, root, "rows_set_aside", &aside));
    TRY(get_count(printer, root, "orders", &orders));
    TRY(get_text(printer, root, "first_day", &first));
    TRY(get_text(printer, root, "last_day", &last));
    PUT_LINE(printer, "",
             N_("Together: {0} rows read, {1} kept, {2} set aside (listed in set-aside.csv)"),
             ERR_INT(read), ERR_INT(kept), ERR_INT(aside));
    PUT_LINE(printer, "", N_("{0} orders from {1} to {2}"), ERR_INT(orders), ERR_TEXT(first),
             ERR_TEXT(last));
    return ERR_OK;
}

enum err report_print(const struct json *root, enum lang lang, struct buf *buf,
                      struct problem *problem)
{
    struct printer printer = {buf, lang, problem};
    struct str format;
    int64_t version;
    TRY(json_require_object(root, problem));
    TRY(get_text(&printer, root, "format", &format));
    TRY(get_count(&printer, root, "version", &version));
    if (!str_equal_c(format, REPORT_FORMAT))
        return problem_set0(problem, ERR_FILE_NOT_OURS);
    if (version != DATASET_FORMAT_VERSION)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(version),
                           ERR_INT(DATASET_FORMAT_VERSION));
    TRY(print_files(&printer, root));
    TRY(print_totals(&printer, root));
    TRY(print_reopened(&printer, root));
    TRY(print_kinds(&printer, root));
    TRY(print_channels(&printer, root));
    TRY(print_clean(&printer, root));
    TRY(print_notes(&printer, root));
    return print_agreement(&printer, root);
}
