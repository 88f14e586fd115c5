#include "platform/web/static_files.h"

const struct web_file *static_file_find(struct str path)
{
    size_t low = 0;
    size_t high = static_file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(path, str_from_c(static_files[middle].path));
        if (order == 0)
            return &static_files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
