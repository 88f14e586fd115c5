/* pages NAME FOLDER TEMPLATE...: writes FOLDER/NAME_pages.h and FOLDER/NAME_pages.c.
 *
 * Complaints go to standard error as "path:line:column: what; what instead", which compilers' own
 * readers (editors, Meson) understand; then the status is 1 and nothing is written.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/err.h"
#include "core/file.h"
#include "pages.h"

static int problem_print(const char *path, const struct problem *problem)
{
    fprintf(stderr, "%s: %s\n", path, err_message(problem->code));
    return 1;
}

static int complaints_print(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->count; i++) {
        const struct complaint *one = &complaints->list[i];
        fprintf(stderr, "%s:%d:%d: error: %.*s\n", one->path, one->line, one->column,
                (int)one->message.length, one->message.text);
    }
    return 1;
}

/* A file that stays as it is keeps its time, so that nothing that includes it is built anew. */
static bool is_there(struct arena *arena, const char *path, const struct buf *content)
{
    struct problem problem;
    struct str old;
    return file_exists(path) &&
           file_read(arena, path, PAGES_BYTES_MAX * 4, &old, &problem) == ERR_OK &&
           str_equal(old, buf_str(content));
}

static int write_file(struct arena *arena, const char *folder, const char *name, const char *ending,
                      const struct buf *content)
{
    struct problem problem;
    const char *path = path_join(arena, folder, str_format(arena, "%s_pages%s", name, ending).text);
    if (is_there(arena, path, content))
        return 0;
    if (file_write_atomic(path, buf_str(content), 0644, &problem) != ERR_OK)
        return problem_print(path, &problem);
    return 0;
}

static int run(struct arena *arena, const char *name, const char *folder, char **paths,
               size_t count)
{
    struct complaints complaints = {.count = 0};
    struct template_file *files = ARENA_ARRAY(arena, struct template_file, count);
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        struct problem problem;
        struct str source;
        if (file_read(arena, paths[i], PAGES_BYTES_MAX, &source, &problem) != ERR_OK)
            return problem_print(paths[i], &problem);
        fine = pages_compile(arena, paths[i], source, &files[i], &complaints) && fine;
    }
    if (!fine || !pages_check_together(arena, files, count, &complaints))
        return complaints_print(&complaints);
    struct buf header, source;
    buf_init(&header);
    buf_init(&source);
    pages_write_header(&header, name, files, count);
    pages_write_source(&source, name, files, count);
    int status = write_file(arena, folder, name, ".h", &header);
    if (status == 0)
        status = write_file(arena, folder, name, ".c", &source);
    buf_clear(&header);
    buf_clear(&source);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: pages NAME FOLDER TEMPLATE...\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena);
    int status = run(&arena, argv[1], argv[2], argv + 3, (size_t)argc - 3);
    arena_clear(&arena);
    return status;
}
