#include "app/training/runs_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/file.h"

static enum err copy_file(struct arena *arena, const char *from, const char *to,
                          struct problem *problem)
{
    struct str content;
    struct arena_mark mark = arena_mark_get(arena);
    enum err code = file_read(arena, from, RUNS_COPY_BYTES_MAX, &content, problem);
    if (code == ERR_OK)
        code = file_write_atomic(to, content, 0600, problem);
    arena_rewind(arena, mark);
    return code;
}

static enum err copy_folder(struct arena *arena, const char *from, const char *to, int depth,
                            struct problem *problem);

static enum err copy_entry(struct arena *arena, const char *from, const char *to, int depth,
                           struct problem *problem)
{
    struct stat status;
    if (lstat(from, &status) == 0 && S_ISREG(status.st_mode))
        return copy_file(arena, from, to, problem);
    if (depth < RUNS_COPY_DEPTH && S_ISDIR(status.st_mode))
        return copy_folder(arena, from, to, depth + 1, problem);
    problem_set0(problem, ERR_FILE_NOT_OURS);
    return problem_place(problem, "%s", from);
}

static enum err copy_folder(struct arena *arena, const char *from, const char *to, int depth,
                            struct problem *problem)
{
    DIR *folder = opendir(from);
    struct dirent *entry;
    if (folder == NULL) {
        problem_set(problem, ERR_FILE_OPEN, ERR_CTEXT(strerror(errno)));
        return problem_place(problem, "%s", from);
    }
    enum err code = folder_make(to, problem);
    while (code == ERR_OK && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        code = copy_entry(arena, path_join(arena, from, entry->d_name),
                          path_join(arena, to, entry->d_name), depth, problem);
    }
    closedir(folder);
    return code;
}

enum err runs_copy(const char *from, const char *to, struct problem *problem)
{
    struct arena arena;
    struct problem ignored;
    arena_init(&arena);
    const char *temporary = str_format(&arena, "%s.part", to).text;
    enum err code = folder_remove(temporary, problem);
    if (code == ERR_OK)
        code = copy_folder(&arena, from, temporary, 0, problem);
    if (code == ERR_OK)
        code = folder_publish(temporary, to, problem);
    if (code != ERR_OK && folder_remove(temporary, &ignored) != ERR_OK)
        code = problem->code; /* what is left is removed by the next copy */
    arena_clear(&arena);
    return code;
}
