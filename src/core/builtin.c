#include "core/builtin.h"

#include <string.h>

static const struct builtin_file *table;
static size_t table_count;

void builtin_set(const struct builtin_file *files, size_t count)
{
    table = files;
    table_count = count;
}

bool builtin_find(const char *path, struct str *content)
{
    const size_t prefix = sizeof(BUILTIN_FOLDER) - 1;
    if (strncmp(path, BUILTIN_FOLDER, prefix) != 0)
        return false;
    path += prefix;
    while (path[0] == '/')
        path++;
    for (size_t i = 0; i < table_count; i++) {
        if (strcmp(table[i].name, path) == 0) {
            *content = table[i].content;
            return true;
        }
    }
    return false;
}
