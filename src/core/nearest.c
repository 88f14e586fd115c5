#include "core/nearest.h"

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t name_distance(struct str a, struct str b)
{
    size_t row[NEAREST_NAME_MAX + 1];
    a = str_slice(a, 0, NEAREST_NAME_MAX);
    b = str_slice(b, 0, NEAREST_NAME_MAX);
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t exchanged = diagonal + (lower(a.text[i - 1]) != lower(b.text[j - 1]));
            diagonal = row[j];
            row[j] = smaller(exchanged, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.length];
}

int name_nearest(struct str name, const char *const *known, size_t count)
{
    int nearest = -1;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t apart = name_distance(name, str_from_c(known[i]));
        if (apart < least) {
            least = apart;
            nearest = (int)i;
        }
    }
    return nearest;
}
