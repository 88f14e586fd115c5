/* The quality report as JSON. */
#include "app/datasets/report.h"
#include "core/money.h"

static void put_text(struct json_writer *json, const char *key, const char *value)
{
    json_key(json, key);
    json_put_text(json, str_from_c(value));
}

static void put_str(struct json_writer *json, const char *key, struct str value)
{
    json_key(json, key);
    json_put_text(json, value);
}

static void put_int(struct json_writer *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_put_int(json, value);
}

static void put_aside(struct json_writer *json, const struct tally_file *file)
{
    json_key(json, "set_aside_by_reason");
    json_list_begin(json);
    for (int reason = 0; reason < ASIDE_COUNT; reason++) {
        const struct tally_aside *aside = &file->aside[reason];
        if (aside->rows == 0)
            continue;
        json_object_begin(json);
        put_text(json, "reason", tally_aside_name((enum aside)reason));
        put_int(json, "rows", aside->rows);
        json_key(json, "first_lines");
        json_list_begin(json);
        for (size_t i = 0; i < aside->line_count; i++)
            json_put_int(json, aside->lines[i]);
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

static void put_file(struct json_writer *json, const struct tally_file *file)
{
    json_object_begin(json);
    put_str(json, "name", file->name);
    put_text(json, "format", file->format);
    put_text(json, "packing", file->packing);
    put_text(json, "encoding", file->encoding);
    json_key(json, "encoding_named");
    json_put_bool(json, file->encoding_named);
    json_key(json, "byte_order_mark");
    json_put_bool(json, file->had_mark);
    put_str(json, "rules", file->rules);
    put_str(json, "rules_revision", file->rules_revision);
    put_int(json, "text_bytes", file->bytes);
    put_int(json, "rows_read", file->rows);
    put_int(json, "rows_kept", file->kept);
    put_int(json, "rows_set_aside", tally_aside_rows(file));
    put_aside(json, file);
    json_object_end(json);
}

static void put_kinds(struct json_writer *json, const struct tally *tally)
{
    json_key(json, "kinds");
    json_list_begin(json);
    for (int kind = 0; kind < DATASET_KIND_COUNT; kind++) {
        if (tally->kind_rows[kind] == 0)
            continue;
        json_object_begin(json);
        put_text(json, "kind", dataset_kind_name((enum dataset_kind)kind));
        put_int(json, "rows", tally->kind_rows[kind]);
        put_int(json, "twins", tally->kind_twins[kind]);
        json_object_end(json);
    }
    json_list_end(json);
}

static void put_channels(struct json_writer *json, const struct intake_shared *shared)
{
    const struct tally *tally = shared->tally;
    json_key(json, "channels");
    json_list_begin(json);
    for (uint32_t i = 0; i < shared->channels.count; i++) {
        if (tally->channel_rows[i] == 0)
            continue;
        json_object_begin(json);
        put_str(json, "channel", shared->channels.names[i]);
        put_int(json, "rows", tally->channel_rows[i]);
        json_key(json, "bundle");
        json_put_bool(json, tally->channel_bundle[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

/* Exact sum in the currency's minor unit, halves away from zero. */
static int64_t to_minor(int128 value_e4, struct currency currency)
{
    int128 scaled = value_e4 * currency_minor_per_major(currency);
    int128 half = scaled < 0 ? -5000 : 5000;
    int128 minor = (scaled + half) / 10000;
    if (minor > INT64_MAX)
        return INT64_MAX;
    return minor < INT64_MIN ? INT64_MIN : (int64_t)minor;
}

static void put_clean(struct json_writer *json, const struct intake_shared *shared)
{
    const struct tally *tally = shared->tally;
    json_key(json, "clean_sales");
    json_object_begin(json);
    put_int(json, "rows", tally->clean_rows);
    put_int(json, "units", tally->clean_units);
    put_int(json, "stock_codes", tally_bits(tally->clean_skus, DATASET_SKUS_MAX / 64 + 1));
    put_int(json, "trading_days", tally_bits(tally->clean_days, TALLY_DAYS / 64));
    json_key(json, "values");
    json_list_begin(json);
    for (uint32_t i = 0; i < shared->currencies.count; i++) {
        struct currency currency;
        if (tally->clean_value_e4[i] == 0 ||
            !currency_from_code(shared->currencies.names[i], &currency))
            continue;
        json_object_begin(json);
        put_str(json, "currency", shared->currencies.names[i]);
        json_key(json, "value");
        json_put_money(json, to_minor(tally->clean_value_e4[i], currency), currency);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}

static void put_reopened(struct json_writer *json, const struct tally *tally)
{
    const struct reopened_result *reopened = &tally->reopened;
    json_key(json, "reopened");
    json_object_begin(json);
    put_int(json, "orders", reopened->orders);
    put_int(json, "openings", reopened->openings);
    json_key(json, "first_places");
    json_list_begin(json);
    for (size_t i = 0; i < reopened->place_count; i++) {
        json_object_begin(json);
        put_str(json, "file", tally->files[reopened->places[i].file].name);
        put_int(json, "line", reopened->places[i].line);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}

/* ---- the answer key: rows by (theirs, ours) ---- */

static void put_cell(struct json_writer *json, struct str theirs, struct str ours, bool agree,
                     int64_t rows)
{
    if (rows == 0)
        return;
    json_object_begin(json);
    put_str(json, "theirs", theirs);
    put_str(json, "ours", ours);
    json_key(json, "agree");
    json_put_bool(json, agree);
    put_int(json, "rows", rows);
    json_object_end(json);
}

static void put_key_kinds(struct json_writer *json, const struct tally_key *key)
{
    const struct rules *rules = key->rules;
    for (size_t label = 0; label <= RULES_LABELS_MAX; label++) {
        bool known = label < rules->label_count;
        for (int kind = 0; kind < DATASET_KIND_COUNT; kind++)
            put_cell(json, known ? rules->labels[label].label : STR("?"),
                     str_from_c(dataset_kind_name((enum dataset_kind)kind)),
                     known && rules->labels[label].kind == (enum dataset_kind)kind,
                     key->kind[label][kind]);
    }
}

static void put_key_twins(struct json_writer *json, const struct tally_key *key)
{
    static const char *const names[] = {"0", "1"};
    for (int theirs = 0; theirs < 2; theirs++)
        for (int ours = 0; ours < 2; ours++)
            put_cell(json, str_from_c(names[theirs]), str_from_c(names[ours]), theirs == ours,
                     key->twin[theirs][ours]);
}

static void put_key_channels(struct json_writer *json, const struct intake_shared *shared)
{
    const struct tally_key *key = &shared->tally->key;
    for (size_t label = 0; label <= key->channel_labels; label++) {
        bool known = label < key->channel_labels;
        struct str theirs = known ? key->channel_label[label] : STR("?");
        for (uint32_t i = 0; i < shared->channels.count; i++)
            put_cell(json, theirs, shared->channels.names[i],
                     known && str_equal(theirs, shared->channels.names[i]), key->channel[label][i]);
    }
}

static void put_agreement(struct json_writer *json, const struct intake_shared *shared)
{
    const struct tally_key *key = &shared->tally->key;
    if (key->rows == 0)
        return;
    json_key(json, "agreement");
    json_object_begin(json);
    put_int(json, "rows", key->rows);
    json_key(json, "row_type");
    json_list_begin(json);
    put_key_kinds(json, key);
    json_list_end(json);
    json_key(json, "is_exact_duplicate");
    json_list_begin(json);
    put_key_twins(json, key);
    json_list_end(json);
    json_key(json, "channel");
    json_list_begin(json);
    put_key_channels(json, shared);
    json_list_end(json);
    json_object_end(json);
}

void report_write_json(struct buf *buf, const struct intake_shared *shared, int64_t rows,
                       const char *digest_hex)
{
    const struct tally *tally = shared->tally;
    struct json_writer writer;
    struct json_writer *json = &writer;
    int64_t read = 0;
    int64_t aside = 0;
    for (size_t i = 0; i < tally->file_count; i++) {
        read += tally->files[i].rows;
        aside += tally_aside_rows(&tally->files[i]);
    }
    json_writer_init(json, buf, true);
    json_object_begin(json);
    put_text(json, "format", REPORT_FORMAT);
    put_int(json, "version", DATASET_FORMAT_VERSION);
    put_text(json, "rows_digest", digest_hex);
    put_int(json, "rows_read", read);
    put_int(json, "rows_kept", rows);
    put_int(json, "rows_set_aside", aside);
    json_key(json, "files");
    json_list_begin(json);
    for (size_t i = 0; i < tally->file_count; i++)
        put_file(json, &tally->files[i]);
    json_list_end(json);
    put_int(json, "orders", tally->orders);
    put_reopened(json, tally);
    put_int(json, "stock_codes", shared->skus.count);
    json_key(json, "first_day");
    json_put_date(json, tally->day_first);
    json_key(json, "last_day");
    json_put_date(json, tally->day_last);
    put_kinds(json, tally);
    put_channels(json, shared);
    put_clean(json, shared);
    put_int(json, "without_customer", tally->without_customer);
    put_int(json, "without_title", tally->without_title);
    put_int(json, "countries_unknown", tally->countries_unknown);
    put_int(json, "channels_left_out", tally->channels_left_out);
    put_int(json, "leads_unreadable", tally->leads_unreadable);
    put_agreement(json, shared);
    json_object_end(json);
    buf_append_byte(buf, '\n');
}
