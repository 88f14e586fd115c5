#include "app/datasets/intake.h"

#include <string.h>

#include "app/datasets/intake_cells.h"
#include "core/arena.h"
#include "core/text.h"

enum { ROWS_BETWEEN_PAUSES = 8192 };

void intake_shared_init(struct intake_shared *shared, struct arena *arena, struct tally *tally,
                        const struct rules_countries *known_countries)
{
    *shared = (struct intake_shared){.tally = tally, .known_countries = known_countries};
    uint16_t unknown;
    dictionary_skus_init(&shared->skus, arena);
    dictionary_names_init(&shared->countries, arena, DATASET_COUNTRIES_MAX);
    dictionary_names_init(&shared->channels, arena, DATASET_CHANNELS_MAX);
    dictionary_names_init(&shared->currencies, arena, DATASET_CURRENCIES_MAX);
    (void)dictionary_name(&shared->countries, STR(""), &unknown);
    (void)dictionary_name(&shared->channels, STR(""), &unknown);
}

/* Columns whose bytes make a row a twin: all but those of the answer key, as spans. */
static void find_twin_spans(struct intake *intake)
{
    uint32_t first = 0;
    for (uint32_t i = 0; i <= intake->map.header_columns; i++) {
        bool is_key = i == intake->map.header_columns;
        for (int role = ROLE_KEY_KIND; role <= ROLE_KEY_CHANNEL && !is_key; role++)
            is_key = intake->map.column[role] == (int)i;
        if (!is_key)
            continue;
        if (i > first)
            intake->spans[intake->span_count++] = (struct twin_span){first, i - 1};
        first = i + 1;
    }
    intake->has_key = intake->map.column[ROLE_KEY_KIND] != COLUMN_NONE;
}

struct intake *intake_begin(struct arena *arena, struct intake_shared *shared, struct csv *csv,
                            const struct csv_row *header, const struct format_map *map,
                            const struct rules *rules, uint16_t rules_number, uint32_t file)
{
    struct intake *intake = ARENA_NEW(arena, struct intake);
    intake->shared = shared;
    intake->csv = csv;
    intake->rules = rules;
    intake->rules_number = rules_number;
    intake->format = map->format;
    intake->map = *map;
    intake->file = file;
    intake->tally = &shared->tally->files[file];
    intake->cancelled_marks = rules_status_marks(rules, STR("cancelled"));
    intake->arena = arena;
    intake->pending_capacity = PENDING_AT_FIRST;
    intake->pending = ARENA_ARRAY(arena, struct pending, PENDING_AT_FIRST);
    intake->twin_slots = ARENA_ARRAY(arena, uint32_t, 2 * PENDING_AT_FIRST);
    for (int role = 0; role < ROLE_COUNT; role++) {
        int16_t column = map->column[role];
        intake->column_names[role] =
            column == COLUMN_NONE ? "" : str_copy(arena, header->fields[column]).text;
    }
    find_twin_spans(intake);
    if (intake->has_key)
        shared->tally->key.rules = rules;
    return intake;
}

/* ---- rows that are set aside ---- */

/* The reason as an error, for a file that is refused because most of its rows are bad. */
static void note_first_bad(struct intake *intake, const struct csv_row *row, enum aside reason,
                           enum role role)
{
    struct problem *bad = &intake->tally->first_bad;
    if (bad->code != ERR_OK)
        return;
    struct str cell = {"", 0};
    if (reason >= ASIDE_ORDER)
        cell = intake_cell(intake, row, role);
    switch (reason) {
    case ASIDE_COLUMNS:
        problem_set(bad, ERR_CSV_COLUMNS, ERR_INT(row->count), ERR_INT(intake->map.header_columns));
        break;
    case ASIDE_DATE:
        problem_set(bad, ERR_DATE_BAD, ERR_TEXT(cell));
        break;
    case ASIDE_QUANTITY:
        problem_set(bad, ERR_INTEGER, ERR_TEXT(cell));
        break;
    case ASIDE_PRICE:
    case ASIDE_VALUE:
        problem_set(bad, ERR_NUMBER, ERR_TEXT(cell));
        break;
    case ASIDE_CURRENCY:
        problem_set(bad, ERR_CURRENCY_UNKNOWN, ERR_TEXT(cell), ERR_CTEXT("ISO 4217"));
        break;
    case ASIDE_ORDER:
    case ASIDE_SKU:
        problem_set(bad, ERR_FIELD_MISSING, ERR_CTEXT(intake->column_names[role]));
        break;
    default:
        problem_set(bad, ERR_FILE_DAMAGED, ERR_KEY(tally_aside_text(reason)));
        break;
    }
    problem_place(bad, ":%lld", (long long)row->line);
}

