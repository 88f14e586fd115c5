#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/datasets/datasets.h"
#include "core/arena.h"
#include "core/builtin.h"
#include "core/file.h"
#include "core/text.h"

/* What is shipped knows nothing of where it was built. */
#ifdef SAMPAN_SOURCE_ROOT
#define SOURCE_DATA SAMPAN_SOURCE_ROOT "/data"
#else
#define SOURCE_DATA NULL
#endif

/* A data folder is known by the rules in it. */
static bool is_data_folder(struct arena *arena, const char *folder)
{
    return file_exists(path_join(arena, folder, "import/rules-generic.json"));
}

/* Folder of the running program, or NULL. */
static const char *program_folder(struct arena *arena)
{
    char path[DATASET_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
    if (length <= 0 || (size_t)length >= sizeof(path))
        return NULL;
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length == 0 ? NULL : str_copy(arena, (struct str){path, (size_t)length - 1}).text;
}

enum err data_folder_find(struct arena *arena, const char **folder, struct problem *problem)
{
    const char *named = getenv("SAMPAN_DATA");
    if (named && named[0] != 0) {
        *folder = str_copy(arena, str_from_c(named)).text;
        if (is_data_folder(arena, *folder))
            return ERR_OK;
        problem_set(problem, ERR_FILE_OPEN, ERR_CTEXT("SAMPAN_DATA"));
        return problem_place(problem, "%s", named);
    }
    const char *program = program_folder(arena);
    const char *const candidates[] = {
        program ? path_join(arena, program, "../data") : NULL,
        program ? path_join(arena, program, "../share/sampan") : NULL,
        BUILTIN_FOLDER,
        SOURCE_DATA,
    };
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        if (candidates[i] && is_data_folder(arena, candidates[i])) {
            *folder = candidates[i];
            return ERR_OK;
        }
    }
    return problem_set(problem, ERR_FILE_OPEN, ERR_CTEXT("SAMPAN_DATA, ../data"));
}
