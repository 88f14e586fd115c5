#include "platform/web/wire.h"

#include <string.h>

/* `at` is where the last piece ended; the next begins `gap` bytes on. Addresses are compared as
 * numbers: the pieces belong to one buffer only if the request is what we want. */
static bool follows(const char *end, const char *next, size_t gap)
{
    return (uintptr_t)end + gap == (uintptr_t)next;
}

/* "name: value" in one line: the library has put a NUL in the colon's place. */
static bool line_is_whole(const struct web_header *header)
{
    uintptr_t behind_colon = (uintptr_t)(header->name.text + header->name.length) + 1;
    uintptr_t value = (uintptr_t)header->value.text;
    if (value < behind_colon || value - behind_colon > 64)
        return false;
    const char *blank = header->name.text + header->name.length + 1;
    for (; blank < header->value.text; blank++) {
        if (*blank != ' ' && *blank != '\t')
            return false;
    }
    return true;
}

bool wire_is_strict(const struct call *call, const char *method, struct str target,
                    const char *version, size_t head_size)
{
    if (target.text == NULL || !follows(method + strlen(method), target.text, 1) ||
        !follows(target.text + target.length, version, 1))
        return false;
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return false;
    const char *end = version + strlen(version);
    for (int i = 0; i < call->header_count; i++) {
        const struct web_header *header = &call->headers[i];
        if (!follows(end, header->name.text, 2) || !line_is_whole(header))
            return false;
        end = header->value.text + header->value.length;
    }
    /* The last line's end and the empty line: nothing was left out before them. */
    return follows(end, method + head_size, 4);
}
