/* The scores of a run as files: score.json with all that led to the points, score.csv for tables.
 */
#include "app/training/score.h"
#include "core/arena.h"
#include "core/csv.h"
#include "core/file.h"
#include "core/json.h"

static const char *const indicator_ids[INDICATOR_COUNT] = {"equity", "service", "stock", "forecast",
                                                           "rating"};

static void put_double(struct json_writer *writer, const char *key, double value)
{
    json_key(writer, key);
    json_put_double(writer, value);
}

static void put_int(struct json_writer *writer, const char *key, int64_t value)
{
    json_key(writer, key);
    json_put_int(writer, value);
}

/* True when there were yardsticks to lay beside the value. */
static bool is_compared(const struct score_cell *cell)
{
    return cell->state == SCORE_GIVEN || cell->state == SCORE_GAP_UNSURE ||
           cell->state == SCORE_GAP_TURNED;
}

static void put_cell(struct json_writer *writer, const char *key, const struct score_cell *cell)
{
    json_key(writer, key);
    json_object_begin(writer);
    json_key(writer, "state");
    json_put_text(writer, str_from_c(score_state_name(cell->state)));
    if (cell->state != SCORE_UNDEFINED)
        put_double(writer, "value", cell->value);
    if (is_compared(cell)) {
        put_double(writer, "novice", cell->novice);
        put_double(writer, "steady", cell->steady);
        put_double(writer, "gap_error", cell->gap_error);
    }
    if (cell->state == SCORE_GIVEN)
        put_double(writer, "points", cell->points);
    json_object_end(writer);
}

static void put_round(struct json_writer *writer, const struct score_firm *score, int round)
{
    json_object_begin(writer);
    put_int(writer, "round", round);
    for (int i = 0; i < INDICATOR_COUNT; i++)
        put_cell(writer, indicator_ids[i], &score->cells[round - 1][i]);
    json_key(writer, "total");
    if (score->has_total[round - 1])
        json_put_double(writer, score->total[round - 1]);
    else
        json_put_null(writer);
    json_object_end(writer);
}

static void put_firm(struct json_writer *writer, const struct market_rules *rules,
                     const struct score_firm *score)
{
    json_object_begin(writer);
    put_int(writer, "world", score->world + 1);
    put_int(writer, "firm", score->firm + 1);
    json_key(writer, "closing_equity");
    json_put_money(writer, score->closing_equity_minor, rules->currencies[0]);
    json_key(writer, "rounds");
    json_list_begin(writer);
    for (int round = 1; round <= score->rounds; round++)
        put_round(writer, score, round);
    json_list_end(writer);
    json_object_end(writer);
}

static void append_json(const struct market_rules *rules, int seeds,
                        const struct score_firm *scores, int count, struct buf *text)
{
    struct json_writer writer;
    json_writer_init(&writer, text, true);
    json_object_begin(&writer);
    put_int(&writer, "format", SCORE_FORMAT_VERSION);
    put_int(&writer, "yardstick_seeds", seeds);
    json_key(&writer, "home_currency");
    json_put_text(&writer, str_from_c(rules->currencies[0].code));
    json_key(&writer, "weights");
    json_object_begin(&writer);
    for (int i = 0; i < INDICATOR_COUNT; i++)
        put_double(&writer, indicator_ids[i], (double)rules->score_weight_1e9[i] / 1e9);
    json_object_end(&writer);
    json_key(&writer, "firms");
    json_list_begin(&writer);
    for (int f = 0; f < count; f++)
        put_firm(&writer, rules, &scores[f]);
    json_list_end(&writer);
    json_object_end(&writer);
}

static void append_csv_cell(const struct score_cell *cell, struct buf *text)
{
    bool compared = is_compared(cell);
    buf_append_byte(text, ',');
    if (cell->state != SCORE_UNDEFINED)
        buf_append_double(text, cell->value);
    buf_append_byte(text, ',');
    if (compared)
        buf_append_double(text, cell->novice);
    buf_append_byte(text, ',');
    if (compared)
        buf_append_double(text, cell->steady);
    buf_append_byte(text, ',');
    if (cell->state == SCORE_GIVEN)
        buf_append_double(text, cell->points);
}

static void append_csv(const struct score_firm *scores, int count, struct buf *text)
{
    buf_append_c(text, "world,firm,round,total");
    for (int i = 0; i < INDICATOR_COUNT; i++)
        buf_format(text, ",%s,%s_novice,%s_steady,%s_points", indicator_ids[i], indicator_ids[i],
                   indicator_ids[i], indicator_ids[i]);
    buf_append_byte(text, '\n');
    for (int f = 0; f < count; f++) {
        for (int round = 1; round <= scores[f].rounds; round++) {
            buf_format(text, "%d,%d,%d,", scores[f].world + 1, scores[f].firm + 1, round);
            if (scores[f].has_total[round - 1])
                buf_append_double(text, scores[f].total[round - 1]);
            for (int i = 0; i < INDICATOR_COUNT; i++)
                append_csv_cell(&scores[f].cells[round - 1][i], text);
            buf_append_byte(text, '\n');
        }
    }
}

void score_append(const struct market_rules *rules, int seeds, const struct score_firm *scores,
                  int count, struct buf *json, struct buf *csv)
{
    append_json(rules, seeds, scores, count, json);
    append_csv(scores, count, csv);
}

enum err score_write(const struct run *run, const struct market_rules *rules, int seeds,
                     const struct score_firm *scores, int count, struct problem *problem)
{
    struct arena arena;
    struct buf json, csv;
    arena_init(&arena);
    buf_init(&json);
    buf_init(&csv);
    score_append(rules, seeds, scores, count, &json, &csv);
    enum err code = file_write_atomic(path_join(&arena, run->folder, "score.json"), buf_str(&json),
                                      0644, problem);
    if (code == ERR_OK)
        code = file_write_atomic(path_join(&arena, run->folder, "score.csv"), buf_str(&csv), 0644,
                                 problem);
    buf_clear(&json);
    buf_clear(&csv);
    arena_clear(&arena);
    return code;
}
