#include "core/builtin.h"

#include <string.h>

enum { NAME_BYTES_MAX = 256 };

static const struct builtin_file *table;
static size_t table_count;

void builtin_set(const struct builtin_file *files, size_t count)
{
    table = files;
    table_count = count;
}

/* A scenario names its rules as "../trade"; "a/b/../c" is a/c. False when it leads outside. */
static bool path_resolve(const char *path, char name[NAME_BYTES_MAX], size_t *length)
{
    *length = 0;
    while (*path != '\0') {
        size_t part = strcspn(path, "/");
        bool up = part == 2 && memcmp(path, "..", 2) == 0;
        bool stay = part == 0 || (part == 1 && path[0] == '.');
        if (up && *length == 0)
            return false;
        if (up) {
            while (*length > 0 && name[*length - 1] != '/')
                (*length)--;
            *length -= *length > 0 ? 1 : 0;
        } else if (!stay) {
            if (*length + part + 2 > NAME_BYTES_MAX)
                return false;
            if (*length > 0)
                name[(*length)++] = '/';
            memcpy(name + *length, path, part);
            *length += part;
        }
        path += part;
        path += *path == '/' ? 1 : 0;
    }
    return true;
}

bool builtin_find(const char *path, struct str *content)
{
    char name[NAME_BYTES_MAX];
    size_t length;
    const size_t prefix = sizeof(BUILTIN_FOLDER) - 1;
    if (strncmp(path, BUILTIN_FOLDER, prefix) != 0 || !path_resolve(path + prefix, name, &length))
        return false;
    for (size_t i = 0; i < table_count; i++) {
        if (str_equal(str_from_c(table[i].name), (struct str){name, length})) {
            *content = table[i].content;
            return true;
        }
    }
    return false;
}
