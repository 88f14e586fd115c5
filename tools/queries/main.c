/* queries: typed C from named SQL statements, checked on the migrated schema (docs/platform.md).
 *
 *     queries room ROOT QUERIES.sql OUT.h OUT.c MIGRATION.sql...
 *     queries schema ROOT NAME OUT.h OUT.c FILE.sql...
 *
 * Of FILE.sql those called queries.sql are rooms' statements, the others migrations. Paths in
 * complaints are relative to ROOT. Nothing is written when anything is refused.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/file.h"
#include "generate.h"

enum { SOURCE_BYTES_MAX = 4 << 20 };

struct run {
    struct arena arena;
    struct report report;
    struct buf header;
    struct buf source;
    const char *root; /* resolved */
};

/* The path as a person of this house would write it. */
static const char *shown(struct run *run, const char *path)
{
    char resolved[PATH_MAX];
    if (realpath(path, resolved) == NULL)
        return path;
    size_t length = str_from_c(run->root).length;
    bool inside = strncmp(resolved, run->root, length) == 0 && resolved[length] == '/';
    return str_copy(&run->arena, str_from_c(inside ? resolved + length + 1 : resolved)).text;
}

static bool read_source(struct run *run, const char *path, struct source *source)
{
    struct problem problem;
    source->path = shown(run, path);
    if (file_read(&run->arena, path, SOURCE_BYTES_MAX, &source->text, &problem) == ERR_OK)
        return true;
    report_add(&run->report, path, 1, "the file cannot be read; look at its name");
    return false;
}

static bool read_sources(struct run *run, char **paths, int count, bool queries,
                         struct source *sources, size_t *found)
{
    bool good = true;
    *found = 0;
    for (int i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        bool is_queries = strcmp(slash == NULL ? paths[i] : slash + 1, "queries.sql") == 0;
        if (is_queries == queries)
            good &= read_source(run, paths[i], &sources[(*found)++]);
    }
    return good;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool write_both(struct run *run, const char *header, const char *source)
{
    struct problem problem;
    if (file_write_atomic(header, buf_str(&run->header), 0644, &problem) == ERR_OK &&
        file_write_atomic(source, buf_str(&run->source), 0644, &problem) == ERR_OK)
        return true;
    report_add(&run->report, source, 1, "the file cannot be written; is there room?");
    return false;
}

static bool run_room(struct run *run, int argc, char **argv)
{
    struct source queries;
    struct source *migrations = ARENA_ARRAY(&run->arena, struct source, (size_t)argc);
    size_t count;
    if (!read_source(run, argv[3], &queries) ||
        !read_sources(run, argv + 6, argc - 6, false, migrations, &count))
        return false;
    return generate_room(&run->arena, &run->report, generate_room_name(queries.path),
                         file_name(argv[4]), &queries, migrations, count, &run->header,
                         &run->source) &&
           write_both(run, argv[4], argv[5]);
}

static bool run_schema(struct run *run, int argc, char **argv)
{
    struct source *migrations = ARENA_ARRAY(&run->arena, struct source, (size_t)argc);
    struct source *queries = ARENA_ARRAY(&run->arena, struct source, (size_t)argc);
    size_t migration_count;
    size_t queries_count;
    if (!read_sources(run, argv + 6, argc - 6, false, migrations, &migration_count) ||
        !read_sources(run, argv + 6, argc - 6, true, queries, &queries_count))
        return false;
    return generate_schema(&run->arena, &run->report, str_from_c(argv[3]), file_name(argv[4]),
                           queries, queries_count, migrations, migration_count, &run->header,
                           &run->source) &&
           write_both(run, argv[4], argv[5]);
}

int main(int argc, char **argv)
{
    struct run run = {0};
    char root[PATH_MAX];
    bool room = argc >= 6 && strcmp(argv[1], "room") == 0;
    bool schema = argc >= 6 && strcmp(argv[1], "schema") == 0;
    if ((!room && !schema) || realpath(argv[2], root) == NULL) {
        fprintf(stderr, "usage: queries room ROOT QUERIES.sql OUT.h OUT.c MIGRATION.sql...\n"
                        "       queries schema ROOT NAME OUT.h OUT.c FILE.sql...\n");
        return 2;
    }
    run.root = root;
    arena_init(&run.arena);
    report_init(&run.report);
    bool good = room ? run_room(&run, argc, argv) : run_schema(&run, argc, argv);
    fprintf(stderr, "%.*s", SLICE(buf_str(&run.report.text)));
    if (run.report.count > REPORT_MAX)
        fprintf(stderr, "%d complaints in all\n", run.report.count);
    report_clear(&run.report);
    buf_clear(&run.header);
    buf_clear(&run.source);
    arena_clear(&run.arena);
    return good ? 0 : 1;
}