static enum err set_aside(struct intake *intake, const struct csv_row *row, enum aside reason,
                          enum role role, struct problem *problem)
{
    tally_set_aside(intake->tally, reason, row->line);
    note_first_bad(intake, row, reason, role);
    const char *column = reason >= ASIDE_ORDER ? intake->column_names[role] : "";
    return intake->shared->put_aside(intake->shared->context, intake->file, row->line, reason,
                                     column, problem);
}

/* ---- twins ---- */

static uint64_t row_hash(const struct intake *intake, const struct csv_row *row)
{
    uint64_t hash = 3;
    for (size_t i = 0; i < intake->span_count; i++) {
        struct str first = row->fields[intake->spans[i].first];
        struct str last = row->fields[intake->spans[i].last];
        size_t length = (size_t)(last.text + last.length - first.text);
        hash = field_hash((struct str){first.text, length}, hash);
    }
    return hash;
}

static bool same_row(const struct pending *a, const struct pending *b)
{
    return a->twin_hash == b->twin_hash && a->row.sku == b->row.sku &&
           a->row.quantity == b->row.quantity && a->row.value_e4 == b->row.value_e4 &&
           a->row.day == b->row.day && a->row.minute == b->row.minute &&
           a->row.customer == b->row.customer;
}

/* Slot of the row's twin, or the free one where it would be. */
static uint32_t twin_slot(const struct intake *intake, const struct pending *pending)
{
    uint32_t mask = 2 * intake->pending_capacity - 1;
    uint32_t slot = (uint32_t)pending->twin_hash & mask;
    while (intake->twin_slots[slot] != 0 &&
           !same_row(&intake->pending[intake->twin_slots[slot] - 1], pending))
        slot = (slot + 1) & mask;
    return slot;
}

/* True when an earlier row of the order is the same; else the row is remembered. */
static bool find_twin(struct intake *intake, const struct pending *pending)
{
    uint32_t slot = twin_slot(intake, pending);
    if (intake->twin_slots[slot] != 0)
        return true;
    intake->twin_slots[slot] = (uint32_t)(pending - intake->pending) + 1;
    return false;
}

/* Forget the order's rows. Large orders are rare, so what they used is emptied whole. */
static void forget_twins(struct intake *intake)
{
    if (intake->pending_count > intake->pending_capacity / 8) {
        memset(intake->twin_slots, 0, 2 * intake->pending_capacity * sizeof(uint32_t));
        return;
    }
    /* Emptied last to first, the way to each row is still whole when it is sought. */
    for (uint32_t i = intake->pending_count; i-- > 0;)
        if (!intake->pending[i].is_twin)
            intake->twin_slots[twin_slot(intake, &intake->pending[i])] = 0;
}

/* Twice the room for rows of an order. */
static void grow_pending(struct intake *intake)
{
    const struct pending *before = intake->pending;
    intake->pending_capacity *= 2;
    intake->pending = ARENA_ARRAY(intake->arena, struct pending, intake->pending_capacity);
    memcpy(intake->pending, before, intake->pending_count * sizeof(*before));
    intake->twin_slots = ARENA_ARRAY(intake->arena, uint32_t, 2 * intake->pending_capacity);
    for (uint32_t i = 0; i < intake->pending_count; i++)
        if (!intake->pending[i].is_twin)
            (void)find_twin(intake, &intake->pending[i]);
}

/* ---- the answer key ---- */

