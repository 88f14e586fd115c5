#include "app/datasets/table.h"

static enum err open_input(struct arena *arena, struct table_place place,
                           enum input_encoding encoding, struct input **input,
                           struct problem *problem)
{
    if (place.path)
        return input_open_file(arena, place.path, encoding, input, problem);
    return input_open_memory(arena, place.bytes, encoding, input, problem);
}

static enum err check_header(const struct csv_row *header, struct format_map *map,
                             struct problem *problem)
{
    if (header->flaw == CSV_FLAW_COLUMNS)
        return problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT(CSV_COLUMNS_MAX + 1),
                           ERR_INT(CSV_COLUMNS_MAX));
    return format_recognise(header, map, problem);
}

static enum err read_header(struct csv *csv, struct csv_row *header, struct format_map *map,
                            struct problem *problem)
{
    bool found = true;
    enum err code = csv_next(csv, header, &found, problem);
    if (code == ERR_OK && !found)
        return problem_set0(problem, ERR_DATA_EMPTY);
    if (code == ERR_OK)
        code = check_header(header, map, problem);
    if (code != ERR_OK)
        problem_place(problem, ":%lld", (long long)csv_line(csv));
    return code;
}

/* Amazon's flat files know no quotes, others do; which one it is stands in the first line, so that
 * is read with quotes, and the file once more without if need be. */
enum err table_open(struct arena *arena, struct table_place place, enum input_encoding encoding,
                    struct table *table, struct problem *problem)
{
    *table = (struct table){0};
    for (int attempt = 0; attempt < 2; attempt++) {
        table_close(table);
        TRY(open_input(arena, place, encoding, &table->input, problem));
        struct csv_options options = {.quotes = attempt == 0};
        table->csv = csv_open(arena, (struct csv_source){table->input, input_read}, options);
        TRY(read_header(table->csv, &table->header, &table->map, problem));
        if (!(table->map.format->flags & FORMAT_TABS) || csv_delimiter(table->csv) != '\t')
            break;
    }
    return ERR_OK;
}

void table_close(struct table *table)
{
    input_close(table->input);
    table->input = NULL;
}
