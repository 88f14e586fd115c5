#include "generate.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "schema.h"
#include "statement.h"
#include "write_c.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static int source_order(const void *a, const void *b)
{
    const struct source *first = a;
    const struct source *second = b;
    int order = strcmp(base_name(first->path), base_name(second->path));
    return order != 0 ? order : strcmp(first->path, second->path);
}

static bool migrate_all(struct schema *schema, const struct source *migrations, size_t count)
{
    struct source *sorted = ARENA_ARRAY(schema->arena, struct source, count + 1);
    if (count > 0)
        memcpy(sorted, migrations, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), source_order);
    for (size_t i = 0; i < count; i++) {
        if (!schema_migrate(schema, sorted[i].path, sorted[i].text))
            return false; /* what follows would complain of what is missing */
    }
    return true;
}

struct str generate_room_name(const char *queries_path)
{
    struct str path = str_from_c(queries_path);
    size_t end = path.length - str_from_c(base_name(queries_path)).length;
    end -= end > 0 ? 1 : 0;
    size_t from = end;
    while (from > 0 && path.text[from - 1] != '/')
        from--;
    return str_slice(path, from, end - from);
}

/* Both signs of trouble: a name given twice in this file. */
static bool names_are_new(struct report *report, const struct statements *statements)
{
    bool good = true;
    for (size_t i = 0; i < statements->count; i++) {
        const struct statement *one = statements->at[i];
        for (size_t k = 0; k < i; k++) {
            if (!str_equal(one->name, statements->at[k]->name))
                continue;
            report_add(report, one->file, one->line,
                       "the name \"%.*s\" is taken in line %d; names are unique in the program, "
                       "take another",
                       SLICE(one->name), statements->at[k]->line);
            good = false;
        }
    }
    return good;
}

bool generate_room(struct arena *arena, struct report *report, struct str room,
                   const char *header_name, const struct source *queries,
                   const struct source *migrations, size_t migration_count, struct buf *header,
                   struct buf *source)
{
    struct schema *schema = ARENA_NEW(arena, struct schema);
    struct statements statements;
    if (!word_is_name(room)) {
        report_add(report, queries->path, 1,
                   "a room's folder has small letters, digits and \"_\"; "
                   "rename it");
        return false;
    }
    if (!schema_open(schema, arena, report)) {
        report_add(report, queries->path, 1, "SQLite cannot be opened; is there memory?");
        return false;
    }
    bool good = migrate_all(schema, migrations, migration_count);
    if (good) {
        good = statements_read(arena, report, queries->path, queries->text, &statements);
        for (size_t i = 0; i < statements.count; i++)
            good &= statement_check(schema, statements.at[i]);
        good = names_are_new(report, &statements) && good;
    }
    schema_close(schema);
    if (good) {
        write_room_header(header, room, &statements);
        write_room_source(source, room, header_name, &statements);
    }
    return good;
}

/* Names of all files together; each file by itself was checked as a room. */
static bool all_names_are_new(struct report *report, const struct statements *files, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            for (size_t a = 0; a < files[i].count; a++) {
                for (size_t b = 0; b < files[k].count; b++) {
                    const struct statement *one = files[i].at[a];
                    const struct statement *other = files[k].at[b];
                    if (!str_equal(one->name, other->name))
                        continue;
                    report_add(report, one->file, one->line,
                               "the name \"%.*s\" is taken by %s:%d; names are unique in the "
                               "program, take another",
                               SLICE(one->name), other->file, other->line);
                    good = false;
                }
            }
        }
    }
    return good;
}

bool generate_schema(struct arena *arena, struct report *report, struct str name,
                     const char *header_name, const struct source *queries, size_t queries_count,
                     const struct source *migrations, size_t migration_count, struct buf *header,
                     struct buf *source)
{
    struct schema *schema = ARENA_NEW(arena, struct schema);
    struct statements *files = ARENA_ARRAY(arena, struct statements, queries_count + 1);
    struct str *rooms = ARENA_ARRAY(arena, struct str, queries_count + 1);
    if (!schema_open(schema, arena, report))
        return false;
    bool good = migrate_all(schema, migrations, migration_count);
    for (size_t i = 0; i < queries_count; i++) {
        rooms[i] = generate_room_name(queries[i].path);
        good &= statements_read(arena, report, queries[i].path, queries[i].text, &files[i]);
    }
    good = good && all_names_are_new(report, files, queries_count);
    if (good) {
        write_schema_header(header, name);
        write_schema_source(source, name, header_name, schema, rooms, queries_count);
    }
    schema_close(schema);
    return good;
}