static void read_key(struct intake *intake, const struct csv_row *row, struct pending *pending)
{
    struct tally_key *key = &intake->shared->tally->key;
    struct str kind = intake_cell(intake, row, ROLE_KEY_KIND);
    struct str channel = intake_cell(intake, row, ROLE_KEY_CHANNEL);
    size_t at = 0;
    while (at < intake->rules->label_count && !str_equal(intake->rules->labels[at].label, kind))
        at++;
    pending->key_kind = (uint8_t)(at < intake->rules->label_count ? at : RULES_LABELS_MAX);
    pending->key_twin = str_equal(intake_cell(intake, row, ROLE_KEY_TWIN), STR("1"));
    size_t label = 0;
    while (label < key->channel_labels && !str_equal(key->channel_label[label], channel))
        label++;
    if (label == key->channel_labels && label < TALLY_CHANNEL_LABELS &&
        channel.length <= DICTIONARY_CODE_BYTES_MAX)
        key->channel_label[key->channel_labels++] = str_copy(intake->shared->skus.arena, channel);
    pending->key_channel = (uint8_t)label;
}

static void tally_key_row(struct intake *intake, const struct pending *pending)
{
    struct tally_key *key = &intake->shared->tally->key;
    key->rows++;
    key->kind[pending->key_kind][pending->row.kind]++;
    key->twin[pending->key_twin][pending->is_twin]++;
    key->channel[pending->key_channel][pending->row.channel]++;
}

/* ---- whole orders ---- */

static void tally_row(struct intake *intake, const struct pending *pending)
{
    struct tally *tally = intake->shared->tally;
    const struct dataset_row *row = &pending->row;
    tally->kind_rows[row->kind]++;
    tally->kind_twins[row->kind] += pending->is_twin;
    tally->channel_rows[row->channel]++;
    tally->without_customer += row->customer == 0;
    if (intake->has_key)
        tally_key_row(intake, pending);
    if (pending->is_twin)
        return;
    if (tally->day_first > tally->day_last)
        tally->day_first = tally->day_last = row->day;
    tally->day_first = row->day < tally->day_first ? row->day : tally->day_first;
    tally->day_last = row->day > tally->day_last ? row->day : tally->day_last;
    if (row->kind != DATASET_SALE)
        return;
    tally->clean_rows++;
    tally->clean_units += row->quantity;
    tally->clean_value_e4[row->currency] += row->value_e4;
    tally_bit_set(tally->clean_days, (uint32_t)row->day);
    tally_bit_set(tally->clean_skus, row->sku);
}

/* Channel of the order that is open, by the rules; false when the file's own column counts. */
static bool settle_channel(struct intake *intake, uint16_t *channel, bool *bundle)
{
    if (intake->rules->channel_count == 0)
        return false;
    uint64_t marks = intake->order.order_marks;
    for (uint32_t i = 0; i < intake->pending_count; i++) {
        marks |= intake->pending[i].sku_marks;
        if (intake->pending[i].row.customer != 0)
            marks |= RULES_MARK(RULES_CUSTOMER);
    }
    const struct rules_channel *found = rules_channel(intake->rules, marks);
    *channel = 0;
    if (found && !dictionary_name(&intake->shared->channels, found->name, channel))
        intake->shared->tally->channels_left_out += intake->pending_count;
    *bundle = found && found->bundle;
    if (*bundle)
        intake->shared->tally->channel_bundle[*channel] = true;
    return true;
}

static enum err put_pending(struct intake *intake, struct pending *pending, uint32_t order,
                            struct problem *problem)
{
    tally_row(intake, pending);
    if (pending->is_twin && !intake->rules->keep_twins) {
        tally_set_aside(intake->tally, ASIDE_TWIN, pending->line);
        return intake->shared->put_aside(intake->shared->context, intake->file, pending->line,
                                         ASIDE_TWIN, "", problem);
    }
    if (pending->is_twin)
        pending->row.flags |= DATASET_REPEATED_TWIN;
    pending->row.order = order;
    intake->tally->kept++;
    return intake->shared->put_row(intake->shared->context, &pending->row, problem);
}

static enum err close_order(struct intake *intake, struct problem *problem)
{
    if (intake->pending_count == 0)
        return ERR_OK;
    uint16_t channel = 0;
    bool bundle = false;
    bool by_rules = settle_channel(intake, &channel, &bundle);
    forget_twins(intake);
    uint32_t order = intake->shared->next_order++;
    intake->shared->tally->orders++;
    for (uint32_t i = 0; i < intake->pending_count; i++) {
        struct pending *pending = &intake->pending[i];
        if (by_rules)
            pending->row.channel = channel;
        if (bundle)
            pending->row.flags |= DATASET_BUNDLE;
        TRY(put_pending(intake, pending, order, problem));
    }
    intake->pending_count = 0;
    return ERR_OK;
}

static enum err open_order(struct intake *intake, struct str id, int64_t line,
                           struct problem *problem)
{
    TRY(close_order(intake, problem));
    if (intake->shared->next_order == UINT32_MAX - 1)
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("orders")), ERR_INT(UINT32_MAX),
                           ERR_INT(UINT32_MAX - 1));
    memcpy(intake->order.id, id.text, id.length);
    intake->order.id_length = id.length;
    intake->order.order_marks = rules_order_marks(intake->rules, id);
    intake->order.first_row_seen = false;
    if (!intake->shared->reopened)
        return ERR_OK;
    return reopened_add(intake->shared->reopened, id, intake->file, line, problem);
}

static enum err take_cells(struct intake *intake, const struct csv_row *row,
                           struct problem *problem)
{
    if (intake->pending_count == DATASET_ORDER_ROWS_MAX)
        return set_aside(intake, row, ASIDE_ORDER_LONG, ROLE_ORDER, problem);
    if (intake->pending_count == intake->pending_capacity)
        grow_pending(intake);
    struct pending *pending = &intake->pending[intake->pending_count];
    bool fits;
    enum aside reason;
    enum role role;
    TRY(intake_cells_read(intake, row, pending, &fits, &reason, &role, problem));
    if (!fits)
        return set_aside(intake, row, reason, role, problem);
    pending->line = row->line;
    pending->twin_hash = row_hash(intake, row);
    pending->is_twin = find_twin(intake, pending);
    if (intake->has_key)
        read_key(intake, row, pending);
    if (intake_cell(intake, row, ROLE_TITLE).length == 0)
        intake->shared->tally->without_title++;
    intake->pending_count++;
    return ERR_OK;
}

static enum err take_row(struct intake *intake, const struct csv_row *row, struct problem *problem)
{
    static const enum aside flaws[] = {ASIDE_COLUMNS, ASIDE_QUOTE, ASIDE_NUL, ASIDE_COLUMNS};
    intake->tally->rows++;
    if (row->flaw != CSV_FLAW_NONE)
        return set_aside(intake, row, flaws[row->flaw], ROLE_ORDER, problem);
    if (row->count != intake->map.header_columns)
        return set_aside(intake, row, ASIDE_COLUMNS, ROLE_ORDER, problem);
    struct str id = intake_cell(intake, row, ROLE_ORDER);
    if (id.length == 0 || id.length > INTAKE_ORDER_BYTES_MAX)
        return set_aside(intake, row, ASIDE_ORDER, ROLE_ORDER, problem);
    if (id.length != intake->order.id_length || memcmp(id.text, intake->order.id, id.length) != 0)
        TRY(open_order(intake, id, row->line, problem));
    return take_cells(intake, row, problem);
}

enum err intake_run(struct intake *intake, struct problem *problem)
{
    for (int64_t count = 1;; count++) {
        struct csv_row row;
        bool found;
        enum err code = csv_next(intake->csv, &row, &found, problem);
        if (code == ERR_OK && found)
            code = take_row(intake, &row, problem);
        if (code == ERR_OK && count % ROWS_BETWEEN_PAUSES == 0)
            code = intake->shared->pause(intake->shared->context, problem);
        if (code != ERR_OK) {
            if (problem->place[0] == 0)
                return problem_place(problem, ":%lld", (long long)csv_line(intake->csv));
            return code;
        }
        if (!found)
            return close_order(intake, problem);
    }
}
